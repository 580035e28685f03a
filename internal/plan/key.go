package plan

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// A Key names an item: an epic E04, a feature E04-F01 or a task T-E04-F01-001.
// The numbers of levels below it are zero; the zero Key names nothing.
type Key struct{ Epic, Feature, Task int }

// The largest numbers a key can hold: together they fit one 64-bit ordinal.
const (
	MaxEpic    = 99_999
	MaxFeature = 999_999
	MaxTask    = 9_999_999
)

// A Level is one of the three levels of a plan.
type Level string

const (
	LevelEpic    Level = "epic"
	LevelFeature Level = "feature"
	LevelTask    Level = "task"
)

// Article returns the level's name with its article: "an epic".
func (l Level) Article() string {
	if l == LevelEpic {
		return "an " + string(l)
	}
	return "a " + string(l)
}

// Level returns the level of the item that k names.
func (k Key) Level() Level {
	switch {
	case k.Task > 0:
		return LevelTask
	case k.Feature > 0:
		return LevelFeature
	}
	return LevelEpic
}

// IsZero reports whether k names nothing.
func (k Key) IsZero() bool { return k == Key{} }

// String returns the canonical form; the zero Key is empty.
func (k Key) String() string {
	switch {
	case k.Task > 0:
		return fmt.Sprintf("T-E%02d-F%02d-%03d", k.Epic, k.Feature, k.Task)
	case k.Feature > 0:
		return fmt.Sprintf("E%02d-F%02d", k.Epic, k.Feature)
	case k.Epic > 0:
		return fmt.Sprintf("E%02d", k.Epic)
	}
	return ""
}

// Name returns what k names, for use in a sentence: the key, or the project.
func (k Key) Name() string {
	if k.IsZero() {
		return "the project"
	}
	return k.String()
}

// EpicKey and FeatureKey return the key of the epic or feature that k is or is
// in.
func (k Key) EpicKey() Key    { return Key{Epic: k.Epic} }
func (k Key) FeatureKey() Key { return Key{Epic: k.Epic, Feature: k.Feature} }

// Parent returns the key of the feature of a task, or of the epic of a feature;
// the zero key for an epic.
func (k Key) Parent() Key {
	switch k.Level() {
	case LevelTask:
		return k.FeatureKey()
	case LevelFeature:
		return k.EpicKey()
	}
	return Key{}
}

// Child returns the key of the n-th child of an epic or a feature.
func (k Key) Child(n int) Key {
	if k.Feature == 0 {
		return Key{Epic: k.Epic, Feature: n}
	}
	return Key{k.Epic, k.Feature, n}
}

// Ordinal returns a number that sorts like the key: by epic, then feature,
// then task, each numerically, with a parent before its children.
func (k Key) Ordinal() int64 {
	return int64(k.Epic)*(MaxFeature+1)*(MaxTask+1) + int64(k.Feature)*(MaxTask+1) + int64(k.Task)
}

// Compare is negative if k comes before other in key order, and positive if it
// comes after.
func (k Key) Compare(other Key) int { return cmp.Compare(k.Ordinal(), other.Ordinal()) }

// Range returns the ordinals of k itself and of the last item that can be in
// it.
func (k Key) Range() (first, last int64) {
	first = k.Ordinal()
	switch k.Level() {
	case LevelEpic:
		return first, first + (MaxFeature+1)*(MaxTask+1) - 1
	case LevelFeature:
		return first, first + MaxTask
	}
	return first, first
}

// Contains reports whether other is k or is in it.
func (k Key) Contains(other Key) bool {
	first, last := k.Range()
	return first <= other.Ordinal() && other.Ordinal() <= last
}

func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

func (k *Key) UnmarshalText(b []byte) (err error) {
	*k, err = ParseKey(string(b))
	return err
}

// ParseKey parses a key as people type it: in any case, with or without the
// task's T- and leading zeros, a task's number also as T001, with any slug
// after it: t-e4-f1-2, E4, E04-F01-T02.
func ParseKey(s string) (Key, error) { return parseKey(s, 1, 1, 1) }

