package cli

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"pm/internal/backup"
	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// defaultEvery is how often a continuous backup is made unless told otherwise.
const defaultEvery = 10 * time.Second

func (a *app) backupList() *cobra.Command {
	return &cobra.Command{
		Use: "list [DIR]", Short: "List backups", Args: atMostOneArg,
		Long: `List the backups in a directory, by default .pm/backups, newest first: files,
moments of a continuous backup, and plans that were replaced by a restore.`,
		Example: "  pm backup list\n  pm backup list copies --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := a.backupDir(args)
			if err != nil {
				return err
			}
			l, err := backup.List(dir)
			if err != nil && len(args) == 0 && plan.KindOf(err) == plan.NotFound {
				err = nil // no backup was made yet: an empty list
			}
			if err != nil {
				return writeError(err, dir)
			}
			var text, paths strings.Builder
			for _, i := range l.Items {
				fmt.Fprintln(&paths, i.Path)
				fmt.Fprintln(&text, strings.Join([]string{i.At.Format(time.RFC3339Nano), i.Kind, strconv.FormatInt(i.Bytes, 10), term.Clean(i.Path), term.Clean(i.Problem)}, "\t"))
			}
			if p := l.Proof; p != nil {
				fmt.Fprintf(&text, "restored and checked %s: %s, %s\n", p.At.Format(time.RFC3339), term.Plural(int(p.Tasks), "task"), term.Plural(p.Problems, "problem"))
			}
			return a.printBackup(l, strings.TrimRight(paths.String(), "\n"), strings.TrimRight(text.String(), "\n"))
		},
	}
}

func (a *app) backupVerify() *cobra.Command {
	return &cobra.Command{
		Use: "verify [PATH]", Short: "Check that backups are intact and can be restored", Args: atMostOneArg,
		Long: `Check a backup, or all backups in a directory, by default .pm/backups. Every byte
is read, and each file that was altered, truncated or is missing is reported. Files,
and the newest moment of a continuous backup, are also checked with pm doctor. A
directory of pm export --follow is checked in the same way. It changes nothing, and
exits with 7 if it finds a problem.`,
		Example: "  pm backup verify\n  pm backup verify copies --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := a.backupDir(args)
			if err != nil {
				return err
			}
			r, err := backup.Verify(cmd.Context(), path)
			if err != nil {
				return writeError(err, path)
			}
			var text, paths []string
			for _, f := range r.Findings {
				text, paths = append(text, term.Clean(f.Where+": "+f.What)), append(paths, f.Where)
			}
			text = append(text, fmt.Sprintf("checked %s: %s", term.Plural(r.Checked, "file"), term.Plural(len(r.Findings), "problem")))
			if err := a.printBackup(r, strings.Join(paths, "\n"), strings.Join(text, "\n")); err != nil || len(r.Findings) == 0 {
				return err
			}
			return plan.Errorf(plan.Corrupt, "found %s in %s", term.Plural(len(r.Findings), "problem"), path).WithCode("bad_backup").
				WithHint("make a new backup: pm backup create")
		},
	}
}

func (a *app) backupPrune() *cobra.Command {
	rule, dryRun := "", false
	c := &cobra.Command{
		Use: "prune [DIR] --keep RULE", Short: "Remove old backups", Args: atMostOneArg,
		Long: `Remove old backups from a directory, by default .pm/backups. --keep 24h,30d,12m keeps
the newest backup of each of the last 24 hours, 30 days and 12 months (w and y count
weeks and years), counted back from the newest backup, which is always kept. Files
and moments of a continuous backup are counted separately. Backups that you named
yourself, and plans that were replaced by a restore, are not removed.`,
		Example: "  pm backup prune --keep 24h,30d,12m --dry-run\n  pm backup prune copies --keep 7d",
		RunE: func(cmd *cobra.Command, args []string) error {
			keep, err := parseKeep(rule)
			if err != nil {
				return err
			}
			dir, err := a.backupDir(args)
			if err != nil {
				return err
			}
			p, err := backup.Prune(cmd.Context(), dir, keep, dryRun)
			if err != nil {
				return writeError(err, dir)
			}
			did := "removed"
			if dryRun {
				did = "would remove"
			}
			return a.printBackup(p, "", fmt.Sprintf("%s %s (%s), kept %d", did, term.Plural(p.Removed, "backup"), term.Bytes(p.Freed), p.Kept))
		},
	}
	c.Flags().StringVar(&rule, "keep", "", "how many hours, days, weeks, months and years to keep one backup for each of, such as 24h,30d,12m")
	c.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be removed, and change nothing")
	return c
}

func parseKeep(rule string) (backup.Keep, error) {
	if rule == "" {
		return nil, usageError("missing --keep").WithHint("specify what to keep, such as --keep 24h,30d,12m")
	}
	return backup.ParseKeep(rule)
}

func (a *app) backupWatch() *cobra.Command {
	every, once, rule := duration(defaultEvery), false, ""
	c := &cobra.Command{
		Use: "watch [DIR]", Short: "Back up continuously, until interrupted", Args: atMostOneArg,
		Long: `Back up the plan continuously to a directory, by default .pm/backups, until
interrupted. Each round writes only the pages that changed since the previous
one, and nothing while nothing changes. Writers do not have to wait. The first
backup, and one each day, is restored to a temporary file and checked with pm
doctor. pm backup restore DIR restores the newest, or with --at an earlier one.
pm serve --backup does the same while serving.`,
		Example: "  pm backup watch copies\n  pm backup watch copies --every 1m --keep 24h,30d,12m",
		RunE: func(cmd *cobra.Command, args []string) error {
			w := backup.Watch{Every: time.Duration(every), Once: once}
			if rule != "" {
				var err error
				if w.Keep, err = backup.ParseKeep(rule); err != nil {
					return err
				}
			}
			ctx, t, err := a.act(cmd.Context())
			if err == nil {
				err = t.DB().CanCopy()
			}
			if err == nil {
				w.Dir, err = a.backupDir(args)
			}
			if err != nil {
				return err
			}
			return a.watchOn(ctx, t, &w)
		},
	}
	c.Flags().Var(&every, "every", "how often to back up")
	c.Flags().BoolVar(&once, "once", false, "back up what has changed once, and exit")
	c.Flags().StringVar(&rule, "keep", "", "prune once a day, keeping what pm backup prune --keep would keep: 24h,30d,12m")
	return c
}

