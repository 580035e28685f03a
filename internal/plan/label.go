package plan

import (
	"slices"
	"strings"
	"unicode"
)

// MaxLabels bounds the labels of one item.
const MaxLabels = 100

// A LabelCount is a label with the number of items that have it.
type LabelCount struct {
	Label string `json:"label"`
	Items int    `json:"items"`
}

// CheckLabel rejects texts that cannot be a label. A label is one word of at
// most MaxName characters, without commas, which separate labels, and without
// a leading dash, which would make it a flag.
func CheckLabel(s string) error {
	if err := checkLine("label", s, MaxName); err != nil {
		return err
	}
	if s == "" || strings.HasPrefix(s, "-") || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) {
		return limit("label", "invalid label %q", clip(s)).
			WithHint("a label is one word of at most %d characters, such as backend or needs-design", MaxName)
	}
	return nil
}

// FoldLabel returns the form by which labels are compared: labels that differ
// only in case are the same.
func FoldLabel(s string) string { return strings.ToLower(s) }

// SortLabels returns the labels, sorted in the order in which they are
// compared, each once, as it was written first.
func SortLabels(labels []string) []string {
	out := slices.Clone(labels)
	slices.SortStableFunc(out, func(a, b string) int { return strings.Compare(FoldLabel(a), FoldLabel(b)) })
	return slices.CompactFunc(out, func(a, b string) bool { return FoldLabel(a) == FoldLabel(b) })
}

// MissingLabels returns those of the labels that are not among there.
func MissingLabels(labels, there []string) (out []string) {
	for _, l := range labels {
		if !slices.ContainsFunc(there, func(t string) bool { return FoldLabel(t) == FoldLabel(l) }) {
			out = append(out, l)
		}
	}
	return out
}

// DefaultKind is the kind of a task without a kind.
const DefaultKind = "task"

// CheckKind rejects texts that cannot be the kind of a task. A kind is one
// word in lower case, and never DefaultKind. Empty is allowed.
func CheckKind(s string) error {
	if err := checkLine("kind", s, MaxName); err != nil {
		return err
	}
	if s == DefaultKind || s != strings.ToLower(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' }) {
		return limit("kind", "invalid kind %q", clip(s)).WithHint("a kind is one word, such as bug, chore or spike")
	}
	return nil
}
