package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

var (
	refInsert = db.Named("ref.insert", `insert into refs (item_id, folded, ref) values ($1, $2, $3) on conflict (folded) do nothing`)
	refMany   = db.Insertion{Name: "ref.insert_many", Table: "refs", Columns: "item_id, folded, ref", Tail: " on conflict (folded) do nothing"}
	refDelete = db.Named("ref.delete", `delete from refs where item_id = $1 and folded = $2`)
	refsUnder = db.Named("ref.delete_under", `delete from refs where item_id between $1 and $2`)
	refOwner  = db.Named("ref.owner", `select item_id from refs where folded = $1`)
	refsOf    = beside{name: "ref", table: "refs", column: "ref", fold: plan.FoldRef}
)

// AddRef gives an item one more name. If another item has it already, nothing
// is changed, and owner is that item; else owner is the zero key.
func (tx *Tx) AddRef(k plan.Key, ref string) (owner plan.Key, err error) {
	added, err := tx.Exec(refInsert, k.Ordinal(), plan.FoldRef(ref), ref)
	if err != nil || added > 0 {
		return owner, err
	}
	owner, _, err = tx.RefOwner(ref)
	return owner, err
}

// PutRefs adds the references of an item, from an export or the trash. It is a
// conflict if another item has one of them.
func (tx *Tx) PutRefs(k plan.Key, refs []string) error {
	for _, ref := range refs {
		owner, err := tx.AddRef(k, ref)
		if err == nil {
			err = refTaken(k, ref, owner)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refTaken is the error that a reference has another owner; nil if it has not.
func refTaken(k plan.Key, ref string, owner plan.Key) error {
	if owner.IsZero() || owner == k {
		return nil
	}
	return plan.Errorf(plan.Conflict, "the reference %s of %s already belongs to %s here", ref, k, owner).WithCode("ref_taken").
		WithHint("remove it there first: pm ref remove %s %s", owner, ref)
}

// checkRefs refuses references of many tasks that belong to other items: args holds
// n rows, of which so many were added.
func (tx *Tx) checkRefs(added int64, args []any, n int) error {
	if added == int64(n) {
		return nil
	}
	for ; len(args) > 0; args = args[3:] {
		k, ref := plan.KeyOf(args[0].(int64)), args[2].(string)
		owner, _, err := tx.RefOwner(ref)
		if err == nil {
			err = refTaken(k, ref, owner)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// RemoveRef takes a name away from an item.
func (tx *Tx) RemoveRef(k plan.Key, ref string) error {
	_, err := tx.Exec(refDelete, k.Ordinal(), plan.FoldRef(ref))
	return err
}

// RefOwner returns the key of the item with the reference, which may be a key
// that it was moved from.
func (tx *Tx) RefOwner(ref string) (k plan.Key, found bool, err error) {
	found, err = tx.ScanOne(refOwner, []any{subject{&k}}, plan.FoldRef(ref))
	return k, found, err
}
