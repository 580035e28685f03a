package tracker

import (
	"fmt"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// Items is the answer of an operation on items of any level, in the order they
// were named. One item is that item in JSON; several are {"items":[…]}. Either
// has the warnings beside its own fields.
type Items struct {
	Items    []Item
	Warnings []Warning
}

// MarshalJSON writes one item as it is, several as a list.
func (i Items) MarshalJSON() ([]byte, error) {
	if len(i.Items) != 1 {
		return plan.JSON(struct {
			Items    []Item    `json:"items"`
			Warnings []Warning `json:"warnings,omitempty"`
		}{i.Items, i.Warnings})
	}
	one, err := plan.JSON(i.Items[0])
	if err != nil || len(i.Warnings) == 0 {
		return one, err
	}
	warnings, err := plan.JSON(i.Warnings)
	return slices.Concat(one[:len(one)-1], []byte(`,"warnings":`), warnings, []byte("}")), err
}

// anyKeys parses keys of any level, each named once.
func anyKeys(words []string) ([]plan.Key, error) {
	if len(words) == 0 {
		return nil, plan.Errorf(plan.Usage, "missing key").WithCode("bad_key").WithHint("keys look like E04, E04-F01 and T-E04-F01-001")
	}
	keys, named := make([]plan.Key, 0, len(words)), make(map[plan.Key]bool, len(words))
	for _, s := range words {
		k, err := plan.ParseKey(s)
		if err != nil {
			return nil, err
		}
		if !named[k] {
			keys, named[k] = append(keys, k), true
		}
	}
	return keys, nil
}

// changeItems locks items in the order in which everybody locks them, tasks
// before features before epics, changes each, and returns them in the order
// they were named.
func changeItems(tx *store.Tx, keys []plan.Key, change func(Item) (Item, error)) (Items, error) {
	at := map[plan.Key]int{}
	for i, k := range keys {
		at[k] = i
	}
	out := make([]Item, len(keys))
	for _, k := range slices.SortedFunc(slices.Values(keys), inOrderOfLocks) {
		item, err := lockItem(tx, k)
		if err == nil {
			item, err = change(item)
		}
		if err != nil {
			if len(keys) > 1 && !strings.Contains(err.Error(), k.String()) {
				err = fmt.Errorf("%s: %w", k, err)
			}
			return Items{}, err
		}
		out[at[k]] = item
	}
	return Items{Items: out}, nil
}

func inOrderOfLocks(a, b plan.Key) int {
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return plan.Key.Compare(a, b)
}

func rank(k plan.Key) int {
	return map[plan.Level]int{plan.LevelTask: 0, plan.LevelFeature: 1, plan.LevelEpic: 2}[k.Level()]
}

// lockItem is loadItem, and keeps others from changing the item until the
// transaction ends.
func lockItem(tx *store.Tx, k plan.Key) (Item, error) {
	switch k.Level() {
	case plan.LevelEpic:
		e, err := tx.LockEpic(k)
		return Item{Epic: &e}, err
	case plan.LevelFeature:
		f, err := tx.LockFeature(k)
		return Item{Feature: &f}, err
	}
	item, err := lockRow(tx, k)
	if err != nil {
		return item, err
	}
	one := []plan.Task{*item.Task}
	err = tx.LoadBeside(one)
	return Item{Task: &one[0]}, err
}

// lockRow is lockItem without what a task has beside its row. The zero key is
// that of the project.
func lockRow(tx *store.Tx, k plan.Key) (Item, error) {
	if k.IsZero() {
		p, err := tx.LockProject()
		return Item{project: &p}, err
	}
	if k.Level() != plan.LevelTask {
		return lockItem(tx, k)
	}
	t, err := tx.LockTask(k)
	return Item{Task: &t}, err
}

// saveItem applies a change to a locked item and saves it with the record h,
// whatever its level. The holder's change renews the lease.
func saveItem(tx *store.Tx, item Item, h plan.History, apply func(Item)) (Item, error) {
	switch {
	case item.project != nil:
		before, after := *item.project, *item.project
		apply(Item{project: &after})
		return Item{project: &after}, tx.SaveProject(before, &after, h)
	case item.Epic != nil:
		before, after := *item.Epic, *item.Epic
		apply(Item{Epic: &after})
		return Item{Epic: &after}, tx.SaveEpic(before, &after, h)
	case item.Feature != nil:
		before, after := *item.Feature, *item.Feature
		apply(Item{Feature: &after})
		return Item{Feature: &after}, tx.SaveFeature(before, &after, h)
	}
	before, after := *item.Task, *item.Task
	apply(Item{Task: &after})
	if err := renewHeld(tx, &after); err != nil {
		return item, err
	}
	return Item{Task: &after}, tx.SaveTask(before, &after, h)
}

// labelPlace is where the item has its labels.
func (i Item) labelPlace() *[]string {
	switch {
	case i.Epic != nil:
		return &i.Epic.Labels
	case i.Feature != nil:
		return &i.Feature.Labels
	}
	return &i.Task.Labels
}

// lastNote is where the item has the highest number ever given to a note of it.
func (i Item) lastNote() *int {
	switch {
	case i.project != nil:
		return &i.project.LastNote
	case i.Epic != nil:
		return &i.Epic.LastNote
	case i.Feature != nil:
		return &i.Feature.LastNote
	}
	return &i.Task.LastNote
}

func (i Item) labels() []string { return *i.labelPlace() }
