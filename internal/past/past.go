// Package past works out what the plan was at a moment from what it is and from
// the history since: each record holds what a change replaced.
package past

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// A rewinder works out what the plan was at a past moment: it takes back the
// records that are newer, item by item, and lays what comes out over the plan.
type rewinder struct {
	tx     *store.Tx
	moment store.Moment
	past   *store.Past

	newer    map[plan.Key][]plan.History // by the keys of now
	first    map[plan.Key]store.Position // of the first of them
	since    map[plan.Key]int            // how many of them there are, with those of a deletion
	beside   besideThen
	tasks    map[plan.Key]*rewound[plan.Task]
	features map[plan.Key]*rewound[plan.Feature]
	epics    map[plan.Key]*rewound[plan.Epic]
	trashed  []plan.Key // what was in the trash and was restored since, as it was called

	sums      map[plan.Key]store.Sums // what features and epics had more of than now, by the keys of now and of then
	births    []birth
	renamed   map[plan.Key]renaming // features that were moved since, by the keys that they got
	lastChild map[plan.Key]int      // of parents of which children were made since, as they were called
	zone      *time.Location        // that the project had; nil: not asked for
}

// A rewound is an item that was there then or is now, with what it was.
type rewound[T any] struct {
	now *T // nil: it is not there now
	was *T // nil: it was not there
	trace
}

// A trace is what is known of an item of any level.
type trace struct {
	key   plan.Key
	notes []plan.Note // as they were
	heard bool        // notes is filled in: they differ from those of now
	texts bool        // its former texts differ
	moved bool        // it had another key, or was not there, or is not
	trash plan.Key    // its key, if it was in the trash and is not
	words bool        // its labels, references, links, dependencies or fields differ
}

// begin returns what the item was, which is at first what it is now.
func (r *rewound[T]) begin() *T {
	if r.was == nil {
		was := *r.now
		r.was = &was
	}
	return r.was
}

// Lay lays what the plan was at a moment over what it is now. The trash has
// the entries besides, which were restored since.
func Lay(tx *store.Tx, m store.Moment, entries []Trashed) (*store.Past, error) {
	r := &rewinder{tx: tx, moment: m, past: tx.NewPast(m), tasks: map[plan.Key]*rewound[plan.Task]{}, features: map[plan.Key]*rewound[plan.Feature]{}, epics: map[plan.Key]*rewound[plan.Epic]{},
		since: map[plan.Key]int{}, sums: map[plan.Key]store.Sums{}, lastChild: map[plan.Key]int{}, renamed: map[plan.Key]renaming{}}
	var err error
	if r.newer, r.first, err = tx.Newer(m); err != nil {
		return nil, err
	}
	for k, records := range r.newer {
		r.since[k] = len(records)
	}
	for _, step := range []func() error{r.loadTrash, r.loadChanged, r.loadBeside, r.rewind, r.lastNumbers, r.hideTrashed, r.heads, r.addUp, r.leases, r.loadTexts, r.put, r.putProject} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r.past, r.putTrash(entries)
}

// loadChanged loads what has changed since and is there.
func (r *rewinder) loadChanged() error {
	by := map[plan.Level][]plan.Key{}
	for _, k := range slices.SortedFunc(maps.Keys(r.newer), plan.Key.Compare) {
		if !k.IsZero() {
			by[k.Level()] = append(by[k.Level()], k)
		}
	}
	return cmp.Or(r.loadTasks(by[plan.LevelTask]), r.loadFeatures(by[plan.LevelFeature]), r.loadEpics(by[plan.LevelEpic]))
}

func (r *rewinder) loadTasks(keys []plan.Key) error {
	tasks, err := r.tx.TasksOf(keys)
	var whole []int // with what lies beside the row
	for i, t := range tasks {
		if differsBeside(r.newer[t.Key]) {
			whole = append(whole, i)
		}
	}
	some := make([]plan.Task, len(whole))
	for i, at := range whole {
		some[i] = tasks[at]
	}
	if err == nil {
		err = r.tx.LoadBeside(some)
	}
	for i, at := range whole {
		tasks[at] = some[i]
	}
	for _, t := range tasks {
		r.tasks[t.Key] = &rewound[plan.Task]{now: &t, trace: trace{key: t.Key}}
	}
	return err
}

// differsBeside reports whether records tell of more than columns.
func differsBeside(records []plan.History) bool {
	return slices.ContainsFunc(records, func(h plan.History) bool {
		return h.OldStatus == "" || h.Change.Any("labels", "refs", "links", "depends_on", "key") || h.Change.AnyField()
	})
}