func (a *app) watchBackups(ctx context.Context, w *backup.Watch) error {
	ctx, t, err := a.act(ctx)
	if err != nil {
		return err
	}
	return a.watchOn(ctx, t, w)
}

func (a *app) watchOn(ctx context.Context, t *tracker.Tracker, w *backup.Watch) error {
	if err := a.prepareWatch(w); err != nil {
		return err
	}
	w.Told = func(made *backup.Moment, proof *backup.Proof, err error) {
		switch {
		case err != nil:
			a.say("%s", term.Clean("backup failed: "+plan.Describe(writeError(err, w.Dir)).Message))
		case proof != nil:
			a.say("restored and checked: %s, %s", term.Plural(int(proof.Tasks), "task"), term.Plural(proof.Problems, "problem"))
		default:
			what := term.Plural(made.Pages, "page")
			if w.Lines {
				what = term.Plural(made.Lines, "line")
			}
			a.printBackup(*made, made.Path, fmt.Sprintf("%s (%s, %s)", made.Path, what, term.Bytes(made.Bytes)))
		}
	}
	return writeError(w.Run(ctx, t), w.Dir)
}

// prepareWatch fills in what every watch needs.
func (a *app) prepareWatch(w *backup.Watch) error {
	if w.Every < backup.LeastInterval {
		return usageError("invalid interval %s: must be at least 1s", w.Every)
	}
	p, err := a.find()
	if err != nil {
		return err
	}
	w.Memory = a.backupMemory(p.address)
	return nil
}

// backUpBeside backs up beside a server, if it was told to. The function that
// it returns makes the last backup, once the server has ended.
func (a *app) backUpBeside(ctx context.Context, t *tracker.Tracker, o serving, log *slog.Logger) (end func() error, err error) {
	if o.backup == "" {
		return func() error { return nil }, nil
	}
	if err := t.DB().CanCopy(); err != nil {
		return nil, err
	}
	w := &backup.Watch{Dir: a.path(o.backup), Every: time.Duration(o.every)}
	if err := a.prepareWatch(w); err != nil {
		return nil, err
	}
	w.Told = func(made *backup.Moment, proof *backup.Proof, err error) {
		switch {
		case err != nil:
			log.Error("backup failed", "error", plan.Describe(writeError(err, w.Dir)).Message)
		case proof != nil:
			log.Info("backup restored and checked", "tasks", proof.Tasks, "problems", proof.Problems)
		default:
			log.Info("backup", "path", made.Path, "pages", made.Pages, "bytes", made.Bytes)
		}
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- writeError(w.Run(ctx, t), w.Dir) }()
	return func() error { stop(); return <-done }, nil
}

// backupDir returns the directory, or the backup, that an argument names, by
// default that of the plan's backups.
func (a *app) backupDir(args []string) (string, error) {
	if len(args) > 0 && args[0] != "" {
		return a.path(args[0]), nil
	}
	p, err := a.find()
	if err != nil {
		return "", err
	}
	if db.IsPostgres(p.address) {
		return "", plan.Errorf(plan.Refused, "a PostgreSQL database has no directory of backups").WithCode("not_a_file").
			WithHint("name the directory of pm export --follow, or of the backups of another plan")
	}
	return a.backupsOf(p.address)
}

// backupMemory is the file that tells pm status of the last backup; empty where
// there is no place for it, and pm status tells nothing.
func (a *app) backupMemory(address string) string {
	if !db.IsPostgres(address) {
		dir, err := a.backupsOf(a.path(address))
		if err != nil {
			return ""
		}
		return dir + ".json"
	}
	if w, err := config.Find(a.dir); err == nil && address == w.Named() {
		return w.Path(config.Backups) + ".json"
	}
	return ""
}

// rememberBackups has a tracker tell of the last backup.
func (a *app) rememberBackups(t *tracker.Tracker, address string) {
	t.Remember(func() *tracker.Backup { return a.lastBackup(address) })
}

func (a *app) lastBackup(address string) *tracker.Backup {
	if path := a.backupMemory(address); path != "" {
		return backup.Last(path)
	}
	return nil
}

// keepBefore makes the backup of before an upgrade.
func (a *app) keepBefore(ctx context.Context, address string, copyTo func(string) error) (string, error) {
	dir, err := a.backupsOf(a.path(address))
	if err != nil {
		return "", err
	}
	path, err := backup.Keeping(ctx, dir, copyTo)
	return path, writeError(err, dir)
}

// momentFlag reads a time that lies behind us; a day means its beginning.
func (a *app) momentFlag(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	from, _, ok := query.ParseTime(s, a.now())
	if !ok {
		return from, plan.Errorf(plan.Invalid, "invalid time %q", s).WithCode("bad_date").WithHint("use 2026-11-23T10:15:00Z, 2026-11-23, yesterday, -3h or 3 hours ago")
	}
	return from, nil
}
