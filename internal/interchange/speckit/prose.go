package speckit

import (
	"path"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
)

// What the section about dependencies says of tasks, with ids on both sides.
const (
	anyIDs = `\**T\d+[a-z]?\**(?:\s*(?:,|and|&|\+|-|–|through|to)\s*\**T\d+[a-z]?\**)*`
	who    = `(?:[\pL][\pL /-]{0,40}\()?(` + anyIDs + `)\)?(?:\s*\([^)]*\))?`
)

var (
	waitsLine  = interchange.Pattern(`^` + who + `\s+(?:(?:must|should|can|will)\s+)?(?:depends? on|requires?|needs?|(?:is|are|be)? ?blocked by|waits? for|(?:starts? |runs? )?(?:only )?after)\s+` + who + `\W*$`)
	blocksLine = interchange.Pattern(`^` + who + `\s+(?:blocks?|(?:must |should )?(?:be )?(?:complete[sd]? |done |finish(?:ed)? |comes? )?before|precedes?)\s+` + who + `\W*$`)
	chainLine  = interchange.Pattern(`^` + anyIDs + `(?:\s*(?:→|->|=>)\s*` + anyIDs + `)+\W*$`)
	arrow      = interchange.Pattern(`\s*(?:→|->|=>)\s*`)
	aboutOrder = interchange.Pattern(`(?i)\b(?:depends?|dependent|blocks?|blocked|before|after|requires?|must|prerequisite)\b|→|->`)
	bullet     = interchange.Pattern(`^\s*(?:[-*+]|\d+[.)])\s+`)
)

// readProse takes what the sections about dependencies say of tasks by their ids.
// Lines that say something of other things are counted: they stay in the text.
func readProse(o *form.Outline, feature *form.Item, page *form.Page, byID map[string][]*form.Item) {
	unread, first := 0, 0
	for _, h := range page.Headings {
		if !aboutDependencies(h) {
			continue
		}
		for _, line := range h.Body {
			text := strings.TrimSpace(bullet().ReplaceAllString(line, ""))
			if text == "" || depend(o, text, byID) || !aboutOrder().MatchString(text) {
				continue
			}
			if unread++; first == 0 {
				first = h.Line
			}
		}
	}
	if unread > 0 {
		lines := "lines"
		if unread == 1 {
			lines = "line"
		}
		o.Find(feature.File, first, interchange.Info, "%d %s about dependencies without task ids on both sides: kept in the text of the feature; --phases-block makes phases depend on each other", unread, lines)
	}
}

func aboutDependencies(h *form.Heading) bool {
	for ; h != nil; h = h.Up {
		if t := strings.ToLower(h.Text); h.Depth > 1 && (strings.Contains(t, "dependenc") || strings.Contains(t, "execution order")) {
			return true
		}
	}
	return false
}

// depend reads one line; false if it has no ids on both sides, or one that no
// task has.
func depend(o *form.Outline, text string, byID map[string][]*form.Item) bool {
	text = strings.NewReplacer("**", "", "`", "").Replace(text)
	var groups [][]string // each waits for the one before
	if m := waitsLine().FindStringSubmatch(text); m != nil {
		groups = [][]string{listed(m[2]), listed(m[1])}
	} else if m := blocksLine().FindStringSubmatch(text); m != nil {
		groups = [][]string{listed(m[1]), listed(m[2])}
	} else if chainLine().MatchString(text) {
		for _, part := range arrow().Split(text, -1) {
			groups = append(groups, listed(part))
		}
	}
	var tasks [][]*form.Item
	for _, ids := range groups {
		var group []*form.Item
		for _, id := range ids {
			if byID[id] == nil {
				return false
			}
			group = append(group, byID[id]...)
		}
		tasks = append(tasks, group)
	}
	for n := 1; n < len(tasks); n++ {
		o.Follow(tasks[n], tasks[n-1])
	}
	return len(groups) > 1
}

// beside adds the features beside those with a number whose folders have none.
func beside(s *form.Source) (all []form.File) {
	dirs := map[string]bool{}
	for _, f := range s.Files {
		dir := path.Dir(path.Dir(f.Path))
		if all = append(all, f); s.IsFile() || dirs[dir] || !marks(f.Full) || dir == ".." {
			continue
		}
		dirs[dir] = true
		for _, name := range s.Names(dir) {
			at := path.Join(dir, name, "tasks.md")
			if !folder().MatchString(name) && s.Has(at) && taskBox().Match(s.Head(at)) {
				all = append(all, form.File{Path: at, Full: path.Join(path.Dir(path.Dir(f.Full)), name, "tasks.md")})
			}
		}
	}
	return all
}
