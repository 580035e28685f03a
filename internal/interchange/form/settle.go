package form

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// A Fit says how an outline becomes a plan of three levels.
type Fit struct {
	Levels      []string // what each depth of the source becomes: epic, feature, task or check; none: as the form has it
	KeepUnknown bool     // fields that pm has no place for are kept
}

// ParseLevels reads the words of Levels.
func ParseLevels(s string) ([]string, error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	var out []string
	for _, w := range strings.Split(s, ",") {
		w = strings.ToLower(strings.TrimSpace(w))
		if !slices.Contains([]string{"epic", "feature", "task", "check"}, w) {
			return nil, plan.Errorf(plan.Usage, "unknown level %q", w).WithCode("bad_levels").WithHint("use epic, feature, task and check, such as --levels feature,task,check")
		}
		out = append(out, w)
	}
	return out, nil
}

// A settling is the state while an outline becomes a plan.
type settling struct {
	*Outline
	fit  Fit
	rest map[*Item]*Item   // the features for what lies directly under an epic
	tops map[string]*Item  // the epics for what lies under none, by the files that each is for
	own  map[[2]*Item]bool // dependencies of items on what lies under them
	same map[*Item][]*Item // others that the source gives the id of the first
}

// Settle makes of what was read a plan: every item gets its level and what it
// lies under, its dependencies lead to items, there is no circle among them, and
// every text is one that pm can store. What had to be changed for it is a
// finding. Items are in the order of epics, features and tasks afterwards.
func (o *Outline) Settle(fit Fit) {
	s := &settling{Outline: o, fit: fit, rest: map[*Item]*Item{}, tops: map[string]*Item{}, own: map[[2]*Item]bool{}, same: map[*Item][]*Item{}}
	s.identify()
	s.cutLoops()
	for _, i := range o.Items {
		if i.Up != nil {
			i.Up.under++
		}
	}
	for _, i := range slices.Clone(o.Items) {
		s.level(i)
	}
	s.list()
	elsewhere := map[string]bool{}
	for _, i := range o.Items {
		s.open(i)
		s.clean(i)
		s.refer(i, elsewhere)
		s.Done(i)
	}
	s.number()
	s.resolve(elsewhere)
	s.cutCycles()
	s.states()
	s.nameUnhomed()
	s.countMore(o.failed, "records that cannot be read")
	s.countMore(o.said, "findings")
	s.sort()
}

// countMore says how many findings are not listed.
func (s *settling) countMore(n int, what string) {
	if n > mostFindings {
		s.Findings = append(s.Findings, interchange.Finding{Severity: interchange.Warning, Message: fmt.Sprintf("%d more %s are not listed", n-mostFindings, what)})
	}
}

// number gives each item its place.
func (s *settling) number() {
	for n, i := range s.Items {
		i.N = n
	}
}

// identify gives each item an id of its own.
func (s *settling) identify() {
	s.byID = make(map[string]*Item, len(s.Items))
	times := map[*Item]int{} // that the id of the first occurred
	s.number()
	for _, i := range s.Items {
		if i.ID == "" {
			s.open(i)
			i.ID, i.Worded = Slug(i.Title), true
		}
		id, key := i.ID, s.folded(i.ID)
		first := s.byID[key]
		for s.byID[key] != nil {
			times[first]++
			i.ID = fmt.Sprintf("%s~%d", id, times[first]+1)
			key = s.folded(i.ID)
		}
		if s.byID[key] = i; first == nil {
			continue
		}
		s.same[first] = append(s.same[first], i)
		where := ""
		if first.Line > 0 {
			where = fmt.Sprintf(", first in %s:%d", first.File, first.Line)
		}
		s.Find(i.File, i.Line, interchange.Warning, "the id %s occurs twice%s: this one becomes %s", Quote(id), where, s.Ref(i))
	}
}

