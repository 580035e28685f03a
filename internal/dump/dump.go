// Package dump writes a plan, or items of it with all that lies under them, as
// the lines of an export (package interchange). It reads them from the store in
// a transaction that its caller began, and has no more than some parts of the
// plan in memory at a time.
package dump

import (
	"cmp"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// Lines is where lines go: to a file, or in parts into the trash.
type Lines interface{ Write(line any) error }

// Counts is how much was written.
type Counts struct{ Epics, Features, Tasks, Notes int }

// A Writer writes items.
type Writer struct {
	tx          *store.Tx
	out         Lines
	rowsOnly    bool // without history, and every item with its notes in one line
	progress    func(done, total int)
	done, total int
	wrote       Counts
}

// Plan writes the whole plan, losslessly: items, notes, history, dependencies,
// counters, versions, the trash, operations; all but the last line of an export.
// progress, unless nil, is told how many tasks are written, and of how many.
func Plan(tx *store.Tx, out Lines, progress func(done, total int)) error {
	w := Writer{tx: tx, out: out, progress: progress}
	return w.plan()
}

// Rows returns a writer of the rows of items, as the trash has them: without
// histories, and every item with all its notes on one line. progress, unless nil,
// is told how many tasks are written.
func Rows(tx *store.Tx, out Lines, progress func(done int)) *Writer {
	w := &Writer{tx: tx, out: out, rowsOnly: true}
	if progress != nil {
		w.progress = func(done, _ int) { progress(done) }
	}
	return w
}

// Wrote returns how much was written so far.
func (w *Writer) Wrote() Counts { return w.wrote }

func (w *Writer) plan() error {
	last, err := w.tx.LastEpic()
	if err != nil {
		return err
	}
	err = w.tx.EachEpic(store.PlanFilter{}, func(epics []plan.Epic) error {
		for _, epic := range epics {
			w.total += epic.TasksTotal
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.out.Write(interchange.Header{Type: "pm", Format: interchange.Format, LastEpic: last}); err != nil {
		return err
	}
	if err := w.project(); err != nil {
		return err
	}
	epics := w.tx.EpicStream(store.PlanFilter{})
	for {
		epic, err := epics.Next()
		if err != nil {
			return err
		}
		if epic == nil {
			return w.rest()
		}
		if err := w.Epic(*epic); err != nil {
			return err
		}
	}
}

// project writes the line of the project itself, if it has a history.
func (w *Writer) project() error {
	project, err := w.tx.Project()
	if err != nil || project.Version == 0 {
		return err
	}
	bytes := 0
	for _, d := range project.Definitions {
		bytes += len(d.Body)
	}
	p := w.parcel(plan.Key{}, bytes, func(c contents) any {
		r := interchange.NewProjectRecord(project)
		r.History, r.Texts, r.Notes, r.More = c.History, c.Texts, c.Notes, c.More
		return r
	})
	beside := w.besideEpic(plan.Key{})
	beside.notes = w.notesOf(plan.Key{}, project.LastNote)
	return cmp.Or(beside.into(p, plan.Key{}), p.end())
}

// Epic writes an epic with all that lies under it.
func (w *Writer) Epic(epic plan.Epic) error {
	w.wrote.Epics++
	p := w.parcel(epic.Key, len(epic.Description), func(c contents) any {
		r := interchange.NewEpicRecord(epic, c.Notes, c.History)
		r.Texts, r.More = c.Texts, c.More
		return r
	})
	beside := w.besideEpic(epic.Key)
	beside.notes = w.notesOf(epic.Key, epic.LastNote)
	if err := cmp.Or(beside.into(p, epic.Key), p.end()); err != nil {
		return err
	}
	first, last := epic.Key.Range()
	features := w.tx.FeatureStream(store.PlanFilter{Under: epic.Key})
	beside, tasks := w.besideFeatures(first, last), w.tasksUnder(epic.Key)
	for {
		f, err := features.Next()
		if f == nil || err != nil {
			return err
		}
		if err := w.featureWith(*f, beside, tasks); err != nil {
			return err
		}
	}
}

// Feature writes a feature with all that lies under it.
func (w *Writer) Feature(f plan.Feature) error {
	id := f.Key.Ordinal()
	return w.featureWith(f, w.besideFeatures(id, id), w.tasksUnder(f.Key))
}

// featureWith writes a feature and its tasks, which come next in the streams.
func (w *Writer) featureWith(f plan.Feature, beside *beside, tasks *taskStream) error {
	w.wrote.Features++
	p := w.parcel(f.Key, len(f.Description), func(c contents) any {
		r := interchange.NewFeatureRecord(f, c.Notes, c.History)
		r.Texts, r.More = c.Texts, c.More
		return r
	})
	beside.notes = w.notesOf(f.Key, f.LastNote)
	if !w.rowsOnly {
		beside.texts = w.tx.ContentStream(f.Key.Ordinal(), f.Key.Ordinal())
	}
	if err := cmp.Or(beside.into(p, f.Key), p.end()); err != nil {
		return err
	}
	for {
		t, err := tasks.NextAt(func(t *plan.Task) int { return t.FeatureKey.Compare(f.Key) })
		if t == nil || err != nil {
			return err
		}
		if err := w.task(*t, tasks.beside); err != nil {
			return err
		}
	}
}

// Task writes a task.
func (w *Writer) Task(t plan.Task) error {
	return w.task(t, w.besideTasks(t.ID, t.ID))
}

func (w *Writer) task(t plan.Task, beside *beside) error {
	w.wrote.Tasks++
	w.done++
	if w.progress != nil && (w.done%100 == 0 || w.done == w.total) {
		w.progress(w.done, max(w.total, w.done))
	}
	p := w.parcel(t.Key, len(t.Description)+len(t.BlockedReason), func(c contents) any {
		r := interchange.NewTaskRecord(t, c.Notes, c.History)
		r.Texts, r.More = c.Texts, c.More
		return r
	})
	return cmp.Or(beside.into(p, t.Key), p.end())
}

// A taskStream gives tasks in the order of their keys, over all features of an
// epic, however small they are.
type taskStream struct {
	*store.Stream[plan.Task]
	beside *beside // what belongs to them
}

func (w *Writer) tasksUnder(k plan.Key) *taskStream {
	first, last := k.Range()
	return &taskStream{w.tx.TaskStream(store.TaskFilter{Under: k}), w.besideTasks(first, last)}
}
