package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"pm/internal/ops"

	"github.com/spf13/cobra"
)

// agentsHook makes the commands that run in a coding tool's hooks. They never
// fail, answer within the deadline, and say nothing where there is no plan: a
// hook must not get in the way of its tool.
func (a *app) agentsHook() *cobra.Command {
	c := &cobra.Command{
		Use: "hook", Short: "Commands that coding tools run in their hooks", Args: cobra.ArbitraryArgs,
		Long: `Commands that pm agents install --hook sets up in a coding tool. They read the
hook's input from stdin, always exit with code 0, and take at most --deadline.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			// Settings that people share may name an event that a later pm knows:
			// to some tools exit code 2 means that they must not go on.
			_, err := fmt.Fprintf(a.stderr, "pm: unknown hook %q: nothing was done\nhint: install a newer version of pm, or run pm agents install --hook\n", args[0])
			return err
		},
	}
	c.FParseErrWhitelist.UnknownFlags = true // of such an event
	c.AddCommand(a.hookEnd(), a.hookCompact())
	return c
}

func (a *app) hookEnd() *cobra.Command {
	deadline := primeDeadline
	c := &cobra.Command{
		Use: "session-end", Short: "Release the tasks of a session that ended", Args: exactArgs(0, ""),
		Long: `Release the tasks held by the session whose session_id is on stdin, so that others
need not wait for its leases to expire. If the agent wrote no handoff for a task after
claiming it, pm writes one that says so, and repeats an earlier handoff. Without a
session_id, or with the reason "resume", nothing is released. It prints nothing.`,
		Example: "  pm agents hook session-end",
		RunE: func(cmd *cobra.Command, _ []string) error {
			reason := a.readHook(cmd.Context(), deadline)
			if a.session == "" || reason == resumed {
				return nil
			}
			within(cmd.Context(), deadline, func(ctx context.Context) string {
				if ctx, t, err := a.act(ctx); err == nil {
					t.EndSession(ctx, reason) // what is not released ends with its lease
				}
				return ""
			})
			return nil
		},
	}
	c.Flags().Var((*duration)(&deadline), "deadline", "how long to wait for the plan")
	return c
}

// resumed is the reason of a session that its tool left for another one: it is
// likely to be gone on with.
const resumed = "resume"

func (a *app) hookCompact() *cobra.Command {
	deadline := primeDeadline
	c := &cobra.Command{
		Use: "pre-compact", Short: "Print what a session must keep when it is compacted", Args: exactArgs(0, ""),
		Long: `Print which tasks the session holds, as an instruction for the summary that the tool
is about to write. If it holds none, nothing is printed.`,
		Example: "  pm agents hook pre-compact",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.readHook(cmd.Context(), deadline)
			text := within(cmd.Context(), deadline, func(ctx context.Context) string {
				ctx, t, err := a.act(ctx)
				if err != nil {
					return ""
				}
				text, _ := ops.Compaction(ctx, t)
				return text
			})
			_, err := io.WriteString(a.stdout, text)
			return err
		},
	}
	c.Flags().Var((*duration)(&deadline), "deadline", "how long to wait for the plan")
	return c
}

// within returns what f returns, or nothing once the deadline has passed,
// whatever the database does.
func within(ctx context.Context, deadline time.Duration, f func(context.Context) string) string {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	answer := make(chan string, 1)
	go func() { answer <- f(ctx) }()
	select {
	case text := <-answer:
		return text
	case <-ctx.Done():
		return ""
	}
}
