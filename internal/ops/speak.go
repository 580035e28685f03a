package ops

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pm/internal/plan"
)

// A Spoken is a pm command line in a hint, to be translated for surfaces
// without command lines.
type Spoken struct {
	Op   Op
	Args []Spoke
}

// A Spoke is an argument of a command line that its operation takes, by its JSON
// name, with the values that the line gives it; a switch has none.
type Spoke struct {
	Param
	Values []string
}

// Find returns an argument; nil if the line does not have it.
func (s Spoken) Find(name string) *Spoke {
	if i := slices.IndexFunc(s.Args, func(a Spoke) bool { return a.Name == name }); i >= 0 {
		return &s.Args[i]
	}
	return nil
}

// Text returns the values as one text.
func (a Spoke) Text() string {
	joined := ", "
	if a.Rest || a.Name == "query" {
		joined = " "
	}
	return strings.Join(a.Values, joined)
}

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

// spokenName are the commands whose first argument is a name, which is a word like
// others.
const spokenName = `(?:(?:stage|view|field) (?:create|update|delete|save|show)|label rename|project set) [\w-]+`

var spokenLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\bpm (?:` + spokenName + `|[a-z]+(?: (?:add|list|show|create|update|remove|accept|save|delete|tick|set|move|rename)\b)?)(?: ` + spokenWord + `)*`)
})

// spokenWord matches an argument, as it stands in a hint: a key, an id or a word for
// one, a number, a text in quotes, a term of a query, a flag with its value.
const spokenWord = `(?:(?:T-)?E\d[\w-]*|` + operationID + `|[A-Z]+\b|\d+\b|"[^"]*"|'[^']*'|[a-z-]+:[\w@-]+(?:[.,][\w@-]+)*|--(?:plan|claim|take-over|force|context|all|hold|release|skip-conflicts)\b|--[a-z-]+(?:[= ](?:"[^"]*"|'[^']*'|[A-Za-z0-9_@.](?:[A-Za-z0-9_@.,-]*[A-Za-z0-9_@.-])?))?)`

var spokenWords = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`--[a-z-]+=(?:"[^"]*"|'[^']*')|"[^"]*"|'[^']*'|\S+`) })

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
	words := spokenWords().FindAllString(line, -1)[1:]
	for _, n := range []int{2, 1} {
		if n > len(words) {
			continue
		}
		name := strings.Join(words[:n], " ")
		at := slices.IndexFunc(Table(), func(op Op) bool {
			return op.Name == name || n == 1 && (op.Daily == name || op.Name == name+" add" || op.Name == name+" list")
		})
		switch {
		case at < 0 && name == "update": // of any level
			at = slices.IndexFunc(Table(), func(op Op) bool { return op.Name == levelIn(words)+" update" })
		case name == "check" && len(words) > 2 && isNumber(words[2]):
			at = slices.IndexFunc(Table(), func(op Op) bool { return op.Name == "check tick" })
		case name == "show" && slices.Contains(words, "--context"):
			at = slices.IndexFunc(Table(), func(op Op) bool { return op.Name == "task context" })
		}
		if at >= 0 {
			s.Op, is, words = Table()[at], true, words[n:]
			break
		}
	}
	if is {
		s.read(words)
	}
	return s, is
}

func isNumber(s string) bool { _, err := strconv.Atoi(s); return err == nil }

// read reads the arguments of a line as the command line would. What the operation
// does not take is left out: a flag of the program, or one that its surface has none of.
func (s *Spoken) read(words []string) {
	params := Params(s.Op.NewInput())
	free := slices.DeleteFunc(slices.Clone(params), func(p Param) bool { return !p.Arg })
	for i := 0; i < len(words); i++ {
		flag, value, valued := strings.Cut(words[i], "=")
		name, isFlag := strings.CutPrefix(flag, "--")
		switch {
		case !isFlag && len(free) > 0:
			s.put(free[0], words[i])
			if !free[0].Repeated && !free[0].Rest {
				free = free[1:]
			}
		case isFlag && name == "plan":
			if len(free) > 0 {
				s.put(free[0], plan.KeyOrPlan(plan.Key{}))
				free = free[1:]
			}
		case isFlag:
			at := slices.IndexFunc(params, func(p Param) bool { return p.Flag == name })
			takes := at < 0 || params[at].Kind() != "bool"
			if takes && !valued && i+1 < len(words) && !strings.HasPrefix(words[i+1], "--") {
				i, value, valued = i+1, words[i+1], true
			}
			if at >= 0 && valued && takes {
				s.put(params[at], value)
			} else if at >= 0 {
				s.Args = append(s.Args, Spoke{Param: params[at]})
			}
		}
	}
}

// put adds a value to an argument.
func (s *Spoken) put(p Param, value string) {
	if len(value) > 1 && strings.ContainsAny(value[:1], `"'`) {
		value = value[1 : len(value)-1]
	}
	if has := s.Find(p.Name); has != nil {
		has.Values = append(has.Values, value)
		return
	}
	s.Args = append(s.Args, Spoke{p, []string{value}})
}
