package agents

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// everything is all that a tool can be given.
func everything() (hooks, servers []string) { return Tools(), MCPTools() }

// settingsFiles are the files that tools keep their settings in.
func settingsFiles() (paths []string) {
	for _, f := range hookForms() {
		paths = append(paths, f.path)
	}
	for _, f := range mcpForms() {
		paths = append(paths, f.path)
	}
	return paths
}

func isTOML(path string) bool { return strings.HasSuffix(path, ".toml") }

// TestEveryToolInEveryProject installs all there is into settings of each kind,
// and takes it out again: every byte, link and mode is as it was.
func TestEveryToolInEveryProject(t *testing.T) {
	for name, c := range map[string]struct{ json, toml string }{
		"comments":               {"// a\n{\n  /* b */\n  \"x\": 1, // c\n  // d\n}\n", "# a\n[x] # b\ny = 1\n"},
		"commas behind the last": {"{\n  \"hooks\": {},\n  \"mcpServers\": {\"a\": {},},\n  \"l\": [1, 2,],\n}\n", "l = [\n  1,\n  2,\n]\n"},
		"CRLF":                   {"{\r\n  // a\r\n  \"x\": 1\r\n}\r\n", "# a\r\n[x]\r\ny = 1\r\n"},
		"a byte order mark":      {bom + "{\n  \"x\": 1\n}\n", bom + "x = 1\n"},
		"tabs":                   {"{\n\t\"mcpServers\": {\n\t\t\"a\": {}\n\t}\n}\n", "[x]\n\ty = 1\n"},
		"no line end":            {`{"x":1}`, "x = 1"},
		"nothing in it":          {"{}", ""},
		"on one line":            {`{ "hooks": { "Stop": [] }, "servers": {"a": {"command": "a"}} }`, "x = {y = 1}"},
	} {
		for _, links := range []string{"", "files", "folders"} {
			if links != "" && name != "comments" && name != "CRLF" {
				continue // the text does not matter to links
			}
			p := project(t, nil)
			for _, path := range settingsFiles() {
				text := c.json
				if isTOML(path) {
					text = c.toml
				}
				p.put1(t, path, text, links)
			}
			before := p.shape(t)
			hooks, servers := everything()
			changes, err := p.Install(hooks, servers)
			must(t, err)
			must(t, p.Apply(changes))
			for _, f := range p.Status() {
				if f.What != Skill && f.State != Current {
					t.Errorf("%s, %s: %s of %s is %s", name, links, f.What, f.Path, f.State)
				}
			}
			p.remove(t)
			if after := p.shape(t); !same(before, after) {
				t.Errorf("%s, %s: %q became %q", name, links, before, after)
			}
		}
	}
}

// put1 writes settings, or a link to them, or a link to their folder.
func (p Project) put1(t *testing.T, path, text, links string) {
	t.Helper()
	full := filepath.Join(p.Root, filepath.FromSlash(path))
	real := filepath.Join(p.Root, "shared", filepath.FromSlash(path))
	if links == "" || runtime.GOOS == "windows" {
		real = full
	}
	must(t, os.MkdirAll(filepath.Dir(real), 0o755))
	must(t, os.WriteFile(real, []byte(text), 0o640))
	switch top, _, deep := strings.Cut(path, "/"); {
	case real == full:
	case links == "folders" && deep:
		if _, err := os.Lstat(filepath.Join(p.Root, top)); err != nil {
			must(t, os.Symlink(filepath.Join("shared", top), filepath.Join(p.Root, top)))
		}
	default:
		if _, err := os.Lstat(full); err == nil {
			return // two tools' settings in one file
		}
		must(t, os.MkdirAll(filepath.Dir(full), 0o755))
		to, err := filepath.Rel(filepath.Dir(full), real)
		must(t, err)
		must(t, os.Symlink(to, full))
	}
}

// shape lists what lies in a project: files with their modes and texts, links
// with where they lead.
func (p Project) shape(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, filepath.WalkDir(p.Root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := info.Mode().String()
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			to, _ := os.Readlink(path)
			text += " " + to
		case info.Mode().IsRegular():
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text += " " + string(b)
		}
		out[strings.TrimPrefix(path, p.Root)] = text
		return nil
	}))
	return out
}

// What somebody has put in by hand under pm's name is theirs, and stays.
func TestAServerByHandIsKept(t *testing.T) {
	by := map[string]string{}
	for _, f := range mcpForms() {
		by[f.path] = `{"` + f.key + `": {"pm": {"command": "/opt/pm"}}}`
	}
	for _, toml := range []string{
		"[mcp_servers.pm]\ncommand = \"/opt/pm\"\n",
		"[mcp_servers.\"pm\"]\ncommand = \"/opt/pm\"\n",
		"mcp_servers.pm.command = \"/opt/pm\"\n",
		"[mcp_servers]\npm = {command = \"/opt/pm\"}\n",
	} {
		by[".codex/config.toml"] = toml
		p := project(t, by)
		before := p.shape(t)
		changes, err := p.Install(nil, MCPTools())
		must(t, err)
		must(t, p.Apply(changes))
		for _, f := range p.Status() {
			if f.What == MCP && f.State != Foreign {
				t.Errorf("%s is %s, with %q", f.Path, f.State, by[f.Path])
			}
		}
		p.remove(t)
		if after := p.shape(t); !same(before, after) {
			t.Errorf("%q became %q", before, after)
		}
	}
	// What is only spoken of is not there.
	p := project(t, map[string]string{".codex/config.toml": "# [mcp_servers.pm] is not for us\n"})
	changes, err := p.Install(nil, []string{"codex"})
	must(t, err)
	must(t, p.Apply(changes))
	if text := p.tree(t)[".codex/config.toml"]; !strings.Contains(text, "\n[mcp_servers.pm]\n") {
		t.Errorf("it became %q", text)
	}
}

