package store

import (
	"fmt"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

var (
	operationSeals = db.Named("doctor.operations", `select `+operationColumns+`, digest from operations order by id`)
	trashSeals     = db.Named("doctor.trash", `select id, `+trashColumns+`, digest from trash order by id`)
	partSeals      = db.Named("doctor.trash_parts", `select t.key, p.part, p.lines, p.digest from trash_parts p join trash t on t.id = p.trash_id order by t.id, p.part`)
	answerSeals    = db.Named("doctor.answers", `select key, operation, request, response, created_at, digest from idempotency_keys order by id`)
	textSeals      = db.Named("doctor.texts", `select item_id, digest, body from contents order by item_id, digest`)
)

// SealFlaws finds rows that no history covers and that were changed past pm:
// operations, former texts, the trash, what was answered to calls with an
// idempotency key.
func (tx *Tx) SealFlaws() (flaws []Flaw, err error) {
	add := func(k plan.Key, format string, args ...any) {
		flaws = append(flaws, Flaw{k, fmt.Sprintf(format, args...)})
	}
	type operation struct {
		plan.Operation
		digest string
	}
	_, err = db.Walk(tx.Tx, operationSeals, func(o *operation) []any { return append(operationFields(&o.Operation), &o.digest) }, func(o operation) {
		if o.digest != sealOfOperation(o.Operation) {
			add(plan.Key{}, "operation %s was altered", o.ID)
		}
	})
	if err != nil {
		return flaws, err
	}
	type text struct {
		item         int64
		digest, body string
	}
	_, err = db.Walk(tx.Tx, textSeals, func(c *text) []any { return []any{&c.item, &c.digest, &c.body} }, func(c text) {
		if plan.Digest(c.body) != c.digest {
			add(plan.KeyOf(c.item), "one of its former texts was altered")
		}
	})
	if err != nil {
		return flaws, err
	}
	type entry struct {
		plan.Trashed
		digest string
	}
	_, err = db.Walk(tx.Tx, trashSeals, func(t *entry) []any { return append(storedTrash(&t.Trashed), &t.digest) }, func(t entry) {
		if t.digest != sealOfTrash(t.Trashed) || t.ItemID != t.Key.Ordinal() {
			add(t.Key, "its entry in the trash was altered")
		}
	})
	if err != nil {
		return flaws, err
	}
	type part struct {
		key           plan.Key
		n             int
		lines, digest string
	}
	_, err = db.Walk(tx.Tx, partSeals, func(p *part) []any { return []any{keyText{&p.key}, &p.n, &p.lines, &p.digest} }, func(p part) {
		if p.digest != plan.Seal(p.lines) {
			add(p.key, "its content in the trash was altered, in part %d", p.n)
		}
	})
	if err != nil {
		return flaws, err
	}
	type answer struct {
		key string
		KeptAnswer
		at     time.Time
		digest string
	}
	_, err = db.Walk(tx.Tx, answerSeals, func(a *answer) []any {
		return append(append([]any{&a.key}, keptFields(&a.KeptAnswer)...), db.Stamp(&a.at), &a.digest)
	}, func(a answer) {
		forgotten := a.Answer == "" && a.digest == ""
		if !forgotten && a.digest != sealOfAnswer(a.key, a.KeptAnswer, a.at) {
			add(plan.Key{}, "the stored answer for the idempotency key %q was altered", keyOf(a.key).Key)
		}
	})
	return flaws, err
}
