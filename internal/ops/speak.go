package ops

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"pm/internal/plan"
)

// A Spoken is a pm command line in a hint, to be translated for surfaces
// without command lines.
type Spoken struct {
	Op     Op
	Keys   []string // and ids of operations
	Terms  []string // of a query, or references: is:open, github:42
	Flags  []string
	Values map[string]string // of the flags that have one
}

// Has reports whether the line has a flag.
func (s Spoken) Has(flag string) bool { return slices.Contains(s.Flags, flag) }

// Speak returns a hint without command lines: those that say knows are
// replaced by its result, with arguments instead of flags, and the others are
// dropped.
func Speak(hint string, say func(Spoken) string) string {
	if strings.Contains(hint, "pm ") {
		hint = spokenLine().ReplaceAllStringFunc(hint, func(line string) string {
			if s, is := spokenOf(line); is {
				if said := say(s); said != "" {
					return said
				}
			}
			return line
		})
	}
	return withoutLines(SpeakArguments(hint))
}

// SpeakArguments returns a text with arguments instead of flags, except inside
// double quotes.
func SpeakArguments(text string) string {
	if !strings.Contains(text, "--") {
		return text
	}
	parts := strings.Split(text, `"`)
	for i := 0; i < len(parts); i += 2 {
		parts[i] = spokenFlag().ReplaceAllStringFunc(parts[i], func(flag string) string {
			before, name, _ := strings.Cut(flag, "--")
			return before + strings.ReplaceAll(name, "-", "_")
		})
	}
	return strings.Join(parts, `"`)
}

// forPeople is the hint if only a command line would help.
const forPeople = "ask the person who runs pm here"

// withoutLines drops the clauses of a hint that contain a command line.
func withoutLines(hint string) string {
	if !commandLine().MatchString(hint) {
		return hint
	}
	kept := ""
	for rest := hint; rest != ""; {
		clause := rest
		if at := betweenClauses().FindStringIndex(rest); at != nil {
			clause, rest = rest[:at[0]], rest[at[1]:]
		} else {
			rest = ""
		}
		if commandLine().MatchString(clause) {
			continue
		}
		if kept != "" {
			kept += "; "
		}
		kept += clause
	}
	if kept == "" {
		return forPeople
	}
	return kept
}

// operationID matches what stands for the id of an operation, or is one.
const operationID = `(?:ID|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b`

var spokenID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^" + operationID + "$") })

var spokenLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\bpm [a-z]+(?: (?:add|list|show|create|update|remove|accept|save|delete|tick|set)\b)?(?: (?:(?:T-)?E\d[\w-]*|KEY\b|N\b|` + operationID + `|[a-z-]+:[\w@-]+(?:[.,][\w@-]+)*|--(?:plan|claim|take-over|force|context|all|hold|release|skip-conflicts)\b|--[a-z-]+(?:[= ](?:"[^"]*"|'[^']*'|[A-Za-z0-9_@.][A-Za-z0-9_@.-]*))?))*`)
})

var spokenFlag = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(^|[\\s'`(])--[a-z][a-z-]*")
})

var betweenClauses = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`; |, or |, then |, and `) })

// commandLine matches the beginning of a command line: pm, and one of its
// commands.
var commandLine = sync.OnceValue(func() *regexp.Regexp {
	words := []string{"init", "doctor", "upgrade", "import", "export", "backup", "serve", "web", "board", "use", "trust", "agents", "bench", "explain", "schema", "prime", "commands", "add", "set", "edit", "update"}
	for _, op := range Table() {
		noun, _, _ := strings.Cut(op.Name, " ")
		for _, word := range []string{noun, op.Daily, op.Alias} {
			if word != "" && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	return regexp.MustCompile(`\bpm (?:` + strings.Join(words, "|") + `)\b`)
})

// levelIn is the level of the first key in a command line; task if there is
// none.
func levelIn(words []string) string {
	for _, w := range words {
		if k, err := plan.ParseKey(w); err == nil {
			return string(k.Level())
		}
	}
	return string(plan.LevelTask)
}

func spokenOf(line string) (s Spoken, is bool) {
	words := strings.Fields(line)[1:]
	for _, n := range []int{2, 1} {
		if n > len(words) {
			continue
		}
		name := strings.Join(words[:n], " ")
		at := slices.IndexFunc(Table(), func(op Op) bool {
			return op.Name == name || n == 1 && (op.Daily == name || op.Name == name+" add" || op.Name == name+" list")
		})
		if at < 0 && name == "update" { // of any level
			at = slices.IndexFunc(Table(), func(op Op) bool { return op.Name == levelIn(words)+" update" })
		}
		if at >= 0 {
			s.Op, is, words = Table()[at], true, words[n:]
			break
		}
	}
	s.Values = map[string]string{}
	for i, w := range words {
		switch {
		case strings.HasPrefix(w, "--"):
			flag, value, _ := strings.Cut(w[2:], "=")
			if i+1 < len(words) && value == "" && !strings.HasPrefix(words[i+1], "--") {
				value = words[i+1]
			}
			s.Flags = append(s.Flags, flag)
			s.Values[flag] = strings.Trim(value, `"'`)
		case i > 0 && strings.HasPrefix(words[i-1], "--") && strings.Contains(w, ":"): // its value
		case strings.Contains(w, ":"):
			s.Terms = append(s.Terms, w)
		case strings.HasPrefix(w, "T-E") || strings.HasPrefix(w, "E") || spokenID().MatchString(w):
			if i == 0 || !strings.HasPrefix(words[i-1], "--") || strings.Contains(words[i-1], "=") {
				s.Keys = append(s.Keys, w)
			}
		}
	}
	return s, is
}
