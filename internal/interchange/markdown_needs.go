package interchange

import (
	"slices"
	"strings"

	"pm/internal/plan"
)

// A ref is one task that another names as its dependency.
type ref struct {
	text string   // as it is written
	stem string   // the file's name it may be
	key  plan.Key // the key it may be; zero if it is none
	full bool     // epic and feature are in the text, with the T- in front
	line int
}

var (
	markdownLink = pattern(`\[([^\]\[]*)\]\([^()]*\)`)
	remark       = pattern(`\([^()]*\)`)
	between      = pattern(`(?i)[,;+&\n]|\band\b`)
)

// readNeeds reads the dependencies. Those of the front matter count; where
// there are none, those of the bold lines.
func (d *draft) readNeeds() {
	for _, list := range [][]*field{d.doc.front, d.doc.head} {
		var refs []ref
		for _, f := range list {
			if f.name == "depends_on" {
				refs = append(refs, d.needsOf(f)...)
			}
		}
		if len(d.needs) == 0 {
			d.needs = refs
		} else if extra := extraNeeds(d.needs, refs); extra != nil {
			d.doc.note(extra.line, Warning, "the text depends on %s, the front matter does not: the front matter counts", quote(extra.text))
		}
	}
}

// extraNeeds returns the first of b that is not in a.
func extraNeeds(a, b []ref) *ref {
	for i := range b {
		if !slices.ContainsFunc(a, func(r ref) bool { return r.key == b[i].key }) {
			return &b[i]
		}
	}
	return nil
}

// needsOf reads one field. It counts as used if all of it is understood, so
// that the rest is not lost.
func (d *draft) needsOf(f *field) (refs []ref) {
	f.used = !f.opaque
	if f.opaque {
		d.doc.note(f.line, Warning, "%s is no list of keys: kept in the description", f.label)
	}
	for _, v := range f.values {
		v = markdownLink().ReplaceAllString(v, "$1")
		v = strings.NewReplacer("`", "", "*", "", `"`, "", "[", "", "]", "").Replace(v)
		for _, piece := range between().Split(remark().ReplaceAllString(v, ""), -1) {
			found, problem := d.needsIn(strings.TrimSpace(piece))
			for i := range found {
				found[i].line = f.line
			}
			refs = append(refs, found...)
			if problem != "" {
				f.used = false
				d.doc.note(f.line, Warning, "%s %s %s: left in the description", f.label, quote(piece), problem)
			}
		}
	}
	return refs
}

// needsIn reads one piece of a list: a key or a file's name, and words.
func (d *draft) needsIn(piece string) (refs []ref, problem string) {
	if w := wordsOf(piece); len(w) == 0 || slices.Contains([]string{"none", "n", "null", "no", "nothing"}, w[0]) {
		return nil, ""
	}
	for i, word := range strings.Fields(piece) {
		stem := stemOf(strings.Trim(word, ".,:'"))
		n, ok := parseTaskName(stem, d.name.key.FeatureKey())
		switch {
		case ok:
			full := n.full && strings.EqualFold(stem[:2], "T-")
			refs = append(refs, ref{text: word, stem: stem, key: n.key, full: full})
		case i > 0:
		case isMarkdown(word):
			return []ref{{text: word, stem: stem}}, ""
		default:
			if k, _, ok := keyAndSlug(stem); ok {
				return nil, "is " + article(k.Level()) + ", and a task depends on tasks only"
			}
			return nil, "is not understood"
		}
	}
	return refs, ""
}

func article(l plan.Level) string {
	if l == plan.LevelEpic {
		return "an epic"
	}
	return "a " + string(l)
}

// leadingKey reads the key that s begins with, or that the last element of
// the path s has; words behind it are dropped.
func leadingKey(s string) (plan.Key, bool) {
	s = strings.TrimLeft(s, "[`\" ")
	word, _, _ := strings.Cut(s, " ")
	k, _, ok := keyAndSlug(stemOf(strings.TrimRight(word, ":`\"],")))
	return k, ok
}
