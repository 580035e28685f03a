package cli

import (
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/query"
)

// What is understood whatever the command is: capital letters, a verb in two
// words, words that only fill a sentence, the key in another place. Each is a line
// that pm would refuse as it stands.

// straightened is a step towards pm's own words for the words as they stand; nil
// if there is none to take.
func (a *app) straightened(l typed) []string {
	word := l.word(0)
	if own := strings.ToLower(l.first[0]); own != l.first[0] && a.isCommand(own) && !a.isCommand(l.first[0]) {
		return l.line(append([]string{own}, l.first[1:]...)...)
	}
	if len(l.first) > 1 && !a.isCommand(word) && !l.isKey(0) && !l.isKey(1) {
		if both := word + "-" + l.word(1); len(plan.MeaningsOf(plan.ForCommand, word)) == 0 && len(plan.MeaningsOf(plan.ForCommand, both)) > 0 {
			return l.line(append([]string{both}, l.first[2:]...)...) // pm hand off KEY
		}
	}
	if among(word, "i please am i'm im") && len(l.first) > 2 && l.word(1) != "i" {
		return l.line(l.first[1:]...)
	}
	for _, understood := range []func(typed) []string{addedBehind, addedBySentence, a.withoutArticle, programFirst, a.filtersFirst, a.addedTo, a.listOf, statusFirst, noteKindFirst, fileOfBackup, a.verbBehindKey, a.otherPlace} {
		if own := understood(l); own != nil {
			return own
		}
	}
	switch {
	case word == "next" && len(l.first) == 2 && isLevel(l.first[1], plan.LevelFeature):
		return l.line("next", "--feature", l.first[1])
	case word == "next" && len(l.first) == 2 && isLevel(l.first[1], plan.LevelEpic):
		return l.line("next", "--epic", l.first[1])
	case word == "help" && len(l.first) == 2 && among(l.word(1), "me us please"):
		return l.line("help")
	case plan.MeaningOf(plan.ForCommand, word) == "show" && len(l.first) > 1 && l.word(1) == "my", word == "show" && l.word(1) == "me" && l.word(2) == "my":
		return typed{flags: l.flags, rest: l.rest[countWords(l.rest):]}.line("mine")
	case word == "link" && len(l.first) == 3 && l.isKey(2) && countWords(l.rest) == 1:
		if verb := plan.MeaningOf(plan.ForVerb, l.word(1)); l.word(1) == "add" || verb == "create" {
			return l.line("link", l.first[2]) // pm link add KEY OTHER
		} else if l.word(1) == "remove" || verb == "remove" {
			return l.line("unlink", l.first[2])
		}
	case (plan.MeaningOf(plan.ForCommand, word) == "show" && among(l.word(1), "me all every any") || (word == "what" || word == "which") && isPlural(l.word(1))) && len(l.first) > 2 && !slices.ContainsFunc(append(l.first[1:], l.rest...), isAnyKey):
		return l.line(append([]string{"list"}, l.first[2:]...)...) // pm show me what is blocked
	case (word == "show" || word == "list") && l.word(len(l.first)-1) == "json" && len(l.first) > 1 && len(l.rest) == 0:
		return append(l.line(l.first[:len(l.first)-1]...), "--json")
	case word == "show" && l.word(1) == "json" && l.isKey(2):
		return append(l.line("show", l.first[2]), "--json")
	case word == "show" && l.isKey(1) && len(l.first) == 3 && countWords(l.rest) == 0:
		return a.partOf(l, l.first[1], l.word(2))
	case (word == "log" || word == "report") && len(l.first) == 2 && isDay(l.word(1)):
		return l.line(word, "--since", l.first[1])
	case (word == "log" || word == "report") && len(l.first) == 3 && among(l.word(1), "since from"):
		return l.line(word, "--since", l.first[2])
	case (word == "set" || word == "config") && len(l.first) == 3 && isSetting(l.first[1]):
		return l.line("project", "set", l.first[1], l.first[2])
	case word == "checklist" && l.isKey(1) && len(l.first) > 2:
		return l.line(append([]string{"check", "add"}, l.first[1:]...)...)
	}
	if split := l.commasOut(); split != nil {
		return split
	}
	return a.keyForward(l)
}

// withoutArticle understands pm create a task "x", and pm add a note to KEY "text".
func (a *app) withoutArticle(l typed) []string {
	means := plan.MeaningOf(plan.ForCommand, l.word(0))
	if means != "add" && l.word(0) != "make" || len(l.first) < 3 || !among(l.word(1), "a an the another") {
		return nil
	}
	noun, n := plan.MeaningOf(plan.ForNoun, l.word(2)), countWords(l.rest)
	switch {
	case isLevelNoun(noun) && n == 1:
		return l.line("add", noun)
	case noun == "note" && n == 3 && isAnyKey(l.rest[1]) && slices.Contains(fillers, strings.ToLower(l.rest[0])):
		return slices.Concat(l.flags, []string{"note"}, l.rest[1:])
	}
	return nil
}

