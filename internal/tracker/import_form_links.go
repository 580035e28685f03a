package tracker

import (
	"slices"

	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/store"
)

// linksName is the field of the links of an item, fieldsName begins those of custom
// fields.
const (
	linksName  = "links"
	fieldsName = "fields."
)

// taken is what an update takes over from the source.
type taken struct {
	fields map[string]bool
	links  *relinking
	notes  []plan.Note
	parent plan.Key // zero: as it is
}

// A relinking is what the source says of an item's links since it was last read.
type relinking struct {
	source, here []plan.Link
	add, remove  []plan.Link
}

// newRelinking compares the links of the source with those that are here. What is
// here alone may have been added here: only what was read before says that the source
// lost it.
func newRelinking(source, here []plan.Link) *relinking {
	r := &relinking{source: source, here: here}
	for _, l := range source {
		if !slices.ContainsFunc(here, func(has plan.Link) bool { return has.As == l.As && has.To == l.To }) {
			r.add = append(r.add, l)
		}
	}
	return r
}

// differs reports whether the source has links that are not here, or the reverse.
func (r *relinking) differs() bool {
	return len(r.add) > 0 || slices.ContainsFunc(plan.OwnLinks(r.here), func(l plan.Link) bool { return !slices.Contains(r.source, l) })
}

// since leaves what changed in the source since it was read last: links that it has
// gained, and those that it has lost.
func (r *relinking) since(base *plan.Replay) bool {
	r.add = slices.DeleteFunc(r.add, base.HasLink)
	r.remove = slices.DeleteFunc(plan.OwnLinks(r.here), func(l plan.Link) bool {
		return slices.Contains(r.source, l) || !base.HasLink(l)
	})
	return len(r.add)+len(r.remove) > 0
}

// follow leads the links to what has another key now.
func (r *relinking) follow(now func(plan.Key) plan.Key) {
	for _, links := range [][]plan.Link{r.add, r.remove} {
		for n, l := range links {
			if k, is := l.Item(); is {
				links[n].To = now(k).String()
			}
		}
	}
}

// save adds and removes links of an item, and returns it as it is then.
func (r *relinking) save(tx *store.Tx, now Item) (Item, error) {
	l := newLinking(tx, now.Key())
	if err := l.begin(plan.LinkTargets(slices.Concat(r.add, r.remove))); err != nil {
		return now, err
	}
	for _, link := range r.remove {
		l.remove(link)
	}
	for _, link := range r.add {
		if err := l.add(link.As, link.To); err != nil {
			return now, err
		}
	}
	if err := l.save(); err != nil {
		return now, err
	}
	return lockItem(tx, now.Key())
}

// comparedCustom lists the custom fields that keep what pm has no place for.
func (i *formImport) comparedCustom(item *form.Item, there Item) (out []formField) {
	source, here := i.fieldsOf(item), *there.fieldPlace()
	for _, f := range i.fields {
		out = append(out, formField{fieldsName + f.Name, source[f.Name], here[f.Name]})
	}
	return out
}

// givenFields returns the custom fields that changed, as an update takes them.
func (i *formImport) givenFields(item *form.Item, changed map[string]bool) plan.Fields {
	source, out := i.fieldsOf(item), plan.Fields{}
	for _, f := range i.fields {
		if changed[fieldsName+f.Name] {
			out[f.Name] = source[f.Name]
		}
	}
	return out
}
