package config_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pm/internal/config"
	"pm/internal/plan"
)

// workspace makes a workspace whose config.toml has the text, if it has one.
func workspace(t *testing.T, text string) config.Workspace {
	t.Helper()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, config.Folder), 0o700); err != nil {
		t.Fatal(err)
	}
	if text != "" {
		write(t, filepath.Join(root, config.Folder, config.File), text)
	}
	w, err := config.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Skipf("no links here: %v", err)
	}
}

func user(t *testing.T) config.User {
	return config.UserOf(func(name string) string {
		if name == "XDG_CONFIG_HOME" {
			return filepath.Join(t.TempDir(), "config")
		}
		return ""
	})
}

// What a project's files name is used without a word only inside the project.
func TestWhatAWorkspaceNamesMustBeTrusted(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		prepare    func(t *testing.T, w config.Workspace, outside string)
		free       bool
	}{
		{name: "nothing", free: true},
		{name: "a file in it", text: `database = "plans/shop.db"`, free: true},
		{name: "a file in it by its whole path", text: `database = "ROOT/shop.db"`, free: true},
		{name: "a server", text: `database = "postgres://evil.example.com/pm"`},
		{name: "a server in capitals", text: `database = "POSTGRES://evil.example.com/pm"`},
		{name: "a file above it", text: `database = "../shop.db"`},
		{name: "a file above it by detours", text: `database = "a/../../shop.db"`},
		{name: "a file elsewhere", text: `database = "OUTSIDE/shop.db"`},
		{name: "a file through a linked directory", text: `database = "plans/shop.db"`,
			prepare: func(t *testing.T, w config.Workspace, outside string) {
				link(t, outside, filepath.Join(w.Root, "plans"))
			}},
		{name: "a link to a file elsewhere", text: `database = "shop.db"`,
			prepare: func(t *testing.T, w config.Workspace, outside string) {
				write(t, filepath.Join(outside, "shop.db"), "x")
				link(t, filepath.Join(outside, "shop.db"), filepath.Join(w.Root, "shop.db"))
			}},
		{name: "a link to a file that is not there", text: `database = "shop.db"`,
			prepare: func(t *testing.T, w config.Workspace, outside string) {
				link(t, filepath.Join(outside, "none.db"), filepath.Join(w.Root, "shop.db"))
			}},
		{name: "links in a circle", text: `database = "a.db"`, free: true,
			prepare: func(t *testing.T, w config.Workspace, _ string) {
				link(t, "b.db", filepath.Join(w.Root, "a.db"))
				link(t, "a.db", filepath.Join(w.Root, "b.db"))
			}},
		{name: "a link to a file in it", text: `database = "shop.db"`, free: true,
			prepare: func(t *testing.T, w config.Workspace, _ string) {
				write(t, filepath.Join(w.Root, "real.db"), "x")
				link(t, "real.db", filepath.Join(w.Root, "shop.db"))
			}},
		{name: "its own database as a link elsewhere",
			prepare: func(t *testing.T, w config.Workspace, outside string) {
				link(t, filepath.Join(outside, "pm.db"), w.Path(config.Database))
			}},
		{name: "its own directory as a link elsewhere",
			prepare: func(t *testing.T, w config.Workspace, outside string) {
				if err := os.Remove(w.Path("")); err != nil {
					t.Fatal(err)
				}
				link(t, outside, w.Path(""))
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			outside := t.TempDir()
			w := workspace(t, "")
			if tt.text != "" {
				write(t, w.Path(config.File), strings.NewReplacer("OUTSIDE", outside, "ROOT", w.Root).Replace(tt.text))
			}
			if tt.prepare != nil {
				tt.prepare(t, w, outside)
			}
			w, err := config.Find(w.Root)
			if err != nil {
				t.Fatal(err)
			}
			u := user(t)
			address, err := w.Address(u)
			if tt.free {
				if err != nil || address != w.Named() {
					t.Errorf("Address is %q, %v", address, err)
				}
				return
			}
			if plan.Describe(err).Code != "untrusted_database" || plan.KindOf(err) != plan.Permission || address != "" {
				t.Fatalf("Address is %q, %v", address, err)
			}
			claim, claimErr := w.Claim()
			if claimErr != nil {
				t.Fatal(claimErr)
			}
			if !strings.Contains(err.Error(), claim) {
				t.Errorf("%v does not name %s", err, claim)
			}
			if added, err := u.Trust(t.Context(), claim); err != nil || !added {
				t.Fatal(added, err)
			}
			if address, err = w.Address(u); err != nil || address != w.Named() {
				t.Errorf("once it is trusted Address is %q, %v", address, err)
			}
		})
	}
}