// Settings that cannot be edited are named, each of them, and stop nothing else.
func TestBrokenSettingsStopNothingElse(t *testing.T) {
	for name, texts := range map[string][2]string{
		"broken":       {"{\n  \"a\": \n", "[x\n"},
		"no object":    {"[]", "mcp_servers = {a = {command = \"a\"}}\n"},
		"another kind": {`{"hooks": 1, "mcpServers": 1, "servers": 1, "mcp": 1}`, "mcp_servers = 1\n"},
	} {
		broken := map[string]string{}
		for _, path := range settingsFiles() {
			broken[path] = texts[0]
			if isTOML(path) {
				broken[path] = texts[1]
			}
		}
		p := project(t, broken)
		before := p.shape(t)
		hooks, servers := everything()
		changes, err := p.Install(hooks, servers)
		if err == nil {
			t.Fatalf("%s: installed", name)
		}
		must(t, p.Apply(changes))
		failed := map[string]bool{}
		for _, c := range changes {
			if failed[c.Path] = c.Did == "failed"; failed[c.Path] && !strings.Contains(c.Why, c.Path) {
				t.Errorf("%s: %s failed: %s", name, c.Path, c.Why)
			}
		}
		for _, path := range settingsFiles() {
			if !failed[path] {
				t.Errorf("%s: %s did not fail", name, path)
			}
		}
		if text := p.tree(t)["AGENTS.md"]; !strings.Contains(text, blockBegin) || failed[skillFiles[0]] || failed["AGENTS.md"] {
			t.Errorf("%s: the rest was not written: %+v", name, changes)
		}
		p.remove(t)
		if after := p.shape(t); !same(before, after) {
			t.Errorf("%s: %q became %q", name, before, after)
		}
	}
}

// A skill that cannot be read used to stop everything, also the removal.
func TestAFolderInTheSkillsPlaceStopsNothingElse(t *testing.T) {
	p := project(t, map[string]string{skillFiles[0] + "/": ""})
	before := p.shape(t)
	changes, err := p.Install([]string{"claude"}, nil)
	if err == nil {
		t.Error("installed over a folder")
	}
	must(t, p.Apply(changes))
	if text := p.tree(t)[".claude/settings.json"]; !strings.Contains(text, endCommand) {
		t.Errorf("the hooks were not written: %q", text)
	}
	changes, err = p.Remove()
	if err == nil {
		t.Error("removed a folder")
	}
	must(t, p.Apply(changes))
	for path := range p.tree(t) {
		if _, was := before["/"+strings.TrimSuffix(path, "/")]; !was && !strings.HasSuffix(path, "/") {
			t.Errorf("%s is left", path)
		}
	}
}

// A pm that knew one hook only is brought up to date without being told the tool
// again, and all of it goes.
func TestHooksOfAnOlderInstallAreBroughtUpToDate(t *testing.T) {
	p := project(t, map[string]string{".claude/settings.json": "{\n  \"model\": \"x\"\n}\n"})
	before := p.shape(t)
	old := Project{Root: p.Root, Skill: "# pm\nolder words\n"}
	in, err := addHook(p.tree(t)[".claude/settings.json"])
	must(t, err)
	must(t, os.WriteFile(filepath.Join(p.Root, ".claude/settings.json"), []byte(in), 0o644))
	for i, file := range skillFiles {
		made := []string{".agents", ".agents/skills", ".agents/skills/pm", ".claude/skills", ".claude/skills/pm", "hook:claude"}
		full := filepath.Join(p.Root, file)
		must(t, os.MkdirAll(filepath.Dir(full), 0o755))
		must(t, os.WriteFile(full, []byte(old.skillText(made[:len(made)*(1-i)])), 0o644))
	}
	p.install(t)
	for _, f := range p.Status() {
		if f.Tool == "claude" && f.What == Hook && f.State != Current {
			t.Errorf("%s is %s", f.Event, f.State)
		}
	}
	p.remove(t)
	if after := p.shape(t); !same(before, after) {
		t.Errorf("%q became %q", before, after)
	}
}

// CLAUDE.md imports AGENTS.md where it stands alone, and is as it was after.
func TestAClaudeFileThatStandsAlone(t *testing.T) {
	for text, want := range map[string]bool{
		"# Rules\n": true, "# Rules": true, "a\r\nb\r\n": true, "": true, bom + "# Rules\n": true,
		"@AGENTS.md\n": false, "# Rules\nsee @AGENTS.md too\n": false, "mail x@AGENTS.md\n": true,
	} {
		p := project(t, map[string]string{"CLAUDE.md": text})
		before := p.shape(t)
		p.install(t)
		p.install(t)
		if got := strings.Count(p.tree(t)["CLAUDE.md"], "\n"+importLine); (got == 1) != want && !strings.HasPrefix(text, importLine) {
			t.Errorf("%q became %q", text, p.tree(t)["CLAUDE.md"])
		}
		p.remove(t)
		if after := p.shape(t); !same(before, after) {
			t.Errorf("%q became %q", before, after)
		}
	}
}
