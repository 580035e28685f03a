package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// An undoing takes operations back, one after the other, the last first.
type undoing struct {
	tx        *store.Tx
	undoings  plan.Undoings
	moved     counts
	conflicts []plan.UndoConflict
	warnings  []Warning
	unheld    []unheld

	taking  map[string]bool   // the operations that are taken back
	after   string            // the one of them that came after the operation at hand; empty for none
	blocked map[plan.Key]bool // what stays because something of it does

	items   []*undoneItem // that the operation at hand has changed, in the order of their keys
	late    []lateEdge
	trashed bool // what the operation at hand created is in the trash
	at      map[plan.Key]*undoneItem
}

// An undoneItem is an item that the operation at hand has changed.
type undoneItem struct {
	key     plan.Key // as it is now
	records []store.Record
	net     plan.Net
	later   []plan.History // that came after; read when they are asked for
	since   plan.Net       // what these come to
	known   bool           // they were read
	changed bool           // it was changed before it was deleted, or after it came back
	gone    bool           // it is not there
	linked  bool           // it may have links, or be waited for as a whole
	loose   []plan.Entry   // dependencies that were removed
}

func (i *undoneItem) last() store.Record { return i.records[len(i.records)-1] }

// run takes the operations back.
func (u *undoing) run(operations []plan.Operation) error {
	u.blocked = map[plan.Key]bool{}
	ids := make([]string, len(operations))
	u.taking = map[string]bool{}
	for i, o := range operations {
		ids[i], u.taking[o.ID] = o.ID, true
	}
	u.tx.Undoes(ids)
	for _, o := range operations {
		if err := u.operation(o); err != nil {
			return err
		}
		u.after = o.ID
	}
	return u.warnOfUnheld()
}

// operation takes one operation back: first what it removed of the project is
// there, such as the stage that a task is in, and the dependencies that it added are
// gone, which may close cycles with what follows. Then what was deleted or moved is
// where it was, so that the rest finds it, then what was created goes to the trash,
// and last what was declared goes, of which that may have values.
func (u *undoing) operation(o plan.Operation) error {
	u.moved, u.late, u.trashed = counts{}, nil, false
	if err := u.load(o); err != nil {
		return err
	}
	for _, step := range []func() error{u.declare, u.loosen, u.bringBack, u.moveBack, u.lock, u.edges, u.tasks, u.levels, func() error { return u.moved.flush(u.tx) }, u.trash, u.project} {
		if err := step(); err != nil {
			return err
		}
	}
	return u.tightenLate()
}

// load reads what the operation did.
func (u *undoing) load(o plan.Operation) error {
	records, err := u.tx.RecordsOf(o)
	if err != nil {
		return err
	}
	roots, all := o.Brought()
	if !all {
		return plan.Errorf(plan.Refused, "cannot undo %.60s: it brought in more items than its operation names", o.Command).WithCode("cannot_undo").WithHint("delete what it brought in, for example: pm delete %s", roots[0])
	}
	if len(records) == 0 && o.Undoes == "" && len(roots) == 0 && !o.BroughtProject() {
		return u.cannot(o, permanentlyDeleted)
	}
	u.at = map[plan.Key]*undoneItem{}
	for _, r := range records {
		i := u.at[r.Key]
		if i == nil {
			i = &undoneItem{key: r.Key}
			u.at[r.Key] = i
		}
		i.records = append(i.records, r)
	}
	if lost := o.Items - len(u.at); lost > 0 && len(roots) == 0 && o.Undoes == "" && !o.BroughtProject() {
		u.warnings = append(u.warnings, warning("permanently_deleted", "of %d items that %s changed, %d left the trash and were permanently deleted", o.Items, o.Command, lost))
	}
	if err := u.broughtIn(o, roots); err != nil {
		return err
	}
	u.items = nil
	for _, k := range slices.SortedFunc(maps.Keys(u.at), plan.Key.Compare) {
		i := u.at[k]
		if !i.net.Created {
			i.net = plan.NetOf(historiesOf(i.records))
		}
		if i.net.Redacted {
			return u.cannot(o, "redacted text cannot be restored")
		}
		u.items = append(u.items, i)
	}
	u.changedToo()
	return nil
}

// changedToo has what the operation changed of an item before it deleted it, or
// after it brought it back, taken back, too: the undo of several operations does
// both. What it brought back, changed and deleted is brought back and deleted again.
func (u *undoing) changedToo() {
	for n, i := range u.items {
		was := i.net
		if !was.Gone && !was.Deleted {
			continue
		}
		rest := slices.DeleteFunc(historiesOf(i.records), func(h plan.History) bool { return h.Change.Any("deleted") })
		if i.changed = len(rest) > 0; i.changed {
			i.net = plan.NetOf(rest)
		}
		i.net.Deleted, i.net.Returned = was.There, was.Gone
		if was.Gone && was.There && !i.changed {
			inIt := n+1 < len(u.items) && i.key.Contains(u.items[n+1].key) // which is in the order of keys
			i.net.Deleted, i.net.Returned = inIt, inIt
		}
	}
}

