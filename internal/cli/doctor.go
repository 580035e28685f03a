package cli

import (
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

func (a *app) doctorCommand() *cobra.Command {
	var in tracker.Doctor
	c := &cobra.Command{
		Use: "doctor", Short: "Check the database, and repair what can be repaired", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Check the whole database: the file and its schema, every item against its history
(also in the trash), records that no history covers, key numbers, the progress of
epics and features, open dependencies, which tasks are offered as work, the text
index, and whether a file cannot be written, a write never ends or the WAL is large. It
reads every row and changes nothing. With --fix it recounts and
rebuilds whatever can be derived from the rest of the plan; to repair a damaged file
or an altered history, restore a backup. Each finding shows how severe it is (error:
data is damaged; warning: it can be rebuilt), what it means, and the command that
repairs it. It exits with 7 if problems remain.`,
		Example: "  pm doctor\n  pm doctor --fix",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, t, err := a.act(cmd.Context())
			if err != nil {
				return err
			}
			found, err := t.Doctor(ctx, in)
			if err != nil {
				return err
			}
			if err := a.print(found); err != nil {
				return err
			}
			return left(found, in.Fix)
		},
	}
	c.Flags().BoolVar(&in.Fix, "fix", false, "rebuild whatever can be derived from the rest of the plan")
	return c
}

// left is the error of a database in which something is left to mend.
func left(d tracker.Diagnosis, fixed bool) error {
	if d.Flaws == 0 {
		return nil
	}
	e := plan.Errorf(plan.Corrupt, "doctor found %d problems", d.Flaws).WithCode("flaws")
	if d.Flaws == 1 {
		e = plan.Errorf(plan.Corrupt, "doctor found 1 problem").WithCode("flaws")
	}
	if fixed {
		return e.WithHint("keep a copy of the database, and compare it with a backup")
	}
	return e.WithHint("run pm doctor --fix to repair what can be repaired")
}