func TestTrustIsByExactText(t *testing.T) {
	u := user(t)
	const trusted = "postgres://pm@db.example.com/pm?search_path=shop"
	if _, err := u.Trust(t.Context(), trusted); err != nil {
		t.Fatal(err)
	}
	if added, err := u.Trust(t.Context(), trusted); err != nil || added {
		t.Errorf("the second time: %v, %v", added, err)
	}
	for address, want := range map[string]bool{
		trusted:                             true,
		trusted + " ":                       false,
		trusted + "&host=evil.example.com":  false,
		"postgres://pm@db.example.com/pm":   false,
		strings.ToUpper(trusted):            false,
		"#" + trusted:                       false,
		"":                                  false,
		strings.TrimPrefix(trusted, "post"): false,
	} {
		if got, err := u.Trusts(address); got != want || err != nil {
			t.Errorf("Trusts(%q) is %v, %v", address, got, err)
		}
	}
	for _, bad := range []string{"", "a\nb", "#a", "a\x1b"} {
		if _, err := u.Trust(t.Context(), bad); plan.KindOf(err) != plan.Invalid {
			t.Errorf("Trust(%q): %v", bad, err)
		}
	}
}

// The list is one that people edit: comments stay, a line without its end is
// a line, what was cut short by a full disk is no address.
func TestTheListOfTrustedDatabases(t *testing.T) {
	u := user(t)
	if err := os.MkdirAll(u.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, u.TrustedFile(), "# mine\n\npostgres://a:s3cret@b/c\n/plans/a.db")
	if all, err := u.Trusted(); err != nil || strings.Join(all, " ") != "postgres://a:s3cret@b/c /plans/a.db" {
		t.Fatal(all, err)
	}
	if _, err := u.Trust(t.Context(), "/plans/b.db"); err != nil {
		t.Fatal(err)
	}
	if removed, err := u.Distrust(t.Context(), "postgres://a:***@b/c"); err != nil || !removed {
		t.Fatal(removed, err)
	}
	if removed, err := u.Distrust(t.Context(), "/plans/none.db"); err != nil || removed {
		t.Fatal(removed, err)
	}
	b, err := os.ReadFile(u.TrustedFile())
	if want := "# mine\n\n/plans/a.db\n/plans/b.db\n"; err != nil || string(b) != want {
		t.Errorf("the list is %q, want %q (%v)", b, want, err)
	}
	info, err := os.Stat(u.TrustedFile())
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the list has the mode %v (%v)", info.Mode(), err)
	}
}

func TestWithoutAHomeNothingIsTrusted(t *testing.T) {
	var u config.User
	if trusted, err := u.Trusts("postgres://a/b"); trusted || err != nil {
		t.Error(trusted, err)
	}
	if _, err := u.Trust(t.Context(), "postgres://a/b"); plan.KindOf(err) != plan.Storage {
		t.Error(err)
	}
}

// The environment of a shell may hold anything for these.
func TestUserOf(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths of Unix")
	}
	for env, want := range map[[2]string]string{
		{"/home/ann", ""}:     "/home/ann/.config/pm",
		{"/home/ann", "/x"}:   "/x/pm",
		{"/home/ann", "here"}: "/home/ann/.config/pm", // the specification ignores relative paths
		{"here", ""}:          "",
	} {
		u := config.UserOf(func(name string) string { return map[string]string{"HOME": env[0], "XDG_CONFIG_HOME": env[1]}[name] })
		if u.Dir != want {
			t.Errorf("HOME=%s XDG_CONFIG_HOME=%s: %q, want %q", env[0], env[1], u.Dir, want)
		}
	}
}

// A project from a stranger may have anything in place of its files.
func TestFilesOfAWorkspaceAreSmallAndRegular(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no /dev/zero here")
	}
	w := workspace(t, "")
	link(t, "/dev/zero", w.Path(config.File))
	if _, err := config.Find(w.Root); plan.KindOf(err) != plan.Permission {
		t.Errorf("a config.toml without an end: %v", err)
	}
	if err := os.Remove(w.Path(config.File)); err != nil {
		t.Fatal(err)
	}
	write(t, w.Path(config.File), strings.Repeat("# x\n", 1<<19))
	if _, err := config.Find(w.Root); plan.KindOf(err) != plan.Permission {
		t.Errorf("a config.toml of 2 MiB: %v", err)
	}
	other := t.TempDir()
	link(t, "/dev/zero", filepath.Join(other, ".git"))
	if _, err := config.Find(other); plan.KindOf(err) != plan.NotFound {
		t.Errorf("a .git without an end: %v", err)
	}
}
