package tracker

import (
	"context"
	"maps"
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
)

// Redact is the input of Tracker.Redact.
type Redact struct {
	Key    string `json:"key" jsonschema:"key of an epic, a feature or a task, also one in the trash; plan means the plan itself" arg:"key"`
	Field  string `json:"field" jsonschema:"title, description, reason, file_path, blocked_reason, link, note, check or field.NAME" arg:"field"`
	Note   int    `json:"note,omitempty" jsonschema:"the number of the note or check" arg:"n?"`
	Reason string `json:"reason,omitempty" jsonschema:"why; kept in the history" short:"r"`
}

// Redacted is the answer of Tracker.Redact.
type Redacted struct {
	Key     plan.Key `json:"key"`
	Field   string   `json:"field"`
	Note    int      `json:"note,omitempty"`
	Records int      `json:"records" jsonschema:"number of history records that contained the text"`
	StillIn []string `json:"still_in" jsonschema:"where the text may still exist"`
}

// Redact removes every value that a field of an item ever had, wherever it is
// kept: in the row, the notes, the history, the former texts, the trash, the
// text index and the answers to calls with an idempotency key. In their place
// is plan.Redacted, and the history says who redacted what. Its chain holds,
// since it is taken over digests. It cannot be undone.
func (t *Tracker) Redact(ctx context.Context, in Redact) (Redacted, error) {
	key, err := noteKey(in.Key)
	if err != nil {
		return Redacted{}, err
	}
	_, err = plan.NewRedaction(key, in.Field, in.Note)
	if err := firstError(err, plan.CheckText("reason", in.Reason)); err != nil {
		return Redacted{}, err
	}
	out, err := write(ctx, t, call{"item redact", in}, func(tx *store.Tx) (out Redacted, err error) {
		r := redaction{tx: tx, key: key, reason: in.Reason, indexed: key.Level() == plan.LevelTask}
		if r.Redaction, err = plan.NewRedaction(key, in.Field, in.Note); err != nil {
			return out, err
		}
		r.indexed = r.indexed || r.Field == "note" // perhaps removed since
		records, err := r.run()
		return Redacted{Key: key, Field: r.Field, Note: r.Note, Records: records}, err
	})
	if err != nil {
		return out, err
	}
	out.StillIn = t.erase(ctx, key)
	return out, nil
}

// erase removes from the database's files what was overwritten, and returns
// where it may be all the same.
func (t *Tracker) erase(ctx context.Context, k plan.Key) []string {
	still := []string{"backups and exports made before"}
	done, err := t.db.Erase(ctx, db.Work{What: "item redact " + k.String(), Agent: plan.ActorOf(ctx).Name, Total: 1})
	switch {
	case err != nil:
		return append(still, "the database files, which cannot be rewritten now: "+plan.Describe(err).Message+"; run the command again")
	case !done:
		return append(still, "dead rows on the server until VACUUM FULL, and its write-ahead log")
	}
	return still
}

// A redaction is one that is being done.
type redaction struct {
	plan.Redaction
	tx     *store.Tx
	key    plan.Key
	reason string

	indexed bool // something was cleared of which the text index had the words
}

// run returns how many records held the text.
func (r *redaction) run() (records int, err error) {
	row, err := r.find()
	if err != nil {
		return 0, err
	}
	if err := r.tx.FindRedacted(r.key, &r.Redaction); err != nil {
		return 0, err
	}
	if !r.Found() {
		return 0, plan.Errorf(plan.NotFound, "%s never had a %s", r.key.Name(), r.What()).WithHint("run pm show %s and pm log %s to see what it has", r.key, r.key)
	}
	if len(r.Texts()) == 0 {
		return 0, nil // it was redacted before
	}
	for digest, text := range r.Texts() {
		if text == "" {
			if r.Texts()[digest], err = r.tx.FormerText(r.key, digest); err != nil {
				return 0, err
			}
		}
	}
	if records, err = r.tx.RedactRecords(r.key, &r.Redaction); err != nil {
		return records, err
	}
	if err := firstError(row(), r.forgetAnswers()); err != nil || !r.indexed {
		return records, err
	}
	return records, r.tx.MergeSearch() // or it would keep the words until it is merged by itself
}

// forgetAnswers has pm forget what it answered about the item, and about
// others with one of the texts.
func (r *redaction) forgetAnswers() error {
	err := r.tx.ForgetAnswers(`"key":"` + r.key.String() + `"`)
	for _, text := range r.Texts() {
		quoted, jsonErr := plan.JSON(text)
		if err = firstError(err, jsonErr); err == nil && text != "" {
			err = r.tx.ForgetAnswers(string(quoted))
		}
	}
	return err
}

