package store

import "pm/internal/plan"

// Keys returns the keys of all tasks of the list, in its order, and reads no
// rows of them.
func (l *Listing) Keys() (keys []plan.Key, err error) {
	left := l.limit
	for part := l; part != nil; part = part.then {
		one := *part
		if one.limit > 0 {
			one.limit = left
		}
		blocks, err := one.ids()
		if err != nil {
			return nil, err
		}
		for _, ids := range blocks {
			for _, id := range ids {
				keys = append(keys, plan.KeyOf(id))
			}
		}
		if left = l.limit - len(keys); l.limit > 0 && left <= 0 {
			break
		}
	}
	return keys, nil
}
