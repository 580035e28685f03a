package cli

import (
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/query"

	"github.com/spf13/cobra"
)

// queryArgs puts a space before the negated terms of a query, such as
// -type:docs or -(label:q3), since they would be read as flags: -t with the
// value ype:docs.
func queryArgs(args []string) []string {
	word := firstWord(args)
	if word != "list" && !(word == "task" && slices.Contains(args, "list")) && !(word == "view" && slices.Contains(args, "save")) {
		return args
	}
	out := slices.Clone(args)
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if strings.HasPrefix(arg, "-(") || strings.HasPrefix(arg, "-@") || isNegated(arg) {
			out[i] = " " + arg
		}
	}
	return out
}

// isNegated reports whether an argument is a negated term: a word of two letters
// or more, which may be a field that the project has declared, and a colon or a
// comparison. No flag of pm list takes a value with one.
func isNegated(arg string) bool {
	at := strings.IndexAny(arg, ":<>")
	if at < 3 || arg[0] != '-' || arg[1] == '-' {
		return false
	}
	for _, c := range []byte(arg[1:at]) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// queryWords completes the name of a field, and its values.
func (a *app) queryWords(cmd *cobra.Command, typed string) ([]string, cobra.ShellCompDirective) {
	word := strings.TrimLeft(typed, "-(")
	before := typed[:len(typed)-len(word)]
	if strings.HasPrefix(word, "@") {
		return prefixed(before, word, a.viewNames(cmd, "@")), noFiles
	}
	name, value, hasValue := strings.Cut(word, ":")
	if !hasValue {
		var out []string
		for _, f := range query.Fields() {
			out = append(out, f.Name+":\t"+f.Help)
		}
		out = append(out, a.ownNames(cmd, ":")...)
		return prefixed(before, name, out), noFiles | cobra.ShellCompDirectiveNoSpace
	}
	before += name + ":"
	last := value
	if i := strings.LastIndexByte(value, ','); i >= 0 {
		before, last = before+value[:i+1], value[i+1:]
	}
	if levels := queryKeys[query.Field(name)]; levels != nil {
		keys, _ := a.offer(cmd, nil, last, wanted{levels: levels})
		return prefixed(before, "", keys), noFiles
	}
	return prefixed(before, last, a.queryValues(cmd, query.Field(name))), noFiles
}

// queryKeys are the levels of the keys that fields take.
var queryKeys = map[query.Field][]plan.Level{
	query.Epic: anyLevel[:1], query.Feature: anyLevel[1:2], query.Key: anyLevel, query.DependsOn: onlyTasks, query.NeededBy: onlyTasks,
}

// queryValues returns the values that a field takes, or usual ones.
func (a *app) queryValues(cmd *cobra.Command, field query.Field) []string {
	switch field {
	case query.InStage:
		return a.stageNames(cmd)
	case query.Type:
		return a.names(cmd, false)
	case query.Label, query.OwnLabel:
		return a.labelNames(cmd)
	case query.Kind:
		return a.kinds(cmd)
	case query.Assignee:
		return append(a.people(cmd), query.Me)
	case query.Due, query.Defer:
		return []string{"today", "..+7d", "+7d", "eow", "eom"}
	case query.Agent, query.HeldBy:
		return append(a.names(cmd, true), query.Me)
	case query.Priority:
		return []string{"1", "1..3", "4.."}
	case query.Created, query.Updated, query.Started, query.Completed, query.BlockedAt:
		return []string{"today", "yesterday", "-3d..", "-1w..", "sow..", "som.."}
	}
	for _, f := range query.Fields() {
		if f.Name == string(field) {
			return f.Words
		}
	}
	return a.choicesOf(cmd, string(field))
}
