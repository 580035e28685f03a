package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEditor is pm edit on a terminal: what was changed in the text is saved,
// field by field, and what cannot be saved is kept.
func TestEditor(t *testing.T) {
	w := newWorkspace(t)
	w.env = append(w.env, "TERM=dumb")
	w.plan()
	w.pm("task", "create", "E01-F01", "Validate: numbers", "--description", "First.\nSecond.", "--label", "a", "--due", "2027-01-31", "--estimate", "2.5")
	w.pm("task", "create", "E01-F01", "Charge")
	edit := func(t *testing.T, editor string, args ...string) (int, string) {
		t.Helper()
		w := w
		w.env = append(w.env, "VISUAL=", "EDITOR="+editor)
		return w.terminal(t, "", append([]string{"edit"}, args...)...)
	}
	kept := func(t *testing.T) []string {
		t.Helper()
		all, err := filepath.Glob(filepath.Join(w.dir, ".pm", "edit-*"))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	show := func(t *testing.T, jq, want string) {
		t.Helper()
		if got := strings.TrimSpace(w.pm("show", "T-E01-F01-001", "--jq", jq)); got != want {
			t.Errorf("%s is %s, want %s", jq, got, want)
		}
	}

	t.Run("a text that was left as it is", func(t *testing.T) {
		if code, out := edit(t, "true", "T-E01-F01-001"); code != 0 || !strings.Contains(out, "nothing was changed") || len(kept(t)) > 0 {
			t.Errorf("exit code %d: %q, kept %v", code, out, kept(t))
		}
		show(t, ".version", "1")
	})
	t.Run("fields and the text", func(t *testing.T) {
		script := `sed -i -e 's/^priority: 5/priority: 2/' -e 's/^due:.*/due:/' -e 's/^Second/And the second/' -e 's/^depends_on:/depends_on: [T-E01-F01-002]/' -e 's/^labels:/labels: [b, c]/' -e '/^    - a/d'`
		if code, out := edit(t, script, "T-E01-F01-001"); code != 0 || !strings.Contains(out, "updated") || len(kept(t)) > 0 {
			t.Errorf("exit code %d: %q, kept %v", code, out, kept(t))
		}
		show(t, `[.title, .description, .priority, .due, .estimate, (.labels | join("+")), (.depends_on | join("+"))] | map(tostring) | join("|")`,
			"Validate: numbers|First.\nAnd the second.|2|null|2.5|b+c|T-E01-F01-002")
	})
	t.Run("a dependency less, and another title", func(t *testing.T) {
		if code, out := edit(t, `sed -i -e '/T-E01-F01-002/d' -e 's/^title:.*/title: Free/'`, "T-E01-F01-001"); code != 0 || len(kept(t)) > 0 {
			t.Errorf("exit code %d: %q, kept %v", code, out, kept(t))
		}
		show(t, `[.title, (.depends_on | length | tostring)] | join("|")`, "Free|0")
	})
	t.Run("what does not parse is kept", func(t *testing.T) {
		for _, c := range []struct{ script, want string }{
			{`sed -i 's/^title:.*/title: [/'`, "line "},
			{`sed -i 's/^priority:.*/priority: 11/'`, "priority must be 1"},
			{`sed -i 's/^priority:/prority:/'`, `unknown field "prority"`},
			{`sed -i 1d`, "between two lines of ---"},
		} {
			code, out := edit(t, c.script, "T-E01-F01-001")
			files := kept(t)
			if code != 5 || !strings.Contains(out, c.want) || len(files) != 1 || !strings.Contains(out, "your text is kept in "+files[0]) {
				t.Fatalf("%s: exit code %d: %q, kept %v", c.script, code, out, files)
			}
			if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
			os.Remove(files[0])
		}
		show(t, ".priority", "2")
	})
	t.Run("what was changed meanwhile", func(t *testing.T) {
		pm := "PM_AGENT=other pm"
		code, out := edit(t, `f() { `+pm+` update T-E01-F01-001 --priority 7; sed -i 's/^priority:.*/priority: 1/' "$1"; }; f`, "T-E01-F01-001")
		if files := kept(t); code != 4 || !strings.Contains(out, "priority of T-E01-F01-001 was changed by someone else meanwhile") || len(files) != 1 {
			t.Fatalf("exit code %d: %q, kept %v", code, out, files)
		}
		os.Remove(kept(t)[0])
		show(t, ".priority", "7")
		// Another field is no conflict.
		code, out = edit(t, `f() { `+pm+` update T-E01-F01-001 --priority 8; sed -i 's/^title:.*/title: New/' "$1"; }; f`, "T-E01-F01-001")
		if code != 0 || len(kept(t)) > 0 {
			t.Fatalf("exit code %d: %q", code, out)
		}
		show(t, `.title + " " + (.priority | tostring)`, "New 8")
	})
	t.Run("epics and features", func(t *testing.T) {
		if code, out := edit(t, `sed -i -e 's/^priority:.*/priority: high/' -e 's/^status:.*/status: draft/'`, "E01"); code != 0 {
			t.Errorf("exit code %d: %q", code, out)
		}
		if code, out := edit(t, `sed -i 's/^title:.*/title: Renamed/'`, "E01-F01"); code != 0 {
			t.Errorf("exit code %d: %q", code, out)
		}
		if got := w.pm("show", "E01", "--jq", `.priority + " " + .status`); strings.TrimSpace(got) != "high draft" {
			t.Errorf("the epic is %s", got)
		}
	})
	t.Run("an editor that fails", func(t *testing.T) {
		if code, out := edit(t, "false", "T-E01-F01-001"); code != 5 || !strings.Contains(out, `the editor "false" failed`) || len(kept(t)) > 0 {
			t.Errorf("exit code %d: %q", code, out)
		}
	})
}
