package cli

import (
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// improveStage has the commands on a stage complete its name.
func (a *app) improveStage(noun *cobra.Command) {
	for _, verb := range []string{"update", "delete"} {
		find(noun, verb).ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, noFiles
			}
			return prefixed("", typed, a.stageNames(cmd)), noFiles
		}
	}
}

// stageNames are the names of the stages, in their order.
func (a *app) stageNames(cmd *cobra.Command) (names []string) {
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return nil
	}
	line, _ := t.ListStages(ctx, tracker.ListStages{})
	for _, s := range line.Items {
		names = append(names, s.Name)
	}
	return names
}
