package cli

import (
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// What a caller types who does not know pm is turned into pm's own words before
// the command line is read, where it can mean one thing only: synonyms of
// commands (plan/synonyms.go), the key before the verb, the verb before the noun.
// pm's own words are never replaced, so that nothing that is in the help changes
// its meaning. What is in doubt stays as it is, and the error has a hint.

// understand returns a command line in pm's own words for the caller's; args
// themselves if they are.
func (a *app) understand(args []string) []string {
	if len(args) == 0 || strings.HasPrefix(args[0], "__") || args[0] == "completion" {
		return args
	}
	args = joinedKeys(dashed(args))
	for range 4 { // each turn may make words that another one understands
		l, ok := readWords(args)
		if !ok {
			return args
		}
		again := a.inOwnWords(l)
		if again == nil {
			return args
		}
		args = again
	}
	return args
}

// dashed writes the dashes of flags that an editor has made long as they are read.
func dashed(args []string) []string {
	for i, arg := range args {
		rest := strings.TrimLeft(arg, "–—")
		name, _, _ := strings.Cut(strings.TrimPrefix(rest, "-"), "=")
		if rest != arg && len(name) > 1 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz-") == "" {
			args = slices.Clone(args)
			args[i] = "--" + strings.TrimPrefix(rest, "-")
		}
	}
	return args
}

// typed are the first words of a command line, apart from the flags of every
// command that stand before and between them.
type typed struct {
	flags []string // before and between the words
	first []string // at most three; the first of them may name a command
	rest  []string // what follows
}

func readWords(args []string) (l typed, ok bool) {
	i := 0
	for ; i < len(args) && len(l.first) < 3; i++ {
		switch arg := args[i]; {
		case !strings.HasPrefix(arg, "-") || arg == "-":
			l.first = append(l.first, arg)
		case arg == "-q" && i+1 < len(args) && strings.Contains(args[i+1], " "): // a query, as jira has it
			l.rest = args[i:]
			return l, len(l.first) > 0
		case arg == "--json" && i+1 < len(args) && fieldList().MatchString(args[i+1]):
			l.flags = append(l.flags, arg+"="+args[i+1]) // as gh has it
			i++
		case valued(arg) && i+1 < len(args):
			l.flags = append(l.flags, arg, args[i+1])
			i++
		case isGlobal(arg):
			l.flags = append(l.flags, arg)
		case len(args) == 1 && (arg == "-v" || arg == "-V"):
			return typed{first: []string{"version"}}, true
		default:
			l.rest = args[i:]
			return l, len(l.first) > 0
		}
	}
	l.rest = args[i:]
	return l, len(l.first) > 0
}

// valued reports whether a flag of every command is followed by its value.
func valued(arg string) bool {
	return among(arg, "--db --agent --fields --jq --format -o")
}

// isSwitch reports whether a flag of every command takes no value.
func isSwitch(arg string) bool {
	return arg == "--json" || arg == "--quiet" || arg == "-q" || arg == "--timing"
}

func isGlobal(arg string) bool {
	name, _, joined := strings.Cut(arg, "=")
	return isSwitch(arg) || joined && (valued(name) || name == "--json")
}

// line writes the command line again with other words in the place of the first.
func (l typed) line(first ...string) []string {
	return slices.Concat(l.flags, first, l.rest)
}

// word returns the word at i in lower case, and empty if there is none.
func (l typed) word(i int) string {
	if i >= len(l.first) {
		return ""
	}
	if i == 0 {
		return kebab(l.first[0])
	}
	return strings.ToLower(strings.ReplaceAll(l.first[i], "_", "-"))
}

func (l typed) isKey(i int) bool { return i < len(l.first) && isAnyKey(l.first[i]) }

func isAnyKey(s string) bool {
	_, err := plan.ParseKey(s)
	return err == nil
}

