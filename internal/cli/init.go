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
	"pm/internal/plan"
	"pm/internal/store"

	"github.com/spf13/cobra"
)

// An initAnswer says what pm init found or made.
type initAnswer struct {
	Database  string `json:"database"`
	Workspace string `json:"workspace"`
	Created   bool   `json:"created"`
}

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use: "init", Short: "Make a workspace here", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Make a workspace here: a folder .pm with the database in it, which git ignores.
With --db postgres://… the plan lies in that database, in the schema that the
address names with search_path, and the workspace remembers the address
without the password. Done twice it changes nothing. It touches no file
outside .pm, and runs no git.`,
		Example: "  pm init\n  pm init --db 'postgres://pm@db.example.com/pm?search_path=shop'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkFields(reflect.TypeFor[initAnswer]()); err != nil {
				return err
			}
			answer, err := a.initWorkspace(cmd.Context())
			if err != nil {
				return err
			}
			if a.forProgram() {
				return a.print(answer)
			}
			if a.flags.quiet {
				return nil
			}
			if !answer.Created {
				_, err = fmt.Fprintf(a.stdout, "there is a plan already: %s\n", term.Clean(answer.Database))
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "made %s\n", term.Clean(answer.Database))
			a.say(`next: pm epic create "What you want to achieve"`)
			return err
		},
	}
}

func (a *app) initWorkspace(ctx context.Context) (initAnswer, error) {
	w := config.Workspace{Root: a.dir}
	answer := initAnswer{Workspace: filepath.Join(a.dir, config.Folder)}
	address := a.flags.db
	if address == "" {
		address = a.getenv("PM_DB")
	}
	if err := makeFolder(answer.Workspace); err != nil {
		return answer, err
	}
	if found, err := config.Find(a.dir); err == nil && found.Root == a.dir {
		w = found
	}
	if address == "" {
		address = w.Address()
	} else if db.IsPostgres(address) && w.Database == "" {
		if err := rememberAddress(w.Path(config.File), address); err != nil {
			return answer, err
		}
	}
	db, made, err := store.Create(ctx, address, store.Options{})
	if err != nil {
		return answer, err
	}
	answer.Database, answer.Created = db.Path(), made
	return answer, db.Close()
}

// makeFolder makes .pm, for its owner alone, with a .gitignore that hides it.
func makeFolder(path string) error {
	err := os.Mkdir(path, 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return folderError(err, path)
	}
	ignore := filepath.Join(path, ".gitignore")
	if _, err := os.Stat(ignore); err == nil {
		return nil
	}
	if err := os.WriteFile(ignore, []byte("*\n"), 0o600); err != nil {
		return folderError(err, ignore)
	}
	return nil
}

func folderError(err error, path string) error {
	if errors.Is(err, fs.ErrPermission) {
		return plan.Errorf(plan.Permission, "%s cannot be made: %w", path, err).WithHint("check the rights of the folder")
	}
	return plan.Errorf(plan.Storage, "%s cannot be made: %w", path, err).WithHint("check the disk and the folder")
}

// rememberAddress writes the address of a server into the workspace's
// configuration, without the password, which belongs into PGPASSWORD or a
// .pgpass file.
func rememberAddress(path, address string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil // store.Create says what is wrong with it
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	q := u.Query()
	q.Del("password")
	u.RawQuery = q.Encode()
	if err := os.WriteFile(path, fmt.Appendf(nil, "database = %q\n", u.String()), 0o600); err != nil {
		return folderError(err, path)
	}
	return nil
}

func (a *app) upgradeCommand() *cobra.Command {
	dryRun := false
	c := &cobra.Command{
		Use: "upgrade", Short: "Bring the database to this version's schema", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Bring the database to this version's schema, step by step, each step whole or
not at all. pm never does this by itself. Older versions of pm cannot use the
database afterwards.`,
		Example: "  pm upgrade --dry-run\n  pm upgrade",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.upgrade(cmd.Context(), dryRun) },
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be done, and change nothing")
	return c
}

// An upgradeAnswer says which migrations were, or would be, applied.
type upgradeAnswer struct {
	Steps  []db.Migration `json:"steps"`
	DryRun bool           `json:"dry_run"`
	Schema int            `json:"schema"`
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
	if !dryRun && len(steps) > 0 {
		if steps, err = store.Upgrade(ctx, p.address, p.options); err != nil {
			return err
		}
	}
	if a.forProgram() {
		return a.print(upgradeAnswer{steps, dryRun, store.SchemaVersion})
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
	return nil
}