// addedBehind understands pm add label bug to KEY, pm remove the label bug from KEY,
// and pm new task "x" in FEATURE.
func addedBehind(l typed) []string {
	if len(l.first) == 3 && isLevelNoun(plan.MeaningOf(plan.ForNoun, l.word(0))) && plan.Means(plan.ForVerb, l.word(1), "create") {
		l.first = []string{"add", l.first[0], l.first[2]} // pm task add "x" in FEATURE
	}
	words := slices.Concat(l.first, l.rest)
	if among(l.word(1), "a an the") {
		words = slices.Delete(words, 1, 2)
	}
	if len(words) < 5 || !isAnyKey(words[4]) || countWords(words) != 5 || !among(strings.ToLower(words[3]), "to in on under for from") {
		return nil
	}
	noun, text, key := plan.MeaningOf(plan.ForNoun, strings.ToLower(words[1])), words[2], words[4]
	var own []string
	switch adds := plan.Means(plan.ForCommand, l.word(0), "add"); {
	case !adds && noun == "label" && among(l.word(0), "remove delete drop"):
		own = []string{"label", "remove", key, "--label", text}
	case !adds:
		return nil
	case noun == "label":
		own = []string{"label", "add", key, "--label", text}
	case noun == "note":
		own = []string{"note", key, text}
	case noun == "check":
		own = []string{"check", "add", key, text}
	case noun == "task" && isLevel(key, plan.LevelFeature), noun == "feature" && isLevel(key, plan.LevelEpic):
		own = []string{noun, "create", key, text}
	default:
		return nil
	}
	return slices.Concat(l.flags, own, words[5:])
}

// partOf understands pm show KEY history, pm show KEY notes; nil for another word.
func (a *app) partOf(l typed, key, part string) []string {
	k, _ := plan.ParseKey(key)
	switch means := plan.MeaningOf(plan.ForCommand, part); {
	case part == "log" || means == "log":
		return l.line("log", key)
	case means == "note list" || means == "dep list":
		return l.line(append(strings.Fields(means), key)...)
	case plan.MeaningOf(plan.ForNoun, part) == "task" && k.Level() != plan.LevelTask:
		return l.line("list", string(k.Level())+":"+key)
	case part == "tree" || part == "children":
		return l.line("tree", key)
	}
	return nil
}

func isDay(word string) bool {
	return among(word, "today yesterday monday tuesday wednesday thursday friday saturday sunday")
}

func isSetting(name string) bool {
	return slices.ContainsFunc(plan.Settings(), func(s plan.Setting) bool { return string(s.Name) == name })
}

// isPlural reports whether a word is one of those for many tasks.
func isPlural(word string) bool {
	return word != "" && word[len(word)-1] == 's' && plan.MeaningOf(plan.ForNoun, word) == "task"
}

// filtersFirst understands pm project:E01 list and pm +READY list, and filters alone:
// pm due:today.
func (a *app) filtersFirst(l typed) []string {
	at := slices.IndexFunc(l.first, func(s string) bool { return plan.MeaningOf(plan.ForCommand, s) == "list" })
	if at < 0 && countWords(l.rest) == 0 && !slices.ContainsFunc(l.first, func(s string) bool { return s[:min(len(s), 1)] != "+" && !query.IsFilter(s, a.now()) }) {
		l.first, at = append(slices.Clone(l.first), "list"), len(l.first)
	}
	if at < 1 {
		return nil
	}
	filters := slices.Clone(l.first[:at])
	for i, word := range filters {
		name, value, term := strings.Cut(word, ":")
		k, err := plan.ParseKey(value)
		switch {
		case strings.HasPrefix(word, "+") && len(word) > 1:
			filters[i] = "label:" + word[1:]
			if means := plan.MeaningOf(plan.ForTerm, strings.ToLower(word[1:])); strings.Contains(means, ":") {
				filters[i] = means
			} else if slices.Contains(plan.MeaningsOf(plan.ForCommand, strings.ToLower(word[1:])), "list --ready") || strings.EqualFold(word[1:], "ready") {
				filters[i] = "is:ready"
			}
		case term && value != "" && err == nil && k.Level() != plan.LevelTask && slices.Contains(plan.MeaningsOf(plan.ForFlag, name), "feature"):
			filters[i] = string(k.Level()) + ":" + value
		case !term || value == "":
			return nil
		}
	}
	return l.line(slices.Concat([]string{"list"}, filters, l.first[at+1:])...)
}

