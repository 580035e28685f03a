package tracker

import (
	"context"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// Ref is the input of Tracker.AddRefs and RemoveRefs.
type Ref struct {
	Key  string   `json:"key" jsonschema:"key of an epic, a feature or a task" arg:"key"`
	Refs []string `json:"refs" jsonschema:"references, such as github:42, gh#42 or PROJ-7" arg:"ref"`
}

// AddRefs gives an item further names, all or none: wherever its key is taken,
// they are. A name that another item has is refused.
func (t *Tracker) AddRefs(ctx context.Context, in Ref) (Item, error) {
	return t.changeRefs(ctx, "ref add", in, func(tx *store.Tx, item Item, refs []string) (removed, added []string, err error) {
		for _, ref := range refs {
			owner, err := tx.AddRef(item.Key(), ref)
			switch {
			case err != nil:
				return nil, nil, err
			case owner.IsZero():
				added = append(added, ref)
			case owner != item.Key():
				return nil, nil, plan.Errorf(plan.Conflict, "%s is already a reference of %s", ref, owner).WithCode("ref_taken").
					WithHint("run pm show %s to see it; if two tools use the same numbers, put the tool's name in front, such as web:%s", owner, ref)
			}
		}
		return nil, added, nil
	})
}

// RemoveRefs takes names away from an item, all or none. A key that the item
// was moved from stays for ever.
func (t *Tracker) RemoveRefs(ctx context.Context, in Ref) (Item, error) {
	return t.changeRefs(ctx, "ref remove", in, func(tx *store.Tx, item Item, refs []string) (removed, added []string, err error) {
		for _, ref := range refs {
			i := slices.IndexFunc(*item.refPlace(), func(has string) bool { return plan.FoldRef(has) == plan.FoldRef(ref) })
			if i < 0 {
				return nil, nil, plan.Errorf(plan.NotFound, "%s has no reference %s", item.Key(), ref).WithHint("to see its references: pm show %s", item.Key())
			}
			removed = append(removed, (*item.refPlace())[i])
			if err := tx.RemoveRef(item.Key(), ref); err != nil {
				return nil, nil, err
			}
		}
		return removed, nil, nil
	})
}

func (t *Tracker) changeRefs(ctx context.Context, operation string, in Ref, change func(tx *store.Tx, item Item, refs []string) (removed, added []string, err error)) (Item, error) {
	key, err := plan.ParseKey(in.Key)
	if err != nil {
		return Item{}, err
	}
	refs := make([]string, len(in.Refs))
	for i, s := range in.Refs {
		if refs[i], err = plan.ParseRef(s); err != nil {
			return Item{}, err
		}
	}
	return write(ctx, t, call{operation, in}, func(tx *store.Tx) (Item, error) {
		item, err := lockItem(tx, key)
		if err != nil {
			return item, err
		}
		removed, added, err := change(tx, item, plan.SortRefs(refs))
		if err != nil || len(removed)+len(added) == 0 {
			return item, err
		}
		now := plan.SortRefs(append(slices.DeleteFunc(slices.Clone(*item.refPlace()), func(r string) bool { return slices.Contains(removed, r) }), added...))
		if len(now) > plan.MaxRefs {
			return item, plan.Errorf(plan.Invalid, "too many references: %d (maximum %d)", len(now), plan.MaxRefs).WithCode("bad_reference")
		}
		return saveItem(tx, item, plan.History{Change: plan.Change{"refs": {listOrNone(removed), listOrNone(added)}}}, func(i Item) { *i.refPlace() = now })
	})
}

// refPlace is where the item has its references.
func (i Item) refPlace() *[]string {
	switch {
	case i.Epic != nil:
		return &i.Epic.Refs
	case i.Feature != nil:
		return &i.Feature.Refs
	}
	return &i.Task.Refs
}

// Resolve returns the keys of the items that are named by references, or by
// keys that they were moved from. What names no item is left out.
func (t *Tracker) Resolve(ctx context.Context, names []string) (map[string]plan.Key, error) {
	return read(ctx, t, func(tx *store.Tx) (map[string]plan.Key, error) {
		out := map[string]plan.Key{}
		for _, name := range names {
			ref := strings.TrimSpace(name)
			if k, err := plan.ParseKey(ref); err == nil {
				ref = k.String()
			} else if ref, err = plan.ParseRef(name); err != nil {
				continue
			}
			k, found, err := tx.RefOwner(ref)
			if err != nil {
				return nil, err
			}
			if found {
				out[name] = k
			}
		}
		return out, nil
	})
}
