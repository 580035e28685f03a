package past

import (
	"slices"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/trash"
)

// loadTrash loads what was deleted since, and is in the trash now.
func (r *rewinder) loadTrash() error {
	entries, err := r.tx.TrashedSince(r.moment)
	for _, entry := range entries {
		if err == nil {
			err = trash.Each(r.tx, entry, func(line any) error { return r.takeTrashed(entry, line) })
		}
	}
	return err
}

// takeTrashed takes the row of a line. What the entry is of has records of its
// deletion, and perhaps of what was redacted behind that, which the row does not
// know of.
func (r *rewinder) takeTrashed(entry plan.Trashed, line any) (err error) {
	k := trash.KeyOf(line)
	if k == entry.Key {
		records := r.newer[k]
		for i := len(records) - 1; i >= 0; i-- {
			if records[i].Change["deleted"][1] != nil {
				r.newer[k] = records[:i]
				break
			}
		}
	}
	switch l := line.(type) {
	case interchange.TaskRecord:
		t := l.Item()
		t.FeatureKey, t.EpicKey, t.Fence = k.FeatureKey(), k.EpicKey(), 0
		t.DeferFrom, err = r.beginOf(t.Defer)
		r.tasks[k] = &rewound[plan.Task]{was: &t, trace: trace{key: k, notes: l.Notes, heard: true, moved: true}}
	case interchange.FeatureRecord:
		f := l.Item()
		f.EpicKey, f.TasksTotal, f.TasksCompleted, f.EstimateTotal, f.EstimateDone = k.EpicKey(), 0, 0, 0, 0
		f.DeferFrom, err = r.beginOf(f.Defer)
		r.features[k] = &rewound[plan.Feature]{was: &f, trace: trace{key: k, notes: l.Notes, heard: true, moved: true}}
	case interchange.EpicRecord:
		e := l.Item()
		e.TasksTotal, e.TasksCompleted, e.EstimateTotal, e.EstimateDone = 0, 0, 0, 0
		e.DeferFrom, err = r.beginOf(e.Defer)
		r.epics[k] = &rewound[plan.Epic]{was: &e, trace: trace{key: k, notes: l.Notes, heard: true, moved: true}}
	}
	return err
}

