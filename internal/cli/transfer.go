package cli

import (
	"cmp"
	"context"
	"io"
	"os"
	"path/filepath"
	"time"

	"pm/internal/backup"
	"pm/internal/cli/term"
	"pm/internal/interchange/export"
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
			return ctx, nil, nothing, plan.Errorf(plan.Storage, "cannot create a directory for the dry run: %w", err)
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
	output, follow, once, every, asOf, format := "", "", false, duration(followEvery), "", ""
	c := &cobra.Command{
		Use: "export", Short: "Export the whole plan as JSON lines, CSV, Markdown or HTML", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Export the whole plan as JSON lines: items, notes, history, dependencies, counters,
versions and the trash. pm import restores it without loss, on either engine. The
same plan always gives the same bytes. With --as-of the export is the plan as it was
at that time, and importing it gives that plan.
--format csv, markdown or html is for people and other programs: items without their
history. The CSV has a column for each custom field; the HTML is one self-contained
page with charts.
--output follows links, keeps the mode of the file it replaces, writes directly to
pipes and devices, and refuses to overwrite the files of a database.
--follow keeps writing changes to a directory until interrupted: a chain of sealed
files, which is the portable backup of a plan on either engine. The first export, and
one each day, is imported into a temporary database and checked with pm doctor.
pm import DIR restores it, also as it was at an earlier time.`,
		Example: "  pm export > plan.jsonl\n  pm export --output plan.jsonl\n  pm export --follow copies --once\n  pm export --as-of yesterday --output plan.jsonl\n  pm export -o plan.html",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format == "" && follow == "" {
				format = export.FormatOf(output)
			}
			format = cmp.Or(format, export.Lines)
			if err := checkFormat(format, output, follow); err != nil {
				return err
			}
			switch {
			case follow == "" && (once || cmd.Flags().Changed("every")):
				return usageError("--once and --every need --follow").WithHint("name the directory: --follow DIR")
			case follow == "" && format != export.Lines:
				return a.exportAs(cmd.Context(), format, output, asOf)
			case follow == "":
				return a.export(cmd.Context(), output, asOf)
			case output != "":
				return usageError("--output and --follow cannot be combined")
			case asOf != "":
				return usageError("--as-of and --follow cannot be combined").WithHint("%s", a.runHint("to export an earlier state", "export", "--as-of", asOf, "--output", "plan.jsonl"))
			}
			w := backup.Watch{Dir: a.path(follow), Every: time.Duration(every), Once: once, Lines: true}
			return a.watchBackups(cmd.Context(), &w)
		},
	}
	c.Flags().StringVar(&follow, "follow", "", "keep writing changes to this directory, until interrupted")
	c.Flags().Var(&every, "every", "with --follow: how often to write")
	c.Flags().BoolVar(&once, "once", false, "with --follow: write what has changed once, and exit")
	c.Flags().StringVar(&format, "format", "", "format: jsonl, csv, markdown or html (default: what the output file's name ends with, else jsonl)")
	c.Flags().StringVarP(&output, "output", "o", "", "write to this file instead of stdout; an existing file is replaced once the export is complete")
	c.Flags().StringVar(&asOf, "as-of", "", "export the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)")
	return c
}

// followEvery is how often a followed export is written unless told otherwise:
// each round reads the whole plan.
const followEvery = time.Minute

func (a *app) export(ctx context.Context, output, asOf string) error {
	return a.writeOutput(ctx, output, outfile.Options{Mode: 0o600}, func(w io.Writer) error {
		ctx, t, err := a.act(ctx)
		if err != nil {
			return err
		}
		bar := term.NewProgress(a.stderr, a.err(), term.ProgressOptions{Label: "exporting"})
		defer bar.Done()
		if err := t.ExportAsOf(ctx, w, asOf, progress(bar)); err != nil {
			return err
		}
		bar.Done()
		a.tellLacks()
		return nil
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
