package tracker

import (
	"context"
	"io"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// exportPage is how many tasks an export reads at a time.
const exportPage = 1000

// Export writes the whole plan as JSON lines, losslessly: items, notes,
// history, dependencies, counters, versions. progress, where given, is told
// how many tasks are written, and of how many.
func (t *Tracker) Export(ctx context.Context, w io.Writer, progress func(done, total int)) error {
	_, err := read(ctx, t, func(tx *store.Tx) (struct{}, error) {
		out := interchange.NewLineWriter(w)
		last, err := tx.LastEpic()
		if err != nil {
			return struct{}{}, err
		}
		deleted, err := tx.PlanHistory(plan.Key{})
		if err != nil {
			return struct{}{}, err
		}
		if err := out.Write(interchange.Header{Type: "pm", Format: interchange.Format, LastEpic: last, Deleted: deleted}); err != nil {
			return struct{}{}, err
		}
		epics, err := tx.Epics(store.PlanFilter{})
		if err != nil {
			return struct{}{}, err
		}
		e := exporter{tx: tx, out: out, progress: progress}
		for _, epic := range epics {
			e.total += epic.TasksTotal
		}
		for _, epic := range epics {
			if err := e.epic(epic); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, out.Flush()
	})
	return err
}

type exporter struct {
	tx          *store.Tx
	out         *interchange.LineWriter
	progress    func(done, total int)
	done, total int
	gone        Gone
}

func (e *exporter) epic(epic plan.Epic) error {
	history, err := e.tx.PlanHistory(epic.Key)
	if err != nil {
		return err
	}
	e.gone.Epics++
	e.gone.History += len(history)
	if err := e.out.Write(interchange.NewEpicRecord(epic, history)); err != nil {
		return err
	}
	features, err := e.tx.Features(store.PlanFilter{Under: epic.Key})
	if err != nil {
		return err
	}
	for _, f := range features {
		if err := e.feature(f); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) feature(f plan.Feature) error {
	history, err := e.tx.PlanHistory(f.Key)
	if err != nil {
		return err
	}
	e.gone.Features++
	e.gone.History += len(history)
	if err := e.out.Write(interchange.NewFeatureRecord(f, history)); err != nil {
		return err
	}
	filter := store.TaskFilter{Under: f.Key, Limit: exportPage}
	for {
		tasks, err := e.tx.Tasks(filter)
		if err != nil || len(tasks) == 0 {
			return err
		}
		if err := e.tasks(tasks); err != nil {
			return err
		}
		if len(tasks) < exportPage {
			return nil
		}
		filter.After = &tasks[len(tasks)-1]
	}
}

// tasks writes a page of tasks, which lie in the order of their keys.
func (e *exporter) tasks(tasks []plan.Task) error {
	first, last := tasks[0].ID, tasks[len(tasks)-1].ID
	notes, err := e.tx.Notes(first, last)
	if err != nil {
		return err
	}
	history, err := e.tx.TaskHistory(first, last)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if err := e.out.Write(interchange.NewTaskRecord(t, notes[t.Key], history[t.Key])); err != nil {
			return err
		}
		e.gone.Tasks++
		e.gone.Notes += len(notes[t.Key])
		e.gone.History += len(history[t.Key])
	}
	e.done += len(tasks)
	if e.progress != nil {
		e.progress(e.done, max(e.total, e.done))
	}
	return nil
}
