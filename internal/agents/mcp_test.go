package agents

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// settingsTexts are settings as people have them, each for a file of JSON.
var settingsTexts = map[string]string{
	"empty object":   "{}\n",
	"comments":       "// ours\n{\n  /* more */\n  \"theme\": \"dark\", // not light\n}\n",
	"CRLF":           "{\r\n\t\"theme\": \"dark\"\r\n}\r\n",
	"no line end":    `{"theme":"dark"}`,
	"other servers":  "{\n  \"mcpServers\": {\n    \"db\": {\"command\": \"db\"} // ours\n  }\n}\n",
	"empty servers":  "{\n  \"servers\": {},\n  \"mcp\": {},\n  \"mcpServers\": {}\n}\n",
	"trailing comma": "{\n  \"mcpServers\": {\n    \"db\": {\"command\": \"db\"},\n  },\n}\n",
}

func tree(t *testing.T, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			b, readErr := os.ReadFile(path)
			files[path], err = string(b), readErr
		} else if err == nil {
			files[path] = "a folder"
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sameTree(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for path, text := range a {
		if b[path] != text {
			return false
		}
	}
	return true
}

// TestServersGoAsTheyCame puts every server and every hook into settings of each
// kind, and takes them out again: every byte is as it was.
func TestServersGoAsTheyCame(t *testing.T) {
	for name := range settingsTexts {
		for _, hooks := range [][]string{nil, {"claude", "gemini"}} {
			p := Project{Root: t.TempDir(), Skill: "how to\n"}
			for _, f := range mcpForms() {
				path := filepath.Join(p.Root, filepath.FromSlash(f.path))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(settingsFor(f, name)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			installAndRemove(t, name, p, hooks)
		}
	}
	p := Project{Root: t.TempDir(), Skill: "how to\n"}
	installAndRemove(t, "no files", p, nil)
	installAndRemove(t, "no files, with hooks", p, Tools())
}

func settingsFor(f mcpForm, name string) string {
	if f.key == "" {
		return map[bool]string{true: "model = \"o5\"\r\n", false: "# ours\n[tools]\nweb = true"}[name == "CRLF"]
	}
	return settingsTexts[name]
}

func installAndRemove(t *testing.T, name string, p Project, hooks []string) {
	t.Helper()
	before := tree(t, p.Root)
	changes, err := p.Install(hooks, MCPTools())
	if err == nil {
		err = p.Apply(changes)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, f := range p.Status() {
		if f.What == MCP && f.State != Current {
			t.Errorf("%s: %s is %s", name, f.Path, f.State)
		}
	}
	if changes, err = p.Install(hooks, MCPTools()); err != nil || slices.ContainsFunc(changes, func(c Change) bool { return c.Did != "nothing" }) {
		t.Errorf("%s: twice is not once: %+v, %v", name, changes, err)
	}
	if changes, err = p.Remove(); err == nil {
		err = p.Apply(changes)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if after := tree(t, p.Root); !sameTree(before, after) {
		t.Errorf("%s: hooks %v: before\n%q\nafter\n%q", name, hooks, before, after)
	}
}

// TestOneFileStopsNoOther has settings that cannot be edited.
func TestOneFileStopsNoOther(t *testing.T) {
	p := Project{Root: t.TempDir(), Skill: "how to\n"}
	if err := os.WriteFile(filepath.Join(p.Root, ".mcp.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	changes, err := p.Install(nil, []string{"claude", "cursor"})
	if err == nil || p.Apply(changes) != nil {
		t.Errorf("the error is %v", err)
	}
	did := map[string]string{}
	for _, c := range changes {
		did[c.Path] = c.Did
	}
	if did[".mcp.json"] != "failed" || did[".cursor/mcp.json"] != "wrote" {
		t.Errorf("what was done is %v", did)
	}
	if _, err := os.Stat(filepath.Join(p.Root, ".cursor", "mcp.json")); err != nil {
		t.Error(err)
	}
}
