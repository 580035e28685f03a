//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// theirs are the files of a project that pm agents install changes; it makes others.
var theirs = map[string]string{
	"AGENTS.md":             "# Ours\r\nKeep this.",
	"CLAUDE.md":             "Be kind.\n",
	".claude/settings.json": "{\n  // ours\n  \"model\": \"x\",\n}\n",
	".cursor/mcp.json":      "{\"mcpServers\": {}}",
	".codex/config.toml":    "model = \"x\"\n",
}

// TestAgentsInReadOnlyPlaces installs where files and folders cannot be written:
// the error says so, nothing is written by halves, and remove gives every byte back.
func TestAgentsInReadOnlyPlaces(t *testing.T) {
	inReachOfAll(t)
	w := newWorkspace(t)
	binary := w.openToAll(t)
	install := []string{"agents", "install", "--hook", "claude", "--hook", "cursor", "--mcp", "claude", "--mcp", "cursor", "--mcp", "codex"}
	project := func(t *testing.T) (dir string) {
		dir, err := os.MkdirTemp(w.dir, "project")
		if err != nil {
			t.Fatal(err)
		}
		for path, text := range theirs {
			full := filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		w.giveAway(t, dir)
		if code, _, stderr := w.unprivileged(dir, binary, "init", "--quiet", "--nested"); code != 0 {
			t.Fatal(stderr)
		}
		t.Cleanup(func() { everywhere(t, dir, 0o755, 0o644) })
		return dir
	}
	for path, mode := range map[string]os.FileMode{"AGENTS.md": 0o444, ".claude/settings.json": 0o444, ".codex/config.toml": 0o444, ".": 0o555, ".claude": 0o555, ".cursor": 0o555} {
		t.Run(path, func(t *testing.T) {
			dir := project(t)
			before := contents(t, dir)
			if err := os.Chmod(filepath.Join(dir, path), mode); err != nil {
				t.Fatal(err)
			}
			code, stdout, stderr := w.unprivileged(dir, binary, install...)
			if code != 6 || !oneSentenceAndHint(stderr) || !strings.Contains(stderr, "write ") || !strings.Contains(stdout, "failed\t") {
				t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
			}
			now := contents(t, dir)
			for file, text := range before {
				if strings.Contains(stdout, "\t"+file+"\n") && strings.Contains(stdout, "failed\t") && !strings.HasSuffix(now[file], "\n") && strings.HasSuffix(text, "\n") {
					t.Errorf("%s ends in the middle: %q", file, now[file])
				}
			}
			if mode == 0o444 && now[path] != before[path] {
				t.Errorf("%s was changed to %q", path, now[path])
			}
			for file := range now {
				if strings.Contains(file, ".tmp") || strings.HasSuffix(file, "~") {
					t.Errorf("%s was left behind", file)
				}
			}
			w.check(t, dir, binary, before)
		})
	}
	t.Run("what is installed", func(t *testing.T) {
		dir := project(t)
		before := contents(t, dir)
		if code, _, stderr := w.unprivileged(dir, binary, install...); code != 0 {
			t.Fatal(stderr)
		}
		installed := contents(t, dir)
		everywhere(t, dir, 0o555, 0o444)
		code, _, stderr := w.unprivileged(dir, binary, "agents", "remove")
		if now := contents(t, dir); code != 6 || !oneSentenceAndHint(stderr) || !equal(now, installed) {
			t.Errorf("exit code %d, %s: %v", code, stderr, now)
		}
		everywhere(t, dir, 0o755, 0o644)
		w.check(t, dir, binary, before)
	})
}

// check removes what was installed: every byte is as before.
func (w workspace) check(t *testing.T, dir, binary string, before map[string]string) {
	t.Helper()
	code, stdout, stderr := w.unprivileged(dir, binary, "agents", "remove")
	if now := contents(t, dir); code != 0 || !equal(now, before) {
		t.Errorf("exit code %d, stdout %q, stderr %q: %q", code, stdout, stderr, now)
	}
}

// giveAway has the user without rights own the folder, whose modes then bind it.
func (w workspace) giveAway(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil {
			err = os.Chown(path, nobody, nobody)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// everywhere sets the modes of all folders and files of a project.
func everywhere(t *testing.T, dir string, dirMode, fileMode os.FileMode) {
	t.Helper()
	var folders []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.IsDir() && e.Name() == ".pm" {
			return filepath.SkipDir
		}
		if err == nil && e.IsDir() {
			folders = append(folders, path)
			return os.Chmod(path, 0o755)
		}
		if err == nil {
			err = os.Chmod(path, fileMode)
		}
		return err
	})
	for _, path := range folders {
		if err == nil {
			err = os.Chmod(path, dirMode)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

// contents are the files of a project, and its folders, without the plan.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.IsDir() && e.Name() == ".pm" {
			return filepath.SkipDir
		}
		name, _ := filepath.Rel(dir, path)
		if err == nil && e.IsDir() {
			out[name+"/"] = ""
			return nil
		}
		text, readErr := os.ReadFile(path)
		out[name] = string(text)
		return readErr
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, text := range a {
		if b[name] != text {
			return false
		}
	}
	return true
}
