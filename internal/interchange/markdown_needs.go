package interchange

import (
	"slices"
	"strings"

	"pm/internal/plan"
)

// A ref is what a document names as a dependency.
type ref struct {
	text string   // as it is written
	stem string   // the file's name it may be
	key  plan.Key // the key it may be, of an epic or a feature for all of their tasks; zero if it is none
	to   plan.Key // the end of a range that begins with key; else zero
	full bool     // epic and feature are in the text, with the T- in front
	line int
}

var (
	markdownLink = pattern(`\[([^\]\[]*)\]\(([^()]*)\)`)
	remark       = pattern(`\([^()]*\)`)
	between      = pattern(`(?i)[,;+&\n]|\band\b`)
)

// readNeeds reads what the task depends on and what depends on it: all that
// any place of the document says.
func (d *draft) readNeeds() {
	stated := false
	type name struct {
		key, to plan.Key
		stem    string // only of what is no key
	}
	seen := map[name]bool{}
	for _, f := range d.doc.allFields() {
		switch {
		case f.name == "blocks":
			d.blocks = append(d.blocks, d.refsOf(f)...)
			continue
		case f.name != "depends_on" && !(f.name == "blocked" && allKeys(f.text())):
			continue
		}
		for _, r := range d.refsOf(f) {
			id := name{r.key, r.to, ""}
			if r.key.IsZero() {
				id.stem = r.stem
			}
			if stated && !seen[id] {
				d.doc.note(r.line, Info, "also depends on %s, which the fields above do not mention", quote(r.text))
			}
			seen[id] = true
			d.needs = append(d.needs, r)
		}
		stated = stated || len(d.needs) > 0
	}
}

// refsOf reads one field or section. A field counts as used if all of it is
// understood, so that the rest is not lost.
func (d *draft) refsOf(f *field) (refs []ref) {
	if f.section {
		return d.refsInSection(f)
	}
	f.used, f.known = !f.opaque, true
	values := f.values
	if f.opaque {
		values = []string{strings.Join(keysIn(f.raw), ", ")}
		if values[0] == "" {
			d.doubt(f, f.line, oneLineOf(f.raw), "is not a list of keys")
			return nil
		}
		d.doc.note(f.line, Warning, "%s is not a plain list: the keys in it are used", f.label)
	}
	for _, v := range values {
		v = plainText(v)
		pieces := between().Split(remark().ReplaceAllString(v, ""), -1)
		for _, piece := range pieces {
			found, problem := d.refsIn(piece)
			for i := range found {
				found[i].line = f.line
			}
			refs = append(refs, found...)
			switch {
			case problem == "":
			case fulfilled(piece) || len(pieces) == 1 && fulfilled(v):
				f.used = false
				d.doc.note(f.line, Info, "%s %s %s, but is marked as done", f.label, quote(piece), problem)
			default:
				d.doubt(f, f.line, piece, problem)
			}
		}
	}
	return refs
}

// doubt reports a dependency that is none of a task's: until somebody has
// looked at it, the task is not ready. One that names what depends on the task
// holds nothing up.
func (d *draft) doubt(f *field, line int, text, problem string) {
	f.used = false
	if f.name == "blocks" {
		d.doc.note(line, Warning, "%s %s %s: left in the description", f.label, quote(text), problem)
		return
	}
	d.doc.note(line, Warning, "%s %s %s: kept in the description; a todo task is imported as blocked", f.label, quote(text), problem)
	d.holds = append(d.holds, oneLineOf(text))
}

// fulfilled reports whether a dependency is said to be done.
func fulfilled(s string) bool {
	words := wordsOf(s)
	return strings.ContainsAny(s, "✅☑✔") || !slices.Contains(words, "not") && slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"done", "complete", "completed", "finished", "merged", "resolved", "implemented"}, w)
	})
}

// nothing are the words that an empty list begins with.
var nothing = []string{"none", "n", "null", "no", "nothing", "nil", "false", "independent"}

