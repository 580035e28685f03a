package tracker

import (
	"pm/internal/interchange/vet"
	"pm/internal/plan"
	"pm/internal/store"
)

// takeLinks notes the links of an item of the file, which are stored once both
// ends of all are there.
func (l *loader) takeLinks(k plan.Key, links []plan.Link) {
	for _, link := range links {
		l.links = append(l.links, store.LinkRowOf(k, link))
	}
}

// finishLinks stores the links, and ties what elsewhere was linked to what was
// restored to it again. Links of what was restored to what was deleted since
// are lost, which its history says; those to what was moved follow it.
func (l *loader) finishLinks() error {
	var there, lost, moved []store.LinkRow
	for _, link := range l.links {
		is, err := l.isThere(link.To)
		if err != nil {
			return err
		}
		switch {
		case is:
			there = append(there, link)
		case l.restoring == nil:
			return vet.AtLine(l.lineOf(link.Item), plan.Errorf(plan.NotFound, "%s is linked to %s, which is neither in the file nor in the plan", link.Item, link.To).
				WithHint("add it to the file, or remove the link there"))
		default:
			there, lost = append(there, link), append(lost, link)
			now, found, err := l.tx.RefOwner(link.To.String())
			if err != nil {
				return err
			}
			if found && now != link.Item {
				moved = append(moved, store.LinkRow{Item: link.Item, Kind: link.Kind, To: now})
			}
		}
	}
	if l.dryRun || len(there)+len(l.onto) == 0 {
		return nil
	}
	if err := l.tx.AddLinks(there); err != nil {
		return err
	}
	if err := relink(l.tx, lost, moved, "restored, and what it is linked to was deleted or moved since"); err != nil {
		return err
	}
	var again []store.LinkRow
	for _, link := range l.onto {
		from, err := l.isThere(link.Item)
		if err != nil {
			return err
		}
		if to, err := l.isThere(link.To); err != nil {
			return err
		} else if from && to {
			again = append(again, link)
		}
	}
	return relink(l.tx, nil, again, "what it is linked to was restored")
}

// isThere reports whether an item is in the file or there already; the zero key
// stands for what is no item.
func (l *loader) isThere(k plan.Key) (bool, error) {
	if _, here := l.parents[k]; here || k.IsZero() {
		return true, nil
	}
	if here, _ := l.tasks.of(k); here {
		return true, nil
	}
	_, err := loadItem(l.tx, k)
	if kindOf(err) == plan.NotFound {
		return false, nil
	}
	return err == nil, err
}
