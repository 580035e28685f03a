// Package openspec reads the changes of OpenSpec: openspec/changes/SLUG/tasks.md.
package openspec

import (
	"path"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "openspec", Title: "OpenSpec", Mark: "openspec/changes/SLUG/tasks.md",
	Docs:  "a change becomes an epic, a section of its tasks a feature, a checkbox a task; an archived change is completed",
	Marks: marks,
	Loose: func(full string) bool { return form.Base(full, "tasks.md", "proposal.md") },
	Read:  read,
}

var (
	dated    = interchange.Pattern(`^(\d{4}-\d\d-\d\d)-(.+)$`)
	numbered = interchange.Pattern(`^\**(\d+(?:\.\d+)*[a-z]?|[A-Z]\.\d+(?:\.\d+)*)[.):]?\**[.):]?\s+(.*)$`)
)

func marks(full string) bool {
	if !form.Base(full, "tasks.md", "proposal.md") {
		return false
	}
	s, ok := form.Segments(full, 4)
	if ok && s[0] == "openspec" && s[1] == "changes" && s[2] != "archive" {
		return true
	}
	s, ok = form.Segments(full, 5)
	return ok && s[0] == "openspec" && s[1] == "changes" && s[2] == "archive"
}

func read(s *form.Source, o *form.Outline) error {
	byDir := map[string][]form.File{}
	var dirs []string
	for _, f := range s.Files {
		dir := path.Dir(f.Path)
		if byDir[dir] == nil {
			dirs = append(dirs, dir)
		}
		byDir[dir] = append(byDir[dir], f)
	}
	archived := func(dir string) bool { return form.Under(byDir[dir][0].Full, "archive") }
	slices.SortStableFunc(dirs, func(a, b string) int { // what is being worked on has the slug
		if archived(a) != archived(b) {
			if archived(a) {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	taken := map[string]bool{}
	for _, dir := range dirs {
		readChange(s, o, byDir[dir], archived(dir), taken)
	}
	return nil
}

func readChange(s *form.Source, o *form.Outline, files []form.File, archived bool, taken map[string]bool) {
	f := files[len(files)-1] // tasks.md, if it is there
	name := f.Dir()
	slug, day := name, ""
	if m := dated().FindStringSubmatch(name); archived && m != nil {
		day, slug = m[1], m[2]
	}
	if taken[slug] {
		slug = name
	}
	taken[slug] = true
	change := o.Add(&form.Item{ID: slug, Group: true, Level: plan.LevelEpic, File: f.Path, Line: 1, Contents: &form.Contents{Title: strings.ReplaceAll(slug, "-", " ")}})
	if archived {
		change.Status = plan.Completed
	}
	if proposal := f.Sibling("proposal.md"); s.Has(proposal) {
		if d := s.Page(o, proposal); d != nil {
			if t := d.Page().Title("Change Proposal:", "Change:", "Proposal:"); t != "" && !strings.EqualFold(t, "why") {
				change.Title = t
			}
			change.Description = d.Text()
		}
	}
	s.LinkTo(change, f, "proposal.md", "design.md")
	if !form.Base(f.Path, "tasks.md") {
		return
	}
	d := s.Page(o, f.Path)
	if d == nil {
		return
	}
	page := d.Page()
	if t := page.Title("Tasks:", "Implementation Tasks:"); t != "" && change.Description == "" && !strings.EqualFold(t, "tasks") && !strings.EqualFold(t, "implementation tasks") {
		change.Title = t
	}
	r := reader{s: s, o: o, f: f, change: change, day: day, sections: map[*form.Heading]*form.Item{}, items: map[*form.Box]*form.Item{}}
	change.Describe(page.Prose(func(h *form.Heading) bool { return h.Boxed && h.Depth > 1 }))
	for _, b := range o.Boxes(f.Path, page) {
		r.box(b)
	}
}

// A reader reads the tasks of one change.
type reader struct {
	s        *form.Source
	o        *form.Outline
	f        form.File
	change   *form.Item
	day      string // on which it was archived
	sections map[*form.Heading]*form.Item
	items    map[*form.Box]*form.Item
}

// section returns the feature of a heading; the change itself for the title.
func (r *reader) section(h *form.Heading) *form.Item {
	if h == nil || h.Depth == 1 {
		return r.change
	}
	if r.sections[h] != nil {
		return r.sections[h]
	}
	i := &form.Item{Group: true, Level: plan.LevelFeature, Up: r.change, File: r.f.Path, Line: h.Line, Contents: &form.Contents{Title: form.Emphasis(h.Text), Description: form.Dedent(h.Body)}}
	id := form.Slug(h.Text)
	if m := numbered().FindStringSubmatch(h.Text); m != nil {
		id, i.Title = m[1], form.Emphasis(m[2])
	} else {
		i.Worded = true
	}
	if up := h.Up; up != nil && up.Depth > 1 {
		i.Title = form.Emphasis(up.Text) + " / " + i.Title
	}
	i.ID = r.change.ID + "/" + id
	r.sections[h] = r.o.Add(i)
	return i
}

func (r *reader) box(b *form.Box) {
	r.o.Records++
	i := &form.Item{Level: plan.LevelTask, Up: r.section(b.Under), File: r.f.Path, Line: b.Line, Status: plan.Todo, Contents: &form.Contents{Title: form.Emphasis(b.Text)}}
	up := r.items[b.Up]
	if up != nil {
		i.Up = up
	}
	if m := numbered().FindStringSubmatch(b.Text); m != nil {
		i.ID, i.Title = r.change.ID+"/"+m[1], form.Emphasis(m[2])
	} else {
		i.NameBy(b.Text)
		i.Minor = up != nil
	}
	if b.Ticked() {
		i.Status = plan.Completed
		if r.day != "" {
			i.Completed = r.o.Moment(i, "date", r.day, r.s.Zone)
		}
	}
	i.Heed(b.Text)
	i.HeedAbove(b.Under)
	i.Describe(b.Details())
	for _, n := range form.NumbersNeeded(b.Text) {
		i.DependsOn = append(i.DependsOn, r.change.ID+"/"+n)
	}
	r.items[b] = r.o.Add(i)
}