// inOwnWords is one step towards pm's own words; nil if there is none to take.
func (a *app) inOwnWords(l typed) []string {
	word := l.word(0)
	switch {
	case word == "version" && len(l.flags)+len(l.rest) == 0 && len(l.first) == 1 && !slices.Contains(a.args, "version"):
		return l.line("version")
	case (word == "start" || word == "claim") && len(l.first) == 1 && slices.Contains(l.rest, "--next"):
		l.rest = slices.DeleteFunc(slices.Clone(l.rest), func(s string) bool { return s == "--next" })
		return l.line("next", "--claim")
	case l.isKey(0):
		return a.keyFirst(l)
	}
	if own := a.straightened(l); own != nil {
		return own
	}
	if word == "help" {
		return a.helpOn(l)
	}
	if own := a.phrase(l.keyed()); own != nil {
		return own
	}
	if isNoun(word) {
		return a.nounFirst(word, l)
	}
	if a.isCommand(word) {
		return a.verbAndNoun(word, l)
	}
	if means := plan.MeaningsOf(plan.ForNoun, word); len(means) > 0 {
		own := underNoun(means[0], l)
		if own == nil && isLevelNoun(means[0]) && len(l.first) > 1 {
			own = a.nounFirst(means[0], l) // pm issue comment KEY "text"
			if own == nil && len(plan.MeaningsOf(plan.ForCommand, word)) == 0 {
				own = l.line(append([]string{means[0]}, l.first[1:]...)...) // the hint is for pm task WORD
			}
		}
		if own != nil {
			return own
		}
	}
	if own := a.inTwoWords(word, l); own != nil {
		return own
	}
	for _, means := range plan.MeaningsOf(plan.ForCommand, word) {
		own := strings.Fields(means)
		if narrow(own) && l.hasArguments() {
			continue // pm blocked T-E01-F01-001 asks for something else
		}
		if len(own) == 1 {
			if swapped := a.verbAndNoun(own[0], l); swapped != nil {
				return swapped
			}
		}
		return l.line(append(own, l.first[1:]...)...)
	}
	return nil
}

// inTwoWords understands a noun and its verb in one word: pm task_create, pm
// epics.list.
func (a *app) inTwoWords(word string, l typed) []string {
	at := strings.IndexAny(word, "-.:")
	if at < 0 || len(plan.MeaningsOf(plan.ForCommand, word)) > 0 {
		return nil
	}
	noun, verb := plan.MeaningOf(plan.ForNoun, word[:at]), word[at+1:]
	if last := plan.MeaningOf(plan.ForNoun, verb); isLevelNoun(last) && (a.isCommand(word[:at]) || len(plan.MeaningsOf(plan.ForCommand, word[:at])) > 0) {
		return l.line(append([]string{word[:at], verb}, l.first[1:]...)...) // pm claim-task KEY
	}
	for _, means := range append(plan.MeaningsOf(plan.ForVerb, verb), verb) {
		if isNoun(noun) && slices.Contains(verbsOf(noun), means) {
			return l.line(append([]string{noun, means}, l.first[1:]...)...)
		}
	}
	return nil
}

// narrow reports whether a meaning is a whole question, which takes no arguments.
func narrow(own []string) bool { return own[0] == "list" && len(own) > 1 }

func (l typed) hasArguments() bool {
	isTask := func(s string) bool { return isLevel(s, plan.LevelTask) }
	group := len(l.first) == 2 && l.isKey(1) && !isTask(l.first[1]) // pm ready E01
	return len(l.first) > 1 && !isNoun(l.word(0)) && !group || slices.ContainsFunc(l.rest, isTask)
}

// keyFirst understands pm KEY and pm KEY VERB.
func (a *app) keyFirst(l typed) []string {
	verb := l.word(1)
	if verb != "" && (a.isCommand(verb) || len(plan.MeaningsOf(plan.ForCommand, verb)) > 0) {
		return l.line(append([]string{l.first[1], l.first[0]}, l.first[2:]...)...)
	}
	switch {
	case len(l.first) == 3 && (verb == "is" || verb == "as") && verbTo(l.word(2), l.first[0]) != "":
		return l.line(verbTo(l.word(2), l.first[0]), l.first[0]) // pm KEY is done
	case len(l.first) == 2 && a.partOf(l, l.first[0], verb) != nil && !isLevel(l.first[0], plan.LevelTask):
		return a.partOf(l, l.first[0], verb)
	case len(l.first) > 1 && len(plan.MeaningsOf(plan.ForGuess, verb)) > 0:
		return l.line(append([]string{l.first[1], l.first[0]}, l.first[2:]...)...)
	case len(l.first) > 1 && !l.isKey(1):
		return a.pairs(typed{flags: l.flags, first: append([]string{"update"}, l.first...), rest: l.rest}, l.first[0]) // pm KEY priority:1
	}
	return l.line(append([]string{"show"}, l.first...)...)
}