// ParseKeyInText is ParseKey for keys in texts and file names, where a short
// form may be a word: their numbers must have at least as many digits as pm
// writes, and after a T at least two.
func ParseKeyInText(s string) (Key, error) { return parseKey(s, 2, 3, 2) }

// parseKey parses a key whose numbers have at least the given digits: for
// epics and features, for tasks, and for tasks after a T.
func parseKey(s string, parent, task, behindT int) (Key, error) {
	bad := func() (Key, error) {
		return Key{}, Errorf(Invalid, "invalid key %q", clip(s)).WithCode("bad_key").
			WithHint("keys look like E04, E04-F01 and T-E04-F01-001")
	}
	rest := strings.ToUpper(strings.TrimSpace(s))
	rest, isTask := strings.CutPrefix(rest, "T-")
	var k Key
	var ok bool
	if k.Epic, rest, ok = number(rest, "E", parent, MaxEpic); !ok {
		return bad()
	}
	if n, after, ok := number(rest, "-F", parent, MaxFeature); ok {
		k.Feature, rest = n, after
	}
	if k.Feature > 0 {
		for _, form := range []struct {
			prefix string
			digits int
		}{{"-", task}, {"-T", behindT}} {
			if n, after, ok := number(rest, form.prefix, form.digits, MaxTask); ok {
				k.Task, rest = n, after
				break
			}
		}
	}
	if isTask && k.Task == 0 || rest != "" && !slug(rest) {
		return bad()
	}
	return k, nil
}

// MustKey is ParseKey for keys written in the program.
func MustKey(s string) Key {
	k, err := ParseKey(s)
	if err != nil {
		panic(err)
	}
	return k
}

// number cuts prefix and a number of at least the given digits, between 1 and
// most, that is followed by the end or a dash.
func number(s, prefix string, digits, most int) (n int, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, prefix)
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	if !ok || i < digits || i < len(s) && s[i] != '-' {
		return 0, "", false
	}
	n, err := strconv.Atoi(s[:i])
	return n, s[i:], err == nil && 1 <= n && n <= most
}

// slug reports whether s is "-" and words: what a file name appends to a key.
// A slug that begins like a number of the next level is a mistyped key.
func slug(s string) bool {
	if len(s) < 2 || s[0] != '-' {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == '/' || r == '\\' || r == 0x7f {
			return false
		}
	}
	word, after, _ := strings.Cut(s[1:], "-")
	bare := strings.TrimPrefix(strings.TrimPrefix(word, "F"), "T")
	most := 1 // digits that a word may begin with: 2FA-LOGIN, but not 003X
	if bare == "" {
		bare, most = after, 0
	} else if bare != word {
		most = 0
	}
	n := len(bare) - len(strings.TrimLeft(bare, "0123456789"))
	return bare != "" && n <= most && n < len(bare)
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// KeyOf returns the key whose Ordinal is n.
func KeyOf(n int64) Key {
	return Key{
		Epic:    int(n / ((MaxFeature + 1) * (MaxTask + 1))),
		Feature: int(n / (MaxTask + 1) % (MaxFeature + 1)),
		Task:    int(n % (MaxTask + 1)),
	}
}

// JoinKeys returns the keys with the separator between them.
func JoinKeys(keys []Key, between string) string { return strings.Join(KeyWords(keys), between) }

// KeyWords formats each key.
func KeyWords(keys []Key) []string {
	words := make([]string, len(keys))
	for i, k := range keys {
		words[i] = k.String()
	}
	return words
}

// KeyBegun returns the epic or feature that a partly typed key is certain to
// be in: E01-F02 for T-E01-F02-0, E01 for T-E01-F0.
func KeyBegun(typed string) (k Key, ok bool) {
	rest := strings.TrimPrefix(typed, "T-")
	for end := strings.LastIndexByte(rest, '-'); end > 0; end = strings.LastIndexByte(rest[:end], '-') {
		if k, err := ParseKey(rest[:end]); err == nil {
			return k, true
		}
	}
	return k, false
}
