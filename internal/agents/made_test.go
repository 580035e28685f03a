package agents

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// project makes a project of files; a name that ends with a slash is a folder.
func project(t *testing.T, files map[string]string) Project {
	t.Helper()
	p := Project{Root: t.TempDir(), Skill: "# pm\nwork\n"}
	for name, text := range files {
		full := filepath.Join(p.Root, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			must(t, os.MkdirAll(full, 0o755))
			continue
		}
		must(t, os.MkdirAll(filepath.Dir(full), 0o755))
		must(t, os.WriteFile(full, []byte(text), 0o644))
	}
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tree lists what lies in a project: files with their texts, and folders.
func (p Project) tree(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, filepath.WalkDir(p.Root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(p.Root, path)
		if err != nil || name == "." {
			return err
		}
		if d.IsDir() {
			out[filepath.ToSlash(name)+"/"] = ""
			return nil
		}
		b, err := os.ReadFile(path)
		out[filepath.ToSlash(name)] = string(b)
		return err
	}))
	return out
}

func (p Project) install(t *testing.T, hooks ...string) {
	t.Helper()
	changes, err := p.Install(hooks, nil)
	must(t, err)
	must(t, p.Apply(changes))
}

func (p Project) remove(t *testing.T) (did []string) {
	t.Helper()
	changes, err := p.Remove()
	must(t, err)
	must(t, p.Apply(changes))
	for _, c := range changes {
		did = append(did, c.Did+" "+c.Path)
	}
	return did
}

// Whatever was there, a project is again as it was: folders that were empty,
// hooks that somebody put in by hand.
func TestRemoveLeavesWhatInstallDidNotMake(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"nothing":         {},
		"empty folders":   {".claude/": "", ".agents/skills/": "", ".codex/": "", ".gemini/": ""},
		"other skills":    {".agents/skills/other/SKILL.md": "x", ".claude/skills/pm/notes.md": "mine"},
		"a hook by hand":  {".claude/settings.json": hookDocument(), ".gemini/settings.json": `{"hooks":{"SessionStart":[{"hooks":[{"command":"pm prime --hook-json","type":"command"}]}]}}`},
		"settings, rules": {".claude/settings.json": "{\n  // ours\n  \"model\": \"x\",\n}\n", "AGENTS.md": "# Rules\n", ".codex/hooks.json": "{}"},
	} {
		p := project(t, files)
		before := p.tree(t)
		p.install(t, "claude")
		p.install(t, "codex", "gemini") // a second time adds to what was made
		p.install(t, "codex")
		p.remove(t)
		if after := p.tree(t); !same(before, after) {
			t.Errorf("%s: %q became %q", name, before, after)
		}
	}
}

func same(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, text := range a {
		if other, there := b[name]; !there || other != text {
			return false
		}
	}
	return true
}

// A skill that somebody edited is theirs: it is neither overwritten nor removed.
func TestAnEditedSkillIsKept(t *testing.T) {
	p := project(t, nil)
	p.install(t, "claude")
	full := filepath.Join(p.Root, ".claude/skills/pm/SKILL.md")
	b, err := os.ReadFile(full)
	must(t, err)
	must(t, os.WriteFile(full, append(b, "mine\n"...), 0o644))
	if _, err := p.Install(nil, nil); err == nil || !strings.Contains(err.Error(), "was edited since pm wrote it") {
		t.Errorf("installed over it: %v", err)
	}
	if did := p.remove(t); !slices.Contains(did, "kept .claude/skills/pm/SKILL.md") {
		t.Errorf("did %q", did)
	}
	if got := p.tree(t); !strings.HasSuffix(got[".claude/skills/pm/SKILL.md"], "work\nmine\n") || len(got) != 4 {
		t.Errorf("left %q", got)
	}
}

// An old skill, one checked out with other line ends, and one without a digest
// are pm's own.
func TestAnOldSkillIsUpdated(t *testing.T) {
	old := Project{Skill: "# pm\nold words\n"}.skillText(nil)
	for text, want := range map[string]State{
		old:                                   Outdated,
		strings.ReplaceAll(old, "\n", "\r\n"): Outdated,
		skillHead + "<!-- written by pm agents install; pm agents remove takes it away -->\n\n# pm\n": Outdated,
		strings.Replace(old, "old words", "my words", 1):                                              Edited,
		"# mine\n": Foreign,
	} {
		p := project(t, map[string]string{skillFiles[0]: text})
		if got := p.skillState(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
		if _, err := p.Install(nil, nil); (err == nil) != (want == Outdated) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
