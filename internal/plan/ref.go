package plan

import (
	"slices"
	"strings"
	"unicode"
)

// The limits of references.
const (
	MaxRef  = 128 // characters
	MaxRefs = 100 // of one item
)

// sources are short forms of source names.
var sources = map[string]string{"gh": "github"}

// ParseRef parses another name of an item, such as github:42, also typed
// gh#42, bd-a1f3 or PROJ-7: a name in another tool, with its source and a
// colon in front if it has one. Keys, web addresses and database addresses are
// not references.
func ParseRef(s string) (string, error) {
	s = strings.TrimSpace(s)
	if source, number, found := strings.Cut(s, "#"); found && sources[strings.ToLower(source)] != "" {
		s = sources[strings.ToLower(source)] + ":" + number
	}
	if err := checkLine("reference", s, MaxRef); err != nil {
		return s, err
	}
	if _, err := ParseKey(s); err == nil {
		return s, limit("reference", "%s is a key, not a reference", s).WithHint("to give an item another key, move it: pm move KEY --to PARENT")
	}
	if IsPlanWord(s) {
		return s, limit("reference", "%s means the plan itself and cannot be a reference", s)
	}
	if s == "" || strings.HasPrefix(s, "-") || strings.HasSuffix(s, ":") || isAddress(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) {
		return s, limit("reference", "invalid reference %q", clip(s)).
			WithHint("a reference is one word of at most %d characters, such as github:42, gh#42 or PROJ-7", MaxRef)
	}
	return s, nil
}

// FoldRef returns the form by which references are compared: case does not
// matter.
func FoldRef(s string) string { return strings.ToLower(s) }

// IsFormerKey reports whether a reference is a key that its item was moved
// from. It stays with the item forever.
func IsFormerKey(ref string) bool {
	_, err := ParseKey(ref)
	return err == nil
}

// SortRefs returns the references, sorted in the order in which they are
// compared, each once.
func SortRefs(refs []string) []string {
	out := slices.Clone(refs)
	slices.SortStableFunc(out, func(a, b string) int { return strings.Compare(FoldRef(a), FoldRef(b)) })
	return slices.CompactFunc(out, func(a, b string) bool { return FoldRef(a) == FoldRef(b) })
}
