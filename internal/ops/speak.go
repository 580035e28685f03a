package ops

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Spoken is a command line of pm in a hint, for surfaces where there are none.
type Spoken struct {
	Op    Op
	Keys  []string
	Flags []string // without their values
}

// Has reports whether the line has a flag.
func (s Spoken) Has(flag string) bool { return slices.Contains(s.Flags, flag) }

// Speak returns a hint with what say makes of each command line in it; one for
// which say returns nothing stays.
func Speak(hint string, say func(Spoken) string) string {
	if !strings.Contains(hint, "pm ") {
		return hint
	}
	return spokenLine().ReplaceAllStringFunc(hint, func(line string) string {
		if s, is := spokenOf(line); is {
			if said := say(s); said != "" {
				return said
			}
		}
		return line
	})
}

var spokenLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\bpm [a-z]+(?: (?:add|list|show|create|update|remove|accept|save|delete|tick|set)\b)?(?: (?:(?:T-)?E\d[\w-]*|KEY\b|N\b|--[a-z-]+(?:[= ](?:"[^"]*"|[A-Za-z0-9_@.]+))?))*`)
})

func spokenOf(line string) (s Spoken, is bool) {
	words := strings.Fields(line)[1:]
	for _, n := range []int{2, 1} {
		if n > len(words) {
			continue
		}
		name := strings.Join(words[:n], " ")
		at := slices.IndexFunc(Table(), func(op Op) bool {
			return op.Name == name || n == 1 && (op.Daily == name || op.Name == name+" add")
		})
		if at >= 0 {
			s.Op, is, words = Table()[at], true, words[n:]
			break
		}
	}
	for _, w := range words {
		switch {
		case strings.HasPrefix(w, "--"):
			flag, _, _ := strings.Cut(w[2:], "=")
			s.Flags = append(s.Flags, flag)
		case strings.HasPrefix(w, "T-E") || strings.HasPrefix(w, "E"):
			s.Keys = append(s.Keys, w)
		}
	}
	return s, is
}