// rewind takes back the newer records of every item.
func (r *rewinder) rewind() error {
	for k, records := range r.newer {
		var err error
		switch {
		case len(records) == 0:
		case r.tasks[k] != nil:
			err = r.rewindTask(r.tasks[k], records)
		case r.features[k] != nil:
			err = r.rewindFeature(r.features[k], records)
		case r.epics[k] != nil:
			err = r.rewindEpic(r.epics[k], records)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// former returns what gives the former texts of an item, by their digests.
func (r *rewinder) former(k plan.Key) plan.FormerText {
	return func(digest string) string { return r.beside.former[k][digest] }
}

// hear takes back the notes of an item, if the records tell of any.
func (r *rewinder) hear(k plan.Key, records []plan.History, heard *bool, notes *[]plan.Note, last *int) {
	if !tellsOfNotes(records) && !*heard {
		return
	}
	if !*heard {
		*notes, *heard = r.beside.notes[k], true
	}
	for _, h := range slices.Backward(records) {
		*notes, *last = plan.NotesBefore(*notes, *last, h, r.former(k))
	}
}

func (r *rewinder) rewindTask(t *rewound[plan.Task], records []plan.History) (err error) {
	was, former := t.begin(), r.former(t.key)
	t.texts = hasTexts(records)
	t.words = differsBeside(records)
	for i, h := range slices.Backward(records) {
		var order []int
		if plan.RemovesChecks(h.Change) {
			if order, err = r.checkOrder(t.key, was.UID, i); err != nil {
				return err
			}
		}
		r.noteBirth(h, was.Key)
		was.TakeBack(h, former, order)
	}
	if slices.ContainsFunc(records, func(h plan.History) bool { return h.Change.Any("defer") }) {
		if was.DeferFrom, err = r.beginOf(was.Defer); err != nil {
			return err
		}
	}
	r.hear(t.key, records, &t.heard, &t.notes, &was.LastNote)
	if r.absent(&t.trace, records, was.Key) {
		t.was = nil
	}
	t.moved = t.moved || t.was == nil || t.was.Key != t.key
	return nil
}

func (r *rewinder) rewindFeature(f *rewound[plan.Feature], records []plan.History) (err error) {
	was, former := f.begin(), r.former(f.key)
	f.texts = hasTexts(records)
	f.words = differsBeside(records)
	for _, h := range slices.Backward(records) {
		r.noteBirth(h, was.Key)
		was.TakeBack(h, former)
	}
	for _, h := range records {
		if to, moved := h.Change["key"][1].(string); moved {
			k, _ := plan.ParseKey(to)
			r.renamed[k] = renaming{was.Key, h.Operation}
		}
	}
	if was.DeferFrom, err = r.beginOf(was.Defer); err != nil {
		return err
	}
	r.hear(f.key, records, &f.heard, &f.notes, &was.LastNote)
	if r.absent(&f.trace, records, was.Key) {
		f.was = nil
	}
	f.moved = f.moved || f.was == nil || f.was.Key != f.key
	return nil
}

func (r *rewinder) rewindEpic(e *rewound[plan.Epic], records []plan.History) (err error) {
	was, former := e.begin(), r.former(e.key)
	e.texts = hasTexts(records)
	e.words = differsBeside(records)
	for _, h := range slices.Backward(records) {
		r.noteBirth(h, was.Key)
		was.TakeBack(h, former)
	}
	if was.DeferFrom, err = r.beginOf(was.Defer); err != nil {
		return err
	}
	r.hear(e.key, records, &e.heard, &e.notes, &was.LastNote)
	if r.absent(&e.trace, records, was.Key) {
		e.was = nil
	}
	e.moved = e.moved || e.was == nil
	return nil
}

// absent reports whether an item was not there before its newer records: it was
// made since, or it was in the trash, under the key that it had.
func (r *rewinder) absent(t *trace, records []plan.History, was plan.Key) bool {
	first := records[0]
	if first.OldStatus == "" && first.Change["deleted"][0] != nil {
		r.trashed, t.trash = append(r.trashed, was), was
	}
	return first.OldStatus == ""
}

// A birth is a record from which on an item had a key: its parent had given no
// such number before.
type birth struct {
	parent    plan.Key
	n         int
	operation string
}

// A renaming is that of a feature, with the key that it had then.
type renaming struct {
	was       plan.Key
	operation string
}

func (r *rewinder) noteBirth(h plan.History, k plan.Key) {
	if h.OldStatus == "" && h.Change["deleted"][0] == nil || h.Change.Any("key") {
		b := birth{k.Parent(), k.Task, h.Operation}
		switch k.Level() {
		case plan.LevelFeature:
			b.n = k.Feature
		case plan.LevelEpic:
			b.n = k.Epic
		}
		r.births = append(r.births, b)
	}
}

// lastNumbers works out which numbers parents had given at most. A feature that was
// moved goes on counting under its new key; the tasks that went along have kept
// their numbers.
func (r *rewinder) lastNumbers() error {
	for _, b := range r.births {
		parent := b.parent
		if to, is := r.renamed[parent]; is {
			if to.operation == b.operation {
				continue
			}
			parent = to.was
		}
		if last, known := r.lastChild[parent]; !known || b.n-1 < last {
			r.lastChild[parent] = b.n - 1
		}
	}
	return nil
}

// checkOrder returns the numbers of the lines of a checklist in their order
// before the n-th of the newer records of a task.
func (r *rewinder) checkOrder(k plan.Key, uid string, n int) ([]int, error) {
	records := r.beside.histories[k]
	f, err := plan.Fold(uid, records[:min(len(records), len(r.kept(k))+n)])
	return f.CheckOrder(), err
}

// zoneThen returns the time zone that the project had.
func (r *rewinder) zoneThen() (*time.Location, error) {
	if r.zone != nil {
		return r.zone, nil
	}
	project, err := r.projectThen()
	if err != nil {
		return nil, err
	}
	name, _ := project.Find(plan.SettingDefinition, plan.TimeZone)
	r.zone, err = plan.Zone(name)
	return r.zone, err
}

// beginOf returns the moment that a date meant.
func (r *rewinder) beginOf(d plan.Date) (plan.Date, error) {
	if !d.IsDay() {
		return d, nil
	}
	zone, err := r.zoneThen()
	if err != nil {
		return d, err
	}
	return d.Begin(zone), nil
}

// projectThen returns the project as it was, without its notes.
func (r *rewinder) projectThen() (plan.Project, error) {
	project, err := r.tx.Project()
	if err != nil {
		return project, err
	}
	for _, h := range slices.Backward(r.newer[plan.Key{}]) {
		project.TakeBack(h, r.former(plan.Key{}))
	}
	return project, nil
}

// leases leaves out the ends of leases that have been renewed since, or may have
// been: a renewal leaves no record. A lease ends its length after it was last
// renewed, so that what ends no later than that after the moment is what it was.
func (r *rewinder) leases() error {
	held, err := r.tx.LeasedAfter(r.moment.At)
	if err != nil {
		return err
	}
	for _, t := range held {
		if r.tasks[t.Key] == nil && r.renewedSince(t) { // without a record
			was := t
			was.LeaseUntil = nil
			r.tasks[t.Key] = &rewound[plan.Task]{now: &t, was: &was, trace: trace{key: t.Key}}
		}
	}
	for k, t := range r.tasks {
		if t.was == nil || len(r.newer[k]) == 0 {
			continue
		}
		byHolder := func(h plan.History) bool { return h.Agent == t.was.AssignedAgent && h.Session == t.was.Session }
		if t.was.Status != plan.InProgress || r.renewedSince(*t.was) || slices.ContainsFunc(r.newer[k], byHolder) {
			t.was.LeaseUntil = nil
		}
		if !slices.ContainsFunc(r.newer[k], func(h plan.History) bool { return h.Change.Any("fence") }) {
			continue
		}
		t.was.LeaseUntil, t.was.LeaseSeconds = nil, 0 // they are of another claim
		if t.was.Held() {
			t.was.LeaseSeconds = int64(plan.DefaultLease / time.Second)
		}
	}
	return nil
}

// renewedSince reports whether the lease of a task was last renewed, or begun,
// after the moment.
func (r *rewinder) renewedSince(t plan.Task) bool {
	return t.LeaseUntil != nil && t.LeaseUntil.Add(-time.Duration(t.LeaseSeconds)*time.Second).After(r.moment.At)
}

func (r *rewinder) addLevelSums(total, completed *int, estimate, done *plan.Estimate, of ...plan.Key) {
	var s store.Sums
	for i, k := range of {
		if i == 0 || k != of[0] {
			s = s.Plus(r.sums[k])
		}
	}
	*total, *completed, *estimate, *done = *total+s.Total, *completed+s.Completed, *estimate+s.Estimate, *done+s.EstimateDone
}
