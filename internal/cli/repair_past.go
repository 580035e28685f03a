package cli

import (
	"errors"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// presentOnly is the error for --as-of at a command that knows the present only: it
// names the one that shows the past. It is nil for any other flag.
func (a *app) presentOnly(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || kebab(unknown.GetSpecifiedName()) != "as-of" {
		return nil
	}
	at := slices.IndexFunc(a.args, func(s string) bool { return isFlagNamed(s, unknown.GetSpecifiedName()) })
	then := "yesterday"
	if at >= 0 {
		if value, used := valueAt(a.args, at); used > 0 {
			then = value
		}
	}
	hint := a.runHint("to see the plan as it was", "status", "--as-of", then)
	switch cmd.Name() {
	case "next":
		hint = a.runHint("to list what was ready", "list", "is:ready", "--as-of", then)
	case "mine":
		hint = a.runHint("to list what you held", "list", "is:held", "assignee:me", "--as-of", then)
	case "diff", "report":
		hint = a.runHint("to see what has changed since", "diff", "--from", then)
	default:
		if list, _, err := cmd.Find([]string{"list"}); err == nil && list != cmd && list.Flags().Lookup("as-of") != nil {
			hint = a.runHint("to see them as they were", cmd.Name(), "list", "--as-of", then)
		}
	}
	return usageError("%s works on the present, not on a past moment", cmd.CommandPath()).WithHint("%s", hint)
}

// severalUndos is the hint for a number of operations to undo, of which each is
// undone by a command of its own; empty for what is no small number.
func severalUndos(n string) string {
	many, err := strconv.Atoi(n)
	if err != nil || many < 1 || many > 9 {
		return ""
	}
	return "undo them one by one: " + inTurn(slices.Repeat([][]string{{"undo"}}, many))
}
