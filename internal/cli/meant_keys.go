package cli

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"pm/internal/plan"
)

var featurePart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[Ff]\d{1,3}$`) })

// joinedKeys writes the key of a feature that is in two words, or in two flags,
// in one: pm task create E01 F01 "x", pm list --epic E01 --feature F01.
func joinedKeys(args []string) []string {
	at := func(names ...string) (int, string) {
		for i := range args {
			if value, used := valueOf(args, i, names...); used > 0 {
				return i, value
			}
		}
		return -1, ""
	}
	epicAt, epic := at("--epic", "-e")
	if i, feature := at("--feature", "-f"); i >= 0 && epicAt >= 0 && isLevel(epic, plan.LevelEpic) && featurePart().MatchString(feature) {
		args = replaced(args, feature, epic+"-"+feature)
		used := 2
		if strings.Contains(args[epicAt], "=") {
			used = 1
		}
		return slices.Concat(args[:epicAt], args[epicAt+used:])
	}
	moved := func(s string) bool { // not noted: what belongs to epic E01 is its text
		return plan.MeaningOf(plan.ForCommand, s) == "move" || among(plan.MeaningOf(plan.ForNoun, s), "epic feature task")
	}
	for i := 2; i+1 < len(args) && (moved(args[0]) || moved(args[1])); i++ {
		if among(args[i-1], "to in under into") && isAnyKey(args[i+1]) && isLevel(args[i+1], plan.Level(args[i])) {
			return slices.Concat(args[:i], args[i+1:]) // move KEY to feature E01-F02
		}
	}
	for i := 1; i+1 < len(args); i++ {
		if isLevel(args[i], plan.LevelEpic) && featurePart().MatchString(args[i+1]) && !strings.HasPrefix(args[i-1], "-") && !createsFeature(args[:i]) {
			return slices.Concat(args[:i], []string{args[i] + "-" + args[i+1]}, args[i+2:])
		}
	}
	return args
}

// createsFeature reports whether the words before the key of an epic create a
// feature in it, so that what follows is its title: pm feature create E01 F1.
func createsFeature(words []string) bool {
	is := func(kind plan.SynonymKind, name string) bool {
		return slices.ContainsFunc(words, func(s string) bool {
			return strings.EqualFold(s, name) || plan.MeaningOf(kind, strings.ToLower(s)) == name
		})
	}
	return is(plan.ForNoun, "feature") && is(plan.ForVerb, "create")
}

// verbBehindKey understands pm label KEY add bug, pm dep KEY --on OTHER and pm dep
// KEY --remove OTHER: the noun, the key, and then what to do.
func (a *app) verbBehindKey(l typed) []string {
	noun := plan.MeaningOf(plan.ForNoun, l.word(0))
	if !isNoun(noun) || !l.isKey(1) {
		return nil
	}
	if len(l.first) == 2 && noun == "dep" && len(l.rest) > 0 {
		if value, used := valueOf(l.rest, 0, "--blocks"); isAnyKey(value) {
			return slices.Concat(l.flags, []string{"dep", "add", value, l.first[1]}, l.rest[used:])
		}
		if value, used := valueOf(l.rest, 0, "--on", "--depends-on", "--blocked-by", "--needs", "--add"); isAnyKey(value) {
			return slices.Concat(l.flags, []string{"dep", "add", l.first[1], value}, l.rest[used:])
		}
	}
	if len(l.first) == 2 && among(noun, "label dep check ref") && len(l.rest) > 0 {
		flag, dashed := strings.CutPrefix(strings.SplitN(l.rest[0], "=", 2)[0], "--")
		value, used := valueAt(l.rest, 0)
		for _, verb := range append(plan.MeaningsOf(plan.ForVerb, flag), flag) {
			if dashed && used > 0 && !strings.HasPrefix(value, "-") && (verb == "add" || verb == "remove") {
				return slices.Concat(l.flags, []string{noun, verb, l.first[1], value}, l.rest[used:])
			}
		}
	}
	if len(l.first) < 3 {
		return nil
	}
	verb := l.word(2)
	switch means := plan.MeaningOf(plan.ForVerb, verb); {
	case !isLevelNoun(noun) && (slices.Contains(verbsOf(noun), verb) || slices.Contains(verbsOf(noun), means)):
	case isLevelNoun(noun) && (verb == "status" || verb == "tree" || a.partOf(l, l.first[1], verb) != nil) && countWords(l.rest) == 0:
	default:
		return nil
	}
	return l.line(l.first[0], l.first[2], l.first[1])
}

// otherPlace understands single commands with an argument in another place.
func (a *app) otherPlace(l typed) []string {
	word, second := l.word(0), l.word(1)
	has := func(names ...string) bool { return hasFlag(l.rest, names...) }
	switch {
	case (word == "create" || word == "new") && len(l.first) == 3 && slices.Contains(kindsOfTask, l.first[1]) && countWords(l.rest) == 0:
		return l.line("add", l.first[2], "--kind", l.first[1])
	case word == "next" && len(l.first) == 2 && among(second, "claim take start grab"):
		return l.line("next", "--claim")
	case word == "show" && l.isKey(1) && len(l.first) == 3 && countWords(l.rest) == 0 && slices.Contains(shownFields, l.word(2)):
		return l.line("show", l.first[1], "--fields", l.word(2))
	case (word == "depends" || word == "depend") && l.isKey(1) && len(l.first) == 2 && len(l.rest) == 0:
		return l.line("dep", "list", l.first[1])
	case isLevelNoun(word) && l.isKey(2) && (second == "tree" || second == "children"):
		return l.line("tree", l.first[2])
	case (word == "epic" || word == "feature") && second == "set-status" && l.isKey(2) && countWords(l.rest) > 0:
		return slices.Concat(l.flags, []string{"update", l.first[2], "--status"}, l.rest)
	case (word == "feature" || word == "epic") && second == "list" && l.word(2) == "all":
		return l.line(word, "list")
	case plan.MeaningOf(plan.ForCommand, word) == "list" && len(l.first) == 1 && len(l.rest) > 0 && levelListed(l.rest) != "":
		_, used := valueAt(l.rest, 0)
		return typed{flags: l.flags, rest: l.rest[used:]}.line(levelListed(l.rest), "list")
	case word == "project" && second == "set" && len(l.first) == 3 && countWords(l.rest) == 0 && strings.Index(l.first[2], "=") > 0:
		name, value, _ := strings.Cut(l.first[2], "=")
		return l.line("project", "set", name, value)
	case word == "count" && second != "":
		filters := l.first[1:]
		if plan.MeaningOf(plan.ForNoun, second) == "task" {
			filters = filters[1:] // pm count tasks
		}
		return l.line(append([]string{"list", "--count"}, filters...)...)
	case plan.MeaningOf(plan.ForCommand, word) == "search" && len(l.first) == 3 && countWords(l.rest) < 2 && (isPlural(second) || aboutWhat(second)) && (countWords(l.rest) == 0 || aboutWhat(l.word(2))):
		if countWords(l.rest) == 0 {
			return l.line("search", l.first[2]) // pm search for "text"
		}
		return l.line("search") // pm find tasks about login
	case word == "move" && l.isKey(1) && len(l.first) == 2 && has("--before", "--after"):
		return l.line("order", l.first[1])
	case plan.MeaningOf(plan.ForCommand, word) == "log" && len(l.first) > 1 && among(second, "show list all"):
		return l.line(append([]string{"log"}, l.first[2:]...)...)
	case word == "status" && l.isKey(2) && isLevelNoun(second):
		return l.line("show", l.first[2])
	case (word == "labels" || word == "label" || word == "tags") && l.isKey(1) && len(l.first) == 2 && countWords(l.rest) == 0 && !has("--label", "-l"):
		return l.line("show", l.first[1])
	case (word == "assign" || word == "delegate") && l.isKey(1) && second != "" && l.word(2) == "to" && countWords(l.rest) > 0:
		return l.line(l.first[0], l.first[1])
	case (word == "assign" || word == "claim") && has("--me"):
		l.rest = slices.DeleteFunc(slices.Clone(l.rest), func(s string) bool { return s == "--me" })
		if i := slices.IndexFunc(l.rest, isAnyKey); i == 0 && len(l.first) == 1 {
			l.first, l.rest = append(slices.Clone(l.first), l.rest[0]), l.rest[1:]
		}
		if word == "assign" && len(l.first) == 2 {
			return l.line("assign", l.first[1], "me")
		}
		return l.line(l.first...)
	}
	return nil
}

// levelListed is what a list is asked for with --type epic: epics or features.
func levelListed(rest []string) string {
	value, _ := valueOf(rest, 0, "--type", "-t", "--issue-type")
	if noun := plan.MeaningOf(plan.ForNoun, strings.ToLower(value)); noun == "epic" || noun == "feature" {
		return noun
	}
	return ""
}

// aboutWhat reports whether a word stands before the text that is looked for.
func aboutWhat(word string) bool {
	return among(word, "for about with containing mentioning matching named called")
}

// kindsOfTask are the kinds that have names of their own, but for task itself.
var kindsOfTask = []string{"bug", "chore", "spike"}

// shownFields are fields that somebody asks for behind a key; notes and checks are
// more than fields.
var shownFields = []string{"title", "status", "description", "priority", "assignee", "due", "version"}

// labelsOf writes the labels behind the keys as flags: pm label add KEY bug ui.
func (f *flagReader) labelsOf(plain []string) (left, flags []string) {
	if len(f.path) != 2 || f.path[0] != "label" || f.cmd.Flags().Lookup("label") == nil {
		return plain, nil
	}
	for _, word := range plain {
		if isAnyKey(word) || likeKey(word) || len(left) == 0 {
			left = append(left, word)
		} else {
			flags = append(flags, "--label", strings.TrimPrefix(word, "+"))
		}
	}
	return left, flags
}

// ofKind is the key behind a noun and a slash, as kubectl has it: task/T-E01-F01-002;
// empty for anything else.
func ofKind(word string) string {
	noun, key, is := strings.Cut(word, "/")
	if !is || !isAnyKey(key) || !isLevelNoun(plan.MeaningOf(plan.ForNoun, strings.ToLower(noun))) {
		return ""
	}
	return key
}
