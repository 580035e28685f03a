package tracker

import (
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// Inbox, in the place of a feature's key, is the feature that takes what was
// captured without saying where it belongs.
const Inbox = "inbox"

// inboxRef is the reference by which that feature is found again, whatever it
// is called and wherever it is moved.
const inboxRef = "pm:inbox"

// featureOf reads the key of the feature that a task is created in; the zero
// key is the Inbox.
func featureOf(s string) (plan.Key, error) {
	if strings.EqualFold(strings.TrimSpace(s), Inbox) {
		return plan.Key{}, nil
	}
	return keyAt(plan.LevelFeature, s)
}

// inbox returns the key of the Inbox, which is made, in an epic of its own,
// when it is asked for first.
func inbox(tx *store.Tx) (plan.Key, error) {
	k, found, err := tx.RefOwner(inboxRef)
	if err != nil || found {
		return k, err
	}
	if err := tx.LockGraph(); err != nil { // of two who miss it one makes it
		return k, err
	}
	if k, found, err = tx.RefOwner(inboxRef); err != nil || found {
		return k, err
	}
	e, err := newEpic(CreateEpic{Title: "Inbox"}, time.Time{})
	if err == nil {
		e, err = insertEpic(tx, e)
	}
	if err != nil {
		return k, err
	}
	_, f, err := newFeature(CreateFeature{Epic: e.Key.String(), Title: "Inbox"}, time.Time{})
	if f.Refs = []string{inboxRef}; err != nil {
		return k, err
	}
	out, err := insertFeature(tx, e.Key, f)
	return out.Key, err
}
