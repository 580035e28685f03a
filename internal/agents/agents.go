// Package agents tells coding agents about pm: a block in AGENTS.md, a skill,
// and, where asked for, hooks that run when a session starts and ends, and
// before it is compacted.
//
// The policy: nothing is touched but what is pm's own, which is known by its
// markers. What is put into a file that was there leaves every other byte as
// it is, and taking it out again gives the bytes there were before. Folders go
// only if pm made them, and a file of pm's own only if nobody edited it. A file
// that cannot be read for certain is left alone, and that is an error.
package agents

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/utf"
)

// A Project is the folder whose agents are told.
type Project struct {
	Root  string // where AGENTS.md lies
	Skill string // what the skill says below its head
}

// What is put into a project.
const (
	Block = "block"
	Skill = "skill"
	Hook  = "hook"
)

// A part is one thing that can be put into one file.
type part struct {
	path  string // below the root, with slashes
	what  string
	tool  string                 // of a hook or a server
	event string                 // of a hook
	first bool                   // the hook that pm has put in since it has hooks
	left  func(text string) bool // what is left is only what pm wrote with the part; nil for an empty object
	add   func(text string, there bool) (string, error)
	take  func(text string) (out string, keep bool, err error)
	state func(text string) State
}

// A State says how a part stands.
type State string

const (
	Missing  State = "missing"
	Current  State = "installed"
	Outdated State = "outdated"
	Foreign  State = "foreign" // a file of somebody else's lies in its place

	Unreadable State = "unreadable"
)

// parts lists all there is, in the order in which it is shown. made is what the
// skills are to say of what else was made.
func (p Project) parts(made []string) []part {
	all := []part{blockPart()}
	if p.needsImport() {
		all = append(all, importPart())
	}
	all = append(all, p.skillPart(skillFiles[0], made), p.skillPart(skillFiles[1], made))
	for _, form := range hookForms() {
		all = append(all, hookParts(form)...)
	}
	for _, form := range mcpForms() {
		all = append(all, mcpPart(form))
	}
	return all
}

// A File is how a part stands in a project.
type File struct {
	Path  string `json:"path"`
	What  string `json:"what"`
	Tool  string `json:"tool,omitempty"`  // of a hook or a server
	Event string `json:"event,omitempty"` // of a hook, as the tool names it
	State State  `json:"state"`
	Why   string `json:"why,omitempty"` // it is unreadable
}

// Status says how every part stands.
func (p Project) Status() (out []File) {
	for _, part := range p.parts(nil) {
		text, there, err := p.read(part.path)
		f := File{Path: part.path, What: part.what, Tool: part.tool, Event: part.event, State: Missing}
		switch {
		case err != nil:
			f.State, f.Why = Unreadable, plan.Describe(err).Message
		case there:
			f.State = part.state(text)
		}
		out = append(out, f)
	}
	return out
}

// A Change is what has to be done to a file.
type Change struct {
	Path   string `json:"path"`
	What   string `json:"what"`
	Event  string `json:"event,omitempty"` // of a hook
	Did    string `json:"did"`             // wrote, changed, removed, kept, nothing, failed
	Why    string `json:"why,omitempty"`   // it failed
	text   string
	remove bool
	empty  []string // folders to remove, once the file is gone, if they are empty
}

// Install returns what has to be done so that agents know of pm, with hooks
// and the MCP server for these tools. Tools that an earlier install gave hooks get
// those that have come since. What cannot be done stops nothing else: it
// is among the changes as failed, and the first is the error. The skill for
// Claude Code comes where a folder .claude is, or its hook is wanted.
func (p Project) Install(hooks, servers []string) ([]Change, error) {
	if err := cmp.Or(checkTools(servers, MCPTools(), "bad_tool"), checkTools(hooks, Tools(), "bad_hook")); err != nil {
		return nil, err
	}
	skill := p.listing()
	hooks = append(p.hooked(skill), hooks...)
	_, err := os.Stat(filepath.Join(p.Root, ".claude"))
	claude := err == nil || slices.Contains(hooks, "claude")
	wanted := func(part part) bool {
		return !(part.what == Hook && !slices.Contains(hooks, part.tool) || part.what == MCP && !slices.Contains(servers, part.tool) || part.path == skillFiles[1] && !claude)
	}
	made := p.makes(skill, wanted)
	var out []Change
	var failed error
	files := pending{}
	for _, part := range p.parts(made) {
		if !wanted(part) {
			continue
		}
		c, err := p.put(part, files)
		if err != nil {
			c = Change{Path: part.path, What: part.what, Event: part.event, Did: "failed", Why: plan.Describe(err).Message}
			failed = cmp.Or(failed, err)
		}
		out = append(out, c)
	}
	return out, failed
}