// cutLoops lets no item lie under itself.
func (s *settling) cutLoops() {
	const onPath, fine = 1, 2
	state := make([]byte, len(s.Items))
	var path []*Item
	for _, i := range s.Items {
		path = path[:0]
		for at := i; at != nil && state[at.N] != fine; at = at.Up {
			path = append(path, at)
			state[at.N] = onPath
			if at.Up != nil && state[at.Up.N] == onPath {
				s.Find(at.File, at.Line, interchange.Warning, "%s is its own ancestor: its parent is dropped", s.Ref(at))
				at.Up = nil
			}
		}
		for _, at := range path {
			state[at.N] = fine
		}
	}
}

func (i *Item) depth() (n int) {
	for up := i.Up; up != nil; up = up.Up {
		n++
	}
	return n
}

// wanted returns the level that the form, or the user, has for an item.
func (s *settling) wanted(i *Item) plan.Level {
	if len(s.fit.Levels) > 0 {
		word := s.fit.Levels[min(i.depth(), len(s.fit.Levels)-1)]
		if i.Minor = word == "check"; i.Minor {
			return plan.LevelTask
		}
		return plan.Level(word)
	}
	switch {
	case i.Level != "":
		return i.Level
	case i.Group && i.Up == nil:
		return plan.LevelFeature
	}
	return plan.LevelTask
}

// level finds the level of an item, and what of the right level it lies under.
func (s *settling) level(i *Item) plan.Level {
	if i.placed {
		return i.Level
	}
	want := s.wanted(i)
	above := plan.Level("")
	if i.Up != nil {
		above = s.level(i.Up)
	}
	if want == plan.LevelEpic && above != "" {
		want = plan.LevelFeature
	}
	if want == plan.LevelFeature && (above == plan.LevelTask || !i.Group && i.under == 0) {
		want = plan.LevelTask
	}
	i.placed, i.Level = true, want
	switch want {
	case plan.LevelEpic:
		i.In = nil
	case plan.LevelFeature:
		switch above {
		case plan.LevelEpic:
			i.In = i.Up
		case plan.LevelFeature:
			i.In = i.Up.In
			s.open(i)
			i.Title = s.titleOf(i.Up) + " / " + i.Title
		default:
			i.In = s.top(i)
		}
	default:
		switch above {
		case plan.LevelFeature:
			i.In = i.Up
		case plan.LevelTask:
			i.In = i.Up.In
		case plan.LevelEpic:
			i.In = s.restOf(i.Up)
		default:
			i.In = s.restOf(s.top(i))
		}
	}
	return want
}

// titleOf returns the title of an item that holds others, whose contents stay in
// memory.
func (s *settling) titleOf(i *Item) string {
	s.open(i)
	return i.Title
}

// group adds an item that holds others.
func (s *settling) group(i *Item) *Item {
	i.Group, i.placed, i.N = true, true, len(s.Items)
	return s.Add(i)
}

// AllID is the id of the epic for what lies under none, where that is one for all
// files.
const AllID = "all"

// top returns the epic for an item that lies under none.
func (s *settling) top(i *Item) *Item {
	file := ""
	if s.PerFile {
		file = i.File
	}
	if s.tops[file] == nil {
		epic := &Item{ID: AllID, Level: plan.LevelEpic, Contents: &Contents{Title: s.Title}}
		if file != "" {
			epic.ID, epic.File, epic.Title = file, file, strings.TrimSuffix(path.Base(file), path.Ext(file))
		}
		s.tops[file] = s.group(epic)
	}
	return s.tops[file]
}

// restOf returns the feature for the tasks that lie directly under an epic.
func (s *settling) restOf(epic *Item) *Item {
	if s.rest[epic] == nil {
		s.rest[epic] = s.group(&Item{ID: epic.ID + "/tasks", Level: plan.LevelFeature, In: epic, File: epic.File, Contents: &Contents{Title: s.titleOf(epic)}})
	}
	return s.rest[epic]
}

