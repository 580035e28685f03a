package cli

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"pm/internal/agents"
	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/ops"
	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// primeDeadline is how long the plan may take to say what it knows. A session
// waits for its hooks: it begins without that rather than late.
const primeDeadline = time.Second

// A sessionStart is the answer of a session-start hook that adds to what an
// agent knows, as Claude Code, Codex and Gemini CLI read it.
type sessionStart struct {
	Output struct {
		Event   string `json:"hookEventName"`
		Context string `json:"additionalContext"`
	} `json:"hookSpecificOutput"`
}

func (a *app) primeCommand() *cobra.Command {
	asHook, deadline := false, primeDeadline
	c := &cobra.Command{
		Use: "prime", Short: "Show the page an agent needs to get started", GroupID: groupWork, Args: exactArgs(0, ""),
		Long: `Show the page an agent needs at the start of a session: how to work with pm, which
tasks it holds and how many are ready, in at most 600 tokens. Without a workspace it
prints nothing. The exit code is always 0: if the plan does not answer in time, the
page is printed without the parts that depend on it. It does not change the plan.

With --hook-json it reads the hook's input from stdin. A session_id in it becomes
PM_SESSION for the session's commands, through the tool's environment file
(CLAUDE_ENV_FILE) if it has one; otherwise the page says how to set it.`,
		Example: "  pm prime\n  pm prime --hook-json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			note := func() string { return "" }
			if asHook {
				a.readHook(cmd.Context(), deadline)
				note = sync.OnceValue(a.exportSession)
			}
			page := a.primePage(cmd.Context(), deadline, note)
			if page == "" {
				return nil
			}
			if asHook {
				var s sessionStart
				s.Output.Event, s.Output.Context = "SessionStart", page
				return writeJSON(a.stdout, s)
			}
			if a.forProgram() {
				return a.print(map[string]string{"page": page})
			}
			_, err := io.WriteString(a.stdout, page)
			return err
		},
	}
	c.Flags().BoolVar(&asHook, "hook-json", false, "print the page in the JSON form that a session-start hook returns")
	c.Flags().Var((*duration)(&deadline), "deadline", "how long to wait for the plan")
	return c
}

// hookPatience is the part of the deadline that a hook waits for its input.
const hookPatience = 4

// readHook takes over the session that the tool tells its hook.
func (a *app) readHook(ctx context.Context, deadline time.Duration) {
	if a.refuseTerminal("the hook's input", "") != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, deadline/hookPatience)
	defer cancel()
	read := make(chan string, 1)
	go func() { read <- agents.SessionID(a.stdin) }()
	select {
	case a.session = <-read:
	case <-ctx.Done():
	}
}

// exportSession passes the hook's session on to the session's commands. Where
// the tool has no way it returns what tells the agent to do so.
func (a *app) exportSession() string {
	path := a.getenv(agents.EnvFile)
	if a.session == "" || path != "" && agents.ExportSession(path, a.session) {
		return ""
	}
	return "Run every pm command as `PM_SESSION=" + term.Clean(agents.ShellWord(a.session)) + " pm …`: so pm tells this session from others of your name.\n"
}

// primePage returns the page with a note at its end; outside a workspace it is
// empty, and there is no note. It comes back when the deadline has passed,
// whatever the database does.
func (a *app) primePage(ctx context.Context, deadline time.Duration, note func() string) string {
	if _, err := a.find(); err != nil && plan.KindOf(err) == plan.NotFound {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	answer := make(chan string, 1)
	go func() {
		page, err := a.primeNow(ctx, note)
		switch {
		case err != nil && plan.KindOf(err) == plan.NotFound && a.outside():
		case err != nil:
			page = fmt.Sprintf("%s\nThe plan cannot be read now (%s): pm status says why.\n%s", ops.Primer, plan.Describe(err).Code, note())
		}
		answer <- page
	}()
	select {
	case page := <-answer:
		return page
	case <-ctx.Done():
		return ops.Primer + note()
	}
}

// outside reports whether there is no workspace here.
func (a *app) outside() bool {
	_, err := config.Find(a.dir)
	return err != nil && plan.KindOf(err) == plan.NotFound
}

func (a *app) primeNow(ctx context.Context, note func() string) (string, error) {
	ctx, t, err := a.act(ctx)
	if err != nil {
		return "", err
	}
	return ops.PrimeWith(ctx, t, note())
}
