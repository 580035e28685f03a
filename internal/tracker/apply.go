package tracker

import (
	"context"
	"errors"
	"fmt"

	"pm/internal/plan"
	"pm/internal/store"
)

// Apply is the input of Tracker.Apply: a plan of epics, or of what lies under
// one epic or one feature.
type Apply struct {
	Name     string           `json:"name,omitempty" jsonschema:"name of this plan: plans with different names can use the same ids for different items"`
	Epic     string           `json:"epic,omitempty" jsonschema:"key of the epic to put the features in"`
	Feature  string           `json:"feature,omitempty" jsonschema:"key of the feature to put the tasks in"`
	Epics    []PlannedEpic    `json:"epics,omitempty" jsonschema:"the epics, each with its features"`
	Features []PlannedFeature `json:"features,omitempty" jsonschema:"with epic: its features, each with its tasks"`
	Tasks    []PlannedTask    `json:"tasks,omitempty" jsonschema:"with feature: its tasks"`
	Text     string           `json:"plan,omitempty" arg:"file" jsonschema:"the plan as one text: YAML, or an outline in Markdown with # epics, ## features and - tasks"`
	DryRun   bool             `json:"dry_run,omitempty" jsonschema:"if set, show what would change and change nothing"`

	Line func(plan.Place) int `json:"-"` // where the plan was one text, the line of a part of it; 0: it is not in there
}

// AtLine says in which line of the plan an error is, where that was one text.
func (in *Apply) AtLine(err error) error {
	var at *plan.PlaceError
	if in.Line == nil || !errors.As(err, &at) || in.Line(at.Place) == 0 {
		return err
	}
	return fmt.Errorf("line %d: %w", in.Line(at.Place), at.Err)
}

// ResolvesKeys says that Apply reads keys itself: an id of the plan comes
// before a reference of the same form.
func (*Apply) ResolvesKeys() {}

// Own is what a plan says of an item besides its fields.
type Own struct {
	ID   string   `json:"id,omitempty" jsonschema:"a name you choose, unique in this plan: depends_on can refer to it, and applying again finds the item by it"`
	Key  string   `json:"key,omitempty" jsonschema:"key of an existing item"`
	Refs []string `json:"refs,omitempty" jsonschema:"references to add, such as github:42"`

	DependsOn []string `json:"depends_on,omitempty" jsonschema:"what must be done before it: ids of this plan, keys and references; of an epic or a feature only epics and features"`

	Links []PlannedLink `json:"links,omitempty" jsonschema:"links to add, to ids of this plan, keys, files or web addresses"`

	Given map[string]bool `json:"-"` // the names of the fields that the plan has
}

// A PlannedEpic is what a plan says of an epic: what it is created with, and
// what of that an epic that exists is updated to.
type PlannedEpic struct {
	Own
	Create   CreateEpic
	Update   UpdateEpic
	Features []PlannedFeature
}

// A PlannedFeature is as PlannedEpic.
type PlannedFeature struct {
	Own
	Create CreateFeature
	Update UpdateFeature
	Tasks  []PlannedTask
}

// A PlannedTask is as PlannedEpic.
type PlannedTask struct {
	Own
	Create CreateTask
	Update UpdateTask
}

// Parts says where the fields of a planned item go. The field Parent of Create
// follows from where the item is; List names the field of what lies under it.
type Parts struct {
	Own            *Own
	Create, Update any
	Parent         string
	List           string
	Under          any // a pointer to the list; nil for a task
}

// Parts implements what decoders need.
func (p *PlannedEpic) Parts() Parts {
	return Parts{&p.Own, &p.Create, &p.Update, "", "features", &p.Features}
}

// Parts implements what decoders need.
func (p *PlannedFeature) Parts() Parts {
	return Parts{&p.Own, &p.Create, &p.Update, "epic", "tasks", &p.Tasks}
}

// Parts implements what decoders need.
func (p *PlannedTask) Parts() Parts { return Parts{&p.Own, &p.Create, &p.Update, "feature", "", nil} }

// Applied is the answer of Tracker.Apply.
type Applied struct {
	DryRun    bool                `json:"dry_run,omitempty"`
	Created   []AppliedItem       `json:"created"`
	Updated   []AppliedItem       `json:"updated"`
	Unchanged []AppliedItem       `json:"unchanged"`
	Keys      map[string]plan.Key `json:"keys"` // by the ids of the plan
	Warnings  []Warning           `json:"warnings,omitempty"`
}

// An AppliedItem is an item of a plan. Changes are those that were made; of
// what is created only a dry run has them.
type AppliedItem struct {
	ID      string      `json:"id,omitempty"`
	Key     plan.Key    `json:"key"`
	Title   string      `json:"title"`
	Changes plan.Change `json:"changes,omitempty"`
}

// errOnlyTried ends a dry run, so that nothing of it is stored.
var errOnlyTried = errors.New("only tried")

