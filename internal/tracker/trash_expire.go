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

// hasOld reports whether anything has been in the trash for longer, at a time, than
// the project keeps it.
func hasOld(tx *store.Tx, now time.Time) (bool, error) {
	first, err := inTrash(tx)
	return first != nil && !first.LeavesAt.IsZero() && first.LeavesAt.Before(now), err
}

// expiring returns the time by which a transaction that deletes something has old
// entries leave the trash after it; the zero time if there are none, or it is
// another transaction. It is judged by the operation before: a clock that went
// ahead for one call must not empty the trash.
func expiring(tx *store.Tx) (now time.Time, err error) {
	if !tx.Discarded() {
		return now, nil
	}
	last, err := tx.OperationPage(store.AfterAll, 1)
	if err != nil || len(last) == 0 {
		return now, err
	}
	if now, err = tx.Now(); err == nil && last[0].At.Before(now) {
		now = last[0].At
	}
	old := false
	if err == nil {
		old, err = hasOld(tx, now)
	}
	if !old {
		now = time.Time{}
	}
	return now, err
}

// expire permanently deletes entries that have left the trash by a time, the first
// deleted first, as an operation of pm's own: it is nobody's last one, which pm undo
// takes back. It reports whether there may be more.
func (t *Tracker) expire(ctx context.Context, now time.Time) (more bool, err error) {
	defer t.changed()
	ctx = plan.WithActor(ctx, plan.Actor{Name: "pm"})
	err = t.change(ctx, func(tx *store.Tx) error {
		kept, err := trashKept(tx)
		if err != nil || kept == 0 {
			return err
		}
		tx.Describe(plan.TrashExpiry + strconv.Itoa(int(kept.Hours()/24)) + "d")
		old, err := tx.LockTrashBefore(now.Add(-kept), mostExpired)
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
	var now time.Time
	more, err := read(ctx, t, func(tx *store.Tx) (old bool, err error) {
		if now, err = tx.Now(); err == nil {
			old, err = hasOld(tx, now)
		}
		return old, err
	})
	for more && err == nil {
		more, err = t.expire(ctx, now)
	}
	return err
}
