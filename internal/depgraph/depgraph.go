// Package depgraph reads from the store what waits for what in a plan, as a graph
// with its layers and its critical path. Package graph lays it out and draws it.
package depgraph

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sort"

	"pm/internal/graph"
	"pm/internal/plan"
	"pm/internal/store"
)

// A Graph is what waits for what: of an epic or a feature its tasks with what
// they wait for elsewhere and what waits for them; of a task all that it waits
// for and all that waits for it; of the plan every task with a dependency. Of
// more than 500 tasks their features stand for them, of more than 500 features
// their epics. Archived tasks are left out.
type Graph struct {
	Key          string     `json:"key,omitempty"`
	Nodes        []Node     `json:"nodes"`
	Edges        []Edge     `json:"edges"`
	CriticalPath []plan.Key `json:"critical_path"`    // the longest chain of what is open, first to last
	Length       float64    `json:"length"`           // of the critical path, in Unit
	Unit         string     `json:"unit"`             // that of estimates where every open task has one, else tasks
	Folded       plan.Level `json:"folded,omitempty"` // the level that stands for what lies under it
}

// A Node is an item. Layer is 0 for what waits for nothing here, and else
// one more than the highest of what it waits for.
type Node struct {
	Key       plan.Key       `json:"key"`
	Title     string         `json:"title"`
	Status    plan.AnyStatus `json:"status"`
	Agent     string         `json:"agent,omitempty"`
	Layer     int            `json:"layer"`
	Critical  bool           `json:"critical,omitempty"`
	Outside   bool           `json:"outside,omitempty"`     // does not lie under the key
	Total     int            `json:"tasks_total,omitempty"` // of an epic or a feature
	Completed int            `json:"tasks_completed,omitempty"`
	weight    float64        // of what is open
	estimated bool
}

// An Edge says that To waits for From.
type Edge struct {
	From     plan.Key `json:"from"`
	To       plan.Key `json:"to"`
	Critical bool     `json:"critical,omitempty"`
}

// mostNodes is how many nodes a graph has before they are folded.
const mostNodes = 500

// Read returns what waits for what, of the item with the key, which must exist, or
// for the zero key of the plan. unit tells the unit of estimates; it is called only
// where the lengths are in it.
func Read(tx *store.Tx, key plan.Key, unit func() (string, error)) (out Graph, err error) {
	d := drawing{tx: tx, key: key, nodes: map[plan.Key]Node{}, edges: map[store.Edge]bool{}}
	if err := d.collect(); err != nil {
		return out, err
	}
	in := "tasks"
	if d.estimated() {
		if in, err = unit(); err != nil {
			return out, err
		}
	}
	if !key.IsZero() {
		out.Key = key.String()
	}
	err = d.fold(&out)
	d.finish(&out)
	out.Unit = in
	return out, err
}

// A drawing is a graph while it is put together.
type drawing struct {
	tx    *store.Tx
	key   plan.Key
	nodes map[plan.Key]Node
	edges map[store.Edge]bool
}

func (d *drawing) collect() (err error) {
	switch {
	case d.key.IsZero():
		err = d.whole()
	case d.key.Level() == plan.LevelTask:
		err = d.around()
	default:
		err = d.under()
	}
	if err != nil {
		return err
	}
	for e := range d.edges { // of what is archived, nothing is drawn
		for _, k := range []plan.Key{e.Task, e.DependsOn} {
			if n, there := d.nodes[k]; !there || n.Status == plan.AnyStatus(plan.Archived) && k != d.key {
				delete(d.edges, e)
			}
		}
	}
	maps.DeleteFunc(d.nodes, func(k plan.Key, n Node) bool { return n.Status == plan.AnyStatus(plan.Archived) && k != d.key })
	return nil
}

// whole takes every task with a dependency.
func (d *drawing) whole() error {
	edges, err := d.tx.EdgesBetween(0, plan.Key{Epic: plan.MaxEpic, Feature: plan.MaxFeature, Task: plan.MaxTask}.Ordinal())
	if err != nil {
		return err
	}
	levels, err := d.tx.LevelEdges()
	if err != nil {
		return err
	}
	return d.addEdges(append(edges, levels...))
}

// under takes what lies under an epic or a feature, and its neighbours.
func (d *drawing) under() error {
	if err := d.tx.EachTask(store.TaskFilter{Under: d.key}, d.add); err != nil {
		return err
	}
	var all []store.Edge
	for _, read := range []func(plan.Key) ([]store.Edge, error){d.tx.EdgesFrom, d.tx.EdgesInto, d.tx.LevelEdgesFrom, d.tx.LevelEdgesInto} {
		edges, err := read(d.key)
		if err != nil {
			return err
		}
		all = append(all, edges...)
	}
	return d.addEdges(all)
}

// around takes what a task waits for, and what waits for it, however far away.
func (d *drawing) around() error {
	all := []store.Edge{}
	for _, next := range []struct {
		read func([]int64) ([]store.Edge, error)
		end  func(store.Edge) plan.Key
	}{{d.tx.EdgesOf, func(e store.Edge) plan.Key { return e.DependsOn }}, {d.tx.EdgesOnto, func(e store.Edge) plan.Key { return e.Task }}} {
		seen := map[int64]bool{d.key.Ordinal(): true}
		for ids := []int64{d.key.Ordinal()}; len(ids) > 0; {
			edges, err := next.read(ids)
			if err != nil {
				return err
			}
			ids = nil
			for _, e := range edges {
				if id := next.end(e).Ordinal(); !seen[id] {
					seen[id], ids = true, append(ids, id)
				}
			}
			slices.Sort(ids)
			all = append(all, edges...)
		}
	}
	levels, err := d.tx.LevelEdgesFrom(d.key)
	if err != nil {
		return err
	}
	ts, err := d.tx.TasksOf([]plan.Key{d.key})
	if err != nil {
		return err
	}
	d.add(ts[0])
	return d.addEdges(append(all, levels...))
}

