package store

import (
	"strings"
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

// An AgentsKey is an idempotency key of an agent: others may use the same for
// calls of their own.
type AgentsKey struct{ Agent, Key string }

// text is the key as a row has it. Neither part has more than one line.
func (k AgentsKey) text() string { return k.Agent + "\n" + k.Key }

// keyOf reads what text wrote. A row of an older pm has no agent.
func keyOf(text string) AgentsKey {
	agent, key, found := strings.Cut(text, "\n")
	if !found {
		agent, key = "", text
	}
	return AgentsKey{agent, key}
}

// TakeKey takes an idempotency key for this transaction's call; taken is
// false if it was used before, and kept is then what was answered. A call
// that is under way with the same key is waited for. Keys older than keep are
// forgotten.
func (tx *Tx) TakeKey(key AgentsKey, operation, request string, keep time.Duration) (kept KeptAnswer, taken bool, err error) {
	now, err := tx.Now()
	if err != nil {
		return kept, false, err
	}
	// A clock that went ahead for one call must not forget everything.
	last, _, err := tx.lastOperation()
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
	n, err := tx.Exec(keyTake, key.text(), operation, request, db.Stamp(&now))
	if err != nil || n > 0 {
		return kept, n > 0, err
	}
	kept, err = db.One(tx.Tx, keyFind, keptFields, key.text())
	return kept, false, err
}

// KeepAnswer keeps the answer of the call that took the key.
func (tx *Tx) KeepAnswer(key AgentsKey, kept KeptAnswer) error {
	now, err := tx.Now()
	if err == nil {
		_, err = tx.Exec(keyKeep, key.text(), kept.Answer, sealOfAnswer(key.text(), kept, now))
	}
	return err
}

func sealOfAnswer(key string, kept KeptAnswer, at time.Time) string {
	return plan.Seal(key, kept.Operation, kept.Request, kept.Answer, plan.Stamp(at))
}
