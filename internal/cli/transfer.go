package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"pm/internal/cli/term"
	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// openTarget opens where an import goes. A database that was named by --db or
// PM_DB is created if it is not there; for a dry run that happens in a folder
// that is removed again. What is to be brought in is checked before: a file
// that cannot be read leaves no empty database behind.
func (a *app) openTarget(ctx context.Context, dryRun bool, check func() error) (context.Context, *tracker.Tracker, func(), error) {
	nothing := func() {}
	ctx2, t, err := a.act(ctx)
	named := a.named() != ""
	if err == nil || !named || plan.Describe(err).Code != "no_database" {
		return ctx2, t, nothing, err
	}
	if err := check(); err != nil {
		return ctx, nil, nothing, err
	}
	p, err := a.find()
	if err != nil {
		return ctx, nil, nothing, err
	}
	cleanup := nothing
	if dryRun {
		dir, err := os.MkdirTemp("", "pm-dry-run-")
		if err != nil {
			return ctx, nil, nothing, plan.Errorf(plan.Storage, "no folder for the dry run: %w", err)
		}
		cleanup = func() { os.RemoveAll(dir) }
		p.address = filepath.Join(dir, "pm.db")
	}
	db, _, err := store.Create(ctx, p.address, p.options)
	if err != nil {
		cleanup()
		return ctx, nil, nothing, err
	}
	return ctx2, tracker.New(db), cleanup, nil
}

func (a *app) exportCommand() *cobra.Command {
	output := ""
	c := &cobra.Command{
		Use: "export", Short: "Export the whole plan as JSON lines", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Take the whole plan out as JSON lines: items, notes, history, dependencies,
counters, versions. pm import brings it back losslessly, also into the other
engine. The same plan gives the same bytes. It does not take out the trash.
--output follows links, keeps the mode of the file that it replaces, writes
straight into pipes and devices, and refuses the files of a database.`,
		Example: "  pm export > plan.jsonl\n  pm export --output plan.jsonl",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.export(cmd.Context(), output) },
	}
	c.Flags().StringVarP(&output, "output", "o", "", "write to this file instead of stdout; an existing file is replaced once the export is complete")
	return c
}

func (a *app) export(ctx context.Context, output string) error {
	return a.writeOutput(ctx, output, outfile.Options{Mode: 0o600}, func(w io.Writer) error {
		ctx, t, err := a.act(ctx)
		if err != nil {
			return err
		}
		bar := term.NewProgress(a.stderr, a.err(), term.ProgressOptions{Label: "exporting"})
		defer bar.Done()
		return t.Export(ctx, w, progress(bar))
	})
}

func progress(bar *term.Progress) func(done, total int) {
	return func(done, total int) { bar.SetTotal(total); bar.Set(done) }
}

// path makes a path absolute, from the folder that pm runs in.
func (a *app) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(a.dir, p)
}
