package cli

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"pm/internal/db"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use: "explain COMMAND...", Short: "Show how the database runs the statements of a command", GroupID: groupLook,
		Long: `Show how the database runs the statements of a command: the query plan of each, and
whether it uses an index or scans a table. The command runs in a transaction that is
rolled back: nothing is written, and an --idempotency-key is not used up. Put the
command's flags after it. Only operations on a plan can be explained, not commands
such as pm import or pm init.`,
		Example:            "  pm explain list --status todo\n  pm explain complete T-E01-F01-001",
		DisableFlagParsing: true,
		RunE:               func(cmd *cobra.Command, args []string) error { return a.explain(cmd, args) },
	}
}

// A rehearsal is a command that runs to be looked at.
type rehearsal struct {
	tracker *tracker.Tracker

	mu   sync.Mutex
	seen []db.Statement
}

// place makes the database forget what is written to it.
func (r *rehearsal) place(p place) place {
	p.options.Rehearse = true
	p.options.Observe = func(s db.Statement) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.seen = append(r.seen, s)
	}
	return p
}

func (a *app) explain(cmd *cobra.Command, args []string) error {
	if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		return cmd.Help()
	}
	one := &app{stdin: a.stdin, stdout: io.Discard, stderr: io.Discard, getenv: a.getenv, dir: a.dir, now: a.now,
		rehearsal: &rehearsal{}}
	name, failed := one.rehearse(cmd.Context(), args)
	a.flags = one.flags
	if one.rehearsal.tracker == nil {
		return failed
	}
	seen := slices.Clone(one.rehearsal.seen)
	answer, err := one.rehearsal.tracker.Explain(cmd.Context(), seen)
	if err != nil {
		return err
	}
	answer.Command = name
	if err := a.print(answer); err != nil {
		return err
	}
	return failed // what the command would have ended with
}

// rehearse runs a command line that is an operation, and returns its name.
func (a *app) rehearse(ctx context.Context, args []string) (name string, err error) {
	root := a.root(args)
	root.SetArgs(queryArgs(args))
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	cmd, _, err := root.Find(args)
	if err == nil && cmd == root && firstWord(args) == "" {
		return "", usageError("missing argument COMMAND").WithHint("usage: pm explain COMMAND, such as pm explain list --status todo")
	}
	if err == nil && cmd != root {
		name = strings.TrimPrefix(cmd.CommandPath(), "pm ")
		if !isOperation(name) {
			return name, usageError("cannot explain pm %s: it is not an operation on the plan", name).
				WithHint("use a command such as pm list, pm next or pm complete")
		}
		for flag, value := range map[string]string{"yes": "true", "wait": ""} {
			if f := cmd.Flags().Lookup(flag); f != nil { // it waits for nobody
				cmd.PreRunE = also(cmd.PreRunE, func() error { return f.Value.Set(value) })
			}
		}
	}
	return name, root.ExecuteContext(ctx)
}

func also(first func(*cobra.Command, []string) error, then func() error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if first != nil {
			if err := first(cmd, args); err != nil {
				return err
			}
		}
		return then()
	}
}

// isOperation reports whether a command is one of the table, or one made by
// hand that calls one.
func isOperation(command string) bool {
	return effectOf(command) != "" || slices.Contains([]string{"update", "note", "check", "epic delete", "feature delete", "task delete"}, command)
}
