package tracker

import (
	"pm/internal/plan"
	"pm/internal/store"
)

// broughtIn adds what an import brought in with its history, of which there are no
// records of the operation: all that lies under these items and was there when it
// ended. Undoing it is undoing a creation.
func (u *undoing) broughtIn(o plan.Operation, roots []plan.Key) error {
	for _, root := range roots {
		under, err := u.tx.KeysUnder(root)
		if err != nil {
			return err
		}
		keys := []plan.Key{root}
		for _, k := range under {
			if u.at[k] == nil {
				keys = append(keys, k)
			}
		}
		last, err := u.tx.LastAt(store.Moment{At: o.At, Operation: o.ID}, keys)
		if err != nil {
			return err
		}
		for k, r := range last {
			u.at[k] = &undoneItem{key: k, records: []store.Record{r}, net: plan.Net{Created: true}}
		}
	}
	return nil
}
