package plan

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// A Replay is an item according to its records: the result of folding its
// history from the beginning. The zero value, with the uid, is an item without
// records.
type Replay struct {
	UID     string
	Status  string
	Version int64     // the number of records
	Head    string    // the hash of the last record
	Created time.Time // of the first record, or what it says
	Updated time.Time // of the last record
	Deleted bool      // by its last deletion or return; not with its parents

	deletion struct { // the last one: what r was before it
		status  string
		version int64
		head    string
		updated time.Time
	}
	columns  map[string]string          // canonical values, by name; without those that have none
	sets     map[string]map[string]bool // depends_on, labels and refs
	key      string                     // since it was moved; empty if it never was
	notes    map[int]string             // canonical values of the notes that are there, by number
	lastNote int

	checks    []checkState // in order
	lastCheck int
}

// Fold folds the whole history of the item with the uid, oldest record first.
func Fold(uid string, records []History) (Replay, error) {
	return folded(Replay{UID: uid}, records)
}

func folded(r Replay, records []History) (Replay, error) {
	for _, h := range records {
		if err := r.Add(h); err != nil {
			return r, err
		}
	}
	return r, nil
}

// BeforeDeletion returns r in the form of the row in the trash, for an item
// that was deleted by itself: that row knows no records from its deletion on.
func (r Replay) BeforeDeletion() Replay {
	d := r.deletion
	r.Status, r.Version, r.Head, r.Updated, r.Deleted = d.status, d.version, d.head, d.updated, false
	return r
}

// Add folds the next record into r. An error says what in the record does not
// follow from those before it; r cannot be used after that.
func (r *Replay) Add(h History) error {
	if want := h.Chain(r.Head, r.UID); want != h.Hash {
		return fmt.Errorf("record %d does not match its hash", r.Version+1)
	}
	if h.OldStatus != r.Status {
		return fmt.Errorf("record %d says the status was %q, but the records before it say %q", r.Version+1, h.OldStatus, r.Status)
	}
	if r.Version == 0 {
		r.columns, r.notes = map[string]string{}, map[int]string{}
		r.sets = map[string]map[string]bool{"depends_on": {}, "labels": {}, "refs": {}, linksField: {}}
		r.Created = h.Timestamp
	}
	if h.Timestamp.Before(r.Updated) {
		return fmt.Errorf("record %d is older than the one before it", r.Version+1)
	}
	for field, v := range h.Change {
		if err := r.apply(h, field, v); err != nil {
			return fmt.Errorf("record %d: %w", r.Version+1, err)
		}
	}
	if err := r.checklist(h); err != nil {
		return fmt.Errorf("record %d: %w", r.Version+1, err)
	}
	r.Version++
	r.Status, r.Head, r.Updated = h.NewStatus, h.Hash, h.Timestamp
	return nil
}

func (r *Replay) apply(h History, field string, v [2]any) error {
	switch field {
	case notesField, redactedField, reasonField, checksField, orderField:
	case "deleted":
		if r.Deleted = v[1] != nil; r.Deleted {
			r.deletion.status, r.deletion.version, r.deletion.head, r.deletion.updated = r.Status, r.Version, r.Head, r.Updated
		}
	case "created_at":
		s, _ := v[1].(string)
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return fmt.Errorf("created_at is %q", s)
		}
		r.Created = at
	case "key":
		r.key, _ = v[1].(string)
	case "depends_on", "labels", "refs":
		return r.applySet(field, words(v[0]), words(v[1]))
	case linksField:
		return r.applySet(field, linkWords(AsLinks(v[0])), linkWords(AsLinks(v[1])))
	case "note":
		return r.note(h, v)
	default:
		if before := canonical(field, v[0]); before != r.columns[field] {
			return fmt.Errorf("its old %s does not match the records before it", field)
		}
		if after := canonical(field, v[1]); after == "" {
			delete(r.columns, field)
		} else {
			r.columns[field] = after
		}
	}
	return nil
}

func (r *Replay) applySet(field string, removed, added []string) error {
	of := r.sets[field]
	for _, k := range removed {
		if !of[k] {
			return fmt.Errorf("it removes %s from %s, which was not there", k, field)
		}
		delete(of, k)
	}
	for _, k := range added {
		of[k] = true
	}
	return nil
}

// note applies a note that was written, edited or removed.
func (r *Replay) note(h History, v [2]any) error {
	if v[0] != nil {
		n := noteOf(h, v[0])
		switch was := r.notes[n.N]; {
		case was == "":
			return fmt.Errorf("it changes note %d, which was not there", n.N)
		case was != canonical("note", n):
			return fmt.Errorf("the old note %d does not match the records before it", n.N)
		}
		delete(r.notes, n.N)
	}
	if v[1] != nil {
		n := noteOf(h, v[1])
		r.notes[n.N] = canonical("note", n)
		r.lastNote = max(r.lastNote, n.N)
	}
	return nil
}

// noteOf reads a note from a record, which supplies what the note leaves out.
func noteOf(h History, v any) NoteChange {
	n, _ := AsNote(v)
	if n.Agent == "" {
		n.Agent = h.Agent
	}
	if n.CreatedAt == "" {
		n.CreatedAt = Stamp(h.Timestamp)
	}
	return n
}

