package form

import (
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// mostPairs is how many dependencies of one group of tasks on another are kept one
// by one.
const mostPairs = 2500

// Follow has each of some tasks wait for each of others. Where that would be too many
// dependencies, they wait for one of the others that is open, and it for the rest.
func (o *Outline) Follow(tasks, others []*Item) {
	if len(tasks)*len(others) > mostPairs {
		last, rest := lastOf(others)
		o.Find(last.File, last.Line, interchange.Info, "%d tasks depend on %d others: they depend on %s, and it depends on the rest", len(tasks), len(others), o.Ref(last))
		last.follow(rest)
		others = []*Item{last}
	}
	for _, i := range tasks {
		i.follow(others)
	}
}

// lastOf returns the last task that is open and that none of the others waits for, and
// which of these it waits for: those before it, and what is open behind it. So the
// last one of today never waits for one that was it when more were open.
func lastOf(all []*Item) (last *Item, rest []*Item) {
	ids, needed, at := map[string]bool{}, map[*Item]bool{}, len(all)-1
	for _, i := range all {
		for _, id := range i.DependsOn {
			ids[id] = true
		}
		for _, on := range i.Needs {
			needed[on] = true
		}
	}
	for n, i := range all {
		if nested := i.Up != nil && i.Up.Level == plan.LevelTask; !i.Over() && !ids[i.ID] && !needed[i] && !nested {
			at = n
		}
	}
	for n, i := range all {
		if n < at || n > at && !i.Over() {
			rest = append(rest, i)
		}
	}
	return all[at], rest
}

func (i *Item) follow(others []*Item) {
	before := i.Needs
	for _, on := range others {
		if on != i && !slices.Contains(before, on) {
			i.Needs = append(i.Needs, on)
		}
	}
}

// refer collects what an item says of what is perhaps in pm only.
func (s *settling) refer(i *Item, elsewhere map[string]bool) {
	s.Further = append(s.Further, i.Refs...)
	for _, l := range i.Links {
		if l.ID && s.byID[s.folded(l.To)] == nil {
			s.lack(l.To, elsewhere)
		}
	}
}

// lack notes an id that no item has.
func (s *settling) lack(id string, elsewhere map[string]bool) {
	if key := s.folded(id); !elsewhere[key] {
		elsewhere[key] = true
		s.Elsewhere = append(s.Elsewhere, id)
	}
}

// resolve finds what dependencies lead to. What lies under a task holds it back;
// what an epic or a feature waits for holds back the tasks in it where it is a
// single task.
func (s *settling) resolve(elsewhere map[string]bool) {
	for _, i := range s.Items {
		for _, id := range i.DependsOn {
			switch on := s.byID[s.folded(id)]; {
			case on == nil:
				if !slices.Contains(i.Others, id) {
					i.Others = append(i.Others, id)
					s.lack(id, elsewhere)
				}
			case on.Listed:
				s.Find(i.File, i.Line, interchange.Warning, "%s depends on %s, which is a checklist line: the dependency is dropped", s.Ref(i), s.Ref(on))
			default:
				s.need(i, on)
				for _, other := range s.same[on] { // which one is meant, nobody can tell
					if other != i && !other.Listed {
						s.need(i, other)
					}
				}
			}
		}
		i.DependsOn = nil
	}
	for _, i := range s.Items {
		if i.Level == plan.LevelTask && i.Up != nil && i.Up.Level == plan.LevelTask && !i.Free && !slices.Contains(i.Up.Needs, i) {
			s.need(i.Up, i)
			s.own[[2]*Item{i.Up, i}] = true
		}
	}
	var tasks map[*Item][]*Item // by the features and epics that they are in
	for _, i := range s.Items {
		if i.Level != plan.LevelTask && slices.ContainsFunc(i.Needs, func(on *Item) bool { return on.Level == plan.LevelTask }) {
			if tasks == nil {
				tasks = s.tasksIn()
			}
			s.pushDown(i, tasks[i])
		}
	}
}

// tasksIn returns the tasks in each feature and epic.
func (s *settling) tasksIn() map[*Item][]*Item {
	in := map[*Item][]*Item{}
	for _, i := range s.Items {
		if i.Level == plan.LevelTask {
			for at := i.In; at != nil; at = at.In {
				in[at] = append(in[at], i)
			}
		}
	}
	return in
}

func (s *settling) need(i, on *Item) {
	if !slices.Contains(i.Needs, on) {
		i.Needs = append(i.Needs, on)
	}
}

// within reports whether i lies under o, or is it.
func (i *Item) within(o *Item) bool {
	for at := i; at != nil; at = at.In {
		if at == o {
			return true
		}
	}
	return false
}

// pushDown has the tasks in an epic or a feature wait for the single tasks that
// it waits for: pm has it wait for whole features and epics only.
func (s *settling) pushDown(i *Item, in []*Item) {
	var tasks []*Item
	i.Needs = slices.DeleteFunc(i.Needs, func(on *Item) bool {
		if on.Level == plan.LevelTask {
			tasks = append(tasks, on)
		}
		return on.Level == plan.LevelTask
	})
	for _, on := range tasks {
		held := 0
		for _, t := range in {
			if !on.within(i) {
				s.need(t, on)
				held++
			}
		}
		if held == 0 {
			s.Find(i.File, i.Line, interchange.Warning, "%s depends on %s, which is a single task: the dependency is dropped", s.Ref(i), s.Ref(on))
		} else {
			s.Find(i.File, i.Line, interchange.Info, "%s depends on %s, which is a single task: the tasks in it depend on it", s.Ref(i), s.Ref(on))
		}
	}
}

// Stay has an item keep the level that it has in pm. A task that holds others waits for
// them, and so do the tasks of an epic or a feature that waits for it; they wait for what
// it waits for, and cannot be started where it cannot be. What waits for an open task that is no task in pm, which
// nobody can complete there, is blocked.
func (o *Outline) Stay(i *Item, at plan.Level) {
	s := settling{Outline: o}
	was, needs := i.Level, slices.DeleteFunc(slices.Clone(i.Needs), func(on *Item) bool { return on.In == i })
	i.Level = at
	var tasks map[*Item][]*Item
	for _, other := range o.Items {
		waits := slices.Contains(other.Needs, i)
		switch {
		case at != plan.LevelTask:
			if waits && was == plan.LevelTask && !i.Over() {
				s.block(other, "depends on "+s.Ref(i)+", which is not a task here")
			}
		case other.In == i && !other.Free:
			for _, on := range needs {
				s.need(other, on)
			}
			if s.need(i, other); i.Status == plan.Blocked || i.Over() {
				s.block(other, "its parent cannot be started: "+s.Ref(i)+" is "+string(i.Status))
			}
		case other.Level != plan.LevelTask && waits:
			if tasks == nil {
				tasks = s.tasksIn()
			}
			s.pushDown(other, tasks[other])
		}
	}
}

// block blocks an item that is to be done.
func (s *settling) block(i *Item, reason string) {
	if i.Status == plan.Todo {
		s.Change(i, func(i *Item) { i.Block(reason) })
	}
}

// A walk looks for circles. Each item has two nodes, its beginning and its end:
// it ends behind its beginning and behind what it holds, and begins behind what
// it waits for and behind the beginning of what holds it.
type walk struct {
	s     *settling
	holds [][]*Item // by the place of what holds
	state []byte    // 0 not seen, 1 on the path, 2 done
	path  []visit
}

type visit struct {
	node  int
	edges []edge
	next  int
}

// An edge leads to a node; on is set where it is a dependency.
type edge struct {
	to int
	on *Item
}

// cutCycles leaves out the dependency that closes a circle, and blocks the task
// that has it, since nobody knows what it was meant to wait for.
func (s *settling) cutCycles() {
	if !slices.ContainsFunc(s.Items, func(i *Item) bool { return len(i.Needs) > 0 }) {
		return
	}
	w := &walk{s: s, holds: make([][]*Item, len(s.Items)), state: make([]byte, 2*len(s.Items))}
	for _, i := range s.Items {
		if i.In != nil {
			w.holds[i.In.N] = append(w.holds[i.In.N], i)
		}
	}
	for node := range w.state {
		if w.state[node] == 0 {
			w.from(node)
		}
	}
}

func (w *walk) push(node int) {
	w.state[node] = 1
	i := w.s.Items[node/2]
	v := visit{node: node}
	if node%2 == 1 {
		v.edges = append(v.edges, edge{node - 1, nil})
		for _, c := range w.holds[i.N] {
			v.edges = append(v.edges, edge{2*c.N + 1, nil})
		}
	} else {
		if i.In != nil {
			v.edges = append(v.edges, edge{2 * i.In.N, nil})
		}
		for _, on := range i.Needs {
			v.edges = append(v.edges, edge{2*on.N + 1, on})
		}
	}
	w.path = append(w.path, v)
}

func (w *walk) from(node int) {
	w.push(node)
	for len(w.path) > 0 {
		top := &w.path[len(w.path)-1]
		if top.next == len(top.edges) {
			w.state[top.node] = 2
			w.path = w.path[:len(w.path)-1]
			continue
		}
		e := top.edges[top.next]
		top.next++
		switch w.state[e.to] {
		case 0:
			w.push(e.to)
		case 1:
			w.cut(e.to)
		}
	}
}

// cut leaves out a dependency of the circle that the path closes at a node, and
// goes back to the item that had it.
func (w *walk) cut(node int) {
	first := slices.IndexFunc(w.path, func(v visit) bool { return v.node == node })
	at, own := -1, false
	var names []string
	for n := first; n < len(w.path); n++ {
		v := w.path[n]
		on := v.edges[v.next-1].on
		if on == nil {
			continue
		}
		i := w.s.Items[v.node/2]
		names = append(names, w.s.Ref(i))
		if implied := w.s.own[[2]*Item{i, on}]; !own {
			at, own = n, implied
		}
	}
	v := &w.path[at]
	i, on := w.s.Items[v.node/2], v.edges[v.next-1].on
	i.Needs = slices.DeleteFunc(i.Needs, func(n *Item) bool { return n == on })
	for _, above := range w.path[at+1:] {
		w.state[above.node] = 0
	}
	w.path = w.path[:at+1]
	if own {
		return
	}
	if len(names) > 12 {
		names = append(names[:11:11], "…")
	}
	w.s.Find(i.File, i.Line, interchange.Warning, "dependency cycle: %s; the dependency of %s on %s is dropped, and tasks that are not started are imported as blocked", strings.Join(append(names, names[0]), " -> "), w.s.Ref(i), w.s.Ref(on))
	if i.Status == "" || i.Status == plan.Todo {
		w.s.Change(i, func(i *Item) { i.Block("depends on " + w.s.Ref(on) + ", in a cycle") })
	}
}
