package tracker

import (
	"context"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// Label is the input of Tracker.AddLabels and RemoveLabels.
type Label struct {
	Keys   []string `json:"keys" jsonschema:"keys of epics, features and tasks" arg:"key"`
	Labels []string `json:"labels,omitempty" jsonschema:"one or more labels, each one word" flag:"label" short:"l"`
}

// AddLabels labels items, all or none. A label that an item has already, in
// whatever case, stays as it is written there.
func (t *Tracker) AddLabels(ctx context.Context, in Label) (Items, error) {
	return t.label(ctx, "label add", in, func(there, given []string) (removed, added []string) {
		return nil, plan.MissingLabels(given, there)
	})
}

// RemoveLabels takes labels away from items, all or none. An item without one
// of them is left as it is.
func (t *Tracker) RemoveLabels(ctx context.Context, in Label) (Items, error) {
	return t.label(ctx, "label remove", in, func(there, given []string) (removed, added []string) {
		for _, l := range there {
			if len(plan.MissingLabels([]string{l}, given)) == 0 {
				removed = append(removed, l)
			}
		}
		return removed, nil
	})
}

func (t *Tracker) label(ctx context.Context, operation string, in Label, change func(there, given []string) (removed, added []string)) (Items, error) {
	keys, err := anyKeys(in.Keys)
	given := plan.SortLabels(in.Labels)
	if err := firstError(err, plan.CheckLabels(given)); err != nil {
		return Items{}, err
	}
	if len(given) == 0 {
		return Items{}, plan.Errorf(plan.Usage, "missing label").WithCode("bad_label").WithHint("name one or more with --label")
	}
	return write(ctx, t, call{operation, in}, func(tx *store.Tx) (Items, error) {
		return changeItems(tx, keys, func(item Item) (Item, error) {
			removed, added := change(item.labels(), given)
			return relabel(tx, item, removed, added)
		})
	})
}

// relabel changes the labels of a locked item, with a record.
func relabel(tx *store.Tx, item Item, removed, added []string) (Item, error) {
	if len(removed)+len(added) == 0 {
		return item, nil
	}
	labels := plan.SortLabels(append(slices.DeleteFunc(slices.Clone(item.labels()), func(l string) bool { return slices.Contains(removed, l) }), added...))
	if err := plan.CheckLabels(labels); err != nil {
		return item, err
	}
	item, err := saveItem(tx, item, plan.History{Change: plan.Change{"labels": {listOrNone(removed), listOrNone(added)}}}, func(i Item) { *i.labelPlace() = labels })
	return item, firstError(err, tx.RemoveLabels(item.Key(), removed), tx.AddLabels(item.Key(), added))
}

func listOrNone(words []string) any {
	if len(words) == 0 {
		return nil
	}
	return words
}

// ListLabels is the input of Tracker.ListLabels.
type ListLabels struct {
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Labels is the answer of Tracker.ListLabels.
type Labels struct {
	Items []plan.LabelCount `json:"items"`
}

// ListLabels returns every label with the number of items that bear it.
func (t *Tracker) ListLabels(ctx context.Context, in ListLabels) (Labels, error) {
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (Labels, error) {
		items, err := tx.Labels()
		if items == nil {
			items = []plan.LabelCount{}
		}
		return Labels{items}, err
	})
}

// RenameLabel is the input of Tracker.RenameLabel.
type RenameLabel struct {
	Label string `json:"label" jsonschema:"current name of the label" arg:"label"`
	To    string `json:"to" jsonschema:"new name; if that label exists, the two are merged" arg:"new"`
}

// RenamedLabel is the answer of Tracker.RenameLabel.
type RenamedLabel struct {
	Label   string `json:"label"`
	Renamed int    `json:"renamed"` // items that bore the old label
}

// RenameLabel renames a label on every item that bears it, in one operation.
// On an item that bears the new one already, the two become one.
func (t *Tracker) RenameLabel(ctx context.Context, in RenameLabel) (RenamedLabel, error) {
	if err := firstError(plan.CheckLabel(in.Label), plan.CheckLabel(in.To)); err != nil {
		return RenamedLabel{}, err
	}
	return write(ctx, t, call{"label rename", in}, func(tx *store.Tx) (RenamedLabel, error) {
		out := RenamedLabel{Label: in.To}
		keys, err := tx.Bearers(in.Label)
		if err == nil && len(keys) == 0 {
			err = plan.Errorf(plan.NotFound, "no item has the label %s", in.Label).WithHint("to see the labels: pm label list")
		}
		for _, k := range slices.SortedFunc(slices.Values(keys), inOrderOfLocks) {
			if err != nil {
				return out, err
			}
			item, lockErr := lockItem(tx, k)
			if kindOf(lockErr) == plan.NotFound {
				continue // deleted meanwhile
			}
			if err = lockErr; err == nil {
				err = renameOn(tx, item, in)
				out.Renamed++
			}
		}
		return out, err
	})
}

// renameOn renames a label of one item.
func renameOn(tx *store.Tx, item Item, in RenameLabel) error {
	var removed []string
	merges := false
	for _, l := range item.labels() {
		switch plan.FoldLabel(l) {
		case plan.FoldLabel(in.Label):
			removed = append(removed, l)
		case plan.FoldLabel(in.To):
			merges = true
		}
	}
	added := []string{in.To}
	if merges || slices.Equal(removed, added) {
		added = nil
	}
	if slices.Equal(removed, []string{in.To}) {
		return nil
	}
	_, err := relabel(tx, item, removed, added)
	return err
}

// parseKind reads the kind of a task in any case; task is none.
func parseKind(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == plan.DefaultKind {
		s = ""
	}
	return s, plan.CheckKind(s)
}
