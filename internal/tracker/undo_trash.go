package tracker

import (
	"bytes"
	"slices"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// trash puts into the trash what the operation created or brought back, unless
// it, or what lies under it, was changed since.
func (u *undoing) trash() error {
	var made []plan.Key
	for _, i := range u.items {
		if i.net.Created || i.net.Returned {
			made = append(made, i.key)
		}
	}
	if len(made) == 0 {
		return nil
	}
	there, err := u.unchanged(made)
	if err != nil {
		return err
	}
	if err := u.strangers(there); err != nil {
		return err
	}
	if err := u.tiedSince(there); err != nil {
		return err
	}
	slices.SortFunc(there, func(a, b plan.Key) int { return inOrderOfLocks(b, a) }) // epics first
	var going, again []plan.Key
	for _, k := range there {
		switch {
		case u.blocked[k]:
		case u.at[k].net.Returned:
			again = append(again, k)
		case !slices.ContainsFunc(going, func(up plan.Key) bool { return up.Contains(k) }):
			going = append(going, k)
		}
	}
	slices.SortFunc(going, plan.Key.Compare)
	// What came back from an entry of its own gets one of its own again.
	slices.SortFunc(again, inOrderOfLocks)
	return firstError(u.discard(going), u.discard(again))
}

// unchanged returns which of the items are there, and notes as conflicts what
// was changed of them since.
func (u *undoing) unchanged(made []plan.Key) (there []plan.Key, err error) {
	tasks := slices.DeleteFunc(slices.Clone(made), func(k plan.Key) bool { return k.Level() != plan.LevelTask })
	rows, err := u.tx.TasksOf(tasks)
	if err != nil {
		return nil, err
	}
	heads := map[plan.Key]string{}
	for _, t := range rows {
		heads[t.Key], u.at[t.Key].linked = t.HistoryHash, t.LinkCount > 0
	}
	for _, k := range made {
		i := u.at[k]
		head, found := heads[k]
		if k.Level() != plan.LevelTask {
			item, err := loadItem(u.tx, k)
			if found = err == nil; !found && kindOf(err) != plan.NotFound {
				return nil, err
			}
			if found {
				_, _, head, _ = item.record()
				i.linked = true
			}
		}
		if !found {
			continue // gone already
		}
		there = append(there, k)
		if err := u.readLater(i, head); err != nil {
			return nil, err
		}
		since := i.since
		if i.net.Returned { // what was changed in it while it was there goes with it
			continue
		}
		for _, f := range since.Fields() {
			if !follows(k, since, f) {
				u.conflict(i, f)
			}
		}
	}
	return there, nil
}

// follows reports whether a field changes with others: a fence, which only
// rises, what goes with a status, and the keys that an item once had.
func follows(k plan.Key, since plan.Net, field string) bool {
	switch {
	case field == "fence", field == "check_order" && len(since.Lines) == 0:
		return true
	case field == "refs":
		return !slices.ContainsFunc(since.Sets[field], func(e plan.Entry) bool { _, err := plan.ParseKey(e.Word); return err != nil })
	}
	return k.Level() == plan.LevelTask && since.Has("status") && slices.Contains(statusFields, field)
}

// strangers notes as conflicts what lies under the items and is not of the
// operation.
func (u *undoing) strangers(made []plan.Key) error {
	for _, k := range made {
		if k.Level() == plan.LevelTask || u.at[k].net.Returned {
			continue
		}
		under, err := u.tx.KeysUnder(k)
		if err != nil {
			return err
		}
		for _, child := range under {
			if i := u.at[child]; i != nil && i.net.Created || u.blocked[child] {
				continue
			}
			all, err := u.tx.ItemHistory(child)
			if err != nil {
				return err
			}
			h, _ := lastOf(all, func(h plan.History) bool { return h.OldStatus == "" || h.Change.Any("key") })
			field := "created"
			if h.Change.Any("key") {
				field = "key"
			}
			u.stays(child, field, h.Operation, h.Agent)
		}
	}
	return nil
}

// tiedSince notes as conflicts dependencies and links from elsewhere to the
// items that came about since.
func (u *undoing) tiedSince(made []plan.Key) error {
	in := map[plan.Key]bool{}
	for _, k := range made {
		in[k] = true
	}
	var tasks []int64
	for _, k := range made {
		if u.at[k].net.Returned {
			continue
		}
		if k.Level() == plan.LevelTask {
			tasks = append(tasks, k.Ordinal())
		}
		if !u.at[k].linked || in[k.Parent()] {
			continue // or seen with what it lies under
		}
		edges, err := u.tx.LevelEdgesInto(k)
		if err != nil {
			return err
		}
		links, err := u.tx.LinksInto(k)
		if err != nil {
			return err
		}
		for _, e := range edges {
			if err := u.tied(in, e.Task, e.DependsOn, "depends_on"); err != nil {
				return err
			}
		}
		for _, l := range links {
			if err := u.tied(in, l.Item, l.To, "links"); err != nil {
				return err
			}
		}
	}
	edges, err := u.tx.EdgesOnto(tasks)
	for _, e := range edges {
		if err == nil {
			err = u.tied(in, e.Task, e.DependsOn, "depends_on")
		}
	}
	return err
}

// tied notes that an item elsewhere was tied to one that the operation created.
func (u *undoing) tied(made map[plan.Key]bool, from, to plan.Key, field string) error {
	if made[from] {
		return nil
	}
	all, err := u.tx.ItemHistory(from)
	if err != nil {
		return err
	}
	h, _ := lastOf(all, func(h plan.History) bool { return h.Change.Any(field) || h.OldStatus == "" })
	u.block(to)
	u.stays(from, field, h.Operation, h.Agent)
	return nil
}

// discard moves items to the trash, in this order: what lies under another of them
// stands before it, and gets an entry of its own.
func (u *undoing) discard(keys []plan.Key) error {
	progress, n := u.tx.Announce(len(keys)), 0
	plain, err := u.plain(keys)
	if err != nil {
		return err
	}
	if len(plain) > 0 {
		if err := u.discardTasks(plain); err != nil {
			return err
		}
		n = len(plain)
		progress(n)
		is := map[plan.Key]bool{}
		for _, t := range plain {
			is[t.Key] = true
		}
		keys = slices.DeleteFunc(keys, func(k plan.Key) bool { return is[k] })
	}
	for _, k := range keys {
		if err := u.tx.LockUnder(k); err != nil {
			return err
		}
		d := deletion{tx: u.tx, in: Delete{Key: k.String(), Force: true}, answer: Deleted{Key: k}}
		err := d.look()
		if err == nil {
			err = d.run()
		}
		if err != nil {
			return err
		}
		n++
		progress(n)
	}
	return nil
}

// plain returns those of the items that are tasks without notes and links, and
// on which none depends that stays: they go together.
func (u *undoing) plain(keys []plan.Key) ([]plan.Task, error) {
	going := map[plan.Key]bool{}
	var tasks []plan.Key
	for _, k := range keys {
		if going[k] = true; k.Level() == plan.LevelTask {
			tasks = append(tasks, k)
		}
	}
	if len(tasks) < 2 {
		return nil, nil
	}
	rows, err := u.tx.TasksOf(tasks)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(tasks))
	for i, k := range tasks {
		ids[i] = k.Ordinal()
	}
	edges, err := u.tx.EdgesOnto(ids)
	if err != nil {
		return nil, err
	}
	for _, t := range rows {
		if t.LastNote > 0 || t.LinkCount > 0 {
			going[t.Key] = false
		}
	}
	for changed := true; changed; { // what one waits for that goes by itself goes by itself, too
		changed = false
		for _, e := range edges {
			if !going[e.Task] && going[e.DependsOn] {
				going[e.DependsOn], changed = false, true
			}
		}
	}
	rows = slices.DeleteFunc(rows, func(t plan.Task) bool { return !going[t.Key] })
	return rows, u.tx.LoadBeside(rows)
}

// discardTasks moves plain tasks to the trash, many at once.
func (u *undoing) discardTasks(tasks []plan.Task) error {
	moved, lines := counts{}, make([]string, len(tasks))
	var b bytes.Buffer
	for i, t := range tasks {
		b.Reset()
		w := interchange.NewLineWriter(&b)
		if err := w.Write(interchange.NewTaskRecord(t, nil, nil)); err != nil {
			return err
		}
		if err := w.Flush(); err != nil {
			return err
		}
		lines[i] = b.String()
		moved.addTally(t.FeatureKey, tally{}.Minus(store.SumsOf(t)))
	}
	if err := u.tx.TrashTasks(tasks, lines); err != nil {
		return err
	}
	return moved.flush(u.tx)
}
