package tracker

import (
	"path"

	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// findSome finds those of some items that were imported before, by their references.
func (i *formImport) findSome(items []*form.Item) error {
	o := i.in.Outline
	refs, either := make([]string, 0, len(items)), false
	for _, item := range items {
		refs = append(refs, o.Ref(item))
	}
	for _, item := range items {
		if item.Alt != "" {
			refs, either = append(refs, o.RefOf(item.Alt)), true
		}
	}
	owners, err := i.tx.RefOwners(refs)
	if err != nil {
		return err
	}
	if either {
		return i.findEither(items, owners)
	}
	for n, item := range items {
		i.keys[item.N], i.there[item.N] = owners[plan.FoldRef(refs[n])]
	}
	return nil
}

// findEither finds items that have one of two references: several files may give the
// same id to different rows. The row of an item is the one in the file that it was
// imported from, or the one with its title.
func (i *formImport) findEither(items []*form.Item, owners map[string]plan.Key) error {
	var keys []plan.Key
	for _, k := range owners {
		keys = append(keys, k)
	}
	loaded, err := loadItems(i.tx, keys)
	if err != nil {
		return err
	}
	for _, item := range items {
		own, has := owners[plan.FoldRef(i.in.Outline.Ref(item))]
		if item.Alt == "" {
			i.keys[item.N], i.there[item.N] = own, has
			continue
		}
		alt, hasAlt := owners[plan.FoldRef(i.in.Outline.RefOf(item.Alt))]
		if !has && !hasAlt {
			continue
		}
		whole, err := i.in.Outline.Whole(item)
		if err != nil {
			return err
		}
		switch {
		case has && isRow(whole, loaded[own]):
			i.keys[item.N], i.there[item.N] = own, true
		case hasAlt && isRow(whole, loaded[alt]):
			i.keys[item.N], i.there[item.N] = alt, true
		case has:
			item.ID = item.Alt
		}
	}
	return nil
}

// isRow reports whether a row of a file is that of an item.
func isRow(row *form.Item, there Item) bool {
	if there.Task == nil {
		return there.Epic != nil || there.Feature != nil
	}
	return there.Task.FilePath == "" || path.Base(there.Task.FilePath) == path.Base(row.File) || there.Task.Title == row.Title
}
