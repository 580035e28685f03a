package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"pm/internal/backup"
	"pm/internal/cli/term"
	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/interchange/forms"
	"pm/internal/plan"
	"pm/internal/spill"
	"pm/internal/tracker"
	"pm/internal/utf"

	"github.com/spf13/cobra"
)

// importFlags are the flags of pm import.
type importFlags struct {
	as, levels, at                                                     string
	columns                                                            []string
	dryRun, update, strict, skipBad, keepUnknown, phasesBlock, listing bool

	heap int64 // what the memory may grow to; 0: as usual
}

// heapFor returns what the memory may grow to while so many items are imported:
// each is some 450 bytes, beside what a plan of any size takes.
func heapFor(items int) int64 { return max(usualHeap, 32<<20+int64(items)*450) }

func (a *app) importCommand() *cobra.Command {
	var in importFlags
	c := &cobra.Command{
		Use: "import PATH", Short: "Import a plan from markdown or from another tool", GroupID: groupMove,
		Long: `Import a plan: all of it, or nothing.
pm detects the format of PATH (pm import --list shows which formats it knows; --as
selects one). Each record becomes an item, a note or a checklist line, or the report
says why not. Each item keeps its origin as a reference such as beads:bd-a1f3, so a
second import finds it again: it changes nothing and reports what changed in the
source; with --update it applies those changes. A task becomes todo only if nothing
in the source says otherwise: tasks with an unknown status, a deferral or a dependency
that cannot be resolved are imported as blocked, with the reason. Dates without a
time zone are local. Findings are summarized on stderr and do not change the exit
code, unless --strict is set: then nothing is imported and pm exits with 5. Use - to
read stdin. A pipe or stdin is first read to its end into a temporary file (TMPDIR):
at most 8 GiB of an export, and 1 GiB of another format. With --db the database is created if it does not exist. A directory written by pm
export --follow is imported as it is, or with --at as it was at that time.`,
		Example: "  pm import . --dry-run\n  pm import docs/plan --as markdown\n  pm import plan.jsonl",
		Args: func(c *cobra.Command, args []string) error {
			if in.listing {
				return exactArgs(0, "")(c, args)
			}
			return exactArgs(1, "PATH")(c, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if in.listing {
				return a.print(forms.List())
			}
			a.changes = true
			if err := a.checkFields(reflect.TypeFor[tracker.Imported]()); err != nil {
				return err
			}
			answer, err := a.importPath(cmd.Context(), args[0], in)
			if err != nil {
				return err
			}
			a.sumUp(answer)
			return a.printChange(answer)
		},
	}
	f := c.Flags()
	f.BoolVar(&in.dryRun, "dry-run", false, "show what would be done, and change nothing")
	a.addIdempotencyKey(c)
	f.BoolVar(&in.update, "update", false, "apply what changed in the source since the last import")
	f.StringVar(&in.as, "as", "", "format of the source, such as beads; detected if not given")
	f.StringVar(&in.at, "at", "", "from a directory of pm export --follow: import the plan as of this time (2026-11-23T10:15, yesterday, -3h)")
	f.BoolVar(&in.listing, "list", false, "list the formats that can be imported")
	f.BoolVar(&in.strict, "strict", false, "if there are findings, import nothing and exit with 5")
	f.BoolVar(&in.skipBad, "skip-bad", false, "skip records that cannot be read and import the rest")
	f.BoolVar(&in.keepUnknown, "keep-unknown", false, "import unknown fields as custom fields")
	f.StringVar(&in.levels, "levels", "", "what each level of the source becomes, such as feature,task,check")
	f.StringSliceVar(&in.columns, "map", nil, "columns of a CSV file, such as title=Summary,status=State")
	f.BoolVar(&in.phasesBlock, "phases-block", false, "spec-kit: make later phases depend on the phases before the user stories")
	return c
}

// sumUp says on stderr how many findings there are, where the answer is not read
// by a person.
func (a *app) sumUp(answer tracker.Imported) {
	if n := answer.Serious(); n != "" {
		a.say("%s", a.err().Paint(term.Yellow, "import: "+term.Clean(n)))
	}
}

func (a *app) importPath(ctx context.Context, path string, in importFlags) (tracker.Imported, error) {
	levels, err := form.ParseLevels(in.levels)
	if err != nil {
		return tracker.Imported{}, err
	}
	fit := form.Fit{Levels: levels, KeepUnknown: in.keepUnknown}
	if path == "-" {
		if err := a.refuseTerminal("a plan", "name a file"); err != nil {
			return tracker.Imported{}, err
		}
		return a.importPiped(ctx, a.stdin, "stdin", in, fit)
	}
	info, err := os.Stat(a.path(path))
	if err != nil {
		return tracker.Imported{}, openError(err, path)
	}
	if info.IsDir() && in.as == "" && backup.IsJournal(a.path(path)) {
		return a.importJournal(ctx, path, in)
	}
	if in.at != "" {
		return tracker.Imported{}, usageError("--at needs a directory of pm export --follow, which %s is not", path)
	}
	if info.IsDir() || info.Mode().IsRegular() {
		return a.importForm(ctx, path, a.path(path), in, fit)
	}
	if info.Mode()&os.ModeDevice != 0 {
		return tracker.Imported{}, plan.Errorf(plan.Invalid, "cannot import %s: it is a device", path).WithCode("no_plan").WithHint("name a file, a directory or a pipe, or use - for stdin")
	}
	f, err := a.openInput(ctx, path)
	if err != nil {
		return tracker.Imported{}, openError(err, path)
	}
	defer f.Close()
	return a.importPiped(ctx, utf.NewReader(interruptible{ctx, f}), path, in, fit)
}

// importForm imports what a folder or a file is recognized as.
func (a *app) importForm(ctx context.Context, name, root string, in importFlags, fit form.Fit) (tracker.Imported, error) {
	s, err := form.Open(root)
	if err != nil {
		return tracker.Imported{}, openError(err, name)
	}
	defer s.Close()
	s.Now, s.Options = a.now(), form.Options{PhasesBlock: in.phasesBlock}
	if s.Options.Map, err = form.ParseMap(in.columns); err != nil {
		return tracker.Imported{}, err
	}
	found, err := forms.Detect(ctx, s, in.as)
	switch {
	case err != nil && plan.Describe(err).Code == "no_plan" && in.as == "" && s.IsFile() && maybeLines(name):
		return a.importLines(ctx, name, in)
	case err != nil && plan.Describe(err).Code == "no_plan" && in.as == "" && !s.IsFile():
		out, folderErr := a.importFolder(ctx, name, in)
		if plan.Describe(folderErr).Code == "no_plan" {
			return out, err
		}
		return out, folderErr
	case err != nil:
		return tracker.Imported{}, err
	case found.Form.Name == forms.Lines:
		if !s.IsFile() && len(found.Files) == 1 {
			name = filepath.Join(name, found.Files[0].Path)
		}
		return a.importLines(ctx, name, in)
	case found.Form.Name == forms.Markdown && s.IsFile():
		return tracker.Imported{}, plan.Errorf(plan.Invalid, "cannot import %s as markdown: it is not a directory", name).WithCode("no_plan").
			WithHint("import the directory that it is in: %s", line([]string{"import", filepath.Dir(name), "--as", "markdown"}))
	case found.Form.Name == forms.Markdown:
		return a.importFolder(ctx, name, in)
	}
	if err := in.fits(found.Form); err != nil {
		return tracker.Imported{}, err
	}
	outline, err := forms.Read(s, found, titleOf(root), fit)
	if err != nil {
		return tracker.Imported{}, err
	}
	defer outline.Close()
	in.heap = heapFor(len(outline.Items))
	return a.importing(ctx, in, func() error { return nil }, func(ctx context.Context, t *tracker.Tracker, told func(done, total int)) (tracker.Imported, error) {
		return t.ImportForm(ctx, tracker.ImportForm{Outline: outline, DryRun: in.dryRun, Update: in.update, Strict: in.strict, SkipBad: in.skipBad, Progress: told})
	})
}

// fits refuses the flags that mean nothing for a form.
func (in importFlags) fits(f form.Form) error {
	own := f.Read == nil
	for _, flag := range []struct {
		name         string
		given, means bool
		hint         string
	}{
		{"--map", len(in.columns) > 0, f.Table, "it names the columns of a CSV file"},
		{"--phases-block", in.phasesBlock, f.Name == "speckit", "it only applies to spec-kit, whose phases have an order"},
		{"--levels", in.levels != "", !own, "an export or Markdown of pm already gives the level of each item"},
		{"--keep-unknown", in.keepUnknown, !own, "it is for the formats of other tools"},
		{"--skip-bad", in.skipBad, f.Name != forms.Lines, "an export is imported whole or not at all"},
		{"--update", in.update, f.Name != forms.Lines, "an export is always imported as it is"},
	} {
		if flag.given && !flag.means {
			return usageError("%s cannot be used with %s", flag.name, f.Described()).WithHint("%s", flag.hint)
		}
	}
	return nil
}

// titleOf names what a source is of: the directory that is not one of a form's own.
func titleOf(root string) string {
	for at := filepath.Dir(filepath.Join(root, "x")); ; at = filepath.Dir(at) {
		base := filepath.Base(at)
		own := strings.HasPrefix(base, ".") || filepath.Ext(base) != "" && at == root || among(base, "specs openspec changes backlog conductor tasks docs stories")
		if up := filepath.Dir(at); !own || filepath.Dir(up) == up {
			return base
		}
	}
}

// maybeLines reports whether a file that is recognized as nothing is read as an
// export, whose reader says best what is wrong with it.
func maybeLines(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson", "":
		return true
	}
	return false
}

