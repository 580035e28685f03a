package tracker

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// ShowReplica is the input of Tracker.Replica.
type ShowReplica struct {
	Keys []string `json:"keys,omitempty" jsonschema:"only these tasks and the tasks that depend on them"`
	AsOf string   `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// A Replica is what a screen needs of the plan to show it without asking again,
// all of one moment: the live tasks by columns, the features and epics, and the
// place in the feed of changes to go on from. Live are the tasks that are open,
// and those completed within the last 14 days.
type Replica struct {
	Place    string         `json:"place"`           // the Last-Event-ID to listen from; empty: it shows a past moment
	Now      time.Time      `json:"now"`             // the moment that it shows
	Live     int            `json:"live"`            // the number of open tasks
	Paged    bool           `json:"paged,omitempty"` // there are too many tasks to send: ask for their keys, and then for some of them
	Levels   bool           `json:"levels,omitempty"`
	Tasks    TaskColumns    `json:"tasks"`
	Epics    []ReplicaLevel `json:"epics"`
	Features []ReplicaLevel `json:"features"`
	Verbs    []ReplicaVerb  `json:"verbs"`
	Stages   []plan.Stage   `json:"stages,omitempty"` // in their order
}

// A ReplicaVerb is a row of the status table: what leads from where to where.
type ReplicaVerb struct {
	Verb   plan.Verb         `json:"verb"`
	From   []plan.TaskStatus `json:"from"`
	To     plan.TaskStatus   `json:"to"` // empty: the status the task was blocked from
	Reason bool              `json:"reason,omitempty"`
}

// A ReplicaLevel is an epic or a feature as a screen shows it.
type ReplicaLevel struct {
	Key       plan.Key        `json:"key"`
	Title     string          `json:"title"`
	Status    plan.PlanStatus `json:"status"`
	Total     int             `json:"tasks_total"`
	Completed int             `json:"tasks_completed"`
	Waits     int             `json:"open_dependencies,omitempty"`
	Labels    []string        `json:"labels,omitempty"`
	Version   int64           `json:"version"`
}

// The bounds of a replica.
const (
	maxReplica  = 100_000             // open tasks, from which on it has none
	liveFor     = 14 * 24 * time.Hour // what is done stays on a screen as long
	maxAsked    = 1000                // tasks that can be asked for at once
	maxMatching = 4 * maxReplica      // keys of an answer
	openOnes    = "is:open"
	lately      = "status:completed completed:%s.." // with a time
)

// Replica returns the columns of all live tasks, or of those that are asked
// for together with what depends on them: what a change of a task can change.
func (t *Tracker) Replica(ctx context.Context, in ShowReplica) (Replica, error) {
	if len(in.Keys) > 0 {
		return t.replicaOf(ctx, in.Keys, in.AsOf)
	}
	m, err := t.momentAsked(ctx, in.AsOf)
	if err != nil {
		return Replica{}, err
	}
	now := m.At
	if m.IsZero() {
		now = time.Now()
	}
	open, openErr := t.taskFilter(ctx, ListTasks{Query: openOnes})
	done, doneErr := t.taskFilter(ctx, ListTasks{Query: fmt.Sprintf(lately, now.Add(-liveFor).UTC().Format(time.RFC3339))})
	if err := firstError(openErr, doneErr); err != nil {
		return Replica{}, err
	}
	return readAtMoment(ctx, t, m, func(tx *store.Tx) (out Replica, err error) {
		if out, err = beginReplica(tx, in.AsOf != ""); err != nil {
			return out, err
		}
		if err := out.addLevels(tx); err != nil || out.Paged {
			return out, err
		}
		return out, firstError(out.addAll(tx, open), out.addAll(tx, done))
	})
}

// replicaOf is Replica for some tasks. Keys of no task are passed over, so that
// who asks sees what is gone.
func (t *Tracker) replicaOf(ctx context.Context, asked []string, asOf string) (Replica, error) {
	keys, err := taskKeys(asked)
	if err == nil && len(keys) > maxAsked {
		err = plan.Errorf(plan.Invalid, "too many tasks: %d (maximum %d)", len(keys), maxAsked).WithCode("too_many").WithHint("ask for them in parts")
	}
	if err != nil {
		return Replica{}, err
	}
	return readAt(ctx, t, asOf, func(tx *store.Tx) (out Replica, err error) {
		if out, err = beginReplica(tx, asOf != ""); err != nil {
			return out, err
		}
		if keys, err = withDependants(tx, keys); err != nil {
			return out, err
		}
		tasks, err := tx.TasksOf(keys)
		if err = firstError(err, tx.LoadBeside(tasks)); err != nil {
			return out, err
		}
		out.Tasks.add(tasks, out.Now)
		return out, out.addParents(tx, keys)
	})
}

// withDependants adds the tasks that depend on the given ones, in order.
func withDependants(tx *store.Tx, keys []plan.Key) ([]plan.Key, error) {
	ids := make([]int64, len(keys))
	for i, k := range keys {
		ids[i] = k.Ordinal()
	}
	edges, err := tx.EdgesOnto(ids)
	all := slices.Clone(keys)
	for _, e := range edges {
		all = append(all, e.Task)
	}
	slices.SortFunc(all, plan.Key.Compare)
	return slices.Compact(all), err
}

// beginReplica returns a replica without tasks.
func beginReplica(tx *store.Tx, past bool) (out Replica, err error) {
	out.Epics, out.Features = []ReplicaLevel{}, []ReplicaLevel{}
	for _, v := range plan.Transitions() {
		out.Verbs = append(out.Verbs, ReplicaVerb(v))
	}
	all, err := tx.Totals()
	if err != nil {
		return out, err
	}
	out.Live = all.Total - all.Done
	out.Paged = out.Live > maxReplica
	if out.Now, err = tx.Now(); err != nil {
		return out, err
	}
	if out.Levels, err = tx.HasLevelEdges(); err != nil {
		return out, err
	}
	if out.Stages, err = tx.Stages(); err != nil {
		return out, err
	}
	if !past {
		out.Place, err = newestPlace(tx)
	}
	return out, err
}

// newestPlace returns the place of a feed that begins now.
func newestPlace(tx *store.Tx) (string, error) {
	f := &Feed{lines: [2]feedLine{{}, {ofPlan: true}}}
	for i := range f.lines {
		if err := f.lines[i].begin(tx); err != nil {
			return "", err
		}
	}
	return f.ID(), nil
}

// addLevels adds all epics and features that are not archived.
func (r *Replica) addLevels(tx *store.Tx) error {
	err := tx.EachEpic(store.PlanFilter{}, func(es []plan.Epic) error { r.addEpics(es); return nil })
	if err != nil {
		return err
	}
	return tx.EachFeature(store.PlanFilter{}, func(fs []plan.Feature) error { r.addFeatures(fs); return nil })
}

// addParents adds the epics and features of tasks.
func (r *Replica) addParents(tx *store.Tx, keys []plan.Key) error {
	seen := map[plan.Key]bool{}
	for _, k := range keys {
		if f := k.FeatureKey(); !seen[f] {
			seen[f] = true
			feature, err := tx.Feature(f)
			if kindOf(err) == plan.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			r.addFeatures([]plan.Feature{feature})
		}
		if e := k.EpicKey(); !seen[e] {
			seen[e] = true
			epic, err := tx.Epic(e)
			if kindOf(err) == plan.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			r.addEpics([]plan.Epic{epic})
		}
	}
	return nil
}

func (r *Replica) addEpics(es []plan.Epic) {
	for _, e := range es {
		r.Epics = append(r.Epics, ReplicaLevel{e.Key, e.Title, e.Status, e.TasksTotal, e.TasksCompleted, e.OpenDependencies, e.Labels, e.Version})
	}
}

func (r *Replica) addFeatures(fs []plan.Feature) {
	for _, f := range fs {
		r.Features = append(r.Features, ReplicaLevel{f.Key, f.Title, f.Status, f.TasksTotal, f.TasksCompleted, f.OpenDependencies, f.Labels, f.Version})
	}
}

// addAll adds the tasks of a filter.
func (r *Replica) addAll(tx *store.Tx, f store.TaskFilter) error {
	l, err := tx.List(f)
	if err != nil {
		return err
	}
	return l.Each(func(tasks []plan.Task) error {
		if err := tx.LoadBeside(tasks); err != nil {
			return err
		}
		r.Tasks.add(tasks, r.Now)
		return nil
	})
}

// MatchingKeys is the input of Tracker.MatchingKeys.
type MatchingKeys struct {
	Query string `json:"query,omitempty" jsonschema:"terms and words, as in pm list"`
	AsOf  string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Matching is the answer of Tracker.MatchingKeys: the keys of the tasks that a
// query finds, in its order. More says that there are others.
type Matching struct {
	Keys []plan.Key `json:"keys"`
	More bool       `json:"more,omitempty"`
}

// MatchingKeys returns the keys of all tasks that a query finds, without the
// tasks: what a screen that has them shows of them.
func (t *Tracker) MatchingKeys(ctx context.Context, in MatchingKeys) (Matching, error) {
	f, err := t.taskFilter(ctx, ListTasks{Query: in.Query})
	if err != nil {
		return Matching{}, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (out Matching, err error) {
		if err := keysExist(tx, f.Condition); err != nil {
			return out, err
		}
		l, err := tx.List(f)
		if err != nil {
			return out, err
		}
		if out.Keys, err = l.Keys(); len(out.Keys) > maxMatching {
			out.Keys, out.More = out.Keys[:maxMatching], true
		}
		if out.Keys == nil {
			out.Keys = []plan.Key{}
		}
		return out, err
	})
}
