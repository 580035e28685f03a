// Package tracker holds the use cases of pm: one method is one operation and
// one transaction, with the record of every change in it. Only this package
// begins transactions, and only here are the rules of package plan applied.
//
// The inputs are plain structs that describe themselves to every surface: the
// tag json names a field, no omitempty makes it required, jsonschema is its
// help, arg makes it positional on the command line, short gives it a letter,
// list says of a list that its values may have commas (whole), and a pointer means
// that it is left alone unless given.
package tracker

import (
	"context"
	"sync"

	"pm/internal/plan"
	"pm/internal/store"
)

// A Tracker runs the operations on one database.
type Tracker struct {
	db     *store.DB
	backup func() *Backup // reads what is known of the last one; nil: nothing is

	mu       sync.Mutex
	watchers map[chan struct{}]bool
}

// New returns a tracker on db.
func New(db *store.DB) *Tracker { return &Tracker{db: db, watchers: map[chan struct{}]bool{}} }

// DB returns the database, for what looks at it from outside: statistics, tests.
func (t *Tracker) DB() *store.DB { return t.db }

// read runs one operation that changes nothing.
func read[Out any](ctx context.Context, t *Tracker, f func(*store.Tx) (Out, error)) (Out, error) {
	return answer(func(body func(*store.Tx) error) error { return look(ctx, t, body) }, f)
}

// look is read for what has no answer but what it hands on meanwhile.
func look(ctx context.Context, t *Tracker, f func(*store.Tx) error) error {
	_, err := store.Read(ctx, t.db, func(tx *store.Tx) (struct{}, error) { return struct{}{}, f(tx) })
	return err
}

// answer runs f in the transaction that run begins, and returns what f answers if
// run succeeds. Transactions are thus compiled once, not for each type of answer.
func answer[Out any](run func(body func(*store.Tx) error) error, f func(*store.Tx) (Out, error)) (out Out, err error) {
	err = run(func(tx *store.Tx) (err error) { out, err = f(tx); return err })
	if err != nil {
		out = *new(Out)
	}
	return out, err
}

// keyAt reads a key of one level.
func keyAt(level plan.Level, s string) (plan.Key, error) {
	k, err := plan.ParseKey(s)
	if err != nil {
		return k, err
	}
	return k, plan.CheckLevel(k, level)
}

// taskKeys reads the keys of one or more tasks, each once.
func taskKeys(in []string) ([]plan.Key, error) {
	if len(in) == 0 {
		return nil, plan.Errorf(plan.Usage, "missing task key").WithHint("name at least one task, such as T-E04-F01-001")
	}
	seen := map[plan.Key]bool{}
	var keys []plan.Key
	for _, s := range in {
		k, err := keyAt(plan.LevelTask, s)
		if err != nil {
			return nil, err
		}
		if !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// checkVersion refuses a change that was made up from an older version.
func checkVersion(k plan.Key, has int64, want *int64) error {
	if want == nil || *want == has {
		return nil
	}
	return plan.Errorf(plan.Conflict, "%s is at version %d, not %d", k, has, *want).WithCode("stale_version").
		WithHint("to see the current version: pm show %s", k)
}

// oneVersion refuses a version for several tasks.
func oneVersion(want *int64, keys []plan.Key) error {
	if want == nil || len(keys) < 2 {
		return nil
	}
	return plan.Errorf(plan.Usage, "a version can only be given for one task, not for %d", len(keys))
}

// kindOf returns the kind of err, and "" for none.
func kindOf(err error) plan.Kind {
	if err == nil {
		return ""
	}
	return plan.KindOf(err)
}
