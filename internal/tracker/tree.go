package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// ShowTree is the input of Tracker.Tree.
type ShowTree struct {
	Key   string `json:"key,omitempty" jsonschema:"only this epic or feature" arg:"key?"`
	Depth string `json:"depth,omitempty" jsonschema:"how far down: epic, feature or task (the default)"`
	Open  bool   `json:"open,omitempty" jsonschema:"leave out what is completed or archived"`
	Limit *int   `json:"limit,omitempty" jsonschema:"at most this many items; 50 if not given, 0 for all" short:"n"`
}

// A Tree is the plan as it is nested. Where items are left out, their parent
// says how many, counted up to 1,000.
type Tree struct {
	Epics []EpicTree `json:"epics"`
	More  int        `json:"more,omitempty" jsonschema:"epics that are left out"`
}

// An EpicTree is an epic with its features.
type EpicTree struct {
	plan.Epic
	Features []FeatureTree `json:"features,omitempty"`
	More     int           `json:"more,omitempty" jsonschema:"features that are left out"`
}

// A FeatureTree is a feature with its tasks.
type FeatureTree struct {
	plan.Feature
	Tasks []plan.Task `json:"tasks,omitempty"`
	More  int         `json:"more,omitempty" jsonschema:"tasks that are left out"`
}

// Tree returns the plan, or one epic or feature of it, as it is nested: epics
// first, then features, then tasks, as far as the limit goes. Descriptions are
// left out.
func (t *Tracker) Tree(ctx context.Context, in ShowTree) (Tree, error) {
	var key plan.Key
	var err error
	if in.Key != "" {
		if key, err = plan.ParseKey(in.Key); err != nil {
			return Tree{}, err
		}
		if key.Level() == plan.LevelTask {
			key = key.FeatureKey()
		}
	}
	depth := plan.LevelTask
	if in.Depth != "" {
		if depth, err = parseLevel(in.Depth); err != nil {
			return Tree{}, err
		}
	}
	n, err := limitOf(in.Limit)
	if err != nil {
		return Tree{}, err
	}
	return read(ctx, t, func(tx *store.Tx) (Tree, error) {
		if n == 0 {
			return loadTree(tx, key, depth, in.Open)
		}
		l := treeLoader{tx: tx, key: key, depth: depth, open: in.Open, left: n}
		return l.load()
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

// loadTree reads each level in one go, in the order of the keys, and nests it.
func loadTree(tx *store.Tx, key plan.Key, depth plan.Level, open bool) (Tree, error) {
	epics, features, err := loadParents(tx, key, depth, open)
	if err != nil {
		return Tree{}, err
	}
	var tasks []plan.Task
	if depth == plan.LevelTask {
		f := store.TaskFilter{Under: key}
		if open {
			f.Statuses = openStatuses()
		}
		if tasks, err = tx.Tasks(f); err != nil {
			return Tree{}, err
		}
	}
	out := Tree{Epics: []EpicTree{}}
	for _, e := range epics {
		e.Description = ""
		branch := EpicTree{Epic: e}
		for len(features) > 0 && features[0].EpicKey == e.Key {
			twig := FeatureTree{Feature: features[0]}
			twig.Description = ""
			for len(tasks) > 0 && tasks[0].Key.Ordinal() < features[0].Key.Ordinal() {
				tasks = tasks[1:] // of a feature that was left out
			}
			for len(tasks) > 0 && tasks[0].FeatureKey == features[0].Key {
				tasks[0].Description = ""
				twig.Tasks = append(twig.Tasks, tasks[0])
				tasks = tasks[1:]
			}
			branch.Features = append(branch.Features, twig)
			features = features[1:]
		}
		out.Epics = append(out.Epics, branch)
	}
	return out, nil
}

// loadParents returns the epics and features that are part of the tree.
func loadParents(tx *store.Tx, key plan.Key, depth plan.Level, open bool) (epics []plan.Epic, features []plan.Feature, err error) {
	var f store.PlanFilter
	if open {
		f.Statuses = []plan.PlanStatus{plan.PlanDraft, plan.PlanActive}
	}
	if key.IsZero() {
		epics, err = tx.Epics(f)
	} else {
		var e plan.Epic
		e, err = tx.Epic(key.EpicKey())
		epics = []plan.Epic{e}
	}
	if err != nil || depth == plan.LevelEpic {
		return epics, nil, err
	}
	if key.Level() == plan.LevelFeature {
		one, err := tx.Feature(key)
		return epics, []plan.Feature{one}, err
	}
	f.Under = key
	features, err = tx.Features(f)
	return epics, dropOrphans(epics, features), err
}

// dropOrphans leaves out the features of epics that were left out.
func dropOrphans(epics []plan.Epic, features []plan.Feature) []plan.Feature {
	there := map[plan.Key]bool{}
	for _, e := range epics {
		there[e.Key] = true
	}
	var out []plan.Feature
	for _, f := range features {
		if there[f.EpicKey] {
			out = append(out, f)
		}
	}
	return out
}
