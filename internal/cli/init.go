package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"

	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/db"
	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/utf"

	"github.com/spf13/cobra"
)

// An initAnswer says what pm init found or made.
type initAnswer struct {
	Database  string `json:"database"`
	Workspace string `json:"workspace"`
	Created   bool   `json:"created"`
}

func (a *app) initCommand() *cobra.Command {
	nested := false
	c := &cobra.Command{
		Use: "init", Short: "Create a workspace in this directory", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Create a workspace in this directory: a directory .pm that holds the database and
is ignored by git. With --db postgres://… the plan is kept in that database, in the
schema named by search_path; the workspace remembers the address without its
password, and the address is trusted from then on (see pm trust).
Running it again changes nothing; an interrupted init is completed.
Inside another workspace, or in a worktree of its repository, a second plan would
hide the first, so --nested is required. It does not run git.`,
		Example: "  pm init\n  pm init --db 'postgres://pm@db.example.com/pm?search_path=shop'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkFields(reflect.TypeFor[initAnswer]()); err != nil {
				return err
			}
			answer, err := a.initWorkspace(cmd.Context(), nested)
			if err != nil {
				return err
			}
			return answerLost(a.printInit(answer))
		},
	}
	c.Flags().BoolVar(&nested, "nested", false, "create a separate plan inside another workspace")
	return c
}

func (a *app) printInit(answer initAnswer) error {
	if a.forProgram() {
		return a.print(answer)
	}
	if a.flags.quiet {
		return nil
	}
	if !answer.Created {
		_, err := fmt.Fprintf(a.stdout, "a plan already exists: %s\n", term.Clean(answer.Database))
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "created %s\n", term.Clean(answer.Database))
	a.say(`next: pm epic create "What you want to achieve"`)
	return err
}

func (a *app) initWorkspace(ctx context.Context, nested bool) (answer initAnswer, err error) {
	answer.Workspace = filepath.Join(a.dir, config.Folder)
	w, err := a.workspaceHere(nested)
	if err != nil {
		return answer, err
	}
	address := a.named()
	if address == "" {
		if address, err = a.workspaceAddress(w, config.UserOf(a.getenv)); err == nil {
			err = makeFolder(ctx, w) // the database lies in it
		}
		if err != nil {
			return answer, err
		}
	}
	d, made, err := store.Create(ctx, address, store.Options{})
	if err != nil {
		return answer, err
	}
	answer.Database, answer.Created = d.Path(), made
	if err := d.Close(); err != nil || a.named() == "" {
		return answer, err
	}
	// Only now: where the database that was named cannot be had, nothing stays.
	if err = makeFolder(ctx, w); err == nil && db.IsPostgres(address) && w.Database == "" {
		err = a.remember(ctx, w, address)
	}
	return answer, err
}

// workspaceHere returns the workspace of this directory, which need not exist.
// Unless it does, or nested says that it shall be one of its own, a plan that
// this directory uses so far is a conflict: it would be hidden.
func (a *app) workspaceHere(nested bool) (config.Workspace, error) {
	found, err := config.Find(a.dir)
	switch {
	case found.Root == a.dir:
		return found, err
	case found.Root == "" || nested || !found.HasPlan():
		return config.Workspace{Root: a.dir}, nil
	}
	return found, plan.Errorf(plan.Conflict, "cannot create a plan in %s: it would hide the plan of %s", a.dir, found.Root).WithCode("nested_plan").
		WithHint("pm commands already work in this directory; use --nested to create a separate plan")
}

// makeFolder makes .pm, for its owner alone, with a .gitignore that hides it.
func makeFolder(ctx context.Context, w config.Workspace) error {
	path := w.Path("")
	err := os.Mkdir(path, 0o700)
	if err == nil {
		err = outfile.SyncDir(w.Root) // or a power cut takes all of it
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return folderError(err, path)
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return plan.Errorf(plan.Refused, "cannot create %s: a file of that name exists", path).WithHint("move or rename it")
	}
	ignore := w.Path(".gitignore")
	if info, err := os.Lstat(ignore); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		return nil // perhaps its owner's own
	}
	return writeIn(ctx, w, ignore, "*\n")
}

// writeIn writes a file of the workspace, all of it or nothing, unless links
// lead out of the workspace.
func writeIn(ctx context.Context, w config.Workspace, path, text string) error {
	if !w.Holds(path) {
		return plan.Errorf(plan.Refused, "cannot write %s: it is a link to a place outside the workspace", path).WithCode("link_outside").
			WithHint("check where it points, and remove it if it is not yours")
	}
	if err := outfile.Write(ctx, path, []byte(text), outfile.Options{Mode: 0o600}); err != nil {
		return folderError(err, path)
	}
	return nil
}

func folderError(err error, path string) error {
	var pe *plan.Error
	switch {
	case errors.As(err, &pe):
		return err
	case errors.Is(err, fs.ErrPermission):
		return plan.Errorf(plan.Permission, "cannot create %s: %w", path, systemError(err)).WithHint("check the permissions of the directory")
	}
	return plan.Errorf(plan.Storage, "cannot create %s: %w", path, systemError(err)).WithHint("check the disk and the directory, then run pm init again")
}

// remember writes the address of a server into the workspace's configuration,
// and takes it for trusted: the user has typed it. Passwords are left out;
// they belong into PGPASSWORD or ~/.pgpass.
func (a *app) remember(ctx context.Context, w config.Workspace, address string) error {
	address, err := withoutPasswords(address)
	if err != nil {
		return err
	}
	if _, err := config.UserOf(a.getenv).Trust(ctx, address); err != nil {
		return err
	}
	before, err := os.ReadFile(w.Path(config.File))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return folderError(err, w.Path(config.File))
	}
	if now, err := config.Parse(before); err != nil || now.Database != "" {
		return err // another init was quicker
	}
	return writeIn(ctx, w, w.Path(config.File), fmt.Sprintf("database = %q\n", address)+string(utf.Decode(before)))
}

func withoutPasswords(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err // never: the store has used it
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	q := u.Query()
	q.Del("password")
	q.Del("sslpassword")
	u.RawQuery = q.Encode()
	return u.String(), nil
}

func (a *app) upgradeCommand() *cobra.Command {
	dryRun := false
	c := &cobra.Command{
		Use: "upgrade", Short: "Upgrade the database to this version's schema", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Upgrade the database to this version's schema, step by step; each step succeeds as
a whole or changes nothing. pm never upgrades automatically. Older versions of pm
cannot use the database afterwards. A backup is made first, in .pm/backups; back up
a PostgreSQL database with the server's tools before you upgrade.`,
		Example: "  pm upgrade --dry-run\n  pm upgrade",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.upgrade(cmd.Context(), dryRun) },
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be done, and change nothing")
	return c
}

