package cli

import (
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// keyed returns the words with a key that was given as a flag in its place: pm
// set-status --id=KEY --status=done.
func (l typed) keyed() typed {
	if len(l.first) != 1 || !plan.Means(plan.ForCommand, l.word(0), "update") {
		return l
	}
	for i, arg := range l.rest {
		name, value, joined := strings.Cut(arg, "=")
		n := 1
		if !joined && i+1 < len(l.rest) {
			value, n = l.rest[i+1], 2
		}
		if among(name, "--id --key --task --task-id") {
			l.first = append(slices.Clone(l.first), value)
			l.rest = slices.Delete(slices.Clone(l.rest), i, i+n)
			return l
		}
	}
	return l
}

// phrase understands what is said with a key and a value: pm assign KEY ann, pm
// status KEY, pm move KEY done, pm set KEY priority=1; nil if it is none of them.
func (a *app) phrase(l typed) []string {
	if !l.isKey(1) {
		return nil
	}
	key, verb := l.first[1], l.word(0)
	if own := a.fieldSet(l, key, verb); own != nil {
		return own
	}
	switch verb {
	case "block", "blocked":
		if by := l.rest; len(l.first) == 2 && len(by) > 1 && among(by[0], "--by --on --blocked-by --depends-on") {
			return slices.Concat(l.flags, []string{"dep", "add", key, by[1]}, by[2:])
		}
		if (l.word(2) == "by" || l.word(2) == "on") && len(l.rest) > 0 && isAnyKey(l.rest[0]) {
			return l.line("dep", "add", key)
		}
	case "make", "let":
		if among(l.word(2), "depend depends wait") && len(l.rest) > 1 {
			return slices.Concat(l.flags, []string{"dep", "add", key}, l.rest[1:])
		}
	case "depends", "depend", "depends-on":
		if l.word(2) == "on" && len(l.rest) > 0 {
			return l.line("dep", "add", key)
		}
	case "status", "state":
		if len(l.first) == 2 {
			return l.line("show", key)
		}
		return statusSet(l, key, l.word(2))
	case "mark", "set-status", "set-priority", "transition", "move-to", "move", "update", "set", "edit", "change":
		return a.changeOf(l, key, verb)
	}
	return nil
}

// fieldSet understands a verb that sets one field: pm assign KEY ann, pm defer KEY
// --until mon.
func (a *app) fieldSet(l typed, key, verb string) []string {
	if field := fieldOfVerb(a, verb); field != "" && len(l.first) > 1 {
		n := countWords(l.rest)
		value, rest := append(slices.Clone(l.first[2:]), l.rest[:n]...), l.rest[n:]
		if len(value) == 0 && len(rest) > 1 && slices.Contains(prepositions, rest[0]) {
			value, rest = rest[1:2], rest[2:]
		}
		if len(value) > 1 && slices.Contains(prepositions, "--"+strings.ToLower(value[0])) {
			value = value[1:] // snooze KEY until monday
		}
		if len(value) == 2 && field == "defer" && isNumber(value[0]) {
			value = []string{"+" + value[0] + value[1][:min(len(value[1]), 1)]} // 3 days
		}
		if len(value) == 1 && !isAnyKey(value[0]) {
			return slices.Concat(l.flags, []string{"update", key, "--" + field}, value, rest)
		}
	}
	if to := l.rest; (verb == "assign" || verb == "delegate") && len(l.first) == 2 && len(to) > 1 && among(to[0], "--to --agent --assignee --user") {
		return slices.Concat(l.flags, []string{"update", key, "--assignee"}, to[1:])
	}
	if i := slices.Index(l.flags, "--agent"); i >= 0 && i+1 < len(l.flags) && len(l.first) == 2 && (verb == "assign" || verb == "delegate") {
		return slices.Concat([]string{"update", key, "--assignee", l.flags[i+1]}, l.flags[:i], l.flags[i+2:], l.rest)
	}
	return nil
}

// changeOf understands a verb that changes a task in any way: pm move KEY done, pm
// set KEY priority=1.
func (a *app) changeOf(l typed, key, verb string) []string {
	if len(l.first) < 3 {
		return a.toStatus(l, key)
	}
	if word := l.word(2); verb == "move" && len(l.rest) > 0 && isAnyKey(l.rest[0]) && (word == "before" || word == "after") {
		return slices.Concat(l.flags, []string{"order", key, "--" + word}, l.rest)
	} else if verb == "move" && len(l.rest) > 0 && isAnyKey(l.rest[0]) && word == "to" {
		return slices.Concat(l.flags, []string{"move", key, "--to"}, l.rest)
	}
	if verb == "move" && l.isKey(2) && !isLevel(l.first[2], plan.LevelTask) && countWords(l.rest) == 0 && !slices.Contains(l.rest, "--to") {
		return l.line("move", key, "--to", l.first[2])
	}
	if word := l.word(2); (word == "status" || word == "state") && len(l.rest) > 0 {
		return statusSet(typed{flags: l.flags, rest: l.rest[1:]}, key, l.rest[0])
	}
	if status := statusSet(l, key, l.word(2)); status != nil {
		return status
	}
	if verb != "move" && verb != "mark" {
		return a.pairs(l, key)
	}
	return nil
}

// fieldVerbs are verbs that say which field gets the value behind the key.
var fieldVerbs = map[string]string{"assign": "assignee", "delegate": "assignee", "reassign": "assignee", "rename": "title", "retitle": "title", "prioritize": "priority", "reprioritize": "priority",
	"set-priority": "priority", "schedule": "due", "defer": "defer", "snooze": "defer", "postpone": "defer", "set-title": "title", "set-description": "description"}

// prepositions are flags before the value that such a verb gives.
var prepositions = []string{"--to", "--until", "--till", "--as", "--on", "--by", "--for", "--date"}

// fieldOfVerb returns the field that a verb sets, or that it is the name of: pm
// rename KEY "New", pm pri KEY high; empty for none.
func fieldOfVerb(a *app, verb string) string {
	switch {
	case a.isCommand(verb) || len(verb) < 3:
		return ""
	case fieldVerbs[verb] != "":
		return fieldVerbs[verb]
	case len(plan.MeaningsOf(plan.ForCommand, verb)) > 0 || len(plan.MeaningsOf(plan.ForGuess, verb)) > 0 && ops.UpdateFlag(verb) != verb:
		return ""
	}
	return ops.UpdateFlag(verb)
}

// statusSet is the command that gives a task the status that a word stands for.
func statusSet(l typed, key, word string) []string {
	rest := l.rest
	if (word == "as" || word == "to") && len(rest) > 0 {
		word, rest = rest[0], rest[1:]
	}
	verb := verbTo(word, key)
	if verb == "" {
		return nil
	}
	return slices.Concat(l.flags, []string{verb, key}, rest)
}

// verbTo returns the verb that gives a task the status; empty if the word is
// none, or the key is not that of a task.
func verbTo(word, key string) string {
	if strings.EqualFold(word, "closed") {
		word = string(plan.Completed) // not archived: to close is to complete
	}
	s, err := plan.ParseTaskStatus(word)
	if k, keyErr := plan.ParseKey(key); err != nil || keyErr != nil || k.Level() != plan.LevelTask {
		return ""
	}
	return string(plan.VerbTo(s))
}

// aside are the flags that pm update does not have because they are commands of
// their own, each with that command.
var aside = map[string][]string{
	"status": nil, "depends-on": {"dep", "add"}, "label": {"label", "add", "--label"}, "labels": {"label", "add", "--label"}, "add-label": {"label", "add", "--label"},
	"remove-label": {"label", "remove", "--label"}, "feature": {"move", "--to"}, "epic": {"move", "--to"}, "to": {"move", "--to"},
	"remove-dep": {"dep", "remove"}, "remove-dependency": {"dep", "remove"}, "rm-dep": {"dep", "remove"}, "blocks": {"dep", "add"},
	"note": {"note"}, "notes": {"note"}, "add-note": {"note"}, "comment": {"note"}, "reason": {"note"},
}

// asideOf returns which of these commands a flag means; empty for none.
func asideOf(arg string) string {
	if !strings.HasPrefix(arg, "-") {
		return ""
	}
	name := kebab(strings.TrimLeft(arg, "-"))
	for _, own := range append([]string{name}, plan.MeaningsOf(plan.ForFlag, name)...) {
		if _, is := aside[own]; is {
			return own
		}
		if ops.UpdateFlag(own) != "" {
			return ""
		}
	}
	return ""
}

// apart takes the flags that are commands of their own out of the line of pm
// update KEY: it returns the rest, without the words, and the other commands.
func apart(rest []string, key string) (left []string, others [][]string) {
	for i := 0; i < len(rest); i++ {
		name, value, joined := strings.Cut(rest[i], "=")
		own := asideOf(name)
		switch {
		case own == "" && !strings.HasPrefix(rest[i], "-"), own == "" && (joined || isGlobal(rest[i])):
			left = append(left, rest[i])
			continue
		case own == "":
			left = append(left, rest[i])
			if i+1 < len(rest) && !strings.HasPrefix(rest[i+1], "-") {
				i++
				left = append(left, rest[i])
			}
			continue
		case !joined && i+1 < len(rest):
			i++
			value = rest[i]
		}
		words := aside[own]
		switch verb := verbTo(value, key); {
		case own == "status" && verb == "":
			return nil, nil
		case own == "status":
			others = append(others, []string{verb, key})
		case words[len(words)-1][0] == '-':
			others = append(others, slices.Concat(words[:len(words)-1], []string{key}, words[len(words)-1:], []string{strings.TrimPrefix(value, "+")}))
		case own == "blocks": // the other one waits for it
			for other := range strings.SplitSeq(value, ",") {
				others = append(others, []string{"dep", "add", other, key})
			}
		case words[0] == "note":
			others = append(others, []string{"note", key, value})
		default:
			others = append(others, slices.Concat(words, []string{key}, strings.Split(value, ",")))
		}
	}
	return left, others
}

// toStatus turns pm update KEY --status done into the verb, and what else is a
// command of its own into that, if nothing else is to change.
func (a *app) toStatus(l typed, key string) []string {
	left, others := apart(l.rest, key)
	verb := slices.IndexFunc(others, func(line []string) bool { return len(line) == 2 })
	if verb >= 0 && len(others) == 2 && others[1-verb][0] == "note" { // the reason of the change
		others = [][]string{append(others[verb], "--reason", others[1-verb][2])}
	}
	if len(others) != 1 || slices.ContainsFunc(left, func(s string) bool { return !isGlobal(s) && !valued(s) && strings.HasPrefix(s, "-") }) {
		return nil
	}
	return slices.Concat(l.flags, others[0], left)
}

// pairs understands pm set KEY priority=1 and pm set KEY priority 1.
func (a *app) pairs(l typed, key string) []string {
	rest := append(slices.Clone(l.first[2:]), l.rest...)
	line := slices.Concat(l.flags, []string{"update", key})
	for len(rest) > 1 && isAnyKey(rest[0]) {
		line, rest = append(line, rest[0]), rest[1:]
	}
	if len(rest) > 2 && strings.EqualFold(rest[1], "to") {
		rest = slices.Delete(rest, 1, 2) // pm change KEY title to "New"
	}
	if name := ops.UpdateFlag(rest[0]); name != "" && len(rest) > 1 && !strings.HasPrefix(rest[1], "-") {
		return slices.Concat(line, []string{"--" + name, rest[1]}, rest[2:])
	}
	some := false
	for i, arg := range rest {
		if strings.HasPrefix(arg, "-") {
			line = append(line, rest[i:]...)
			break
		}
		name, value, is := strings.Cut(arg, "=")
		if !is {
			name, value, is = strings.Cut(arg, ":") // as Taskwarrior has it
		}
		own := ops.UpdateFlag(name)
		if !is || own == "" && name != "status" {
			return nil
		}
		if name == "status" {
			own = name
		}
		line, some = append(line, "--"+own, value), true
	}
	if !some {
		return nil
	}
	return line
}
