package store

import (
	"fmt"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

var (
	operationSeals = db.Named("doctor.operations", `select `+operationColumns+`, digest from operations order by seq, id`)
	trashSeals     = db.Named("doctor.trash", `select id, `+trashColumns+`, digest from trash order by id`)
	partSeals      = db.Named("doctor.trash_parts", `select t.key, p.part, p.lines, p.digest from trash_parts p join trash t on t.id = p.trash_id order by t.id, p.part`)
	answerSeals    = db.Named("doctor.answers", `select key, operation, request, response, created_at, digest from idempotency_keys order by id`)
	textSeals      = db.Named("doctor.texts", `select item_id, digest, body from contents order by item_id, digest`)
)

// SealFlaws finds rows that no history covers and that were changed past pm:
// operations, former texts, the trash, what was answered to calls with an
// idempotency key, and what labels and references are looked up by.
func (tx *Tx) SealFlaws() ([]Flaw, error) {
	var out flawList
	for _, find := range []func(*flawList) error{tx.operationSealFlaws, tx.textSealFlaws, tx.trashSealFlaws, tx.trashPartSealFlaws, tx.answerSealFlaws, tx.foldFlaws} {
		if err := find(&out); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (tx *Tx) operationSealFlaws(out *flawList) error {
	type row struct {
		plan.Operation
		digest string
	}
	_, err := db.Walk(tx.Tx, operationSeals, func(o *row) []any { return append(operationFields(&o.Operation), &o.digest) }, func(o row) {
		if o.digest != sealOfOperation(o.Operation) {
			out.add(plan.Key{}, fmt.Sprintf("operation %s was altered", o.ID))
		}
	})
	return err
}

func (tx *Tx) textSealFlaws(out *flawList) error {
	_, err := db.Walk(tx.Tx, textSeals, contentFields, func(c Content) {
		if plan.Digest(c.Body) != c.Digest {
			out.add(plan.KeyOf(c.Item), "one of its former texts was altered")
		}
	})
	return err
}

func (tx *Tx) trashSealFlaws(out *flawList) error {
	type row struct {
		plan.Trashed
		digest string
	}
	_, err := db.Walk(tx.Tx, trashSeals, func(t *row) []any { return append(storedTrash(&t.Trashed), &t.digest) }, func(t row) {
		if t.digest != sealOfTrash(t.Trashed) || t.ItemID != t.Key.Ordinal() {
			out.add(t.Key, "its entry in the trash was altered")
		}
	})
	return err
}

func (tx *Tx) trashPartSealFlaws(out *flawList) error {
	type row struct {
		key           plan.Key
		n             int
		lines, digest string
	}
	_, err := db.Walk(tx.Tx, partSeals, func(p *row) []any { return []any{keyText{&p.key}, &p.n, &p.lines, &p.digest} }, func(p row) {
		if p.digest != plan.Seal(p.lines) {
			out.add(p.key, fmt.Sprintf("its content in the trash was altered, in part %d", p.n))
		}
	})
	return err
}

func (tx *Tx) answerSealFlaws(out *flawList) error {
	type row struct {
		key string
		KeptAnswer
		at     time.Time
		digest string
	}
	_, err := db.Walk(tx.Tx, answerSeals, func(a *row) []any {
		return append(append([]any{&a.key}, keptFields(&a.KeptAnswer)...), db.Stamp(&a.at), &a.digest)
	}, func(a row) {
		forgotten := a.Answer == "" && a.digest == ""
		if !forgotten && a.digest != sealOfAnswer(a.key, a.KeptAnswer, a.at) {
			out.add(plan.Key{}, fmt.Sprintf("the stored answer for the idempotency key %q was altered", keyOf(a.key).Key))
		}
	})
	return err
}

func (tx *Tx) foldFlaws(out *flawList) error {
	type row struct {
		key          plan.Key
		folded, word string
	}
	for _, b := range []beside{labelsOf, refsOf} {
		all := db.Named("doctor."+b.table, "select item_id, folded, "+b.column+" from "+b.table+" order by item_id, folded")
		_, err := db.Walk(tx.Tx, all, func(w *row) []any { return []any{subject{&w.key}, &w.folded, &w.word} }, func(w row) {
			if w.folded != b.fold(w.word) {
				out.add(w.key, fmt.Sprintf("its %s %q is looked up as %q", b.name, w.word, w.folded))
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
