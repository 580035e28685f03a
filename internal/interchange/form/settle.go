package form

import (
	"fmt"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// A Fit says how an outline becomes a plan of three levels.
type Fit struct {
	Levels      []string // what each depth of the source becomes: epic, feature, task or check; none: as the form has it
	KeepUnknown bool
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
	fit      Fit
	children map[*Item][]*Item
	place    map[*Item]plan.Level
	rest     map[*Item]*Item // the features for what lies directly under an epic
	root     *Item
	own      map[[2]*Item]bool // dependencies of items on what lies under them
}

// Settle makes of what was read a plan: every item gets its level and what it
// lies under, its dependencies lead to items, there is no circle among them, and
// every text is one that pm can store. What had to be changed for it is a
// finding. Items are in the order of epics, features and tasks afterwards.
func (o *Outline) Settle(fit Fit) {
	s := &settling{Outline: o, fit: fit, children: map[*Item][]*Item{}, place: map[*Item]plan.Level{}, rest: map[*Item]*Item{}, own: map[[2]*Item]bool{}}
	o.byID = map[string]*Item{}
	s.identify()
	s.cutLoops()
	for _, i := range o.Items {
		if i.Up != nil {
			s.children[i.Up] = append(s.children[i.Up], i)
		}
	}
	for _, i := range slices.Clone(o.Items) {
		s.level(i)
	}
	s.list()
	for _, i := range o.Items {
		s.clean(i)
	}
	s.resolve()
	s.cutCycles()
	s.states()
	s.nameUnhomed()
	s.sort()
}

// identify gives each item an id of its own.
func (s *settling) identify() {
	seen := map[string]*Item{}
	for _, i := range s.Items {
		if i.ID == "" {
			i.ID = Slug(i.Title)
		}
		id := i.ID
		for n := 2; seen[plan.FoldRef(s.RefOf(i.ID))] != nil; n++ {
			i.ID = fmt.Sprintf("%s~%d", id, n)
		}
		seen[plan.FoldRef(s.RefOf(i.ID))] = i
		if i.ID != id {
			first := s.byID[plan.FoldRef(id)]
			where := ""
			if first != nil && first.Line > 0 {
				where = fmt.Sprintf(", first in %s:%d", first.File, first.Line)
			}
			s.Find(i.File, i.Line, interchange.Warning, "the id %s occurs twice%s: this one becomes %s", Quote(id), where, s.Ref(i))
			continue
		}
		if s.byID[plan.FoldRef(id)] == nil {
			s.byID[plan.FoldRef(id)] = i
		}
	}
}

// cutLoops lets no item lie under itself.
func (s *settling) cutLoops() {
	fine := map[*Item]bool{}
	for _, i := range s.Items {
		path := map[*Item]bool{}
		for at := i; at != nil && !fine[at]; at = at.Up {
			path[at] = true
			if at.Up != nil && path[at.Up] {
				s.Find(at.File, at.Line, interchange.Warning, "%s is its own ancestor: its parent is dropped", s.Ref(at))
				at.Up = nil
			}
		}
		for at := range path {
			fine[at] = true
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
	if l := s.place[i]; l != "" {
		return l
	}
	want := s.wanted(i)
	above := plan.Level("")
	if i.Up != nil {
		above = s.level(i.Up)
	}
	if want == plan.LevelEpic && above != "" {
		want = plan.LevelFeature
	}
	if want == plan.LevelFeature && (above == plan.LevelTask || !i.Group && len(s.children[i]) == 0) {
		want = plan.LevelTask
	}
	s.place[i], i.Level = want, want
	switch want {
	case plan.LevelEpic:
		i.In = nil
	case plan.LevelFeature:
		switch above {
		case plan.LevelEpic:
			i.In = i.Up
		case plan.LevelFeature:
			i.In = i.Up.In
			i.Title = i.Up.Title + " / " + i.Title
		default:
			i.In = s.top()
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
			i.In = s.restOf(s.top())
		}
	}
	return want
}

// top returns the epic for what lies under none.
func (s *settling) top() *Item {
	if s.root == nil {
		s.root = s.Add(&Item{ID: "all", Group: true, Level: plan.LevelEpic, Title: s.Title})
		s.place[s.root] = plan.LevelEpic
	}
	return s.root
}

// restOf returns the feature for the tasks that lie directly under an epic.
func (s *settling) restOf(epic *Item) *Item {
	if s.rest[epic] == nil {
		f := s.Add(&Item{ID: epic.ID + "/tasks", Group: true, Level: plan.LevelFeature, Title: epic.Title, In: epic, File: epic.File})
		s.rest[epic], s.place[f] = f, plan.LevelFeature
	}
	return s.rest[epic]
}

// list makes lines of checklists of what may become one: it lies under a task,
// nothing lies under it, and it has nothing that a line cannot hold.
func (s *settling) list() {
	named := map[string]bool{}
	for _, i := range s.Items {
		for _, d := range i.DependsOn {
			named[plan.FoldRef(d)] = true
		}
	}
	for n := len(s.Items) - 1; n >= 0; n-- {
		i := s.Items[n]
		if !i.Minor || i.Up == nil || s.place[i.Up] != plan.LevelTask || i.Listed {
			continue
		}
		plain := (i.Status == "" || i.Status == plan.Todo || i.Status == plan.Completed) && len(i.DependsOn)+len(i.Notes)+len(i.Links)+len(i.Labels)+len(i.Checks) == 0 && strings.TrimSpace(i.Description) == "" && i.Due == "" && i.Assignee == ""
		leaf := !slices.ContainsFunc(s.children[i], func(c *Item) bool { return !c.Listed })
		i.Listed = plain && leaf && !named[plan.FoldRef(i.ID)]
	}
	for _, i := range s.Items {
		if !i.Listed {
			continue
		}
		if i.Listed = len(i.Up.Checks) < plan.MaxChecks; i.Listed {
			i.Up.Checks = append(i.Up.Checks, plan.Check{Text: i.Title, Done: i.Status == plan.Completed})
			s.Lines++
		}
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
	what := "not imported; use --keep-unknown to keep it as a custom field"
	if s.fit.KeepUnknown {
		what = "kept as a custom field"
	}
	for _, field := range s.order {
		u := s.unhomed[field]
		times := "1 record"
		if u.records > 1 {
			times = fmt.Sprintf("%d records", u.records)
		}
		s.Find(u.file, u.line, interchange.Warning, "pm has no field for %s of %s: %s", Quote(field), times, what)
	}
	if !s.fit.KeepUnknown {
		for _, i := range s.Items {
			i.Fields = nil
		}
	}
}

// sort puts what holds others before what it holds.
func (s *settling) sort() {
	rank := map[plan.Level]int{plan.LevelEpic: 0, plan.LevelFeature: 1, plan.LevelTask: 2}
	slices.SortStableFunc(s.Items, func(a, b *Item) int { return rank[a.Level] - rank[b.Level] })
}
