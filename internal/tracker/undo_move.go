package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// moveBack gives what the operation moved its former key again. The key that it
// has until then is a name of it from then on.
func (u *undoing) moveBack() error {
	var branches []plan.Key // features that go back, with their tasks
	to := map[plan.Key]map[plan.Key]plan.Key{}
	for _, i := range u.byLevel() {
		if i.net.Moved[1] == "" || i.key.IsZero() {
			continue
		}
		from, err := plan.ParseKey(i.net.Moved[0])
		if err != nil {
			return err
		}
		if slices.ContainsFunc(branches, func(k plan.Key) bool { return k.Contains(i.key) && k != i.key }) {
			continue
		}
		back, err := u.canMove(i, from)
		if err != nil {
			return err
		}
		if !back {
			continue
		}
		if i.key.Level() == plan.LevelFeature {
			branches = append(branches, i.key)
		}
		if to[from.Parent()] == nil {
			to[from.Parent()] = map[plan.Key]plan.Key{}
		}
		to[from.Parent()][i.key] = from
	}
	for _, parent := range slices.SortedFunc(maps.Keys(to), plan.Key.Compare) {
		if err := u.moveUnder(parent, to[parent]); err != nil {
			return err
		}
	}
	return nil
}

// byLevel returns the items, features before tasks.
func (u *undoing) byLevel() []*undoneItem {
	return slices.SortedStableFunc(slices.Values(u.items), func(a, b *undoneItem) int { return rank(b.key) - rank(a.key) })
}

// canMove reports whether an item is where the operation moved it, and where it
// was is there still.
func (u *undoing) canMove(i *undoneItem, from plan.Key) (bool, error) {
	item, err := loadItem(u.tx, i.key)
	if kindOf(err) == plan.NotFound {
		return false, u.missing(i)
	}
	if err != nil {
		return false, err
	}
	_, _, head, _ := item.record()
	if err := u.readLater(i, head); err != nil {
		return false, err
	}
	if i.key == from {
		return false, nil
	}
	if i.key.String() != i.net.Moved[1] {
		u.conflict(i, "key")
		return false, nil
	}
	if _, err := loadItem(u.tx, from.Parent()); kindOf(err) == plan.NotFound {
		entry, _, err := u.tx.TrashOf(from.Parent())
		u.stays(i.key, "key", entry.Operation, entry.Agent)
		return false, err
	} else if err != nil {
		return false, err
	}
	return true, nil
}

// moveUnder moves items back to one parent.
func (u *undoing) moveUnder(parent plan.Key, keys map[plan.Key]plan.Key) error {
	m := mover{tx: u.tx, to: parent, keys: map[plan.Key]plan.Key{}, back: keys}
	going := slices.SortedFunc(maps.Keys(keys), plan.Key.Compare)
	if err := m.lock(going); err != nil {
		if kindOf(err) != plan.Refused {
			return err
		}
		for _, k := range going {
			u.conflict(u.at[k], "key")
		}
		return nil
	}
	if err := m.run(going); err != nil {
		return err
	}
	u.warnings = append(u.warnings, m.warnings...)
	for _, moved := range m.former() {
		if i := u.at[moved.From]; i != nil {
			delete(u.at, moved.From)
			i.key, i.known, u.at[moved.To] = moved.To, false, i
		}
	}
	return nil
}

// present returns the key that an item has now which once had the key k; false
// if it is not there.
func present(tx *store.Tx, k plan.Key) (plan.Key, bool, error) {
	if _, err := loadItem(tx, k); err == nil || kindOf(err) != plan.NotFound {
		return k, err == nil, err
	}
	return tx.RefOwner(k.String())
}
