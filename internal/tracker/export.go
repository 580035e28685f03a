package tracker

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"

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
		if err := out.Write(interchange.Header{Type: "pm", Format: interchange.Format, LastEpic: last}); err != nil {
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
		if err := e.rest(); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, firstError(out.End(), out.Flush())
	})
	return err
}

// rest writes what lies with no item: the histories of those that are gone,
// the trash, the operations.
func (e *exporter) rest() error {
	texts, err := e.tx.GoneTexts()
	if err != nil {
		return err
	}
	trash, err := e.tx.Trash()
	if err != nil {
		return err
	}
	slices.Reverse(trash)
	uids := map[plan.Key]string{}
	for _, entry := range trash {
		if err := eachTrashed(e.tx, entry, func(line any) error { uids[keyOf(line)] = uidOf(line); return nil }); err != nil {
			return err
		}
	}
	err = e.tx.GoneHistories(func(k plan.Key, records []plan.History) error {
		return e.out.Write(interchange.HistoryRecord{Type: "history", Key: k, UID: uids[k], History: records, Texts: texts[k.Ordinal()]})
	})
	if err != nil {
		return err
	}
	for _, entry := range trash {
		r := interchange.TrashRecord{Type: "trash", UID: entry.UID, Trashed: entry, HistoryHash: entry.HistoryHash}
		parts, err := e.tx.TrashParts(entry.ID)
		if err != nil {
			return err
		}
		for _, part := range parts {
			for line := range strings.Lines(part) {
				r.Rows = append(r.Rows, json.RawMessage(line))
			}
		}
		if err := e.out.Write(r); err != nil {
			return err
		}
	}
	return e.tx.Operations(func(o plan.Operation) error {
		return e.out.Write(interchange.OperationRecord{Type: "operation", Operation: o})
	})
}

// texts returns the former texts of one item.
func (e *exporter) texts(k plan.Key) ([]string, error) {
	if e.rowsOnly {
		return nil, nil
	}
	texts, err := e.tx.Texts(k.Ordinal(), k.Ordinal())
	return texts[k.Ordinal()], err
}

type exporter struct {
	tx          *store.Tx
	out         interface{ Write(line any) error }
	rowsOnly    bool // without history
	progress    func(done, total int)
	done, total int
	gone        Gone
}

func (e *exporter) epic(epic plan.Epic) error {
	var history []plan.History
	var err error
	if !e.rowsOnly {
		history, err = e.tx.EpicHistory(epic.Key)
	}
	if err != nil {
		return err
	}
	e.gone.Epics++
	r := interchange.NewEpicRecord(epic, history)
	if r.Texts, err = e.texts(epic.Key); err != nil {
		return err
	}
	if err := e.out.Write(r); err != nil {
		return err
	}
	features, err := e.tx.Features(store.PlanFilter{Under: epic.Key})
	if err != nil {
		return err
	}
	histories := map[int64][]plan.History{}
	if !e.rowsOnly {
		histories, err = e.tx.FeatureHistory(epic.Key)
	}
	if err != nil {
		return err
	}
	tasks := taskStream{tx: e.tx, rowsOnly: e.rowsOnly, filter: store.TaskFilter{Under: epic.Key, Limit: exportPage}}
	for _, f := range features {
		if err := e.featureWith(f, histories[f.Key.Ordinal()], &tasks); err != nil {
			return err
		}
	}
	return nil
}

// feature writes the rows of a feature.
func (e *exporter) feature(f plan.Feature) error {
	return e.featureWith(f, nil, &taskStream{tx: e.tx, rowsOnly: e.rowsOnly, filter: store.TaskFilter{Under: f.Key, Limit: exportPage}})
}

// featureWith writes a feature and its tasks, which come next in the stream.
func (e *exporter) featureWith(f plan.Feature, history []plan.History, tasks *taskStream) error {
	e.gone.Features++
	line := interchange.NewFeatureRecord(f, history)
	var err error
	if line.Texts, err = e.texts(f.Key); err != nil {
		return err
	}
	if err := e.out.Write(line); err != nil {
		return err
	}
	for {
		r, err := tasks.next(f.Key)
		if r == nil || err != nil {
			return err
		}
		if err := e.task(*r); err != nil {
			return err
		}
	}
}

// one writes the rows of a single task.
func (e *exporter) one(t plan.Task) error {
	notes, err := e.tx.Notes(t.ID, t.ID)
	if err != nil {
		return err
	}
	return e.task(interchange.NewTaskRecord(t, notes[t.Key], nil))
}

func (e *exporter) task(r interchange.TaskRecord) error {
	e.gone.Tasks++
	e.gone.Notes += len(r.Notes)
	e.done++
	if e.progress != nil && (e.done%100 == 0 || e.done == e.total) {
		e.progress(e.done, max(e.total, e.done))
	}
	return e.out.Write(r)
}

// A taskStream reads tasks with their notes and history in the order of their
// keys, page by page: over all features of an epic, however small they are.
type taskStream struct {
	tx       *store.Tx
	rowsOnly bool
	filter   store.TaskFilter
	page     []plan.Task
	ended    bool // there is no page after this one
	notes    map[plan.Key][]plan.Note
	history  map[plan.Key][]plan.History
	texts    map[int64][]string
}

// next returns the next task if it is one of the feature, else nil.
func (s *taskStream) next(feature plan.Key) (*interchange.TaskRecord, error) {
	if len(s.page) == 0 && !s.ended {
		if err := s.read(); err != nil {
			return nil, err
		}
	}
	if len(s.page) == 0 || s.page[0].FeatureKey != feature {
		return nil, nil
	}
	t := s.page[0]
	s.page = s.page[1:]
	r := interchange.NewTaskRecord(t, s.notes[t.Key], s.history[t.Key])
	r.Texts = s.texts[t.ID]
	return &r, nil
}

func (s *taskStream) read() (err error) {
	if s.page, err = s.tx.Tasks(s.filter); err != nil {
		return err
	}
	if s.ended = len(s.page) < exportPage; len(s.page) == 0 {
		return nil
	}
	last := s.page[len(s.page)-1]
	s.filter.After = &last
	if s.notes, err = s.tx.Notes(s.page[0].ID, last.ID); err != nil {
		return err
	}
	if s.rowsOnly {
		return nil
	}
	if s.history, err = s.tx.TaskHistory(s.page[0].ID, last.ID); err == nil {
		s.texts, err = s.tx.Texts(s.page[0].ID, last.ID)
	}
	return err
}