func historiesOf(records []store.Record) []plan.History {
	out := make([]plan.History, len(records))
	for i, r := range records {
		out[i] = r.History
	}
	return out
}

// readLater reads what was recorded of an item after the operation. head is the
// head of its history now.
func (u *undoing) readLater(i *undoneItem, head string) (err error) {
	if i.known {
		return nil
	}
	if i.known = true; head != i.last().Hash {
		if i.later, err = u.tx.Later(i.key, i.last()); err != nil {
			return err
		}
	}
	i.since = plan.NetOf(i.later)
	return nil
}

// conflict notes that a field of an item stays as it is.
func (u *undoing) conflict(i *undoneItem, field string) {
	h, found := lastOf(i.later, func(h plan.History) bool {
		return h.Operation != u.tx.Operation() && (h.Change.Any(changeName(field)) || field == "status" && h.OldStatus != h.NewStatus)
	})
	if !found {
		h, _ = lastOf(i.later, func(h plan.History) bool { return h.Operation != u.tx.Operation() })
	}
	u.stays(i.key, field, h.Operation, h.Agent)
}

// changeName returns the name of a field in records.
func changeName(field string) string {
	if field == "status" {
		return ""
	}
	return field
}

func (u *undoing) stays(k plan.Key, field, operation, agent string) {
	c := plan.UndoConflict{Key: k, Field: field, Operation: operation, Agent: agent}
	u.block(k)
	if !slices.Contains(u.conflicts, c) {
		u.conflicts = append(u.conflicts, c)
	}
}

// block has an item stay, with all that it lies under.
func (u *undoing) block(k plan.Key) {
	for up := k; !up.IsZero(); up = up.Parent() {
		u.blocked[up] = true
	}
}

func lastOf(records []plan.History, fits func(plan.History) bool) (plan.History, bool) {
	for _, h := range slices.Backward(records) {
		if fits(h) {
			return h, true
		}
	}
	return plan.History{}, false
}

// tried turns an error that says that something cannot be as it was into a
// conflict.
func (u *undoing) tried(err error, i *undoneItem, field string) error {
	switch kindOf(err) {
	case "":
		return nil
	case plan.Refused, plan.NotFound, plan.Conflict, plan.Invalid:
		u.conflict(i, field)
		return nil
	}
	return err
}

// former returns the texts of which the records of an item have the digests.
func (u *undoing) former(k plan.Key, failed *error) plan.FormerText {
	return func(digest string) string {
		body, err := u.tx.FormerText(k, digest)
		if err != nil && *failed == nil {
			*failed = err
		}
		return body
	}
}

// changes returns what this transaction recorded.
func (u *undoing) changes() (changes []FieldChange, more int, err error) {
	at, err := u.tx.At()
	if err != nil {
		return nil, 0, err
	}
	return changesOf(u.tx, plan.Operation{ID: u.tx.Operation(), At: at}, shownChanges)
}

// bringBack takes out of the trash what the operation put there.
func (u *undoing) bringBack() error {
	var entries []plan.Trashed
	var with []*undoneItem       // that an undo deleted together with what they lay under
	comes := map[plan.Key]bool{} // and parents that are there
	for _, i := range u.items {
		if !i.net.Deleted {
			continue
		}
		entry, found, err := u.tx.LockTrashOf(i.key)
		if err != nil {
			return err
		}
		up := i.key.Parent()
		if !found && (comes[up] || comes[up.Parent()]) {
			with = append(with, i)
			continue
		}
		if !found {
			if err := u.notInTrash(i); err != nil {
				return err
			}
			continue
		}
		if !up.IsZero() && !comes[up] {
			above, _, err := trashedWith(u.tx, up)
			if err == nil && !comes[above.Key] {
				_, err = restorable(u.tx, i.key, (*store.Tx).LockTrashOf)
			}
			if comes[up] = err == nil; err != nil {
				if err := u.tried(err, i, "deleted"); err != nil {
					return err
				}
				continue
			}
		}
		comes[i.key] = true
		entries = append(entries, entry)
	}
	if len(entries) == 0 {
		return nil
	}
	if err := restore(u.tx, entries...); err != nil {
		return err
	}
	for _, i := range with {
		if err := u.notInTrash(i); err != nil {
			return err
		}
	}
	return nil
}

// notInTrash says who deleted what an item lay under, if it is not there.
func (u *undoing) notInTrash(i *undoneItem) error {
	if _, err := loadItem(u.tx, i.key); kindOf(err) != plan.NotFound {
		return err
	}
	return u.missing(i)
}

// missing notes that an item is not there: it, or what it lay under, was
// deleted.
func (u *undoing) missing(i *undoneItem) error {
	i.gone = true
	entry, _, err := trashedWith(u.tx, i.key)
	if err == nil {
		u.stays(i.key, "deleted", entry.Operation, entry.Agent)
	}
	return err
}
