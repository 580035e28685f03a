package cli

import (
	"slices"

	"github.com/spf13/cobra"
)

// groupCommand makes a command that only holds others.
func (a *app) groupCommand(name, short, id string) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short, GroupID: id, Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.unknownCommand(cmd, args[0])
			}
			return a.bare(cmd)
		},
	}
}

// bare answers a group of commands without one of them. Its name alone asks for
// help, as with git and gh. Flags ask for something that it cannot give: a
// program that wants JSON must not take the help for it.
func (a *app) bare(cmd *cobra.Command) error {
	if cmd.Flags().NFlag() == 0 {
		return cmd.Help()
	}
	e := usageError("missing command after %s", cmd.CommandPath())
	likely := []string{"list", "status", "show"}
	if !cmd.HasParent() {
		likely = []string{"status"}
	}
	for _, name := range likely {
		i := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == name })
		if i < 0 || cmd.Commands()[i].Args != nil && cmd.Commands()[i].Args(cmd.Commands()[i], nil) != nil {
			continue
		}
		at := 0
		if cmd.HasParent() {
			at = 1 + slices.Index(a.args, cmd.Name())
		}
		return e.WithHint("did you mean: %s", line(slices.Insert(slices.Clone(a.args), at, name)))
	}
	return e.WithHint("to list its commands: %s --help", cmd.CommandPath())
}
