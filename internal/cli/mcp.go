package cli

import (
	"context"
	"log/slog"

	"pm/internal/mcpserver"
	"pm/internal/ops"
	"pm/internal/store"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

func (a *app) mcpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "mcp", Short: "Serve the plan to an agent over MCP, on stdin and stdout", GroupID: groupMove, Args: exactArgs(0, ""),
		Long: `Serve the plan to an agent over the Model Context Protocol, on stdin and stdout,
until stdin is closed. The agent name is --agent or PM_AGENT, otherwise the name
the client gives. Each process is a session of its own, and renews the leases of
what it claimed until the client disconnects.
It also starts without a plan; its tools then report what is missing. It does not
listen on the network: use pm serve for that.`,
		Example: "  pm mcp\n  pm mcp --agent reviewer",
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, done, err := a.mcpOptions()
			if err != nil {
				return err
			}
			defer done()
			m := mcpserver.New(o)
			defer m.Close()
			return m.ServeLines(cmd.Context(), a.stdin, a.stdout)
		},
	}
}

// mcpOptions describe a server that opens the plan when it is first needed.
func (a *app) mcpOptions() (o mcpserver.Options, done func(), err error) {
	o.Version, o.Prime = Version, ops.Prime
	a.watch.log = true
	o.Log = slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if o.Actor, err = a.actor(); err != nil {
		return o, nil, err
	}
	if !a.isNamed() {
		o.Actor.Name = "" // a client tells its name
	}
	var db *store.DB
	o.Open = func(ctx context.Context) (*tracker.Tracker, error) {
		t, err := a.open(ctx, false)
		if err == nil {
			db = t.DB()
		}
		return t, err
	}
	return o, func() {
		if db != nil {
			db.Close()
		}
	}, nil
}