func words(v any) []string {
	switch v := v.(type) {
	case []string:
		return v
	case []any:
		out := make([]string, 0, len(v))
		for _, w := range v {
			if s, is := w.(string); is {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// Epic returns the differences between the stored epic and r: one sentence for
// each column, label and note that does not match its history. notes are all
// of its notes except those passed to TakeNotes.
func (r *Replay) Epic(e Epic, notes []Note) []string {
	out := append(r.row(e.Key, e.UID, string(e.Status), e.Version, e.HistoryHash, e.CreatedAt, e.UpdatedAt), r.columnsOf(e.recorded())...)
	out = append(out, r.fieldsOf(e.Fields)...)
	out = append(out, r.setOf("depends_on", "dependency on", KeyWords(e.DependsOn))...)
	out = append(append(out, r.setOf("labels", "label", e.Labels)...), r.setOf("refs", "reference", e.Refs)...)
	out = append(out, r.linksOf(e.Links)...)
	return append(out, r.notesOf(e.LastNote, notes)...)
}

// Feature works like Epic.
func (r *Replay) Feature(f Feature, notes []Note) []string {
	out := append(r.row(f.Key, f.UID, string(f.Status), f.Version, f.HistoryHash, f.CreatedAt, f.UpdatedAt), r.columnsOf(f.recorded())...)
	out = append(out, r.fieldsOf(f.Fields)...)
	out = append(out, r.setOf("depends_on", "dependency on", KeyWords(f.DependsOn))...)
	out = append(append(out, r.setOf("labels", "label", f.Labels)...), r.setOf("refs", "reference", f.Refs)...)
	out = append(out, r.linksOf(f.Links)...)
	return append(out, r.notesOf(f.LastNote, notes)...)
}

// Task works like Epic, for a task with its dependencies.
func (r *Replay) Task(t Task, notes []Note) []string {
	out := append(r.row(t.Key, t.UID, string(t.Status), t.Version, t.HistoryHash, t.CreatedAt, t.UpdatedAt), r.columnsOf(t.recorded())...)
	out = append(out, r.fieldsOf(t.Fields)...)
	out = append(out, r.setOf("depends_on", "dependency on", KeyWords(t.DependsOn))...)
	out = append(append(out, r.setOf("labels", "label", t.Labels)...), r.setOf("refs", "reference", t.Refs)...)
	out = append(out, r.linksOf(t.Links)...)
	out = append(out, r.checksOf(t)...)
	return append(out, r.notesOf(t.LastNote, notes)...)
}

// notesOf compares the remaining notes of an item, and the highest number
// assigned to one.
func (r *Replay) notesOf(lastNote int, notes []Note) []string {
	out := r.TakeNotes(notes)
	for _, n := range slices.Sorted(maps.Keys(r.notes)) {
		out = append(out, fmt.Sprintf("note %d is missing", n))
	}
	if lastNote != r.lastNote {
		out = append(out, fmt.Sprintf("last_note is %d, but its history says %d", lastNote, r.lastNote))
	}
	return out
}

// setOf compares a set of an item with its history.
func (r *Replay) setOf(field, one string, there []string) (out []string) {
	left := maps.Clone(r.sets[field])
	for _, k := range there {
		if !left[k] {
			out = append(out, fmt.Sprintf("the %s %s is not in its history", one, k))
		}
		delete(left, k)
	}
	for _, k := range slices.Sorted(maps.Keys(left)) {
		out = append(out, fmt.Sprintf("the %s %s is missing", one, k))
	}
	return out
}

func (r *Replay) row(k Key, uid, status string, version int64, head string, created, updated time.Time) (out []string) {
	differs := func(column string, is, was any) {
		if is != was {
			out = append(out, fmt.Sprintf("%s is %v, but its history says %v", column, is, was))
		}
	}
	if r.key != "" {
		differs("key", k.String(), r.key)
	}
	differs("uid", uid, r.UID)
	differs("status", status, r.Status)
	differs("version", version, r.Version)
	differs("history_hash", head, r.Head)
	differs("created_at", Stamp(created), Stamp(r.Created))
	differs("updated_at", Stamp(updated), Stamp(r.Updated))
	if r.Deleted {
		out = append(out, "its history says it was deleted")
	}
	return out
}

func (r *Replay) columnsOf(columns []column) (out []string) {
	for _, c := range columns {
		if is := canonical(c.name, c.value); is != r.columns[c.name] {
			out = append(out, c.name+" does not match its history")
		}
	}
	return out
}

// TakeNotes returns the differences between stored notes and r: one sentence
// for each. It can be called several times, with each note in one of the
// calls.
func (r *Replay) TakeNotes(notes []Note) (out []string) {
	for _, n := range notes {
		said, is := r.notes[n.N]
		switch {
		case !is:
			out = append(out, fmt.Sprintf("note %d is not in its history", n.N))
		case said != canonical("note", n.Change()):
			out = append(out, fmt.Sprintf("note %d does not match its history", n.N))
		}
		delete(r.notes, n.N)
	}
	return out
}
