// Package cli is pm's command line.
//
// What goes where: stdout has the answer and nothing else; stderr has the
// talk: errors, hints, progress, what is left out of a list. On a terminal
// the answer is a table in colour, in a pipe it is plain text between tabs,
// with --json it is one line of JSON, the same that every surface gives. An
// error with --json is one JSON object on stderr, and stdout stays empty.
// Nothing asks a question unless both ends are a terminal.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"time"

	"pm/internal/cli/render"
	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/db"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/spill"
	"pm/internal/store"
	"pm/internal/tracker"

	"github.com/itchyny/gojq"
	"github.com/spf13/cobra"
)

// Main runs pm with the arguments of the process, and returns its exit code.
func Main() int {
	growStack(false)
	ctx, stop := untilInterrupt(context.Background())
	defer stop()
	dir, err := os.Getwd()
	a := &app{stdin: newStdin(ctx, os.Stdin), stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, dir: dir, now: time.Now}
	if err != nil {
		return a.fail(plan.Errorf(plan.Storage, "the working directory is gone: %w", err))
	}
	return a.run(ctx, hideTitle(os.Args[1:]))
}

// An app is one run of the command line.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	dir            string
	now            func() time.Time
	like           *term.Output     // where the answer ends up, if stdout is only on the way there
	shared         *tracker.Tracker // the open database of the run that this one is part of
	opened         *tracker.Tracker // the database that this run opened last

	session   string        // of the tool whose hook this is; before PM_SESSION
	given     []string      // the command line
	args      []string      // it, in pm's own words
	typed     flagReader    // it, taken apart
	spill     spill.Options // of long answers
	flags     globalFlags
	filter    *gojq.Code                 // of flags.jq
	form      func(io.Writer, any) error // writes the answer, where a flag of the command says in which form
	watch     watch
	rehearsal *rehearsal        // set while pm explain runs a command
	moves     []ops.Move        // what was asked for under a key that it was moved from
	operation string            // that the command was, if it changed something
	lacks     []tracker.Warning // of the answer as of a moment
	running   string            // the operation of the command
	full      bool              // --json prints all there is
	changes   bool              // the command may change something: its answer may have an operation
}

// globalFlags are the flags of every command.
type globalFlags struct {
	db     string
	agent  string
	json   bool
	quiet  bool
	fields []string
	jq     string
	timing bool

	idempotencyKey string // of commands that change something
}

// run runs one command line and returns its exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.read(args)
	unknown := a.helpOfNothing(root)
	root.SetArgs(queryArgs(a.args))
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	a.watch.began = time.Now()
	err := a.inDoubt()
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	if a.flags.timing {
		defer a.printTiming()
	}
	a.sayMoves()
	if err == nil {
		if held := a.watch.slow.held.Bytes(); len(held) > 0 {
			a.stderr.Write(held)
		}
		return exitOK
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return exitInterrupted
	}
	if isClosedPipe(err) {
		return exitOK // who read our answer has read enough
	}
	if slices.Contains(args, "--json") {
		a.flags.json = true // also for what was wrong before that flag was read
	}
	a.repair(ctx, err)
	a.assure(ctx, err)
	if unknown {
		askForHelp(err)
	}
	return a.fail(err)
}

// read takes a command line apart, and returns the root of the commands it is for.
func (a *app) read(args []string) *cobra.Command {
	a.given = args
	a.args = a.understand(args)
	root := a.root(a.args)
	a.args = a.ownFlags(root, a.args)
	return root
}

// isNamed reports whether the caller has a name of its own, not the system
// user's.
func (a *app) isNamed() bool { return a.flags.agent != "" || a.getenv("PM_AGENT") != "" }

// actor returns who acts: --agent, PM_AGENT, else the system's user.
func (a *app) actor() (plan.Actor, error) {
	name := a.flags.agent
	if name == "" {
		name = a.getenv("PM_AGENT")
	}
	for _, v := range []string{"USER", "LOGNAME", "USERNAME"} {
		if name == "" {
			name = a.getenv(v)
		}
	}
	if name == "" {
		if u, err := user.Current(); err == nil {
			name = u.Username
		} else {
			name = "unknown"
		}
	}
	session := cmp.Or(a.session, a.getenv("PM_SESSION"))
	if err := plan.CheckName("agent", name); err != nil {
		return plan.Actor{}, err
	}
	if err := plan.CheckName("session", session); err != nil {
		return plan.Actor{}, err
	}
	return plan.Actor{Name: name, Session: plan.SessionOf(session), Surface: "cli"}, nil
}

// A place is where the database of this run lies, and how to open it.
type place struct {
	address string
	options store.Options
}

// named returns the database that --db or PM_DB names, if one of them does.
func (a *app) named() string {
	if a.flags.db != "" {
		return a.flags.db
	}
	return a.getenv("PM_DB")
}

// workspaceAddress returns where the workspace's database lies, if the user
// trusts that.
func (a *app) workspaceAddress(w config.Workspace, user config.User) (string, error) {
	if err := db.CheckAddress(w.Named()); err != nil {
		return "", err // it cannot be shown for what it is, and so not be judged
	}
	return w.Address(user)
}

