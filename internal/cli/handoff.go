package cli

import "github.com/spf13/cobra"

// improveHandoff reads a text of - from standard input.
func (a *app) improveHandoff(c *cobra.Command) {
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if args[1] == "-" {
			text, err := a.readStdin()
			if err != nil {
				return err
			}
			args = []string{args[0], text}
		}
		return plain(cmd, args)
	}
}