// refsIn reads one piece of a list: keys or a file's name, and words between.
func (d *draft) refsIn(piece string) (refs []ref, problem string) {
	if w := wordsOf(piece); len(w) == 0 || slices.Contains(nothing, w[0]) {
		return nil, ""
	}
	words := strings.Fields(piece)
	for i, word := range words {
		r, ok := d.refOf(word)
		if !ok {
			continue
		}
		if n := len(refs); n > 0 && i >= 2 && slices.Contains([]string{"to", "through", "thru", "-", "–", "—", "→", ".."}, strings.ToLower(words[i-1])) && refs[n-1].begins(r.key) {
			refs[n-1].to = r.key
			continue
		}
		refs = append(refs, r)
	}
	if len(refs) == 0 {
		return nil, "is not understood"
	}
	return refs, ""
}

// maxRef is how long a word may be that names a dependency, in bytes.
const maxRef = 255

// refOf reads a word as the key of an item, a range of tasks or a file's name.
func (d *draft) refOf(word string) (ref, bool) {
	if len(word) > maxRef {
		return ref{}, false
	}
	word = strings.Trim(word, ".,:'()[]")
	stem := stemOf(word)
	feature := d.name.key.FeatureKey()
	if n, ok := parseTaskName(stem, feature); ok {
		return ref{text: word, stem: stem, key: n.key, full: n.full && strings.EqualFold(stem[:2], "T-")}, true
	}
	for _, sep := range []string{"..", "–", "—", "→", "-"} {
		for i := range stem {
			if !strings.HasPrefix(stem[i:], sep) {
				continue
			}
			a, okA := parseTaskName(strings.Trim(stem[:i], "."), feature)
			b, okB := parseTaskName(strings.Trim(stem[i+len(sep):], "."), feature)
			if r := (ref{text: word, stem: stem, key: a.key}); okA && okB && r.begins(b.key) {
				r.to = b.key
				return r, true
			}
		}
	}
	if isMarkdown(word) {
		return ref{text: word, stem: stem}, true
	}
	if k, _, ok := keyAndSlug(stem); ok {
		return ref{text: word, stem: stem, key: k}, true
	}
	return ref{}, false
}

// begins reports whether a range can go from r to the task end.
func (r ref) begins(end plan.Key) bool {
	return r.key.Task > 0 && end.Task > r.key.Task && end.FeatureKey() == r.key.FeatureKey()
}

// plainText returns s without emphasis, and of links what names a task.
func plainText(s string) string {
	s = markdownLink().ReplaceAllStringFunc(s, func(link string) string {
		m := markdownLink().FindStringSubmatch(link)
		if isMarkdown(m[2]) && len(keysIn(m[1])) == 0 {
			return m[2] // its text is a title
		}
		return m[1]
	})
	return strings.NewReplacer("`", "", "*", "", `"`, "", "[", "", "]", "").Replace(s)
}

// keysIn returns the words of a source that are keys.
func keysIn(s string) (keys []string) {
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n,:;{}[]()\"'`", r) }) {
		if allKeys(word) {
			keys = append(keys, word)
		}
	}
	return keys
}

// allKeys reports whether a text consists of keys.
func allKeys(s string) bool {
	words := strings.Fields(between().ReplaceAllString(plainText(s), " "))
	for _, w := range words {
		if _, _, ok := keyAndSlug(stemOf(w)); !ok && !shortTask().MatchString(w) {
			return false
		}
	}
	return len(words) > 0
}

// leadingKey reads the key that s begins with, or that the last element of
// the path s has; words behind it are dropped.
func leadingKey(s string) (plan.Key, bool) {
	s = strings.TrimLeft(s, "[`\" ")
	word, _, _ := strings.Cut(s, " ")
	k, _, ok := keyAndSlug(stemOf(strings.TrimRight(word, ":`\"],")))
	return k, ok
}
