package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"pm/internal/cli/term"
	"pm/internal/interchange"
	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

func (a *app) importCommand() *cobra.Command {
	var dryRun, update bool
	c := &cobra.Command{
		Use: "import PATH", Short: "Import a plan from markdown or from another tool", GroupID: groupMove,
		Long: `Import a plan, all of it or nothing.
A directory is read as a tree of epics, features and tasks/*.md. Items that the
plan lacks are created under their keys; existing ones are left alone (--update
takes over titles and texts, never a status). A task becomes todo only if nothing
in its document says otherwise: unknown statuses, deferrals and dependencies that
cannot be resolved are imported as blocked, with the reason. The report lists
every file and every field that was not imported. Dates without a time zone are
local. A file, or - for stdin, is read as an export of pm. Pipes and stdin are
read to their end first, into a temporary file (TMPDIR), so that nobody waits for
what writes into them. A second import of the same source changes nothing. With --db the database is created if it is missing.`,
		Example: "  pm import docs/plan --dry-run\n  pm import plan.jsonl",
		Args:    exactArgs(1, "PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.checkFields(reflect.TypeFor[tracker.Imported]()); err != nil {
				return err
			}
			answer, err := a.importPath(cmd.Context(), args[0], dryRun, update)
			if err != nil {
				return err
			}
			return a.printChange(answer)
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be done, and change nothing")
	a.addIdempotencyKey(c)
	c.Flags().BoolVar(&update, "update", false, "take over titles, texts, priorities and types that differ in the documents")
	return c
}

func (a *app) importPath(ctx context.Context, path string, dryRun, update bool) (tracker.Imported, error) {
	if path != "-" {
		info, err := os.Stat(a.path(path))
		if err != nil {
			return tracker.Imported{}, openError(err, path)
		}
		if info.IsDir() {
			return a.importFolder(ctx, path, dryRun, update)
		}
	}
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".md" || ext == ".markdown" {
		return tracker.Imported{}, plan.Errorf(plan.Invalid, "cannot import %s: it is a single markdown file", path).WithCode("no_plan").
			WithHint("import the directory that holds the plan: pm import %s", filepath.Dir(path))
	}
	if update {
		return tracker.Imported{}, usageError("--update is for directories of markdown").WithHint("an export is taken as it is")
	}
	source, done, err := a.source(ctx, path)
	if err != nil {
		return tracker.Imported{}, err
	}
	defer done()
	ctx, t, cleanup, err := a.openTarget(ctx, dryRun, func() error { return tracker.CheckSource(ctx, source) })
	if err != nil {
		return tracker.Imported{}, err
	}
	defer cleanup()
	bar := term.NewProgress(a.stderr, a.err(), term.ProgressOptions{Label: "importing"})
	defer bar.Done()
	defer collectSeldom()()
	return t.ImportLines(ctx, tracker.ImportLines{Source: source, DryRun: dryRun, Progress: progress(bar)})
}

func (a *app) importFolder(ctx context.Context, path string, dryRun, update bool) (tracker.Imported, error) {
	bar := term.NewProgress(a.stderr, a.err(), term.ProgressOptions{Label: "reading"})
	docs, err := interchange.ReadMarkdown(ctx, os.DirFS(a.path(path)), interchange.MarkdownOptions{
		Root: a.path(path), Zone: time.Local, Now: a.now(), Progress: progress(bar),
	})
	bar.Done()
	if err == nil && len(docs.Epics)+len(docs.Features)+len(docs.Tasks) == 0 {
		err = plan.Errorf(plan.Invalid, "import %s: no epics, features or tasks found in %d files", path, docs.Files).WithCode("no_plan").
			WithHint("expected are directories such as E01-name/E01-F01-name/tasks with files such as T-E01-F01-001.md; for anything else see pm task create --from")
	}
	if err != nil {
		return tracker.Imported{}, err
	}
	ctx, t, cleanup, err := a.openTarget(ctx, dryRun, func() error { return nil })
	if err != nil {
		return tracker.Imported{}, err
	}
	defer cleanup()
	bar = term.NewProgress(a.stderr, a.err(), term.ProgressOptions{Label: "importing"})
	defer bar.Done()
	return t.ImportDocuments(ctx, tracker.ImportDocuments{Documents: docs, DryRun: dryRun, Update: update, Progress: progress(bar)})
}

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