// list makes lines of checklists of what may become one: it lies under a task,
// nothing lies under it, and it has nothing that a line cannot hold.
func (s *settling) list() {
	named := map[string]bool{}
	if slices.ContainsFunc(s.Items, func(i *Item) bool { return i.Minor }) {
		for _, i := range s.Items {
			for _, d := range i.DependsOn {
				named[s.folded(d)] = true
			}
			for _, on := range i.Needs {
				named[s.folded(on.ID)] = true
			}
		}
	}
	for n := len(s.Items) - 1; n >= 0; n-- {
		i := s.Items[n]
		if !i.Minor || i.Up == nil || i.Up.Level != plan.LevelTask || i.Listed {
			continue
		}
		s.open(i)
		plain := (i.Status == "" || i.Status == plan.Todo || i.Status == plan.Completed) && len(i.DependsOn)+len(i.Notes)+len(i.Links)+len(i.Labels)+len(i.Checks) == 0 && strings.TrimSpace(i.Description) == "" && i.Due == "" && i.Assignee == "" &&
			!slices.ContainsFunc(i.Needs, func(on *Item) bool { return !slices.Contains(i.Up.Needs, on) })
		if i.Listed = plain && i.under == 0 && !named[s.folded(i.ID)]; i.Listed {
			i.Up.under--
		}
	}
	for _, i := range s.Items {
		if !i.Listed {
			continue
		}
		up := i.Up
		for up.Listed { // a line has no lines of its own
			up = up.Up
		}
		if s.open(up); len(up.Checks) == plan.MaxChecks {
			i.Listed = false
			continue
		}
		up.Checks = append(up.Checks, plan.Check{Text: i.Title, Done: i.Status == plan.Completed})
		s.Lines++
	}
	s.Items = slices.DeleteFunc(s.Items, func(i *Item) bool { return i.Listed })
}

// states gives groups the statuses that follow from what they hold: what is all
// over is completed.
func (s *settling) states() {
	open, done := map[*Item]int{}, map[*Item]int{}
	for _, l := range []plan.Level{plan.LevelTask, plan.LevelFeature, plan.LevelEpic} {
		for _, i := range s.Items {
			if i.Level != l {
				continue
			}
			if i.Status == "" {
				i.Status = plan.Todo
				if (i.Group || l == plan.LevelEpic) && open[i] == 0 && done[i] > 0 {
					i.Status = plan.Completed
				}
			}
			if i.In == nil {
				continue
			}
			if i.Over() {
				done[i.In]++
			} else {
				open[i.In]++
			}
		}
	}
}

// nameUnhomed says once of each field that pm has no place for how many records
// have it.
func (s *settling) nameUnhomed() {
	for _, field := range s.order {
		u := s.unhomed[field]
		times := "1 record"
		if u.records > 1 {
			times = fmt.Sprintf("%d records", u.records)
		}
		if s.KeepUnknown {
			s.Kept = append(s.Kept, interchange.Finding{Path: u.file, Line: u.line, Severity: interchange.Info, Message: fmt.Sprintf("pm has no field for %s of %s: kept as a custom field", Quote(field), times)})
			continue
		}
		s.Find(u.file, u.line, interchange.Warning, "pm has no field for %s of %s: not imported; use --keep-unknown to keep it as a custom field", Quote(field), times)
	}
}

// sort puts what holds others before what it holds, and what lies under one thing
// together: that is the order of the keys.
func (s *settling) sort() {
	rank := map[plan.Level]int{plan.LevelEpic: 0, plan.LevelFeature: 1, plan.LevelTask: 2}
	for range 2 { // features stand by their epics before tasks do by them
		place := func(i *Item) int {
			if i.In == nil {
				return -1
			}
			return i.In.N
		}
		slices.SortStableFunc(s.Items, func(a, b *Item) int {
			return cmp.Or(rank[a.Level]-rank[b.Level], place(a)-place(b))
		})
		s.number()
	}
}