// commasOut takes keys apart that stand between commas, where one is looked for.
func (l typed) commasOut() []string {
	if len(l.first) < 2 {
		return nil
	}
	if key := ofKind(l.first[1]); key != "" && childHasKey(plan.MeaningOf(plan.ForCommand, l.word(0))) {
		return l.line(slices.Concat(l.first[:1], []string{key}, l.first[2:])...) // pm describe epic/E01
	}
	if !updates(l.word(0)) {
		return nil
	}
	keys := strings.Split(l.first[1], ",")
	if len(keys) < 2 || slices.ContainsFunc(keys, func(s string) bool { return !isAnyKey(s) }) {
		return nil
	}
	return l.line(slices.Concat(l.first[:1], keys, l.first[2:])...)
}

// updates reports whether a word means to update.
func updates(word string) bool {
	return plan.Means(plan.ForCommand, word, "update")
}

// fillers are words of a sentence that say nothing; me and my are somebody where a
// task is given to them.
var fillers = strings.Fields("the a an task tasks issue ticket item up at to for with of about as on from please working work me my date")

// keyForward puts the key where pm has it: pm set status done KEY, pm assign me
// KEY, pm start working on KEY.
func (a *app) keyForward(l typed) []string {
	n := countWords(l.rest)
	words := append(slices.Clone(l.first[1:]), l.rest[:n]...)
	at := slices.IndexFunc(words, isAnyKey)
	if at < 1 || slices.ContainsFunc(words[at+1:], isAnyKey) {
		return nil
	}
	filler := func(s string) bool { return slices.Contains(fillers, strings.ToLower(s)) }
	before := slices.DeleteFunc(slices.Clone(words[:at]), filler)
	verb := l.word(0)
	if at == 1 && isPlural(l.word(1)) && (verb == "epic" || verb == "feature") {
		return nil // pm epic tasks E01
	}
	if at == 1 && (l.word(1) == "epic" || l.word(1) == "feature") && isLevel(words[at], plan.Level(l.word(1))) {
		return nil // pm update epic E01
	}
	switch {
	case len(before) == 0 && verb == "assign" && slices.Contains(words[:at], "me"):
		before = []string{"me"}
	case len(before) == 0 && at == 1 && plan.MeaningOf(plan.ForNoun, verb) == "label" && !strings.ContainsAny(strings.Join(words[at+1:], " "), "=") && !strings.HasSuffix(words[len(words)-1], "-"):
	case len(before) == 0 && (childHasKey(plan.MeaningOf(plan.ForCommand, verb)) || isLevelNoun(plan.MeaningOf(plan.ForNoun, verb))):
	case len(before) > 0 && (updates(verb) || verb == "mark" || verb == "assign" || verb == "give"):
	default:
		return nil
	}
	after := slices.Clone(words[at+1:])
	if len(before) > 0 && len(after) > 1 && among(strings.ToLower(after[0]), "to as") {
		after = after[1:]
	}
	return slices.Concat(l.flags, []string{l.first[0], words[at]}, before, after, l.rest[n:])
}

// childHasKey reports whether a command's first argument is a key.
func childHasKey(verb string) bool {
	c := childOf(Commands(), verb)
	if c == nil || c.HasSubCommands() {
		return false
	}
	slots := slotsOf(c)
	return len(slots) > 0 && strings.HasPrefix(slots[0], "key")
}

// anyStatus takes what is no status out of a list's --status: all of them, or what
// has a flag or a term of its own.
func (f *flagReader) anyStatus(args []string) []string {
	if !isQuery(f.slots) {
		return args
	}
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		n := 1
		if !joined && i+1 < len(args) {
			value, n = args[i+1], 2
		}
		if !among(name, "--status --state -s") {
			continue
		}
		word := strings.ToLower(value)
		_, err := plan.ParseTaskStatus(word)
		instead := []string{}
		if without := strings.TrimLeft(word, "!^~"); without != word && without != "" {
			f.changed = true // pm list --status '!done'
			return slices.Concat(args[:i], args[min(i+n, len(args)):], []string{"-status:" + strings.TrimPrefix(without, "=")})
		}
		switch means := plan.MeaningOf(plan.ForTerm, word); {
		case err == nil || len(plan.MeaningsOf(plan.ForStatus, plan.FoldWord(word))) > 0:
			continue
		case among(word, "all any * everything"):
		case word == "ready" || plan.MeaningOf(plan.ForCommand, word) == "list --ready":
			instead = []string{"is:ready"}
		case among(word, "waiting deferred held expired"):
			instead = []string{"is:" + word}
		case means != word && !strings.HasSuffix(means, ":"):
			instead = []string{means}
		default:
			continue
		}
		f.changed = true
		return slices.Concat(args[:i], args[min(i+n, len(args)):], instead)
	}
	return args
}