// helpOn understands pm help WORD.
func (a *app) helpOn(l typed) []string {
	if len(l.first) < 2 || a.isCommand(l.word(1)) && (len(l.first) < 3 || !isNoun(l.word(1))) {
		return nil
	}
	own := a.inOwnWords(typed{first: l.first[1:]})
	if own == nil || slices.ContainsFunc(own, func(s string) bool { return strings.ContainsAny(s, ":-") }) {
		return nil
	}
	return l.line(append([]string{"help"}, own...)...)
}

// nounFirst understands what stands under a noun, and what does not, but is said
// of a task, a feature or an epic all the same: pm task rename KEY "New".
func (a *app) nounFirst(word string, l typed) []string {
	inner, _ := readWords(l.line(l.first[1:]...))
	if len(l.first) == 1 || !isLevelNoun(word) {
		return underNoun(word, l)
	}
	verb, updates := inner.word(0), false
	for _, means := range append(plan.MeaningsOf(plan.ForCommand, verb), verb) {
		updates = updates || means == "update"
	}
	if word == "task" && isNoun(verb) && !isLevelNoun(verb) && !slices.Contains(verbsOf(word), verb) && len(plan.MeaningsOf(plan.ForVerb, verb)) == 0 && len(inner.first) > 1 {
		return inner.line(inner.first...) // pm task dep add KEY OTHER
	}
	if updates && word == "task" {
		if own := a.phrase(inner.keyed()); own != nil {
			return own
		}
	}
	for _, means := range plan.MeaningsOf(plan.ForCommand, verb) {
		if own := strings.Fields(means); word == "task" && narrow(own) && len(l.first) == 2 && !l.hasArguments() {
			return l.line(own...) // pm task ready
		}
	}
	if len(inner.first) == 2 && inner.isKey(1) && !isLevel(inner.first[1], plan.LevelTask) && isPlural(verb) {
		return inner.line("list", levelOf(inner.first[1])+":"+inner.first[1]) // pm epic tasks E01
	}
	if own := underNoun(word, l); own != nil || slices.Contains(verbsOf(word), verb) || !inner.isKey(1) {
		return own
	}
	if own := a.phrase(inner); own != nil {
		return own
	}
	if a.isCommand(verb) || len(plan.MeaningsOf(plan.ForCommand, verb)) > 0 {
		return inner.line(inner.first...)
	}
	return nil
}

// isText reports whether an argument is a flag that has a text, as of a note.
func isText(arg string) bool {
	name, _, _ := strings.Cut(arg, "=")
	return strings.HasPrefix(arg, "-") && slices.Contains(plan.MeaningsOf(plan.ForFlag, strings.TrimLeft(name, "-")), "text")
}

// levelStatus is what verbs of tasks mean for an epic or a feature.
var levelStatus = map[string]string{"complete": "completed", "archive": "archived", "reopen": "active", "activate": "active", "start": "active"}

