package cli

import (
	"pm/internal/db"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

func (a *app) statsCommand() *cobra.Command {
	sizes := false
	c := &cobra.Command{
		Use: "stats", Short: "Show the size of the database, and check its counts", GroupID: groupLook, Args: exactArgs(0, ""),
		Long: `Show the size of the database: bytes, pages, rows of each table, and indexes; whether
the stored progress of epics and features matches their tasks; and how long this
command's own statements took. It reads every row and changes nothing.`,
		Example: "  pm stats\n  pm stats --sizes --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.watch.timings = db.NewTimings()
			ctx, t, err := a.act(cmd.Context())
			if err != nil {
				return err
			}
			answer, err := t.Stats(ctx, tracker.ShowStats{Sizes: sizes})
			if err != nil {
				return err
			}
			answer.Statements, answer.Transactions = a.watch.timings.All(), a.watch.timings.Transactions()
			return a.print(answer)
		},
	}
	c.Flags().BoolVar(&sizes, "sizes", false, "also show the size of each table and index (on SQLite this reads the whole file)")
	return c
}
