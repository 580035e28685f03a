package tracker

import (
	"context"
	"strconv"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// mostExpired and mostExpiredItems bound what leaves the trash in one operation:
// whoever deletes something waits for it. A larger entry leaves by itself.
const (
	mostExpired      = 500
	mostExpiredItems = 10_000
)

// trashKept is how long the project keeps the trash; 0 for ever.
func trashKept(tx *store.Tx) (time.Duration, error) {
	set, err := settingsOf(tx)
	return plan.TrashKept(set[plan.TrashDays]), err
}

// leaving sets when entries leave the trash.
func leaving(tx *store.Tx, items []plan.Trashed) error {
	kept, err := trashKept(tx)
	for i := range items {
		if kept > 0 {
			items[i].LeavesAt = items[i].DeletedAt.Add(kept)
		}
	}
	return err
}

// InTrash says what has been in the trash longest.
type InTrash struct {
	DeletedAt time.Time `json:"deleted_at"`
	LeavesAt  time.Time `json:"leaves_at,omitzero"` // the zero time: never
}

// inTrash returns nil if the trash is empty.
func inTrash(tx *store.Tx) (*InTrash, error) {
	first, err := tx.FirstTrashed()
	if err != nil || first.IsZero() {
		return nil, err
	}
	of := []plan.Trashed{{DeletedAt: first}}
	err = leaving(tx, of)
	return &InTrash{first, of[0].LeavesAt}, err
}

// oldTrash returns the moment before which what was deleted has left the trash at
// a time; the zero time if nothing in it is as old.
func oldTrash(tx *store.Tx, now time.Time) (before time.Time, err error) {
	first, kept := time.Time{}, time.Duration(0)
	if first, err = tx.FirstTrashed(); err != nil || first.IsZero() {
		return before, err
	}
	if kept, err = trashKept(tx); err == nil && kept > 0 && first.Before(now.Add(-kept)) {
		before = now.Add(-kept)
	}
	return before, err
}

// oldTrashBeside is oldTrash for a transaction that deletes something; of others
// it is the zero time. It is judged by the operation before: a clock that went
// ahead for one call must not empty the trash.
func oldTrashBeside(tx *store.Tx) (before time.Time, err error) {
	if !tx.Discarded() {
		return before, nil
	}
	last, err := tx.OperationPage(store.AfterAll, 1)
	if err != nil || len(last) == 0 {
		return before, err
	}
	now, err := tx.Now()
	if err == nil && last[0].At.Before(now) {
		now = last[0].At
	}
	if err == nil {
		before, err = oldTrash(tx, now)
	}
	return before, err
}

// expire permanently deletes entries of the trash that are older than a moment,
// the first deleted first, as an operation of pm's own: it is nobody's last one,
// which pm undo takes back. It reports whether there may be more.
func (t *Tracker) expire(ctx context.Context, before time.Time) (more bool, err error) {
	defer t.changed()
	ctx = plan.WithActor(ctx, plan.Actor{Name: "pm"})
	err = t.change(ctx, func(tx *store.Tx) error {
		kept, err := trashKept(tx)
		if err != nil || kept == 0 {
			return err
		}
		tx.Describe(plan.TrashExpiry + strconv.Itoa(int(kept.Hours()/24)) + "d")
		old, err := tx.LockTrashBefore(before, mostExpired)
		if more = len(old) == mostExpired; err != nil {
			return err
		}
		items := 0
		for i, entry := range old {
			if items += entry.Epics + entry.Features + entry.Tasks; i > 0 && items > mostExpiredItems {
				old, more = old[:i], true
				break
			}
		}
		return purge(tx, old)
	})
	return more, err
}

// ExpireTrash permanently deletes what has been in the trash for longer than the
// project keeps it.
func (t *Tracker) ExpireTrash(ctx context.Context) error {
	before, err := read(ctx, t, func(tx *store.Tx) (time.Time, error) {
		now, err := tx.Now()
		if err != nil {
			return now, err
		}
		return oldTrash(tx, now)
	})
	for more := !before.IsZero(); err == nil && more; {
		more, err = t.expire(ctx, before)
	}
	return err
}
