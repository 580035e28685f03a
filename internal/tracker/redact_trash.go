package tracker

import (
	"bytes"
	"strings"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/trash"
)

// A trashedRow is the row of an item in the trash.
type trashedRow struct {
	entry         plan.Trashed
	part          int    // of the entry
	before, after string // the lines of that part around it
	record        any    // of package interchange
}

// findTrashed finds the item in the trash, where it is by itself or with what
// it lay under, and locks the entry.
func (r *redaction) findTrashed() (row trashedRow, found bool, err error) {
	for up := r.key; !up.IsZero() && !found && err == nil; up = up.Parent() {
		entry, there, findErr := r.tx.LockTrashOf(up)
		if err = findErr; err == nil && there {
			row, found, err = r.findIn(entry)
		}
	}
	return row, found, err
}

func (r *redaction) findIn(entry plan.Trashed) (row trashedRow, found bool, err error) {
	parts, err := r.tx.TrashParts(entry.ID)
	if err != nil {
		return row, false, err
	}
	for i, lines := range parts {
		at := 0
		for line := range strings.Lines(lines) {
			at += len(line)
			if !strings.Contains(line, `"key":"`+r.key.String()+`"`) {
				continue
			}
			record, err := interchange.NewRowReader(line).Next()
			if err != nil {
				return row, false, err
			}
			if trash.KeyOf(record) == r.key {
				return trashedRow{entry, i, lines[:at-len(line)], lines[at:], record}, true, nil
			}
		}
	}
	return row, false, nil
}

// trashed redacts an item in the trash.
func (r *redaction) trashed(row trashedRow) error {
	r.indexed = true // until it was deleted
	var line any
	var err error
	switch rec := row.record.(type) {
	case interchange.EpicRecord:
		e := rec.Item()
		before := e
		r.Clear(&e.Title)
		r.Clear(&e.Description)
		r.ClearFields(&e.Fields)
		_, notes := r.clearNotes(rec.Notes)
		err = r.recordAll(&row, link{e.UID, string(e.Status), &e.Version, &e.HistoryHash, &e.UpdatedAt}, withLinks(e.Since(before), r.ClearLinks(&e.Links)), notes)
		line = interchange.NewEpicRecord(e, rec.Notes, nil)
	case interchange.FeatureRecord:
		f := rec.Item()
		before := f
		r.Clear(&f.Title)
		r.Clear(&f.Description)
		r.ClearFields(&f.Fields)
		_, notes := r.clearNotes(rec.Notes)
		err = r.recordAll(&row, link{f.UID, string(f.Status), &f.Version, &f.HistoryHash, &f.UpdatedAt}, withLinks(f.Since(before), r.ClearLinks(&f.Links)), notes)
		line = interchange.NewFeatureRecord(f, rec.Notes, nil)
	case interchange.TaskRecord:
		t := rec.Item()
		before := t
		r.clearTask(&t)
		_, notes := r.clearNotes(rec.Notes)
		err = r.recordAll(&row, link{t.UID, string(t.Status), &t.Version, &t.HistoryHash, &t.UpdatedAt}, withLinks(t.Since(before), r.ClearLinks(&t.Links)), notes)
		line = interchange.NewTaskRecord(t, rec.Notes, nil)
	}
	if err != nil {
		return err
	}
	var b bytes.Buffer
	out := interchange.NewLineWriter(&b)
	if err := firstError(out.Write(line), out.Flush()); err != nil {
		return err
	}
	if row.entry.Key == r.key {
		r.Clear(&row.entry.Title)
	}
	return r.tx.RedactTrash(row.entry, row.part, row.before+b.String()+row.after)
}

// A link is what ties a row to its history.
type link struct {
	uid, status string
	version     *int64
	head        *string
	updated     *time.Time
}

// recordAll adds the records of what was cleared of a row and of its notes.
func (r *redaction) recordAll(row *trashedRow, l link, of plan.Change, notes []plan.Change) error {
	for _, c := range r.records(of, notes) {
		if err := r.record(row, l, c); err != nil {
			return err
		}
	}
	return nil
}

// record adds a record to the history of an item in the trash. The history of
// an item that was deleted by itself ends with that, which its row does not
// know of.
func (r *redaction) record(row *trashedRow, l link, c plan.Change) (err error) {
	h := plan.History{OldStatus: l.status, NewStatus: l.status, Timestamp: *l.updated, Change: c}
	if row.entry.Key == r.key {
		h.OldStatus, h.NewStatus, h.Timestamp = "", "", row.entry.DeletedAt
		row.entry.HistoryHash, err = r.tx.RecordTrashed(r.key, l.uid, row.entry.HistoryHash, &h)
		return err
	}
	*l.head, err = r.tx.RecordTrashed(r.key, l.uid, *l.head, &h)
	*l.version++
	*l.updated = h.Timestamp
	return err
}