// Apply creates the items of a plan, and brings those that exist to what the
// plan says, all or none. An item is found by its key, else by its id, which
// is kept as a reference, else by its title under the same parent. A field
// that the plan does not have is left alone; a list is brought to what the
// plan says, but for references, links and checks, which are only added. The same plan
// again changes nothing.
func (t *Tracker) Apply(ctx context.Context, in Apply) (_ Applied, err error) {
	defer func() { err = in.AtLine(err) }()
	items, err := in.flatten()
	if err != nil {
		return Applied{}, err
	}
	run := func(tx *store.Tx) (Applied, error) {
		a := newApplier(tx, in, items)
		err := a.run()
		return a.out, err
	}
	if !in.DryRun {
		return write(ctx, t, call{"plan apply", in}, run)
	}
	if err := checkActor(plan.ActorOf(ctx)); err != nil {
		return Applied{}, err
	}
	return try(ctx, t, run)
}

// try returns what a write would answer, and stores nothing of it.
func try[Out any](ctx context.Context, t *Tracker, run func(*store.Tx) (Out, error)) (out Out, err error) {
	_, err = store.Write(ctx, t.db, func(tx *store.Tx) (Out, error) {
		var err error
		if out, err = run(tx); err == nil {
			err = errOnlyTried
		}
		return out, err
	})
	if errors.Is(err, errOnlyTried) {
		err = nil
	}
	return out, err
}

// A planned is one item of a plan.
type planned struct {
	*Own
	place  plan.Place
	level  plan.Level
	parent *planned // nil directly under the root
	title  string
	epic   *PlannedEpic
	feat   *PlannedFeature
	task   *PlannedTask

	now    plan.Key // its key, once it is known
	found  bool     // it exists already
	before Item     // as it was found
	change plan.Change
	fresh  bool // it was created
}

// mostPlanned bounds the items of a plan: while it is applied each takes some 10 KB of
// memory.
const mostPlanned = 150_000

// flatten returns the items of a plan: epics, then features, then tasks, each
// in the order of the plan.
func (in *Apply) flatten() (all []*planned, err error) {
	switch {
	case len(in.Features) > 0 && in.Epic == "":
		err = plan.Errorf(plan.Usage, "missing epic: the plan has features outside of one").WithCode("missing_argument").WithHint("add epic: E01, or put the features under an epic")
	case len(in.Tasks) > 0 && in.Feature == "":
		err = plan.Errorf(plan.Usage, "missing feature: the plan has tasks outside of one").WithCode("missing_argument").WithHint("add feature: E01-F01, or put the tasks under a feature")
	case in.Epic != "" && len(in.Features) == 0:
		err = plan.Errorf(plan.Usage, "the plan has an epic, but no features for it").WithCode("missing_argument").WithHint("list them as features:, each with its tasks:")
	case len(in.Epics)+len(in.Features)+len(in.Tasks) == 0:
		err = plan.Errorf(plan.Usage, "the plan is empty").WithCode("missing_argument").WithHint("list epics:, or feature: E01-F01 with tasks:")
	}
	var features, tasks []*planned
	addTasks := func(list []PlannedTask, parent *planned, at plan.Place) {
		for i := range list {
			p := &list[i]
			tasks = append(tasks, &planned{Own: &p.Own, place: under(at, "tasks", i), level: plan.LevelTask, parent: parent, title: p.Create.Title, task: p})
		}
	}
	addFeatures := func(list []PlannedFeature, parent *planned, at plan.Place) {
		for i := range list {
			p := &list[i]
			f := &planned{Own: &p.Own, place: under(at, "features", i), level: plan.LevelFeature, parent: parent, title: p.Create.Title, feat: p}
			features = append(features, f)
			addTasks(p.Tasks, f, f.place)
		}
	}
	for i := range in.Epics {
		p := &in.Epics[i]
		e := &planned{Own: &p.Own, place: plan.Place{"epics", i}, level: plan.LevelEpic, title: p.Create.Title, epic: p}
		all = append(all, e)
		addFeatures(p.Features, e, e.place)
	}
	addFeatures(in.Features, nil, nil)
	addTasks(in.Tasks, nil, nil)
	all = append(append(all, features...), tasks...)
	if err == nil && len(all) > mostPlanned {
		err = plan.Errorf(plan.Invalid, "the plan has %d items, but can have %d", len(all), mostPlanned).WithCode("bad_plan").WithHint("split it into plans of one epic each")
	}
	return all, err
}

// under returns the place of an item of a list.
func under(at plan.Place, list string, i int) plan.Place {
	return append(append(plan.Place{}, at...), list, i)
}

// fail says which item of the plan an error is about.
func (p *planned) fail(err error) error { return plan.AtPlace(err, p.place...) }

// failAt is fail for a field of the item.
func (p *planned) failAt(field string, err error) error {
	return plan.AtPlace(err, append(append(plan.Place{}, p.place...), field)...)
}

// dated reports whether an item has a date.
func (p *planned) dated() bool {
	switch {
	case p.epic != nil:
		return p.epic.Create.Due+p.epic.Create.Defer != ""
	case p.feat != nil:
		return p.feat.Create.Due+p.feat.Create.Defer != ""
	}
	return p.task.Create.dated()
}

// IfVersion has the one item of the plan changed only if it is at this version.
func (in *Apply) IfVersion(v int64) {
	switch {
	case len(in.Epics) > 0:
		in.Epics[0].Update.IfVersion = &v
	case len(in.Features) > 0:
		in.Features[0].Update.IfVersion = &v
	case len(in.Tasks) > 0:
		in.Tasks[0].Update.IfVersion = &v
	}
}
