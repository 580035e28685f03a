package cli

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"pm/internal/cli/term"
	"pm/internal/tui"

	"github.com/spf13/cobra"
)

func (a *app) boardCommand() *cobra.Command {
	return &cobra.Command{
		Use: "board [QUERY]", Short: "Work on the plan in a full-screen board", GroupID: groupLook, Args: cobra.ArbitraryArgs,
		Long: `Work on the plan in a full-screen board in the terminal: a board by status, lists,
the tree, who holds what, and what is waiting for you. It is live: changes by others
show up at once. Press ? for the keys, / to filter, and : to run any pm command.
It needs a terminal; programs should use pm list.`,
		Example: "  pm board\n  pm board epic:E01 -type:docs",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.board(cmd.Context(), strings.Join(args, " ")) },
	}
}

func (a *app) board(ctx context.Context, query string) error {
	out := a.out()
	in, isFile := a.stdin.(stdin)
	if !isFile || !isTerminal(in.file) || !out.Terminal || out.Dumb {
		return usageError("pm board needs a terminal").WithCode("no_terminal").WithHint("to list the tasks: pm list")
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, t, err := a.act(ctx)
	if err != nil {
		return err
	}
	a.shared = t
	collectOften()
	o := tui.Options{Tracker: t, Title: a.planName(), Query: query, Out: out, Now: a.now, Run: a.runInside, Whole: a.whole}
	return tui.Run(ctx, o, in.file, a.stdout)
}

// planName is what the plan is called in the board's head: the folder that it
// lies in.
func (a *app) planName() string {
	dir, err := filepath.Abs(a.dir)
	if err != nil {
		return "pm"
	}
	return filepath.Base(dir)
}

// runInside runs a command line within this run, on the database that is open,
// and returns what it printed as it would on out.
func (a *app) runInside(ctx context.Context, args []string, out term.Output) tui.Ran {
	var stdout, stderr bytes.Buffer
	inner := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: a.getenv, dir: a.dir, now: a.now,
		like: &out, shared: a.shared, session: a.session}
	code := inner.run(ctx, append(a.whoseFlags(), args...))
	return tui.Ran{Stdout: stdout.String(), Stderr: stderr.String(), Code: code}
}

// whole is a command of pm that takes the whole terminal.
func (a *app) whole(args []string) *exec.Cmd {
	pm, err := os.Executable()
	if err != nil {
		pm = os.Args[0]
	}
	c := exec.Command(pm, append(a.whoseFlags(), args...)...)
	c.Dir = a.dir
	return c
}

// whoseFlags are the flags that say which plan is meant and who acts.
func (a *app) whoseFlags() (flags []string) {
	if a.flags.db != "" {
		flags = append(flags, "--db="+a.flags.db)
	}
	if a.flags.agent != "" {
		flags = append(flags, "--agent="+a.flags.agent)
	}
	return flags
}