// mostPiped is how much of another form is read from a pipe.
const mostPiped = 1 << 30

// importPiped imports what comes through a pipe. What does not begin as a plan does is
// refused before the rest is read, which may have no end.
func (a *app) importPiped(ctx context.Context, from io.Reader, name string, in importFlags, fit form.Fit) (tracker.Imported, error) {
	r := bufio.NewReaderSize(from, 64<<10)
	head, err := r.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return tracker.Imported{}, err
	}
	asLines := in.as == "" && !forms.Foreign(head)
	if in.as != "" {
		f, err := forms.Find(in.as)
		if err != nil {
			return tracker.Imported{}, err
		}
		asLines = f.Name == forms.Lines
	}
	first := bytes.TrimSpace(head)
	switch {
	case !asLines:
		return a.importCopy(ctx, r, name, in, fit)
	case len(first) > 0 && first[0] != '{': // the reader of exports says what is wrong with that
		return a.importSource(ctx, tracker.Source{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(head)), nil }}, in)
	}
	kept, err := spill.Keep(r, name, spill.MostInput, "")
	if err != nil {
		return tracker.Imported{}, err
	}
	defer kept.Close()
	return a.importSource(ctx, tracker.Source{Name: name, Open: kept.Open}, in)
}

// importCopy imports a plan of another form, kept in a file for its reader.
func (a *app) importCopy(ctx context.Context, r io.Reader, name string, in importFlags, fit form.Fit) (tracker.Imported, error) {
	dir, err := os.MkdirTemp("", "pm-import-")
	if err != nil {
		return tracker.Imported{}, plan.Errorf(plan.Storage, "cannot create a temporary directory: %w", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "stdin")
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = spill.Copy(f, r, name, mostPiped)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return tracker.Imported{}, err
	}
	return a.importForm(ctx, name, file, in, fit)
}

