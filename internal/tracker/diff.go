package tracker

import (
	"context"
	"maps"
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// ShowDiff is the input of Tracker.Diff.
type ShowDiff struct {
	From string `json:"from" jsonschema:"start: a time such as monday or 2026-11-01T12:00Z, or the id of an operation" flag:"from"`
	To   string `json:"to,omitempty" jsonschema:"end: a time or the id of an operation; now if not given" ref:"-"`
	Key  string `json:"key,omitempty" jsonschema:"only this item and everything in it" arg:"key?"`
}

// A Diff is what of a plan differs between two moments. What was changed and
// changed back does not.
type Diff struct {
	From     Instant          `json:"from"`
	To       Instant          `json:"to"`
	Made     []NamedItem      `json:"made"`
	Deleted  []NamedItem      `json:"deleted"` // with all that lay under them
	Moved    []MovedItem      `json:"moved"`
	Changes  []FieldChange    `json:"changes"` // under the keys of then; sets have what they lost and what they got
	Progress []ProgressChange `json:"progress"`
	More     int              `json:"more,omitempty"` // changes that are left out
	Warnings []Warning        `json:"warnings,omitempty"`
}

// An Instant is a moment of the past.
type Instant struct {
	At        time.Time `json:"at"`
	Operation string    `json:"operation,omitempty"`
}

// A NamedItem is an item with its title.
type NamedItem struct {
	Key    plan.Key `json:"key"`
	Title  string   `json:"title"`
	Status string   `json:"status,omitempty"`
}

// A MovedItem is an item that has another key than before.
type MovedItem struct {
	Key   plan.Key `json:"key"`
	From  plan.Key `json:"from"`
	Title string   `json:"title"`
}

// A ProgressChange is that of an epic or a feature, or of the plan, which has no key.
type ProgressChange struct {
	Key   plan.Key `json:"key,omitzero"`
	Title string   `json:"title,omitempty"`
	From  Progress `json:"from"`
	To    Progress `json:"to"`
}

// A Progress is how many tasks are completed, of how many.
type Progress struct {
	Total     int          `json:"tasks_total"`
	Completed int          `json:"tasks_completed"`
	Pct       plan.Percent `json:"progress_pct"`
}

// Diff returns what of the plan differs between two moments.
func (t *Tracker) Diff(ctx context.Context, in ShowDiff) (Diff, error) {
	var under plan.Key
	if in.From == "" {
		return Diff{}, plan.Errorf(plan.Usage, "missing from").WithCode("bad_date").WithHint("name a time or an operation: pm diff --from monday")
	}
	if in.Key != "" {
		k, err := plan.ParseKey(in.Key)
		if err != nil {
			return Diff{}, err
		}
		under = k
	}
	from, err := t.momentOf(ctx, "from", in.From)
	var to store.Moment
	if err == nil && in.To != "" {
		to, err = t.momentOf(ctx, "to", in.To)
	}
	if err == nil && !to.IsZero() && to.At.Before(from.At) {
		err = plan.Errorf(plan.Invalid, "to (%s) is before from (%s)", in.To, in.From).WithCode("bad_date").WithHint("swap them")
	}
	if err != nil {
		return Diff{}, err
	}
	d, err := t.compare(ctx, from, to, under)
	return d.Diff, err
}

// A comparison is a Diff that is being made.
type comparison struct {
	Diff
	items map[plan.Key]between // by the keys of now
	under plan.Key
	whole ProgressChange // of the plan, also if it is the same
}

// between is what happened to an item between two moments.
type between struct {
	records []plan.History
	was, is plan.Key // its keys then and after
}

func (b between) there() bool  { return b.records[0].OldStatus != "" }
func (b between) stayed() bool { return b.records[len(b.records)-1].NewStatus != "" }

func (t *Tracker) compare(ctx context.Context, from, to store.Moment, under plan.Key) (*comparison, error) {
	c := &comparison{under: under, items: map[plan.Key]between{}}
	c.Made, c.Deleted, c.Moved, c.Changes, c.Progress = []NamedItem{}, []NamedItem{}, []MovedItem{}, []FieldChange{}, []ProgressChange{}
	c.From, c.To = Instant{from.At, from.Operation}, Instant{to.At, to.Operation}
	err := look(ctx, t, func(tx *store.Tx) (err error) {
		if c.Warnings, err = emptied(tx, from, false); err != nil {
			return err
		}
		return c.load(tx, from, to)
	})
	if err != nil {
		return c, err
	}
	var before, after picture
	before, err = readThen(ctx, t, from, func(tx *store.Tx) (picture, error) { return c.picture(tx, func(b between) plan.Key { return b.was }) })
	if err == nil {
		look := func(tx *store.Tx) (picture, error) { return c.picture(tx, func(b between) plan.Key { return b.is }) }
		if to.IsZero() {
			after, err = read(ctx, t, look)
		} else {
			after, err = readThen(ctx, t, to, look)
		}
	}
	if err == nil {
		c.name(before, after)
	}
	return c, err
}

// load reads the records between the two moments, and what they changed.
func (c *comparison) load(tx *store.Tx, from, to store.Moment) error {
	newer, _, err := tx.Newer(from)
	later := map[plan.Key][]plan.History{}
	if err == nil && !to.IsZero() {
		later, _, err = tx.Newer(to)
	}
	if err == nil && to.IsZero() {
		c.To.At, err = tx.Now()
	}
	if err != nil {
		return err
	}
	l := changeList{tx: tx, most: mostChanges}
	for _, k := range slices.SortedFunc(maps.Keys(newer), plan.Key.Compare) {
		records := newer[k][:max(0, len(newer[k])-len(later[k]))]
		is := keyBefore(k, later[k])
		was := keyBefore(is, records)
		if len(records) == 0 || !c.under.IsZero() && !c.under.Contains(is) && !c.under.Contains(was) {
			continue
		}
		b := between{records, was, is}
		if b.there() || b.stayed() {
			c.items[k] = b
		}
		if b.there() && b.stayed() {
			if err := l.net(b); err != nil {
				return err
			}
		}
	}
	c.Changes, c.More = append(c.Changes, l.changes...), l.more
	if len(c.items) == 0 && !c.under.IsZero() {
		return everExisted(tx, c.under)
	}
	return nil
}

// everExisted returns an error if an item is neither there nor in the trash.
func everExisted(tx *store.Tx, k plan.Key) error {
	err := itemExists(tx, k)
	if kindOf(err) != plan.NotFound {
		return err
	}
	entries, failed := tx.Trash()
	if failed != nil || slices.ContainsFunc(entries, func(e plan.Trashed) bool { return e.Key.Contains(k) }) {
		return failed
	}
	return err
}

// keyBefore returns the key that an item had before its records.
func keyBefore(k plan.Key, records []plan.History) plan.Key {
	for _, h := range slices.Backward(records) {
		if from, moved := h.Change["key"][0].(string); moved {
			k, _ = plan.ParseKey(from)
		}
	}
	return k
}

// A picture is what items are called at a moment, and how far epics and features are.
type picture struct {
	items    map[plan.Key]NamedItem
	progress map[plan.Key]Progress
}

// picture looks at the items under the keys that they have there, and at what they
// lie under.
func (c *comparison) picture(tx *store.Tx, key func(between) plan.Key) (picture, error) {
	p := picture{map[plan.Key]NamedItem{}, map[plan.Key]Progress{}}
	by := map[plan.Level]map[plan.Key]bool{plan.LevelTask: {}, plan.LevelFeature: {}, plan.LevelEpic: {}}
	for now, b := range c.items {
		if now.IsZero() {
			continue
		}
		for _, k := range []plan.Key{b.was, b.is} {
			for up := k; !up.IsZero(); up = up.Parent() {
				if up == key(b) || up.Level() != plan.LevelTask {
					by[up.Level()][up] = true
				}
			}
		}
	}
	keys := func(l plan.Level) []plan.Key { return slices.SortedFunc(maps.Keys(by[l]), plan.Key.Compare) }
	tasks, err := tx.TasksOf(keys(plan.LevelTask))
	for _, t := range tasks {
		p.items[t.Key] = NamedItem{t.Key, t.Title, string(t.Status)}
	}
	if err != nil {
		return p, err
	}
	features, err := tx.FeaturesOf(keys(plan.LevelFeature))
	for _, f := range features {
		p.items[f.Key], p.progress[f.Key] = NamedItem{f.Key, f.Title, string(f.Status)}, progressOf(f.TasksTotal, f.TasksCompleted)
	}
	if err != nil {
		return p, err
	}
	epics, err := tx.EpicsOf(keys(plan.LevelEpic))
	for _, e := range epics {
		p.items[e.Key], p.progress[e.Key] = NamedItem{e.Key, e.Title, string(e.Status)}, progressOf(e.TasksTotal, e.TasksCompleted)
	}
	if err != nil {
		return p, err
	}
	all, err := tx.Totals()
	p.progress[plan.Key{}] = progressOf(all.Total, all.Done)
	return p, err
}

func progressOf(total, completed int) Progress {
	return Progress{total, completed, plan.Progress(completed, total)}
}

// name fills in what was made, deleted and moved, and how progress went.
func (c *comparison) name(before, after picture) {
	for _, k := range slices.SortedFunc(maps.Keys(c.items), plan.Key.Compare) {
		b := c.items[k]
		switch {
		case k.IsZero():
		case !b.there():
			if item, known := after.items[b.is]; known { // not deleted since, with what it lay under
				c.Made = append(c.Made, item)
			}
		case !b.stayed():
			c.Deleted = append(c.Deleted, titleOf(b.was, before))
		case b.was != b.is:
			c.Moved = append(c.Moved, MovedItem{b.is, b.was, titleOf(b.is, after).Title})
		}
	}
	c.whole = ProgressChange{From: before.progress[plan.Key{}], To: after.progress[plan.Key{}]}
	for _, k := range slices.SortedFunc(maps.Keys(after.progress), plan.Key.Compare) {
		was, there := before.progress[k]
		if was != after.progress[k] && there && (c.under.IsZero() || c.under.Contains(k)) {
			c.Progress = append(c.Progress, ProgressChange{k, titleOf(k, after).Title, was, after.progress[k]})
		}
	}
}

func titleOf(k plan.Key, p picture) NamedItem {
	if item, known := p.items[k]; known {
		return item
	}
	return NamedItem{Key: k}
}
