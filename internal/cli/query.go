package cli

import (
	"slices"
	"strings"

	"pm/internal/query"

	"github.com/spf13/cobra"
)

// queryArgs puts the negated terms of a query, such as -type:docs, behind a
// "--", since they would be read as flags: -t with the value ype:docs.
func queryArgs(args []string) []string {
	word := firstWord(args)
	if word != "list" && !(word == "task" && slices.Contains(args, "list")) {
		return args
	}
	var terms, others, after []string
	for i, arg := range args {
		if arg == "--" {
			after = args[i+1:]
			break
		}
		name, _, isTerm := strings.Cut(strings.TrimPrefix(arg, "-"), ":")
		if strings.HasPrefix(arg, "-") && isTerm && query.IsField(name) {
			terms = append(terms, arg)
		} else {
			others = append(others, arg)
		}
	}
	if len(terms) == 0 {
		return args
	}
	return slices.Concat(others, []string{"--"}, terms, after)
}

// queryWords completes the name of a field, and its value if there are only so many.
func queryWords(typed string) ([]string, cobra.ShellCompDirective) {
	directive := cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	var out []string
	name, value, hasValue := strings.Cut(typed, ":")
	for _, f := range query.Fields() {
		if !hasValue && strings.HasPrefix(f.Name, name) {
			out = append(out, f.Name+":\t"+f.Help)
		}
		if hasValue && f.Name == name {
			for _, w := range f.Words {
				if strings.HasPrefix(w, value) {
					out = append(out, name+":"+w)
				}
			}
		}
	}
	return out, directive
}