// find says which database to use: --db, PM_DB, the workspace's, and outside
// of any workspace the user's own.
func (a *app) find() (p place, err error) {
	w, findErr := config.Find(a.dir)
	found := findErr == nil
	if !found && plan.KindOf(findErr) != plan.NotFound {
		return p, findErr
	}
	user := config.UserOf(a.getenv)
	own, err := user.Config()
	if err != nil {
		return p, err
	}
	p.address = a.named()
	switch {
	case p.address != "":
	case found:
		p.address, err = a.workspaceAddress(w, user)
	case own.Database != "":
		p.address = own.Database
	default:
		err = findErr
	}
	if err != nil {
		return p, err
	}
	w.Config = w.Over(own)
	p.options.NormalDurability = w.Durability == "normal"
	if p.options.WriteWait, err = w.Wait(); err != nil {
		return p, err
	}
	p.options.Waiting = a.sayWaiting()
	if a.rehearsal != nil {
		p = a.rehearsal.place(p)
		return p, nil
	}
	p.options.Observe, err = a.observer(w.Config)
	return p, err
}

// open opens the database of this run or, if lazy, leaves that to the first
// transaction. It is not closed again: the process ends anyway, and the last
// one to close an SQLite file pays for all.
func (a *app) open(ctx context.Context, lazy bool) (*tracker.Tracker, error) {
	if a.shared != nil {
		return a.shared, nil
	}
	p, err := a.find()
	if err != nil {
		return nil, err
	}
	p.options.Lazy = lazy
	began := time.Now()
	db, err := store.Open(ctx, p.address, p.options)
	if err != nil {
		return nil, err
	}
	a.watch.opened = time.Since(began)
	if db.Bare() && !a.forProgram() { // whose errors are JSON, and alone on stderr
		a.say("warning: %s", bareCopy(db.Path()))
	}
	t := tracker.New(db)
	a.opened = t
	a.rememberBackups(t, p.address)
	if a.rehearsal != nil {
		a.rehearsal.tracker = t
	}
	return t, nil
}

// bareCopy says what a database that lies alone may lack.
func bareCopy(path string) string {
	name := filepath.Base(path)
	return fmt.Sprintf("%s has no %s-wal next to it: if it is a copy, the newest changes may be missing; to copy a plan, use pm backup create", term.Clean(path), term.Clean(name))
}

// act opens the database and returns a context in which the user acts.
func (a *app) act(ctx context.Context) (context.Context, *tracker.Tracker, error) {
	return a.actOn(ctx, false)
}

// actLazily is act for an operation of the table, which begins by opening the
// database: that is then what fails if there is none.
func (a *app) actLazily(ctx context.Context) (context.Context, *tracker.Tracker, error) {
	return a.actOn(ctx, true)
}

func (a *app) actOn(ctx context.Context, lazy bool) (context.Context, *tracker.Tracker, error) {
	actor, err := a.actor()
	if err != nil {
		return ctx, nil, err
	}
	t, err := a.open(ctx, lazy)
	ctx = tracker.WithIdempotencyKey(plan.WithActor(ctx, actor), a.flags.idempotencyKey)
	ctx = tracker.WithWarnings(tracker.WithOperation(ctx, &a.operation), &a.lacks)
	return ops.WithMoves(ctx, &a.moves), t, err
}

// sayMoves says what was asked for under a key that it was moved from.
func (a *app) sayMoves() {
	for _, m := range a.moves {
		a.say("%s is %s now", m.From, m.To)
	}
	a.moves = nil
}

// keyOf reads a key, or the reference of an item.
func (a *app) keyOf(ctx context.Context, s string) (plan.Key, error) {
	k, err := plan.ParseKey(s)
	if err == nil {
		return k, nil
	}
	if _, refErr := plan.ParseRef(s); refErr != nil {
		return k, err
	}
	ctx, t, openErr := a.act(ctx)
	if openErr != nil {
		return k, openErr
	}
	found, resolveErr := t.Resolve(ctx, []string{s})
	if resolveErr != nil {
		return k, resolveErr
	}
	if k, is := found[s]; is {
		return k, nil
	}
	return k, err
}

// out and err describe where the answer and the talk go.
func (a *app) out() term.Output { return a.describe(a.stdout) }
func (a *app) err() term.Output { return a.describe(a.stderr) }

func (a *app) describe(w io.Writer) term.Output {
	if a.like != nil {
		return *a.like
	}
	return term.Detect(w, a.getenv)
}

func (a *app) rendering() render.Options {
	return render.Options{Out: a.out(), Now: a.now(), Local: time.Local, Unit: a.estimateUnit}
}

// estimateUnit asks the plan that was opened for the unit of its estimates; empty
// if that cannot be told.
func (a *app) estimateUnit() string {
	t := cmp.Or(a.shared, a.opened)
	if t == nil {
		return ""
	}
	project, err := t.ShowProject(context.Background(), tracker.ShowProject{})
	for _, s := range project.Settings {
		if err == nil && s.Name == plan.EstimateUnit {
			return s.Value
		}
	}
	return ""
}

// say writes a line of talk.
func (a *app) say(format string, args ...any) {
	fmt.Fprintf(a.stderr, format+"\n", args...)
}
