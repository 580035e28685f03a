package cli

import (
	"strings"

	"pm/internal/ops"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// improveOps makes pm ops the short form of pm ops list.
func (a *app) improveOps(noun *cobra.Command) {
	list := find(noun, "list")
	noun.Use, noun.Long, noun.Example, noun.GroupID = noun.Name()+strings.TrimPrefix(list.Use, "list"), list.Long, list.Example, groupLook
	noun.Flags().AddFlagSet(list.Flags())
	noun.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return list.RunE(cmd, args)
		case len(args) == 1 && len(nearest(cmd, args[0])) == 0: // the id of one
			op, _ := ops.Find("ops show")
			return a.answer(cmd, op, &tracker.ShowOperation{ID: args[0]})
		}
		return a.unknownCommand(cmd, args[0])
	}
}
