package tracker

import (
	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// parentName is the field of what an item lies under.
const parentName = "parent"

// A later is what an update gives an item once everything new is stored, and every
// dependency is gone that the source no longer has: until then the parent, or the
// other end, may be missing, or close a cycle.
type later struct {
	item   *form.Item
	parent plan.Key
	needs  bool
	links  *relinking
}

// complete does what was left for later: first the moves, then what leads to other items.
func (i *formImport) complete() error {
	if err := i.move(); err != nil {
		return err
	}
	for _, l := range i.later {
		now, err := lockItem(i.tx, i.key(l.item))
		if err == nil && l.needs {
			now, _, err = tighten(i.tx, now, i.needs(l.item))
		}
		if err == nil && l.links != nil {
			now, err = l.links.save(i.tx, now)
		}
		if err == nil {
			err = i.updated(l.item, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// updated ends the update of an item with a record that says so: the next import
// compares with what is here then.
func (i *formImport) updated(item *form.Item, now Item) error {
	_, err := saveItem(i.tx, now, plan.History{Notes: updatedNotes + placeOf(item)}, func(Item) {})
	return err
}

// move puts items under what they lie under in the source, features first.
func (i *formImport) move() error {
	var parents []plan.Key
	for _, level := range []plan.Level{plan.LevelFeature, plan.LevelTask} {
		for from, l := range i.later {
			to := l.parent
			if to.IsZero() || l.item.Level != level {
				continue
			}
			var keys []plan.Key
			for n := from; n < len(i.later); n++ { // with all others that go there
				if other := &i.later[n]; other.parent == to && other.item.Level == level {
					keys, other.parent = append(keys, i.key(other.item)), plan.Key{}
				}
			}
			to, err := i.under(l.item)
			if err == nil {
				err = i.moveTo(to, keys)
			}
			if err != nil {
				return err
			}
			parents = append(parents, to)
		}
	}
	for _, to := range parents {
		if err := checkMovedCycles(i.tx, to); err != nil {
			return err
		}
	}
	return nil
}

// moveTo moves items. Only together the moves may close no cycle, which was made sure of.
func (i *formImport) moveTo(to plan.Key, keys []plan.Key) error {
	m := mover{tx: i.tx, to: to, keys: map[plan.Key]plan.Key{}, together: true}
	err := m.lock(keys)
	if err == nil {
		err = m.run(keys)
	}
	for n, k := range i.keys {
		i.keys[n] = m.now(k)
	}
	for ref, k := range i.others {
		i.others[ref] = m.now(k)
	}
	for _, l := range i.later {
		if l.links != nil {
			l.links.follow(m.now)
		}
	}
	return err
}

// stay lets what was imported at another level than the source has now keep that.
func (i *formImport) stay() {
	o := i.in.Outline
	for n, item := range o.Items {
		k := i.keys[n]
		if !i.there[n] || k.Level() == item.Level {
			continue
		}
		i.report(item, interchange.Info, "%s is %s in the source, and stays %s here", k, item.Level.Article(), k.Level().Article())
		told := len(o.Findings)
		o.Stay(item, k.Level())
		i.tell(o.Findings[told:])
	}
}

// under returns what an item of the source lies under here.
func (i *formImport) under(item *form.Item) (plan.Key, error) {
	switch {
	case item.In == nil:
		return plan.Key{}, nil
	case item.Level == plan.LevelTask:
		return i.featureOver(i.key(item.In))
	}
	return i.key(item.In).EpicKey(), nil
}

// featureOver returns the feature for tasks that lie under an item in the source: that
// is another level here, where it stays.
func (i *formImport) featureOver(k plan.Key) (plan.Key, error) {
	if k.Level() != plan.LevelEpic {
		return k.FeatureKey(), nil
	}
	all, err := i.tx.ChildTitles(k)
	if err == nil && len(all) == 0 {
		err = plan.Errorf(plan.Refused, "%s is a feature in the source: here it is an epic without a feature for its tasks", k).WithCode("no_feature").
			WithHint(`create one: pm feature create %s "title"`, k)
	}
	if err != nil {
		return k, err
	}
	return all[0].Key, nil
}
