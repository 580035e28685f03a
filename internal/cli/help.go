package cli

import (
	"errors"
	"slices"
	"strings"

	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// ownHelp makes pm help and pm completion, which come with the library, refuse
// a mistyped argument as every other command does.
func (a *app) ownHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	help := find(root, "help")
	help.Run = nil
	help.RunE = func(_ *cobra.Command, args []string) error {
		cmd, rest, err := root.Find(args)
		if err != nil {
			return err
		}
		if len(rest) > 0 && cmd.HasSubCommands() {
			return a.unknownCommand(cmd, rest[0])
		}
		cmd.InitDefaultHelpFlag() // else it would not be listed
		return cmd.Help()
	}
	root.InitDefaultCompletionCmd()
	completion := find(root, "completion")
	completion.Args = cobra.ArbitraryArgs
	completion.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return a.unknownCommand(cmd, args[0])
		}
		return a.bare(cmd)
	}
	help.Example = "  pm help next"
	file := map[string]string{"bash": "pm.bash", "zsh": "_pm", "fish": "pm.fish", "powershell": "pm.ps1"}
	for _, shell := range completion.Commands() {
		shell.Args = exactArgs(0, "")
		shell.Example = "  pm completion " + shell.Name() + " > " + file[shell.Name()]
	}
}

// helpOfNothing takes the flag for help off a line whose first word is no command:
// pm ui --help is refused as pm ui is, rather than answered with the help of pm.
func (a *app) helpOfNothing(root *cobra.Command) bool {
	cmd, _ := target(root, a.args)
	i := slices.IndexFunc(a.args, func(s string) bool { return s == "--help" || s == "-h" })
	if i < 1 || cmd != root || countWords(a.args) == 0 || a.args[0] == "help" || a.args[0] == cobra.ShellCompRequestCmd {
		return false
	}
	a.args = slices.Delete(slices.Clone(a.args), i, i+1)
	return true
}

// askForHelp lets the hint of such a line be the help of what is meant.
func askForHelp(err error) {
	var e *plan.Error
	if errors.As(err, &e) && strings.Contains(e.Hint, "pm ") && !strings.Contains(e.Hint, "--help") {
		e.Hint += " --help"
	}
}
