package plan

import (
	"cmp"
	"slices"
	"strings"
)

// MaxLinks bounds the links stored with one item.
const MaxLinks = 100

// A LinkKind says how an item is related to the target of a link.
type LinkKind string

// The kinds of links. Relates is the same from both sides; none of them blocks.
const (
	Relates        LinkKind = "relates"
	Duplicates     LinkKind = "duplicates"
	Supersedes     LinkKind = "supersedes"
	DiscoveredFrom LinkKind = "discovered-from"
	Implements     LinkKind = "implements"
)

// inverses are the names of the kinds from the other side.
var inverses = map[LinkKind]LinkKind{
	Relates: Relates, Duplicates: "duplicated-by", Supersedes: "superseded-by", DiscoveredFrom: "discovered", Implements: "implemented-by",
}

// LinkKinds lists the kinds of links, as they are stored.
func LinkKinds() []LinkKind {
	return []LinkKind{Relates, Duplicates, Supersedes, DiscoveredFrom, Implements}
}

// Inverse returns the name of the link from the other side.
func (k LinkKind) Inverse() LinkKind {
	for kind, inverse := range inverses {
		if k == inverse {
			return kind
		}
	}
	return inverses[k]
}

// Stored reports whether links are stored under this kind rather than its
// inverse.
func (k LinkKind) Stored() bool { return inverses[k] != "" }

// ParseLinkKind reads a kind of link, from either side, in any case and with _
// for -; empty is Relates.
func ParseLinkKind(s string) (LinkKind, error) {
	if s == "" {
		return Relates, nil
	}
	k := LinkKind(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "_", "-"))
	if k.Stored() || k.Inverse() != "" {
		return k, nil
	}
	words := make([]string, 0, len(inverses))
	for _, kind := range LinkKinds() {
		words = append(words, string(kind))
	}
	return k, Errorf(Invalid, "unknown kind of link %q", clip(s)).WithCode("bad_link").WithHint("use one of %s", strings.Join(words, ", "))
}

// A Link points from an item to another one, to a file of the project, or to a
// web page. It is stored with one item and shown on both.
type Link struct {
	As    LinkKind `json:"as"`
	To    string   `json:"to"` // a key, a path or an address
	Other bool     `json:"-"`  // it is stored with the other item
}

// Item returns the key of the item that the link points to; false for a file
// or an address.
func (l Link) Item() (Key, bool) {
	k, err := ParseKey(l.To)
	return k, err == nil
}

// CheckLinkTarget rejects texts that a link cannot point to, and returns the
// stored form: a key, an address with a scheme, or a path. A text that may be
// a mistyped key is not a path.
func CheckLinkTarget(s string) (string, error) {
	s = strings.TrimSpace(s)
	if k, err := ParseKey(s); err == nil {
		return k.String(), nil
	}
	if err := CheckPath(s); err != nil {
		return s, err
	}
	if isAddress(s) {
		if !webAddress(s) {
			return s, Errorf(Invalid, "cannot link to %q: an address must be http, https or mailto", clip(s)).WithCode("bad_link").
				WithHint("for a file, write its path")
		}
		return s, nil
	}
	path := strings.TrimPrefix(s, "./")
	if path == "" || strings.HasPrefix(s, "-") || path == s && !strings.ContainsAny(s, "/.\\") {
		return s, Errorf(Invalid, "%q is not a key, a path or a web address", clip(s)).WithCode("bad_link").
			WithHint("for a file in this directory write ./%s", s)
	}
	return path, nil
}

// OwnLinks returns the links that are stored with the item itself.
func OwnLinks(links []Link) []Link {
	return slices.DeleteFunc(slices.Clone(links), func(l Link) bool { return l.Other })
}

// LinkTargets returns the targets of links.
func LinkTargets(links []Link) []string {
	out := make([]string, len(links))
	for i, l := range links {
		out[i] = l.To
	}
	return out
}

// SortLinks sorts links: by kind, then items in key order, then the others.
func SortLinks(links []Link) {
	Sort(links, func(a, b Link) int {
		if d := cmp.Compare(a.As.rank(), b.As.rank()); d != 0 {
			return d
		}
		ak, aItem := a.Item()
		bk, bItem := b.Item()
		if aItem && bItem {
			return cmp.Compare(ak.Ordinal(), bk.Ordinal())
		}
		switch {
		case aItem:
			return -1
		case bItem:
			return 1
		}
		return cmp.Compare(a.To, b.To)
	})
}

func (k LinkKind) rank() int {
	i := slices.Index(LinkKinds(), k)
	if i < 0 {
		return len(inverses) + slices.Index(LinkKinds(), k.Inverse())
	}
	return i
}

// A LinkChange is a link in the record of a change.
type LinkChange struct {
	As LinkKind `json:"as"`
	To any      `json:"to"` // a string or a Text
}

// linksField is the field of a change with the links that an item lost and
// gained, as far as they are stored with it.
const linksField = "links"

// LinksOf returns links in the form of a Change; nil for none.
func LinksOf(links []Link) any {
	if len(links) == 0 {
		return nil
	}
	out := make([]LinkChange, len(links))
	for i, l := range links {
		out[i] = LinkChange{l.As, l.To}
	}
	return out
}

// AsLinks returns a value of a Change as links, also if it was decoded from
// JSON.
func AsLinks(v any) []LinkChange {
	switch v := v.(type) {
	case []LinkChange:
		return v
	case []any:
		out := make([]LinkChange, 0, len(v))
		for _, one := range v {
			if m, is := one.(map[string]any); is {
				as, _ := m["as"].(string)
				out = append(out, LinkChange{LinkKind(as), m["to"]})
			}
		}
		return out
	}
	return nil
}

// targetField is the name of a link's target.
const targetField = "target"

// linkWords formats links as members of a set.
func linkWords(links []LinkChange) []string {
	out := make([]string, len(links))
	for i, l := range links {
		out[i] = string(l.As) + " " + canonical(targetField, l.To)
	}
	return out
}

// linksOf compares the links stored with an item with its history.
func (r *Replay) linksOf(links []Link) []string {
	own, _ := LinksOf(OwnLinks(links)).([]LinkChange)
	return r.setOf(linksField, "link", linkWords(own))
}

// eachText applies f to the texts of links or of checklist lines, and reports
// whether v is either.
func eachText(field string, v any, f func(field string, v any) any) (any, bool) {
	switch field {
	case checksField:
		checks := slices.Clone(AsChecks(v))
		for i := range checks {
			checks[i].Text = f(textField, checks[i].Text)
		}
		return checksOrNone(checks), true
	case linksField:
		links := slices.Clone(AsLinks(v))
		for i := range links {
			links[i].To = f(targetField, links[i].To)
		}
		if len(links) == 0 {
			return nil, true
		}
		return links, true
	}
	return v, false
}