// underNoun understands a synonym of the verb of a noun, and a noun alone.
func underNoun(noun string, l typed) []string {
	verbs := verbsOf(noun)
	rest, own := l.first[1:], noun == l.word(0)
	if verb := l.word(1); verb != "" && !l.isKey(1) {
		if slices.Contains(verbs, verb) {
			if own {
				return nil
			}
			return l.line(append([]string{noun}, rest...)...)
		}
		if verb == "help" {
			return l.line(append([]string{noun, "--help"}, rest[1:]...)...)
		}
		for _, means := range append(plan.MeaningsOf(plan.ForVerb, verb), verb) {
			if slices.Contains(verbs, means) {
				return l.line(append([]string{noun, means}, rest[1:]...)...)
			}
			if status := levelStatus[means]; status != "" && (noun == "epic" || noun == "feature") && l.isKey(2) {
				return l.line(noun, "update", l.first[2], "--status", status)
			}
		}
		return nil
	}
	switch {
	case noun == "question" && l.isKey(1) && len(l.first) > 2:
		return l.line(append([]string{"ask"}, rest...)...)
	case noun == "dep" && l.isKey(1) && l.isKey(2):
		return l.line(append([]string{noun, "add"}, rest...)...)
	case noun == "dep" && l.isKey(1) && len(l.first) == 3 && l.word(2) == "on":
		return l.line(noun, "add", l.first[1])
	case noun == "dep" && l.isKey(1) && len(l.first) == 2:
		return l.line(noun, "list", l.first[1])
	case noun == "label" && l.isKey(1) && len(l.first) == 3:
		return l.line(noun, "add", l.first[1], "--label", strings.TrimPrefix(l.first[2], "+"))
	case noun == "repeat" && l.isKey(1) && len(l.first) == 3:
		return l.line("update", l.first[1], "--repeat", l.first[2])
	case noun == "ref" && l.isKey(1) && len(l.first) == 3:
		return l.line(append([]string{noun, "add"}, rest...)...)
	case (noun == "note" || noun == "dep") && !own && l.isKey(1) && len(l.first) == 2 && !slices.ContainsFunc(l.rest, isText):
		return l.line(noun, "list", l.first[1])
	case noun == "feature" && l.isKey(1) && len(l.first) == 2 && isLevel(l.first[1], plan.LevelEpic):
		return l.line(noun, "list", l.first[1])
	case noun == "task" && l.isKey(1) && !isLevel(l.first[1], plan.LevelTask) && len(l.first) == 2:
		return l.line("list", levelOf(l.first[1])+":"+l.first[1])
	case (isLevelNoun(noun) || noun == "repeat") && l.isKey(1) && len(l.first) == 2:
		return l.line(noun, "show", l.first[1])
	case isLevelNoun(noun) && l.isKey(1) && slices.Contains(verbs, l.word(2)):
		return l.line(noun, l.first[2], l.first[1])
	}
	return nil
}

// verbAndNoun understands pm VERB NOUN: pm create epic "Payments". The words of
// pm list and pm search are what they look for.
func (a *app) verbAndNoun(verb string, l typed) []string {
	noun := l.word(1)
	if word := l.word(0); word == "list" || among(verb, "search explain schema help commands use import export web") {
		return nil
	}
	if noun == "help" {
		return l.line(append([]string{l.first[0], "--help"}, l.first[2:]...)...)
	}
	if means := plan.MeaningOf(plan.ForCommand, verb); noun == "next" && (means == "claim" || means == "show") && (len(l.first) == 2 || len(l.first) == 3 && plan.MeaningOf(plan.ForNoun, l.word(2)) == "task") {
		if means == "claim" {
			return l.line("next", "--claim")
		}
		return l.line("next") // pm get next task
	}
	if means := plan.MeaningsOf(plan.ForNoun, noun); !isNoun(noun) && len(means) > 0 {
		noun = means[0]
	}
	if !isNoun(noun) {
		return nil
	}
	plural, rest := noun != l.word(1), l.first[2:]
	if verb == "add" {
		return a.addNoun(noun, l)
	}
	verbs := verbsOf(noun)
	for _, means := range append(plan.MeaningsOf(plan.ForCommand, verb), verb) {
		if status := levelStatus[means]; status != "" && (noun == "epic" || noun == "feature") && l.isKey(2) {
			return l.line(noun, "update", l.first[2], "--status", status) // pm close epic KEY
		}
	}
	if noun == "task" && !slices.Contains(verbs, verb) || verb == "show" && noun == "task" && len(rest) > 0 {
		return l.line(append([]string{verb}, rest...)...) // pm renew task KEY
	}
	if verb == "show" && (plural || len(rest) == 0 && len(l.rest) == 0 || noun == "note" || noun == "dep") && slices.Contains(verbs, "list") {
		verb = "list"
	}
	for _, v := range append([]string{verb}, plan.MeaningsOf(plan.ForVerb, verb)...) {
		if slices.Contains(verbs, v) {
			return l.line(append([]string{noun, v}, rest...)...)
		}
	}
	return nil
}

