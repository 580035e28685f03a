package agents

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// What pm agents install makes and cannot mark: folders, hooks and servers, which
// look the same if somebody put them in by hand. Each skill says which of them it
// made; pm agents remove takes no others away.

// listing returns the skill that says what was made: the first, or the second if
// the first could not be written. One that cannot be read says nothing.
func (p Project) listing() string {
	for _, path := range skillFiles {
		skill, _, err := p.read(path)
		if made, _ := madeBy(skill); err == nil && (path == skillFiles[0] && skill != "" || len(made) > 0) {
			return skill
		}
	}
	return ""
}

// unmarked reports whether a part is such a hook, or a server.
func (p part) unmarked() bool { return p.what == Hook || p.what == MCP }

// made is the part in that list, by its tool, and by its event for the hooks that
// came after the first.
func (p part) made() string {
	if p.event == "" || p.first {
		return p.what + ":" + p.tool
	}
	return p.what + ":" + p.tool + ":" + p.event
}

// hooked returns the tools that the skill says got hooks, as far as they still
// have one.
func (p Project) hooked(skill string) (tools []string) {
	made, _ := madeBy(skill)
	for _, part := range p.parts(nil) {
		if part.what != Hook || !slices.Contains(made, part.made()) || slices.Contains(tools, part.tool) {
			continue
		}
		if text, there, err := p.read(part.path); err == nil && there && part.state(text) == Current {
			tools = append(tools, part.tool)
		}
	}
	return tools
}

// makes returns what the list is to say once the wanted parts are put in: what
// the skill says already, and what is missing now.
func (p Project) makes(skill string, wanted func(part) bool) []string {
	made, _ := madeBy(skill)
	for _, part := range p.parts(nil) {
		if !wanted(part) {
			continue
		}
		text, there, err := p.read(part.path)
		if err != nil {
			continue // Install says so
		}
		if part.unmarked() && (!there || part.state(text) == Missing) {
			made = append(made, part.made())
		}
		if !there && part.unmarked() {
			made = append(made, madeFile+part.path)
		}
		for folder := path.Dir(part.path); folder != "."; folder = path.Dir(folder) {
			if _, err := os.Lstat(filepath.Join(p.Root, filepath.FromSlash(folder))); err != nil {
				made = append(made, folder)
			}
		}
	}
	slices.Sort(made)
	return slices.Compact(made)
}

// foldersOf returns the folders of a file that were made, the innermost first.
func foldersOf(file string, made []string) (out []string) {
	for _, m := range slices.Backward(made) { // sorted: a folder stands before what is in it
		if strings.HasPrefix(file, m+"/") {
			out = append(out, m)
		}
	}
	return out
}
