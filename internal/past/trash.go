package past

import (
	"cmp"

	"pm/internal/plan"
)

// A Trashed is an entry of the trash that was restored since, with its rows, as
// the trash keeps them.
type Trashed struct {
	plan.Trashed
	Parts []string
}

// putTrash hands over the entries, each behind those that were deleted before it.
func (r *rewinder) putTrash(entries []Trashed) error {
	if len(entries) == 0 {
		return nil
	}
	there, err := r.tx.Trash()
	for i, e := range entries {
		after := int64(0)
		for _, other := range there {
			if c := cmp.Or(other.DeletedAt.Compare(e.DeletedAt), cmp.Compare(other.Operation, e.Operation)); c < 0 {
				after = max(after, other.ID)
			}
		}
		r.past.PutTrash(e.Trashed, e.Parts, after, i+1)
	}
	return err
}
