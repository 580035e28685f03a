package tracker

import (
	"pm/internal/plan"
)

// A PlannedLink is a link that a plan gives an item.
type PlannedLink struct {
	As string `json:"as,omitempty" jsonschema:"how the item is related to it: relates (the default), duplicates, supersedes, discovered-from or implements"`
	To string `json:"to" jsonschema:"an id of this plan, a key, the path of a file, or a web address"`
}

// links returns the links that the plan gives an item. What a new task was
// discovered from, it is created with.
func (p *planned) links() []PlannedLink {
	if p.task == nil || !p.found || p.task.Create.DiscoveredFrom == "" {
		return p.Links
	}
	return append([]PlannedLink{{string(plan.DiscoveredFrom), p.task.Create.DiscoveredFrom}}, p.Links...)
}

// changeLinks adds the links that are not there yet, now that every item has its
// key. Links that others added stay.
func (a *applier) changeLinks() error {
	for _, p := range a.items {
		if len(p.links()) == 0 {
			continue
		}
		item, err := a.link(p)
		if err != nil {
			return p.failAt("links", err)
		}
		if p.found {
			p.change = difference(p.before, item)
		} else {
			p.created(a, item, nil)
		}
	}
	return nil
}

// link adds the links of an item, and returns it as it is then.
func (a *applier) link(p *planned) (Item, error) {
	var links []plan.Link
	for _, given := range p.links() {
		kind, err := plan.ParseLinkKind(given.As)
		to := given.To
		if k := a.keyOf(to); !k.IsZero() {
			to = k.String()
		}
		if err == nil {
			to, err = plan.CheckLinkTarget(to)
		}
		if err != nil {
			return Item{}, err
		}
		links = append(links, plan.Link{As: kind, To: to})
	}
	l := newLinking(a.tx, p.now)
	if err := l.begin(plan.LinkTargets(links)); err != nil {
		return Item{}, err
	}
	for _, link := range links {
		if err := l.add(link.As, link.To); err != nil {
			return Item{}, err
		}
	}
	if err := l.save(); err != nil {
		return Item{}, err
	}
	return loadItem(a.tx, p.now)
}