// importLines imports an export of pm.
func (a *app) importLines(ctx context.Context, path string, in importFlags) (tracker.Imported, error) {
	f, err := a.openInput(ctx, path)
	if err != nil {
		return tracker.Imported{}, openError(err, path)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return tracker.Imported{}, openError(err, path)
	}
	return a.importSource(ctx, tracker.Source{Name: path, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(f, 0, info.Size())), nil
	}}, in)
}

// importJournal imports the export that a directory holds.
func (a *app) importJournal(ctx context.Context, path string, in importFlags) (tracker.Imported, error) {
	at, err := a.momentFlag(in.at)
	if err != nil {
		return tracker.Imported{}, err
	}
	source, err := backup.Source(ctx, a.path(path), at)
	if err != nil {
		return tracker.Imported{}, err
	}
	return a.importSource(ctx, source, in)
}

func (a *app) importSource(ctx context.Context, source tracker.Source, in importFlags) (tracker.Imported, error) {
	if err := in.fits(forms.Own(forms.Lines)); err != nil {
		return tracker.Imported{}, err
	}
	ready := func() error { return tracker.CheckSource(ctx, source) }
	return a.importing(ctx, in, ready, func(ctx context.Context, t *tracker.Tracker, told func(done, total int)) (tracker.Imported, error) {
		return t.ImportLines(ctx, tracker.ImportLines{Source: source, DryRun: in.dryRun, Strict: in.strict, Progress: told})
	})
}

// importing opens the plan that is imported into, once ready says that there is
// something to import, and shows how far it is.
func (a *app) importing(ctx context.Context, in importFlags, ready func() error,
	do func(context.Context, *tracker.Tracker, func(done, total int)) (tracker.Imported, error)) (tracker.Imported, error) {
	ctx, t, cleanup, err := a.openTarget(ctx, in.dryRun, ready)
	if err != nil {
		return tracker.Imported{}, err
	}
	defer cleanup()
	bar := term.NewProgress(a.stderr, a.err(), term.ProgressOptions{Label: "importing"})
	defer bar.Done()
	defer collectSeldom(cmp.Or(in.heap, usualHeap))()
	return do(ctx, t, progress(bar))
}

// importFolder imports pm's own layout of directories.
func (a *app) importFolder(ctx context.Context, path string, in importFlags) (tracker.Imported, error) {
	if err := in.fits(forms.Own(forms.Markdown)); err != nil {
		return tracker.Imported{}, err
	}
	bar := term.NewProgress(a.stderr, a.err(), term.ProgressOptions{Label: "reading"})
	docs, err := interchange.ReadMarkdown(ctx, os.DirFS(a.path(path)), interchange.MarkdownOptions{
		Root: a.path(path), Zone: time.Local, Now: a.now(), Progress: progress(bar),
	})
	bar.Done()
	if err == nil && len(docs.Epics)+len(docs.Features)+len(docs.Tasks) == 0 {
		err = plan.Errorf(plan.Invalid, "import %s: no epics, features or tasks found in %d files", path, docs.Files).WithCode("no_plan").
			WithHint("directories such as E01-name/E01-F01-name/tasks with files such as T-E01-F01-001.md are expected; for other formats see pm import --list")
	}
	if err != nil {
		return tracker.Imported{}, err
	}
	return a.importing(ctx, in, func() error { return nil }, func(ctx context.Context, t *tracker.Tracker, told func(done, total int)) (tracker.Imported, error) {
		return t.ImportDocuments(ctx, tracker.ImportDocuments{Documents: docs, DryRun: in.dryRun, Update: in.update, Strict: in.strict, Progress: told})
	})
}