// addNoun understands pm add NOUN, unless the noun may begin a title: pm add
// feature flags to the server.
func (a *app) addNoun(noun string, l typed) []string {
	rest, given := l.first[2:], l.first[1]
	titled := hasFlag(l.rest, "--title")
	switch {
	case len(rest) == 1 && countWords(l.rest) == 1 && (noun == "feature" && isLevel(l.rest[0], plan.LevelEpic) || noun == "task" && isLevel(l.rest[0], plan.LevelFeature)):
		return l.line(noun, "create", rest[0])
	case len(rest) == 0 && titled && isLevelNoun(noun) && countWords(l.rest) == 0:
		return l.line(noun, "create")
	case given != strings.ToLower(given) || strings.ContainsAny(given, " "):
		return nil
	case noun == "task" && len(rest) == 0 && hasFlag(l.rest, "--feature", "-f") || noun == "task" && len(rest) == 1 && isLevel(rest[0], plan.LevelFeature) && titled:
		return l.line(append([]string{noun, "create"}, rest...)...)
	case noun == "task" && len(rest) == 1 && !strings.Contains(strings.Join(l.rest, "\n"), "--feature") && countWords(l.rest) == 0:
		return l.line("add", rest[0])
	case noun == "task" && len(rest) > 0 && isLevel(rest[0], plan.LevelFeature), noun == "task" && len(rest) == 1 && countWords(l.rest) == 0,
		noun == "feature" && len(rest) > 0 && isLevel(rest[0], plan.LevelEpic), noun == "feature" && slices.Contains(l.rest, "--epic"),
		noun == "epic" && len(rest) == 1 && countWords(l.rest) == 0, noun == "feature" && len(rest) == 1 && countWords(l.rest) == 0:
		return l.line(append([]string{noun, "create"}, rest...)...)
	case len(rest) > 0 && l.isKey(2) && slices.Contains(verbsOf(noun), "add"):
		return l.line(append([]string{noun, "add"}, rest...)...)
	}
	return nil
}

// hasFlag reports whether one of the flags is among the arguments.
func hasFlag(args []string, names ...string) bool {
	return slices.ContainsFunc(args, func(s string) bool { return slices.Contains(names, strings.SplitN(s, "=", 2)[0]) })
}

// countWords counts the arguments at the beginning that are no flags.
func countWords(args []string) int {
	if i := slices.IndexFunc(args, func(s string) bool { return strings.HasPrefix(s, "-") }); i >= 0 {
		return i
	}
	return len(args)
}

func levelOf(key string) string {
	k, _ := plan.ParseKey(key)
	return string(k.Level())
}

func isLevel(s string, level plan.Level) bool {
	k, err := plan.ParseKey(s)
	return err == nil && k.Level() == level
}

// isCommand reports whether pm has a command of that name.
func (a *app) isCommand(word string) bool {
	if word == "help" || word == "completion" {
		return true
	}
	for _, c := range a.handmade() {
		if c.name == word {
			return true
		}
	}
	return slices.ContainsFunc(ops.Table(), func(op ops.Op) bool {
		return op.Daily != "" && (op.Daily == word || op.Alias == word) || isNounOf(op, word)
	})
}

// isNoun reports whether commands stand under the word.
func isNoun(word string) bool {
	return slices.ContainsFunc(ops.Table(), func(op ops.Op) bool { return isNounOf(op, word) })
}

func isNounOf(op ops.Op, word string) bool {
	rest, is := strings.CutPrefix(op.Name, word)
	return is && word != "item" && word != "plan" && strings.HasPrefix(rest, " ")
}

// verbsOf lists what stands under a noun.
func verbsOf(noun string) (verbs []string) {
	for _, op := range ops.Table() {
		if isNounOf(op, noun) && !ofAnother(op.Name) {
			verbs = append(verbs, strings.TrimPrefix(op.Name, noun+" "))
		}
	}
	if isLevelNoun(noun) {
		verbs = append(verbs, "delete")
	}
	return verbs
}

func isLevelNoun(word string) bool { return word == "epic" || word == "feature" || word == "task" }
