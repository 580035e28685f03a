package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// AcceptNotes is the input of Tracker.AcceptNotes.
type AcceptNotes struct {
	N   []int `json:"n,omitempty" jsonschema:"numbers of the memories" arg:"n"`
	All bool  `json:"all,omitempty" jsonschema:"accept all hidden memories"`
}

// AcceptNotes has Brief show memories of the plan that came with an import,
// and returns them. One that is shown already stays as it is.
func (t *Tracker) AcceptNotes(ctx context.Context, in AcceptNotes) (Notes, error) {
	if in.All == (len(in.N) > 0) {
		return Notes{}, plan.Errorf(plan.Usage, "missing number").WithCode("no_note").
			WithHint("run pm note list --plan to read them, then pm note accept N or pm note accept --all")
	}
	return write(ctx, t, call{"note accept", in}, func(tx *store.Tx) (Notes, error) {
		if _, err := tx.LockProject(); err != nil {
			return Notes{}, err
		}
		numbers := in.N
		if in.All {
			hidden, err := tx.HiddenMemories()
			if err != nil {
				return Notes{}, err
			}
			numbers = hidden
		}
		out := Notes{Items: []plan.Note{}, Complete: true}
		for _, n := range numbers {
			note, err := tx.Note(plan.Key{}, n)
			if err == nil && note.Hidden {
				note.Hidden = false
				err = setHidden(tx, n, false, "")
			}
			if err != nil {
				return out, err
			}
			out.Items = append(out.Items, note)
		}
		return out, nil
	})
}
