package store

import (
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

// A KeptAnswer is what was answered to a call under an idempotency key.
type KeptAnswer struct {
	Operation string
	Request   string
	Answer    string
}

func keptFields(k *KeptAnswer) []any { return []any{&k.Operation, &k.Request, &k.Answer} }

var (
	keyTake  = db.Named("key.take", `insert into idempotency_keys (key, operation, request, response, created_at, digest) values ($1, $2, $3, '', $4, '') on conflict (key) do nothing`)
	keyFind  = db.Named("key.find", `select operation, request, response from idempotency_keys where key = $1`)
	keyKeep  = db.Named("key.keep", `update idempotency_keys set response = $2, digest = $3 where key = $1`)
	keySweep = db.Named("key.sweep", `delete from idempotency_keys where created_at < $1`)
)

// TakeKey takes an idempotency key for this transaction's call; taken is
// false if it was used before, and kept is then what was answered. A call
// that is under way with the same key is waited for. Keys older than keep are
// forgotten.
func (tx *Tx) TakeKey(key, operation, request string, keep time.Duration) (kept KeptAnswer, taken bool, err error) {
	now, err := tx.Now()
	if err != nil {
		return kept, false, err
	}
	// A clock that went ahead for one call must not forget everything.
	last, err := tx.lastOperation()
	if err != nil {
		return kept, false, err
	}
	old := now.Add(-keep)
	if last.Before(now) {
		old = last.Add(-keep)
	}
	if _, err = tx.Exec(keySweep, db.Stamp(&old)); err != nil {
		return kept, false, err
	}
	n, err := tx.Exec(keyTake, key, operation, request, db.Stamp(&now))
	if err != nil || n > 0 {
		return kept, n > 0, err
	}
	kept, err = db.One(tx.Tx, keyFind, keptFields, key)
	return kept, false, err
}

// KeepAnswer keeps the answer of the call that took the key.
func (tx *Tx) KeepAnswer(key string, kept KeptAnswer) error {
	now, err := tx.Now()
	if err == nil {
		_, err = tx.Exec(keyKeep, key, kept.Answer, sealOfAnswer(key, kept, now))
	}
	return err
}

func sealOfAnswer(key string, kept KeptAnswer, at time.Time) string {
	return plan.Seal(key, kept.Operation, kept.Request, kept.Answer, plan.Stamp(at))
}
