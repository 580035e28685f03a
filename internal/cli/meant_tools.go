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
var otherPrograms = []string{"pm", "call", "tool", "invoke", "bd", "beads", "gh", "glab", "jira", "linear", "task-master", "backlog"}

// programFirst understands pm jira issue list, and pm show by the name of an MCP tool.
func programFirst(l typed) []string {
	word, second := l.word(0), l.word(1)
	switch {
	case slices.Contains(otherPrograms, word) && len(l.first) > 1 && !l.isKey(1) && (word != "backlog" || isNoun(plan.MeaningOf(plan.ForNoun, second))):
		return l.line(l.first[1:]...)
	case ofKind(l.first[0]) != "":
		return l.line(append([]string{"show", ofKind(l.first[0])}, l.first[1:]...)...)
	case word == "project-status" && len(l.first) == 1:
		return l.line("status")
	case word == "create-parent" && len(l.first) == 2 && !l.isKey(1):
		return l.line("epic", "create", l.first[1])
	case word == "task-status" && len(l.first) == 3 && (l.isKey(1) || l.isKey(2)):
		return l.line(l.first[1:]...)
	}
	return nil
}

// addedBySentence understands pm add a task to FEATURE: title, and pm create task in
// FEATURE called "title".
func addedBySentence(l typed) []string {
	n := countWords(l.rest)
	words := append(slices.Clone(l.first[1:]), l.rest[:n]...)
	if !plan.Means(plan.ForCommand, l.word(0), "add") {
		return nil
	}
	if len(words) > 0 && slices.Contains([]string{"a", "an", "the", "another", "new"}, strings.ToLower(words[0])) {
		words = words[1:]
	}
	if len(words) < 4 || !slices.Contains([]string{"to", "in", "under", "for"}, strings.ToLower(words[1])) {
		return nil
	}
	noun, key, title := plan.MeaningOf(plan.ForNoun, strings.ToLower(words[0])), strings.TrimRight(words[2], ":,"), words[3:]
	if noun != "task" || !isLevel(key, plan.LevelFeature) {
		if noun != "feature" || !isLevel(key, plan.LevelEpic) {
			return nil
		}
	}
	if len(title) > 1 && slices.Contains([]string{"called", "named", "titled"}, strings.ToLower(title[0])) {
		title = title[1:]
	}
	return slices.Concat(l.flags, []string{noun, "create", key, strings.Join(title, " ")}, l.rest[n:])
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
	case short == "-t" && slices.Contains([]string{"Task", "Story"}, value):
		return nil, used // which each task is
	}
	return nil, 0
}
