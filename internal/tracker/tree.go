package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// ShowTree is the input of Tracker.Tree.
type ShowTree struct {
	Key   string  `json:"key,omitempty" jsonschema:"only this epic or feature" arg:"key?"`
	Depth *string `json:"depth,omitempty" jsonschema:"how deep: epic, feature or task (the default)"`
	Open  bool    `json:"open,omitempty" jsonschema:"hide completed and archived items"`
	Limit *int    `json:"limit,omitempty" jsonschema:"maximum number of items; 50 if not given, 0 for all" short:"n"`
	AsOf  string  `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// A Tree is the plan as it is nested. Where items are left out, their parent
// says how many, counted up to 1,000. Complete ends a whole tree, which may be
// long: nothing of it is missing.
type Tree struct {
	Epics    []EpicTree `json:"epics"`
	More     int        `json:"more,omitempty" jsonschema:"number of epics not shown"`
	Complete bool       `json:"complete,omitempty"`
}

// An EpicTree is an epic with its features.
type EpicTree struct {
	plan.Epic
	Features []FeatureTree `json:"features,omitempty"`
	More     int           `json:"more,omitempty" jsonschema:"number of features not shown"`

	Continued bool `json:"-"` // the epic was in a part before this one: here is more of it
	GoesOn    bool `json:"-"` // another feature of it is in a part behind this one
}

// A FeatureTree is a feature with its tasks.
type FeatureTree struct {
	plan.Feature
	Tasks []plan.Task `json:"tasks,omitempty"`
	More  int         `json:"more,omitempty" jsonschema:"number of tasks not shown"`

	Continued bool `json:"-"` // the feature was in a part before this one
	GoesOn    bool `json:"-"` // another task of it is in a part behind this one
}

// Tree returns the plan, or one epic or feature of it, as it is nested: epics
// first, then features, then tasks, as far as the limit goes. Descriptions are
// left out.
func (t *Tracker) Tree(ctx context.Context, in ShowTree) (all Tree, err error) {
	all.Epics = []EpicTree{}
	err = t.TreeInParts(ctx, in, func(part Tree) error {
		all.append(part)
		return nil
	})
	return all, err
}

// maxTree is up to how many items a tree can be asked for that is not whole.
const maxTree = 10_000

// TreeInParts is Tree in parts.
func (t *Tracker) TreeInParts(ctx context.Context, in ShowTree, emit func(Tree) error) error {
	var key plan.Key
	var err error
	if in.Key != "" {
		if key, err = plan.ParseKey(in.Key); err != nil {
			return err
		}
		if key.Level() == plan.LevelTask {
			key = key.FeatureKey()
		}
	}
	depth := plan.LevelTask
	if in.Depth != nil {
		if depth, err = parseLevel(*in.Depth); err != nil {
			return err
		}
	}
	n, err := limitOf(in.Limit)
	if err != nil {
		return err
	}
	if n > maxTree {
		return plan.Errorf(plan.Invalid, "the limit of a tree must be 0 (all) to %d, not %d", maxTree, *in.Limit).WithCode("bad_limit")
	}
	return lookAt(ctx, t, in.AsOf, func(tx *store.Tx) error {
		if n == 0 {
			r := treeReader{depth: depth, emit: emit}
			r.part.Epics = []EpicTree{}
			return r.read(tx, key, in.Open)
		}
		l := treeLoader{tx: tx, key: key, depth: depth, open: in.Open, left: n}
		tree, err := l.load()
		if err != nil {
			return err
		}
		return emit(tree)
	})
}

func parseLevel(s string) (plan.Level, error) {
	for _, l := range []plan.Level{plan.LevelEpic, plan.LevelFeature, plan.LevelTask} {
		if string(l) == s {
			return l, nil
		}
	}
	return "", plan.Errorf(plan.Invalid, "unknown depth %q", s).WithCode("bad_depth").WithHint("use epic, feature or task")
}

// append puts a part behind those before it.
func (t *Tree) append(part Tree) {
	t.More, t.Complete = part.More, part.Complete
	for _, e := range part.Epics {
		if !e.Continued {
			t.Epics = append(t.Epics, e)
			continue
		}
		epic := &t.Epics[len(t.Epics)-1]
		epic.GoesOn = e.GoesOn
		for _, f := range e.Features {
			if !f.Continued {
				epic.Features = append(epic.Features, f)
				continue
			}
			feature := &epic.Features[len(epic.Features)-1]
			feature.Tasks, feature.GoesOn = append(feature.Tasks, f.Tasks...), f.GoesOn
		}
	}
}

// Join writes a part of the tree behind those before it, as JSON.
func (t Tree) Join(j *plan.Joiner) {
	if j.Depth() == 0 {
		j.Object()
		j.List("epics")
	}
	for _, e := range t.Epics {
		e.join(j)
	}
	if t.More > 0 || t.Complete {
		j.To(1)
		j.Members(pageEnd{More: t.More, Complete: t.Complete})
	}
}

// How deep the parts of a tree are in its JSON: a list of epics, each with a
// list of features, each with a list of tasks.
const (
	deepEpics = 2 + iota
	deepEpic
	deepFeatures
	deepFeature
)

func (e EpicTree) join(j *plan.Joiner) {
	if !e.Continued {
		j.To(deepEpics)
		j.Object()
		j.Members(e.Epic)
	}
	for _, f := range e.Features {
		f.join(j)
	}
	if e.More > 0 {
		j.To(deepEpic)
		j.Members(pageEnd{More: e.More})
	}
}

func (f FeatureTree) join(j *plan.Joiner) {
	if !f.Continued {
		if j.To(deepFeatures); j.Depth() == deepEpic {
			j.List("features")
		}
		j.Object()
		j.Members(f.Feature)
	}
	for i := range f.Tasks {
		if j.Depth() == deepFeature {
			j.List("tasks")
		}
		j.Item(&f.Tasks[i])
	}
	if f.More > 0 {
		j.To(deepFeature)
		j.Members(pageEnd{More: f.More})
	}
}