// An upgradeAnswer says which migrations were, or would be, applied.
type upgradeAnswer struct {
	Steps  []db.Migration `json:"steps"`
	DryRun bool           `json:"dry_run"`
	Schema int            `json:"schema"`
	Backup string         `json:"backup,omitempty"` // of before
}

func (a *app) upgrade(ctx context.Context, dryRun bool) error {
	if err := a.checkFields(reflect.TypeFor[upgradeAnswer]()); err != nil {
		return err
	}
	p, err := a.find()
	if err != nil {
		return err
	}
	steps, err := store.Pending(ctx, p.address, p.options)
	if err != nil {
		return err
	}
	kept := ""
	if !dryRun && len(steps) > 0 {
		p.options.Upgrading = func(copyTo func(string) error) (err error) {
			kept, err = a.keepBefore(ctx, p.address, copyTo)
			return err
		}
		if steps, err = store.Upgrade(ctx, p.address, p.options); err != nil {
			return err
		}
	}
	if a.forProgram() {
		return a.print(upgradeAnswer{steps, dryRun, store.SchemaVersion, kept})
	}
	if len(steps) == 0 {
		_, err = fmt.Fprintf(a.stdout, "nothing to do: the schema is at version %d\n", store.SchemaVersion)
		return err
	}
	did := "applied"
	if dryRun {
		did = "would apply"
	}
	for _, s := range steps {
		fmt.Fprintf(a.stdout, "%s %d: %s\n", did, s.Version, s.Name)
	}
	if kept != "" {
		a.say("backup: %s", term.Clean(kept))
	}
	return nil
}
