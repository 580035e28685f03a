package tracker

import (
	"context"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// Link is the input of Tracker.Link and Unlink.
type Link struct {
	Key string   `json:"key" jsonschema:"key of an epic, a feature or a task" arg:"key"`
	To  []string `json:"to" jsonschema:"keys of other items, paths of files, or web addresses" arg:"other"`
	As  string   `json:"as,omitempty" jsonschema:"how the item is related to them: relates (the default), duplicates, supersedes, discovered-from or implements"`
}

// Link links an item to others, to files and to web addresses, all or none. A
// link to an item is shown on both, and blocks neither. One that is there
// already stays as it is.
func (t *Tracker) Link(ctx context.Context, in Link) (Item, error) {
	kind, err := plan.ParseLinkKind(in.As)
	if err != nil {
		return Item{}, err
	}
	return t.changeLinks(ctx, call{"item link", in}, in, func(c *linking) error {
		for _, to := range c.targets {
			if err := c.add(kind, to); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unlink removes the links between an item and others, all or none: of the
// kind, or of any if none is given.
func (t *Tracker) Unlink(ctx context.Context, in Link) (Item, error) {
	kind, err := plan.ParseLinkKind(in.As)
	if err != nil {
		return Item{}, err
	}
	return t.changeLinks(ctx, call{"item unlink", in}, in, func(c *linking) error {
		for _, to := range c.targets {
			found := false
			for _, l := range slices.Clone(*c.items[c.key].linkPlace()) {
				if l.To == to && (in.As == "" || l.As == kind) {
					found = true
					c.remove(l)
				}
			}
			if !found {
				return plan.Errorf(plan.NotFound, "%s is not linked to %s", c.key, to).WithHint("to see its links: pm show %s", c.key)
			}
		}
		return nil
	})
}

// A linking changes the links of an item, and of those at their other ends.
type linking struct {
	tx             *store.Tx
	key            plan.Key
	targets        []string
	items          map[plan.Key]Item
	added, removed map[plan.Key][]plan.Link // by the item that they are stored with
	order          []plan.Key               // of those
}

func newLinking(tx *store.Tx, key plan.Key) *linking {
	return &linking{tx: tx, key: key, items: map[plan.Key]Item{}, added: map[plan.Key][]plan.Link{}, removed: map[plan.Key][]plan.Link{}}
}

func (t *Tracker) changeLinks(ctx context.Context, c call, in Link, change func(*linking) error) (Item, error) {
	key, err := plan.ParseKey(in.Key)
	if err != nil {
		return Item{}, err
	}
	if len(in.To) == 0 {
		return Item{}, plan.Errorf(plan.Usage, "missing item, file or address").WithHint("pm link %s OTHER", key)
	}
	var targets []string
	for _, s := range in.To {
		to, err := plan.CheckLinkTarget(s)
		if err != nil {
			return Item{}, err
		}
		targets = append(targets, to)
	}
	return write(ctx, t, c, func(tx *store.Tx) (Item, error) {
		l := newLinking(tx, key)
		if err := l.begin(targets); err != nil {
			return Item{}, err
		}
		if err := firstError(change(l), l.save()); err != nil {
			return Item{}, err
		}
		return loadItem(tx, key)
	})
}

// begin locks the items at both ends, in the order in which everybody locks
// them.
func (l *linking) begin(targets []string) error {
	l.targets = targets
	if err := l.tx.LockGraph(); err != nil {
		return err
	}
	keys := []plan.Key{l.key}
	for _, to := range l.targets {
		if k, err := plan.ParseKey(to); err == nil {
			keys = append(keys, k)
		}
	}
	return l.lock(keys)
}

func (l *linking) lock(keys []plan.Key) error {
	slices.SortFunc(keys, inOrderOfLocks)
	for _, k := range slices.Compact(keys) {
		item, err := lockItem(l.tx, k)
		if err != nil {
			return err
		}
		l.items[k] = item
	}
	return nil
}

// add adds a link from the item, seen from its side.
func (l *linking) add(kind plan.LinkKind, to string) error {
	link := plan.Link{As: kind, To: to}
	if to == l.key.String() {
		return plan.Errorf(plan.Refused, "cannot link %s to itself", to).WithCode("bad_link").WithHint("name another item, a file or an address: pm link %s OTHER", to)
	}
	if slices.ContainsFunc(*l.items[l.key].linkPlace(), func(has plan.Link) bool { return has.As == kind && has.To == to }) {
		return nil
	}
	owner := l.key
	if !kind.Stored() {
		other, is := link.Item()
		if !is {
			return plan.Errorf(plan.Invalid, "%s is not an item: it cannot be %s", to, kind.Inverse()).WithCode("bad_link")
		}
		owner, link = other, plan.Link{As: kind.Inverse(), To: l.key.String()}
	}
	l.note(l.added, owner, link)
	place := l.items[owner].linkPlace()
	*place = append(slices.Clone(*place), link)
	if own := len(plan.OwnLinks(*place)); own > plan.MaxLinks {
		return plan.Errorf(plan.Invalid, "too many links: %d (maximum %d)", own, plan.MaxLinks).WithCode("bad_link")
	}
	return nil
}

// remove removes a link of the item, from whichever side it is stored on.
func (l *linking) remove(link plan.Link) {
	owner := l.key
	if other, is := link.Item(); is && link.Other {
		owner, link = other, plan.Link{As: link.As.Inverse(), To: l.key.String()}
	}
	l.note(l.removed, owner, link)
}

func (l *linking) note(in map[plan.Key][]plan.Link, owner plan.Key, link plan.Link) {
	if len(l.added[owner])+len(l.removed[owner]) == 0 {
		l.order = append(l.order, owner)
	}
	if !slices.Contains(in[owner], link) {
		in[owner] = append(in[owner], link)
	}
}

// save writes what was added and removed, with a record on each item that a
// link is stored with.
func (l *linking) save() error {
	for _, k := range l.order {
		for _, link := range l.removed[k] {
			if err := l.tx.RemoveLink(store.LinkRowOf(k, link)); err != nil {
				return err
			}
		}
		for _, link := range l.added[k] {
			if _, err := l.tx.AddLink(store.LinkRowOf(k, link)); err != nil {
				return err
			}
		}
		h := plan.History{Change: plan.Change{"links": {plan.LinksOf(l.removed[k]), plan.LinksOf(l.added[k])}}}
		if _, err := saveItem(l.tx, l.items[k], h, func(Item) {}); err != nil {
			return err
		}
	}
	return nil
}

// linkPlace is where the item has its links.
func (i Item) linkPlace() *[]plan.Link {
	switch {
	case i.Epic != nil:
		return &i.Epic.Links
	case i.Feature != nil:
		return &i.Feature.Links
	}
	return &i.Task.Links
}

// relink removes and adds links that are stored with items elsewhere, with a
// record on each: what they led to was deleted, moved or restored.
func relink(tx *store.Tx, removed, added []store.LinkRow, why string) error {
	l := newLinking(tx, plan.Key{})
	for _, r := range removed {
		l.note(l.removed, r.Item, r.Link())
	}
	for _, a := range added {
		l.note(l.added, a.Item, a.Link())
	}
	if err := firstError(lockKeys(tx, l.order), tx.RemoveLinks(removed), tx.PutLinks(added)); err != nil {
		return err
	}
	return recordAll(tx, l.order, func(k plan.Key) plan.History {
		return plan.History{Notes: why, Change: plan.Change{"links": {plan.LinksOf(l.removed[k]), plan.LinksOf(l.added[k])}}}
	})
}

// lockKeys keeps others from changing items, in the order of everybody: tasks with a
// statement for many.
func lockKeys(tx *store.Tx, keys []plan.Key) error {
	slices.SortFunc(keys, inOrderOfLocks)
	tasks := ofLevel(keys, plan.LevelTask)
	err := tx.LockTasks(tasks)
	for _, k := range keys[len(tasks):] {
		if err == nil {
			_, err = lockRow(tx, k)
		}
	}
	return err
}

// filesOf returns the files that a task is about: its own, and those that it is
// linked to.
func filesOf(t plan.Task) (files []string) {
	if t.FilePath != "" {
		files = append(files, t.FilePath)
	}
	for _, l := range t.Links {
		if _, item := l.Item(); !item && !l.IsAddress() && !slices.Contains(files, l.To) {
			files = append(files, l.To)
		}
	}
	return files
}

// sharedFiles warns of files of claimed tasks that others are working on.
func sharedFiles(tx *store.Tx, claimed []plan.Task) (out []Warning, err error) {
	for _, t := range claimed {
		files := filesOf(t)
		if len(files) == 0 {
			continue
		}
		shared, err := tx.SharedFiles(files, t.Key)
		if err != nil {
			return nil, err
		}
		for _, s := range shared {
			holder := "is in progress"
			if s.Holder != "" {
				holder = "is held by " + s.Holder
			}
			out = append(out, warning("shared_file", "%s shares %s with %s, which %s", t.Key, s.Path, s.Task, holder).
				hint("pm show %s --context", s.Task))
		}
	}
	return out, nil
}
