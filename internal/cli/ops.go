package cli

import (
	"strings"

	"pm/internal/ops"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// improveOps makes pm ops the short form of pm ops list.
func (a *app) improveOps(noun *cobra.Command) {
	noun.GroupID = groupLook
	a.listsAlone(noun, func(cmd *cobra.Command, word string) any {
		if len(nearest(cmd, word)) > 0 {
			return nil
		}
		return &tracker.ShowOperation{ID: word}
	})
}

// improveTrash makes pm trash the short form of pm trash list.
func (a *app) improveTrash(noun *cobra.Command) {
	a.listsAlone(noun, func(_ *cobra.Command, word string) any {
		if !isAnyKey(word) {
			return nil
		}
		return &tracker.ShowTrash{Key: word}
	})
	a.improveForGood(find(noun, "empty"), "delete it for good, with its history?", "delete what is in the trash for good")
}

// listsAlone lets the name of a group of commands alone mean its list, and with
// a word that one gives an input for, show what the word names.
func (a *app) listsAlone(noun *cobra.Command, one func(*cobra.Command, string) any) {
	list := find(noun, "list")
	noun.Use, noun.Long, noun.Example = noun.Name()+strings.TrimPrefix(list.Use, "list"), list.Long, list.Example
	noun.Flags().AddFlagSet(list.Flags())
	noun.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return list.RunE(cmd, args)
		}
		if in := one(cmd, args[0]); len(args) == 1 && in != nil {
			op, _ := ops.Find(noun.Name() + " show")
			return a.answer(cmd, op, in)
		}
		return a.unknownCommand(cmd, args[0])
	}
}