// find locks the item, and returns what redacts its row and records that.
func (r *redaction) find() (row func() error, err error) {
	if r.key.IsZero() {
		item, err := lockRow(r.tx, r.key)
		return func() error { return r.project(item) }, err
	}
	switch r.key.Level() {
	case plan.LevelEpic:
		var e plan.Epic
		e, err = r.tx.LockEpic(r.key)
		row = func() error { return r.epic(e) }
	case plan.LevelFeature:
		var f plan.Feature
		f, err = r.tx.LockFeature(r.key)
		row = func() error { return r.feature(f) }
	default:
		var t plan.Task
		t, err = r.tx.LockTask(r.key)
		row = func() error { return r.task(t) }
	}
	if kindOf(err) != plan.NotFound {
		return row, err
	}
	gone, found, trashErr := r.findTrashed()
	if trashErr != nil || !found {
		return nil, firstError(trashErr, err)
	}
	return func() error { return r.trashed(gone) }, nil
}

// project redacts the notes of the plan itself.
func (r *redaction) project(item Item) error {
	changes, err := r.storedNotes()
	for _, c := range r.records(plan.Change{}, changes) {
		if err == nil {
			item, err = saveItem(r.tx, item, plan.History{Change: c}, func(Item) {})
		}
	}
	return err
}

// epic, feature and task redact an item and its notes.
func (r *redaction) epic(e plan.Epic) error {
	changes, err := r.storedNotes()
	before := e
	r.Clear(&e.Title)
	r.Clear(&e.Description)
	r.ClearFields(&e.Fields)
	removed, linkErr := r.storedLinks(&e.Links)
	err = firstError(err, linkErr)
	for _, c := range r.records(withLinks(e.Since(before), removed), changes) {
		err = firstError(err, r.tx.SaveEpic(before, &e, plan.History{Change: c}))
		before = e
	}
	return err
}

func (r *redaction) feature(f plan.Feature) error {
	changes, err := r.storedNotes()
	before := f
	r.Clear(&f.Title)
	r.Clear(&f.Description)
	r.ClearFields(&f.Fields)
	removed, linkErr := r.storedLinks(&f.Links)
	err = firstError(err, linkErr)
	for _, c := range r.records(withLinks(f.Since(before), removed), changes) {
		err = firstError(err, r.tx.SaveFeature(before, &f, plan.History{Change: c}))
		before = f
	}
	return err
}

func (r *redaction) task(t plan.Task) error {
	changes, err := r.storedNotes()
	before := t
	r.clearTask(&t)
	one := []plan.Task{t}
	err = firstError(err, r.tx.LoadBeside(one))
	removed, linkErr := r.storedLinks(&one[0].Links)
	err = firstError(err, linkErr)
	for _, c := range r.records(withLinks(t.Since(before), removed), changes) {
		err = firstError(err, r.tx.SaveTask(before, &t, plan.History{Change: c}))
		before = t
	}
	return firstError(err, r.tx.ReindexTask(&t))
}

// storedNotes clears the notes of the item, and returns the changes of those
// that had a text.
func (r *redaction) storedNotes() (changes []plan.Change, err error) {
	var cleared []plan.Note
	err = r.tx.EachNote(r.key, func(notes []plan.Note) error {
		some, of := r.clearNotes(notes)
		cleared, changes = append(cleared, some...), append(changes, of...)
		return nil
	})
	for _, n := range cleared {
		err = firstError(err, r.tx.RewriteNote(n))
		r.indexed = true
	}
	return changes, err
}

// storedLinks removes those of the links that are to be redacted, and returns
// them.
func (r *redaction) storedLinks(links *[]plan.Link) (removed []plan.Link, err error) {
	removed = r.ClearLinks(links)
	for _, l := range removed {
		err = firstError(err, r.tx.RemoveLink(store.LinkRowOf(r.key, l)))
	}
	return removed, err
}

// withLinks adds links that were removed to a change.
func withLinks(c plan.Change, removed []plan.Link) plan.Change {
	if len(removed) > 0 {
		c["links"] = [2]any{plan.LinksOf(removed), nil}
	}
	return c
}

func (r *redaction) clearTask(t *plan.Task) {
	for _, text := range []*string{&t.Title, &t.Description, &t.FilePath, &t.BlockedReason} {
		r.Clear(text)
	}
	r.ClearFields(&t.Fields)
	t.Checks = slices.Clone(t.Checks)
	for i := range t.Checks {
		r.Clear(&t.Checks[i].Text)
	}
}

// clearNotes clears notes, and returns those that had a text, with their changes.
func (r *redaction) clearNotes(notes []plan.Note) (cleared []plan.Note, changes []plan.Change) {
	for i := range notes {
		n := &notes[i]
		before := n.Change()
		body, answer := r.Clear(&n.Body), r.Clear(&n.Answer)
		if !body && !answer {
			continue
		}
		after := n.Change()
		cleared, changes = append(cleared, *n), append(changes, plan.Change{"note": {before, after}})
	}
	return cleared, changes
}

// records returns the changes that the records of the redaction hold: one for
// the row and the first note, and one for each other note.
func (r *redaction) records(row plan.Change, notes []plan.Change) (out []plan.Change) {
	if len(notes) > 0 {
		maps.Copy(row, notes[0])
		notes = notes[1:]
	}
	for _, c := range append([]plan.Change{row}, notes...) {
		out = append(out, r.Record(c, r.reason))
	}
	return out
}
