package interchange

import (
	"fmt"

	"pm/internal/plan"
)

// choose returns what the document says about one of its fields: the first
// value that parse understands, the front matter before the bold lines. It
// reports every value that is not understood or disagrees. False means that
// there is none; fallback then says in the report what is assumed.
func choose[T comparable](d *document, name string, parse func(string) (T, bool), fallback string) (value T, ok bool) {
	var from *field
	var misread []*field
	for _, f := range d.fields(name) {
		if f.known && !f.used {
			continue // something else understands it
		}
		f.known = true
		v, understood := parse(f.text())
		switch {
		case f.opaque, !understood:
			misread = append(misread, f)
		case from == nil:
			value, from, f.used = v, f, true
		case v != value:
			d.note(f.line, Warning, "%s: %s here, %s in line %d, which is used", f.label, quote(f.text()), quote(from.text()), from.line)
		default:
			f.used = true
		}
	}
	for _, f := range misread {
		counts := fallback
		if from != nil {
			counts = fmt.Sprintf("line %d is used, with %s", from.line, quote(from.text()))
		}
		d.note(f.line, Warning, "%s %s is not understood: %s", f.label, quote(f.shown()), counts)
	}
	return value, from != nil
}

// fields returns the fields of that name that say something, the front
// matter's first. The others are marked as used.
func (d *document) fields(name string) []*field {
	var out []*field
	for _, list := range [][]*field{d.front, d.head} {
		for _, f := range list {
			if f.name != name {
				continue
			}
			if f.text() == "" && !f.opaque {
				f.used = true
				continue
			}
			out = append(out, f)
		}
	}
	return out
}

func (f *field) shown() string {
	if f.opaque {
		return f.raw
	}
	return f.text()
}

// checkParent reports an epic or a feature that the document claims to lie in
// but does not; the folder counts.
func (d *document) checkParent(name string, key plan.Key) {
	for _, f := range d.fields(name) {
		k, ok := leadingKey(f.text())
		f.known = true
		if !ok {
			continue // a title: kept as it is
		}
		f.used = true
		if k != key {
			d.note(f.line, Warning, "%s says %s: the location of the file is used, which is %s", f.label, k, key)
		}
	}
}
