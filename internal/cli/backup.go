package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"pm/internal/backup"
	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/db"
	"pm/internal/plan"

	"github.com/spf13/cobra"
)

func (a *app) backupCommand() *cobra.Command {
	c := a.groupCommand("backup", "Back up the plan and restore backups", groupMove)
	c.AddCommand(a.backupCreate(), a.backupList(), a.backupVerify(), a.backupRestore(), a.backupPrune(), a.backupWatch())
	return c
}

func (a *app) backupCreate() *cobra.Command {
	return &cobra.Command{
		Use: "create [DIR|FILE]", Short: "Back up the plan", Args: atMostOneArg,
		Long: `Back up the plan to a new file, by default in .pm/backups. If you name a directory, the
file is created in it; a directory named with a slash at its end is created if it does
not exist. Others can keep working meanwhile. The file gets its name only once it is
complete, has passed the checks of pm doctor and is synced to disk. Its SHA-256 is
written next to it, so that pm backup verify can tell if it was altered.
Do not copy pm.db instead: the newest changes are in the files next to it.
To back up a PostgreSQL database, use the server's tools or pm export --follow.`,
		Example: "  pm backup create\n  pm backup create shop.db",
		RunE: func(cmd *cobra.Command, args []string) error {
			made, err := a.createBackup(cmd.Context(), args)
			if err != nil {
				return err
			}
			if err := a.printBackup(made, made.Path, fmt.Sprintf("created %s (%s)", made.Path, contents(made.Contents))); err != nil {
				return err
			}
			if made.Problems > 0 {
				return plan.Errorf(plan.Corrupt, "doctor found %s in the backup", term.Plural(made.Problems, "problem")).WithCode("flaws").
					WithHint("they are in the plan, too: run pm doctor")
			}
			return nil
		},
	}
}

func (a *app) createBackup(ctx context.Context, args []string) (m backup.Made, err error) {
	p, err := a.find()
	if err != nil {
		return m, err
	}
	to := backup.Place{Keep: a.ownFiles()}
	if len(args) > 0 && args[0] != "" {
		to.Path = a.path(args[0])
		if os.IsPathSeparator(args[0][len(args[0])-1]) { // a directory, which may not be there yet
			to.Path, to.Dir = "", to.Path
		}
	}
	ctx, t, err := a.act(ctx)
	if err != nil {
		return m, err
	}
	named := cmp.Or(to.Path, to.Dir)
	if named == "" {
		if to.Dir, err = a.backupsOf(p.address); err != nil {
			return m, err
		}
		named = to.Dir
	}
	to.Memory = a.backupMemory(p.address)
	m, err = backup.Create(ctx, t, to)
	return m, writeError(err, named)
}

func (a *app) backupRestore() *cobra.Command {
	dryRun, at := false, ""
	c := &cobra.Command{
		Use: "restore [PATH]", Short: "Restore a backup", Args: atMostOneArg,
		Long: `Restore a backup: replace the plan with it. PATH is a backup or a directory of
backups, by default .pm/backups; from a directory the newest backup is restored,
or with --at the newest one made before that time. A backup that does not match its
checksum is refused, and so is one without a checksum if pm doctor finds a problem
in it. The plan that is replaced is kept in .pm/backups, so nothing is lost. Servers
that have the plan open continue with the restored one.
To restore what pm delete removed, use pm restore.`,
		Example: "  pm backup restore --dry-run\n  pm backup restore copies --at 2026-11-23T10:15\n  pm backup restore .pm/backups/20261123T101500.000Z.db",
		RunE: func(cmd *cobra.Command, args []string) error {
			done, err := a.restoreBackup(cmd.Context(), args, at, dryRun)
			if err != nil {
				return err
			}
			did := "restored"
			if dryRun {
				did = "would restore"
			}
			text := fmt.Sprintf("%s %s from %s (%s)", did, done.Database, done.From, contents(done.Contents))
			for _, i := range done.Skipped {
				text += fmt.Sprintf("\nskipped %s, which is newer: %s", i.Path, i.Problem)
			}
			if done.Kept != "" {
				text += "\nkept the plan that was there: " + done.Kept
			}
			return a.printBackup(done, done.Database, text)
		},
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "restore to a temporary file, check it with pm doctor, and change nothing")
	c.Flags().StringVar(&at, "at", "", "from a directory: restore the newest backup made before this time (2026-11-23T10:15, yesterday, -3h)")
	return c
}

func (a *app) restoreBackup(ctx context.Context, args []string, at string, dryRun bool) (done backup.Restored, err error) {
	p, err := a.find()
	if err != nil {
		return done, err
	}
	r := backup.Restore{Address: p.address, Options: p.options, DryRun: dryRun}
	if r.At, err = a.momentFlag(at); err != nil {
		return done, err
	}
	if !db.IsPostgres(p.address) {
		r.Address = a.path(p.address)
		if r.Keep, err = a.backupsOf(r.Address); err != nil {
			return done, err
		}
	}
	r.From = r.Keep
	if len(args) > 0 {
		r.From = a.path(args[0])
	}
	if info, err := os.Stat(r.From); err == nil && !info.IsDir() && at != "" {
		return done, usageError("--at needs a directory of backups, and %s is a file", r.From).WithHint("name the directory")
	}
	done, err = r.Run(ctx)
	return done, writeError(err, r.Address)
}

// backupsOf returns the directory of the backups of a database: in the
// workspace, or beside a database file that lies in none.
func (a *app) backupsOf(address string) (string, error) {
	w, err := config.Find(a.dir)
	if dir := filepath.Dir(address); filepath.Base(dir) == config.Folder {
		w, err = config.Workspace{Root: filepath.Dir(dir)}, nil
	} else if err != nil || address != w.Named() {
		return address + "-" + config.Backups, nil
	}
	if dir := w.Path(config.Backups); w.Holds(dir) {
		return dir, nil
	}
	return "", plan.Errorf(plan.Refused, "cannot write to %s: it is a link to a place outside the workspace", w.Path(config.Backups)).WithCode("link_outside").
		WithHint("name the file: pm backup create FILE")
}

func contents(c backup.Contents) string {
	return term.Plural(int(c.Tasks), "task") + ", " + term.Bytes(c.Bytes)
}

// printBackup writes an answer, for people as text and with --quiet as a path.
func (a *app) printBackup(answer any, path, text string) error {
	switch {
	case a.forProgram():
		return a.print(answer)
	case a.flags.quiet:
		text = path
	}
	if text == "" {
		return nil
	}
	_, err := fmt.Fprintln(a.stdout, term.CleanText(text))
	return err
}

// atMostOneArg is for a command with an optional argument.
func atMostOneArg(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return exactArgs(1, "")(cmd, args)
}