// checkTools refuses the first tool that there is not, under that code.
func checkTools(tools, exist []string, code string) error {
	for _, tool := range tools {
		if !slices.Contains(exist, tool) {
			return plan.Errorf(plan.Invalid, "unknown tool %q", tool).WithCode(code).WithHint("use one of %s", strings.Join(exist, ", "))
		}
	}
	return nil
}

// pending are the texts that files will have: several parts may lie in one.
type pending map[string]string

// pendingOr returns the text that a file will have, else the one that it has.
func (p Project) pendingOr(path string, files pending) (text string, there bool, err error) {
	if text, there = files[path]; there {
		return text, true, nil
	}
	return p.read(path)
}

func (p Project) put(part part, files pending) (c Change, err error) {
	text, there, err := p.pendingOr(part.path, files)
	if err != nil {
		return c, err
	}
	c = Change{Path: part.path, What: part.what, Event: part.event, Did: "changed"}
	if c.text, err = part.add(text, there); err != nil {
		return c, err
	}
	switch {
	case !there:
		c.Did = "wrote"
	case c.text == text:
		c.Did = "nothing"
	}
	files[part.path] = c.text
	return c, nil
}

// Remove returns what has to be done so that nothing of pm's is left. As with
// Install, what cannot be done stops nothing else.
func (p Project) Remove() (out []Change, failed error) {
	skill := p.listing()
	made, known := madeBy(skill)
	files := pending{}
	for _, part := range backwards(p.parts(nil)) {
		c, err := p.takeOut(part, files, made, known)
		if err != nil {
			c = &Change{Path: part.path, What: part.what, Event: part.event, Did: "failed", Why: plan.Describe(err).Message}
			failed = cmp.Or(failed, err)
		}
		if c != nil {
			out = append(out, *c)
		}
	}
	return out, failed
}

// takeOut returns what has to be done to take a part out; nil if that is nothing.
func (p Project) takeOut(part part, files pending, made []string, known bool) (*Change, error) {
	text, there, err := p.pendingOr(part.path, files)
	if err != nil || !there || part.state(text) == Missing || part.state(text) == Foreign ||
		part.unmarked() && known && !slices.Contains(made, part.made()) { // somebody else put it in
		return nil, err
	}
	c := &Change{Path: part.path, What: part.what, Event: part.event, Did: "changed"}
	keep := false
	if c.text, keep, err = part.take(text); err != nil {
		return nil, err
	}
	switch {
	case part.state(text) == Edited:
		c.Did = "kept"
	case !keep || part.isLeft(c.text) && slices.Contains(made, madeFile+part.path):
		c.Did, c.remove, c.empty = "removed", true, foldersOf(part.path, made)
	case c.text == text:
		return nil, nil
	}
	files[part.path] = c.text
	return c, nil
}

// backwards puts what shares files with others in front, the last one first:
// what was put in last is taken out first.
func backwards(parts []part) []part {
	shared := slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return !p.unmarked() })
	slices.Reverse(shared)
	return append(shared, slices.DeleteFunc(parts, part.unmarked)...)
}

// isLeft reports whether nothing is left in a file but what pm wrote there.
func (p part) isLeft(text string) bool {
	return squeezed(text) == "{}" || p.left != nil && p.left(text)
}

// read returns the text of a file of the project; there is false without one.
func (p Project) read(path string) (text string, there bool, err error) {
	full, err := p.resolve(path)
	if err != nil {
		return "", false, err
	}
	info, err := os.Stat(full)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err == nil && !info.Mode().IsRegular() { // reading a pipe would wait
		return "", false, plan.Errorf(plan.Refused, "%s is not a regular file", path).WithCode("bad_file").WithHint("remove it or rename it")
	}
	b, err := os.ReadFile(full)
	if err != nil {
		return "", false, fileError(err, path)
	}
	if utf.Wide(b) {
		return "", false, plan.Errorf(plan.Refused, "%s is UTF-16", path).WithCode("bad_file").WithHint("save it as UTF-8, then try again")
	}
	return string(utf.Decode(b)), true, nil
}
