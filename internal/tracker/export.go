package tracker

import (
	"context"
	"io"

	"pm/internal/interchange"
	"pm/internal/past"
	"pm/internal/plan"
	"pm/internal/store"
)

// Export writes the whole plan as JSON lines, losslessly: items, notes,
// history, dependencies, counters, versions. progress, where given, is told
// how many tasks are written, and of how many. No more than some parts of the
// plan is in memory at a time.
func (t *Tracker) Export(ctx context.Context, w io.Writer, progress func(done, total int)) error {
	return t.ExportAsOf(ctx, w, "", progress)
}

// ExportAsOf is Export of the plan as it was; empty means now.
func (t *Tracker) ExportAsOf(ctx context.Context, w io.Writer, asOf string, progress func(done, total int)) error {
	export := func(tx *store.Tx) (struct{}, error) {
		out := interchange.NewLineWriter(w)
		e := exporter{tx: tx, out: out, progress: progress}
		if err := e.plan(); err != nil {
			return struct{}{}, err // and no last line: what was written is not a whole export
		}
		return struct{}{}, firstError(out.End(), out.Flush())
	}
	if asOf == "" {
		_, err := read(ctx, t, export)
		return err
	}
	m, err := t.momentOf(ctx, "as_of", asOf)
	if err != nil {
		return err
	}
	entries, err := t.trashThen(ctx, m)
	if err != nil {
		return err
	}
	_, err = store.ReadPast(ctx, t.db, func(tx *store.Tx) (*store.Past, error) { return past.Lay(tx, m, entries) }, export)
	return err
}

type exporter struct {
	tx          *store.Tx
	out         interface{ Write(line any) error }
	rowsOnly    bool // without history, and every item with its notes in one line
	progress    func(done, total int)
	done, total int
	gone        Gone
}

func (e *exporter) plan() error {
	last, err := e.tx.LastEpic()
	if err != nil {
		return err
	}
	err = e.tx.EachEpic(store.PlanFilter{}, func(epics []plan.Epic) error {
		for _, epic := range epics {
			e.total += epic.TasksTotal
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := e.out.Write(interchange.Header{Type: "pm", Format: interchange.Format, LastEpic: last}); err != nil {
		return err
	}
	if err := e.project(); err != nil {
		return err
	}
	epics := epicStream(e.tx)
	for {
		epic, err := epics.next()
		if err != nil {
			return err
		}
		if epic == nil {
			return e.rest()
		}
		if err := e.epic(*epic); err != nil {
			return err
		}
	}
}

func epicStream(tx *store.Tx) *stream[plan.Epic] {
	return following(func(after *plan.Epic) ([]plan.Epic, bool, error) {
		var f store.PlanFilter
		if after != nil {
			f.After = after.Key
		}
		return tx.EpicPart(f)
	})
}

// epic writes an epic with all that lies under it.
func (e *exporter) epic(epic plan.Epic) error {
	e.gone.Epics++
	p := e.parcel(epic.Key, len(epic.Description), func(c contents) any {
		r := interchange.NewEpicRecord(epic, c.Notes, c.History)
		r.Texts, r.More = c.Texts, c.More
		return r
	})
	beside := e.besideEpic(epic.Key)
	beside.notes = e.notesOf(epic.Key, epic.LastNote)
	if err := firstError(beside.into(p, epic.Key), p.end()); err != nil {
		return err
	}
	first, last := epic.Key.Range()
	features := following(func(after *plan.Feature) ([]plan.Feature, bool, error) {
		f := store.PlanFilter{Under: epic.Key}
		if after != nil {
			f.After = after.Key
		}
		return e.tx.FeaturePart(f)
	})
	beside, tasks := e.besideFeatures(first, last), e.tasksUnder(epic.Key)
	for {
		f, err := features.next()
		if f == nil || err != nil {
			return err
		}
		if err := e.featureWith(*f, beside, tasks); err != nil {
			return err
		}
	}
}

// feature writes the rows of a feature with all that lies under it.
func (e *exporter) feature(f plan.Feature) error {
	id := f.Key.Ordinal()
	return e.featureWith(f, e.besideFeatures(id, id), e.tasksUnder(f.Key))
}

// featureWith writes a feature and its tasks, which come next in the streams.
func (e *exporter) featureWith(f plan.Feature, beside *beside, tasks *taskStream) error {
	e.gone.Features++
	p := e.parcel(f.Key, len(f.Description), func(c contents) any {
		r := interchange.NewFeatureRecord(f, c.Notes, c.History)
		r.Texts, r.More = c.Texts, c.More
		return r
	})
	beside.notes = e.notesOf(f.Key, f.LastNote)
	if !e.rowsOnly {
		beside.texts = e.textsOf(f.Key.Ordinal(), f.Key.Ordinal())
	}
	if err := firstError(beside.into(p, f.Key), p.end()); err != nil {
		return err
	}
	for {
		t, err := tasks.nextIf(func(t *plan.Task) order { return orderOf(t.FeatureKey, f.Key) })
		if t == nil || err != nil {
			return err
		}
		if err := e.task(*t, tasks.beside); err != nil {
			return err
		}
	}
}

// one writes the rows of a single task.
func (e *exporter) one(t plan.Task) error {
	return e.task(t, e.besideTasks(t.ID, t.ID))
}

func (e *exporter) task(t plan.Task, beside *beside) error {
	e.gone.Tasks++
	e.done++
	if e.progress != nil && (e.done%100 == 0 || e.done == e.total) {
		e.progress(e.done, max(e.total, e.done))
	}
	p := e.parcel(t.Key, len(t.Description)+len(t.BlockedReason), func(c contents) any {
		r := interchange.NewTaskRecord(t, c.Notes, c.History)
		r.Texts, r.More = c.Texts, c.More
		return r
	})
	return firstError(beside.into(p, t.Key), p.end())
}

// A taskStream gives tasks in the order of their keys, over all features of an
// epic, however small they are.
type taskStream struct {
	*stream[plan.Task]
	beside *beside // what belongs to them
}

func (e *exporter) tasksUnder(k plan.Key) *taskStream {
	first, last := k.Range()
	return &taskStream{beside: e.besideTasks(first, last), stream: following(func(after *plan.Task) ([]plan.Task, bool, error) {
		return e.tx.TaskPart(store.TaskFilter{Under: k, After: after})
	})}
}