func (r *rewinder) loadFeatures(keys []plan.Key) error {
	features, err := r.tx.FeaturesOf(keys)
	for _, f := range features {
		if r.features[f.Key] == nil {
			f.EpicKey = f.Key.EpicKey()
			r.features[f.Key] = &rewound[plan.Feature]{now: &f, trace: trace{key: f.Key}}
		}
	}
	return err
}

func (r *rewinder) loadEpics(keys []plan.Key) error {
	epics, err := r.tx.EpicsOf(keys)
	for _, e := range epics {
		if r.epics[e.Key] == nil {
			r.epics[e.Key] = &rewound[plan.Epic]{now: &e, trace: trace{key: e.Key}}
		}
	}
	return err
}

// hideTrashed takes what was in the trash out of the plan: it was restored since.
func (r *rewinder) hideTrashed() error {
	for _, root := range r.trashed {
		tasks, err := r.tx.Tasks(store.TaskFilter{Under: root})
		if err != nil {
			return err
		}
		for _, t := range tasks {
			if r.tasks[t.Key] == nil {
				r.tasks[t.Key] = &rewound[plan.Task]{now: &t, was: &t, trace: trace{key: t.Key, moved: true}}
			}
		}
		features, err := r.tx.Features(store.PlanFilter{Under: root})
		if err != nil {
			return err
		}
		for _, f := range features {
			if r.features[f.Key] == nil {
				f.EpicKey = f.Key.EpicKey()
				r.features[f.Key] = &rewound[plan.Feature]{now: &f, was: &f, trace: trace{key: f.Key, moved: true}}
			}
		}
		r.throwAway(root)
	}
	return nil
}

// throwAway takes all that lay under an item in the trash out of what was there.
func (r *rewinder) throwAway(root plan.Key) {
	for _, t := range r.tasks {
		if t.was != nil && root.Contains(t.was.Key) {
			t.trash, t.was, t.moved = t.was.Key, nil, true
		}
	}
	for _, f := range r.features {
		if f.was != nil && root.Contains(f.was.Key) {
			f.trash, f.was, f.moved = f.was.Key, nil, true
		}
	}
}

// heads sets where the histories of what changed ended then.
func (r *rewinder) heads() error {
	first := maps.Clone(r.first)
	delete(first, plan.Key{})
	heads, err := r.tx.Heads(first)
	for k, h := range heads {
		if t := r.tasks[k]; t != nil && t.was != nil {
			t.was.UpdatedAt, t.was.HistoryHash = h.At, h.Hash
		}
		if f := r.features[k]; f != nil && f.was != nil {
			f.was.UpdatedAt, f.was.HistoryHash = h.At, h.Hash
		}
		if e := r.epics[k]; e != nil && e.was != nil {
			e.was.UpdatedAt, e.was.HistoryHash = h.At, h.Hash
		}
	}
	return err
}

// addUp works out how many tasks features and epics had more or less than now,
// and loads those of which only that differs.
func (r *rewinder) addUp() error {
	for _, t := range r.tasks {
		if t.now != nil {
			r.addSums(t.now.Key, store.Sums{}.Minus(store.SumsOf(*t.now)))
		}
		if t.was != nil {
			r.addSums(t.was.Key, store.SumsOf(*t.was))
		}
	}
	for k := range r.lastChild {
		r.addSums(k, store.Sums{}) // it has less than now in another way
	}
	var features, epics []plan.Key
	there := map[plan.Key]bool{}
	for _, f := range r.features {
		there[f.key] = true
		if f.was != nil {
			there[f.was.Key] = true
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(r.sums), plan.Key.Compare) {
		switch {
		case k.IsZero():
		case k.Level() == plan.LevelEpic && r.epics[k] == nil:
			epics = append(epics, k)
		case k.Level() == plan.LevelFeature && !there[k]:
			features = append(features, k)
		}
	}
	if err := cmp.Or(r.loadFeatures(features), r.loadEpics(epics)); err != nil {
		return err
	}
	for _, k := range features {
		if f := r.features[k]; f != nil {
			f.begin()
		}
	}
	for _, k := range epics {
		if e := r.epics[k]; e != nil {
			e.begin()
		}
	}
	return nil
}

func (r *rewinder) addSums(k plan.Key, s store.Sums) {
	r.sums[k.FeatureKey()] = r.sums[k.FeatureKey()].Plus(s)
	r.sums[k.EpicKey()] = r.sums[k.EpicKey()].Plus(s)
}
