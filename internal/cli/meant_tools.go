package cli

import (
	"slices"
	"strings"

	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// What is understood because another tool, or English, says it in that way: the
// name of a program before the command, Jira's short flags, a filter that stands
// alone, a task that is added by a sentence.

// otherPrograms are the names of programs and callers that people write before a
// command. A backlog is one as well, if a noun follows.
var otherPrograms = []string{"pm", "call", "tool", "invoke", "bd", "beads", "gh", "glab", "jira", "linear", "task-master", "todo.sh", "backlog"}

// programFirst understands pm jira issue list, and pm show by the name of an MCP tool.
func programFirst(l typed) []string {
	word, second := l.word(0), l.word(1)
	switch {
	case slices.Contains(otherPrograms, word) && len(l.first) > 1 && !l.isKey(1) && (word != "backlog" || isNoun(plan.MeaningOf(plan.ForNoun, second))):
		return l.line(l.first[1:]...)
	case ofKind(l.first[0]) != "":
		return l.line(append([]string{"show", ofKind(l.first[0])}, l.first[1:]...)...)
	case among(word, "bulk batch") && len(l.first) == 3 && isAnyKey(strings.Split(l.first[2], ",")[0]):
		return l.line(l.first[1:]...) // pm batch complete KEY KEY
	case among(word, "bulk-update batch-update bulk-edit bulk-complete bulk-close bulk-delete"):
		l.first = append(strings.SplitN(word, "-", 2)[1:], l.first[1:]...)
		return l.line(l.first...)
	case word == "project-status" && len(l.first) == 1:
		return l.line("status")
	case word == "create-parent" && len(l.first) == 2 && !l.isKey(1):
		return l.line("epic", "create", l.first[1])
	case word == "task-status" && len(l.first) == 3 && (l.isKey(1) || l.isKey(2)):
		return l.line(l.first[1:]...)
	}
	return nil
}

// addedBySentence understands pm add a task to FEATURE: title, pm create task in
// FEATURE called "title", pm create a bug "title" in FEATURE, and pm add note to KEY:
// text.
func addedBySentence(l typed) []string {
	n := countWords(l.rest)
	words := append(slices.Clone(l.first[1:]), l.rest[:n]...)
	if !plan.Means(plan.ForCommand, l.word(0), "add") {
		return nil
	}
	for len(words) > 0 && among(strings.ToLower(words[0]), "a an the another new") {
		words = words[1:]
	}
	if len(words) < 3 {
		return nil
	}
	what, rest, key := strings.ToLower(words[0]), words[1:], ""
	isPlace := func(i int) bool {
		return i >= 0 && i+1 < len(rest) && among(strings.ToLower(rest[i]), "to in under for on") && isAnyKey(strings.TrimRight(rest[i+1], ":,"))
	}
	called := false
	afterCalled := func() {
		if len(rest) > 1 && among(strings.ToLower(rest[0]), "called named titled") {
			rest, called = rest[1:], true
		}
	}
	afterCalled()
	switch last := len(rest) - 2; {
	case isPlace(0):
		key, rest = strings.TrimRight(rest[1], ":,"), rest[2:]
	case len(rest) == 3 && isPlace(last):
		key, rest = rest[last+1], rest[:last]
	}
	afterCalled()
	own := addition(what, key, strings.Join(rest, " "), called)
	if len(rest) == 0 { // the command says that its title is missing
		own = slices.DeleteFunc(own, func(s string) bool { return s == "" })
	}
	if own == nil {
		return nil
	}
	return slices.Concat(l.flags, own, l.rest[n:])
}

// addition is the command that adds what a word names, under a title, to the item of a
// key; nil where the words are no sentence of that kind.
func addition(what, key, title string, called bool) []string {
	noun := plan.MeaningOf(plan.ForNoun, what)
	switch {
	case noun == "epic" && key == "" && called:
		return []string{"epic", "create", title}
	case noun == "task" && key != "", noun == "feature" && isLevel(key, plan.LevelEpic): // a task in an epic is refused, with a hint
		return []string{noun, "create", key, title}
	case slices.Contains(kindsOfTask, what) && isLevel(key, plan.LevelFeature):
		return []string{"task", "create", key, title, "--kind", what}
	case noun == "note" && key != "":
		return []string{"note", key, title}
	case noun == "label" && key != "":
		return []string{"label", "add", key, "--label", title}
	case (what == "subtask" || noun == "check") && isLevel(key, plan.LevelTask):
		return []string{"check", "add", key, title}
	}
	return nil
}

// jiraShorts understands the short flags with which jira creates an issue, where pm
// has none of that letter: -s "Summary", -pE01-F01, -b "Body".
func jiraShorts(cmd *cobra.Command, args []string, i int) ([]string, int) {
	if cmd.Name() != "create" && cmd.Name() != "add" || len(args[i]) < 2 || args[i][0] != '-' || args[i][1] == '-' {
		return nil, 0
	}
	value, used := args[i][2:], 1
	if value == "" && i+1 < len(args) {
		value, used = args[i+1], 2
	}
	switch short := args[i][:2]; {
	case value == "" || strings.HasPrefix(value, "-"):
	case (short == "-p" || short == "-P") && isLevel(value, plan.LevelFeature) && cmd.Parent().Name() != "epic":
		return []string{"--feature=" + value}, used
	case (short == "-p" || short == "-P") && isLevel(value, plan.LevelEpic) && cmd.Parent().Name() == "feature":
		return []string{"--epic=" + value}, used
	case short == "-s" && len(args[i]) == 2 || short == "-s" && strings.ContainsAny(value, " "):
		return []string{"--title=" + value}, used
	case short == "-b" && (len(args[i]) == 2 || strings.ContainsAny(value, " ")):
		return []string{"--description=" + value}, used
	case short == "-t" && len(args[i]) > 2 && slices.Contains(kindsOfTask, strings.ToLower(value)):
		return []string{"--kind=" + strings.ToLower(value)}, used
	case short == "-t" && among(value, "Task Story"):
		return nil, used // which each task is
	}
	return nil, 0
}
