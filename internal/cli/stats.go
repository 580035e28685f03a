package cli

import (
	"pm/internal/db"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

func (a *app) statsCommand() *cobra.Command {
	sizes := false
	c := &cobra.Command{
		Use: "stats", Short: "Show how large the database is, and whether its counts are right", GroupID: groupLook, Args: exactArgs(0, ""),
		Long: `Show how large the database is: bytes, pages, rows of each table, indexes; whether
the progress kept with each epic and feature is what its tasks say; and what the
statements of this very process took. It reads every row, and changes nothing.`,
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
	c.Flags().BoolVar(&sizes, "sizes", false, "also the bytes of each table and index; SQLite reads the whole file for that")
	return c
}