// add adds a task.
func (d *drawing) add(t plan.Task) {
	n := Node{Key: t.Key, Title: t.Title, Status: plan.AnyStatus(t.Status)}
	if t.Held() {
		n.Agent = t.AssignedAgent
	}
	n.Outside = !d.key.IsZero() && d.key.Level() != plan.LevelTask && !d.key.Contains(t.Key)
	if !t.Done() {
		n.weight, n.estimated = float64(t.Estimate)/100, t.Estimate > 0
	}
	d.nodes[t.Key] = n
}

// addEdges adds edges, with the nodes at their ends.
func (d *drawing) addEdges(edges []store.Edge) error {
	var tasks []plan.Key
	for _, e := range edges {
		d.edges[e] = true
		for _, k := range []plan.Key{e.Task, e.DependsOn} {
			if _, there := d.nodes[k]; there {
				continue
			}
			d.nodes[k] = Node{Key: k}
			if k.Level() == plan.LevelTask {
				tasks = append(tasks, k)
			} else if err := d.addLevel(k); err != nil {
				return err
			}
		}
	}
	return d.addTasks(tasks)
}

// fewTasks is up to how many tasks are looked up one by one: where there are
// more, all tasks are read once.
const fewTasks = 500

func (d *drawing) addTasks(keys []plan.Key) error {
	if len(keys) > fewTasks {
		return d.tx.EachTask(store.TaskFilter{}, func(t plan.Task) {
			if n, wanted := d.nodes[t.Key]; wanted && n.Status == "" {
				d.add(t)
			}
		})
	}
	slices.SortFunc(keys, plan.Key.Compare)
	ts, err := d.tx.TasksOf(keys)
	for _, t := range ts {
		d.add(t)
	}
	return err
}

// addLevel adds a feature or an epic.
func (d *drawing) addLevel(k plan.Key) error {
	n := Node{Key: k, Outside: !d.key.IsZero() && !d.key.Contains(k)}
	if k.Level() == plan.LevelEpic {
		e, err := d.tx.Epic(k)
		if err != nil {
			return err
		}
		n.Title, n.Status, n.Total, n.Completed = e.Title, plan.AnyStatus(e.Status), e.TasksTotal, e.TasksCompleted
	} else {
		f, err := d.tx.Feature(k)
		if err != nil {
			return err
		}
		n.Title, n.Status, n.Total, n.Completed = f.Title, plan.AnyStatus(f.Status), f.TasksTotal, f.TasksCompleted
	}
	n.weight = float64(n.Total - n.Completed)
	d.nodes[k] = n
	return nil
}

// estimated reports whether every open task has an estimate, and no feature or
// epic counts; if not, each open task counts as one.
func (d *drawing) estimated() bool {
	all, any := true, false
	for _, n := range d.nodes {
		if n.Key.Level() != plan.LevelTask {
			all = all && n.weight == 0
		} else if !isOver(n.Status) {
			all, any = all && n.estimated, true
		}
	}
	if all && any {
		return true
	}
	for k, n := range d.nodes {
		if k.Level() == plan.LevelTask {
			if n.weight = 1; isOver(n.Status) {
				n.weight = 0
			}
			d.nodes[k] = n
		}
	}
	return false
}

func isOver(s plan.AnyStatus) bool {
	return s == plan.AnyStatus(plan.Completed) || s == plan.AnyStatus(plan.Archived)
}

// finish writes the nodes and edges in the order of their keys, with layers and
// the critical path.
func (d *drawing) finish(out *Graph) {
	keys := slices.SortedFunc(maps.Keys(d.nodes), plan.Key.Compare)
	at := map[plan.Key]int{}
	var weights []float64
	for i, k := range keys {
		at[k] = i
		weights = append(weights, d.nodes[k].weight)
	}
	ordered := slices.Collect(maps.Keys(d.edges))
	sort.Slice(ordered, func(i, j int) bool {
		a, b := ordered[i], ordered[j]
		return cmp.Or(plan.Key.Compare(a.DependsOn, b.DependsOn), plan.Key.Compare(a.Task, b.Task)) < 0
	})
	edges := make([]graph.Edge, len(ordered))
	for i, e := range ordered {
		edges[i] = graph.Edge{From: at[e.DependsOn], To: at[e.Task]}
	}
	layers := graph.Layers(len(keys), edges)
	path, length := graph.Longest(len(keys), edges, weights)
	out.Length, out.CriticalPath, out.Nodes, out.Edges = math.Round(length*100)/100, []plan.Key{}, []Node{}, []Edge{}
	critical, steps := map[int]bool{}, map[graph.Edge]bool{}
	for i, node := range path {
		critical[node] = true
		if out.CriticalPath = append(out.CriticalPath, keys[node]); i > 0 {
			steps[graph.Edge{From: path[i-1], To: node}] = true
		}
	}
	for i, k := range keys {
		n := d.nodes[k]
		n.Layer, n.Critical = layers[i], critical[i]
		out.Nodes = append(out.Nodes, n)
	}
	for i, e := range ordered {
		out.Edges = append(out.Edges, Edge{e.DependsOn, e.Task, steps[edges[i]]})
	}
}
