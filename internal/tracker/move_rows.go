package tracker

import (
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// record is that of a move from one key to another. A former key that an item
// gets again is no reference any more.
func (m *mover) record(from, to plan.Key, refs []string) plan.History {
	var lost any
	if i := slices.IndexFunc(refs, func(r string) bool { return plan.FoldRef(r) == plan.FoldRef(to.String()) }); i >= 0 {
		lost = []string{refs[i]}
	}
	return plan.History{Change: plan.Change{"key": {from.String(), to.String()}, "refs": {lost, []string{from.String()}}}}
}

func (m *mover) putFeature(f plan.Feature) error {
	before := f
	f.Key = m.branches[f.Key]
	f.ID, f.EpicID, f.EpicKey = f.Key.Ordinal(), m.to.Ordinal(), m.to
	h := m.record(before.Key, f.Key, f.Refs)
	m.recordLinks(h.Change, f.Links)
	if removed, added := m.renamed(f.DependsOn); len(removed) > 0 {
		h.Change["depends_on"] = [2]any{keyStrings(removed), keyStrings(added)}
	}
	over, err := m.tx.Over(before.Key)
	if err != nil {
		return err
	}
	m.tx.TouchMoved(f.Key, over)
	if err := m.tx.PutMovedFeature(before, &f, h); err != nil {
		return err
	}
	_, err = m.tx.AddEpicCounts(before.EpicKey, tally{}.Minus(sumsUnder(f)))
	if err == nil {
		_, err = m.tx.AddEpicCounts(m.to, sumsUnder(f))
	}
	return err
}

func (m *mover) putTasks(tasks []plan.Task, progress func(int)) error {
	reasons, err := m.tx.Reasons(keysOf(tasks))
	if err != nil {
		return err
	}
	bulk := m.tx.NewBulk()
	var idle []plan.Task
	for i, t := range tasks {
		before := t
		t.Key = m.keys[before.Key]
		t.ID, t.FeatureID = t.Key.Ordinal(), t.Key.FeatureKey().Ordinal()
		t.FeatureKey, t.EpicKey = t.Key.FeatureKey(), t.Key.EpicKey()
		above, err := m.parentsOf(t.FeatureKey)
		if err != nil {
			return err
		}
		t.Offered = above.Offer()
		now, err := m.tx.Now()
		if err != nil {
			return err
		}
		t.DeferUntil(above.FeatureDefer, above.EpicDefer, now)
		if m.to.Level() == plan.LevelFeature { // the counts of a feature go with it
			m.moved.addTally(before.FeatureKey, tally{}.Minus(store.SumsOf(t)))
			m.moved.addTally(t.FeatureKey, store.SumsOf(t))
		}
		if err := m.noteSettled(before, t); err != nil {
			return err
		}
		h := m.record(before.Key, t.Key, t.Refs)
		if removed, added := m.renamed(t.DependsOn); len(removed) > 0 {
			h.Change["depends_on"] = [2]any{keyStrings(removed), keyStrings(added)}
		}
		m.recordLinks(h.Change, t.Links)
		if err := bulk.PutMoved(before, &t, reasons[before.Key], h); err != nil {
			return err
		}
		if t.Status == plan.Todo && !t.Offered {
			idle = append(idle, t)
		}
		progress(i + 1)
	}
	if err := bulk.Flush(); err != nil {
		return err
	}
	m.warnings, err = notOffered(m.tx, idle)
	return err
}

// parentsOf returns the statuses of a feature and its epic, read once.
func (m *mover) parentsOf(feature plan.Key) (store.Parents, error) {
	if p, known := m.parents[feature]; known {
		return p, nil
	}
	p, err := m.tx.Parents(feature)
	m.parents[feature] = p
	return p, err
}

// renamed returns those of the keys that change, before and after.
func (m *mover) renamed(keys []plan.Key) (before, after []plan.Key) {
	for _, k := range keys {
		if now := m.now(k); now != k {
			before, after = append(before, k), append(after, now)
		}
	}
	return before, after
}

// recordLinks records with an item that moves which of its links lead to what
// has another key now.
func (m *mover) recordLinks(c plan.Change, links []plan.Link) {
	var before, after []plan.Link
	for _, l := range plan.OwnLinks(links) {
		if k, is := l.Item(); is && m.now(k) != k {
			before, after = append(before, l), append(after, plan.Link{As: l.As, To: m.now(k).String()})
		}
	}
	if len(before) > 0 {
		c["links"] = [2]any{plan.LinksOf(before), plan.LinksOf(after)}
	}
}

// linksInto returns the links from items that stay to items that move.
func (m *mover) linksInto(going []plan.Key) (out []store.LinkRow, err error) {
	links, err := m.tx.LinksOnto(ofLevel(going, plan.LevelTask))
	for _, k := range ofLevel(going, plan.LevelFeature) {
		if err != nil {
			break
		}
		var into []store.LinkRow
		into, err = m.tx.LinksInto(k)
		links = append(links, into...)
	}
	for _, l := range links {
		if m.now(l.Item) == l.Item {
			out = append(out, l)
		}
	}
	return out, err
}
