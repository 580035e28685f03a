package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
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

// hookForms are the answers of a session-start hook that add to what an agent
// knows: of Claude Code, Codex and Gemini CLI, and of Cursor and Copilot.
var hookForms = []string{"claude", "cursor", "copilot"}

// hookAnswer wraps the page as a tool reads it.
func hookAnswer(form, page string) any {
	switch form {
	case "cursor":
		return map[string]string{"additional_context": page}
	case "copilot":
		return map[string]string{"additionalContext": page}
	}
	var s struct {
		Output struct {
			Event   string `json:"hookEventName"`
			Context string `json:"additionalContext"`
		} `json:"hookSpecificOutput"`
	}
	s.Output.Event, s.Output.Context = "SessionStart", page
	return s
}

func (a *app) primeCommand() *cobra.Command {
	form, deadline := "", primeDeadline
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
			if form != "" {
				a.readHook(cmd.Context(), deadline)
				note = sync.OnceValue(a.exportSession)
			}
			page := a.primePage(cmd.Context(), deadline, note)
			if page == "" {
				return nil
			}
			if form != "" {
				return writeJSON(a.stdout, hookAnswer(form, page))
			}
			if a.forProgram() {
				return a.print(map[string]string{"page": page})
			}
			_, err := io.WriteString(a.stdout, page)
			return err
		},
	}
	c.Flags().StringVar(&form, "hook-json", "", "print the page in the JSON form that a session-start hook of this tool returns: "+strings.Join(hookForms, ", ")+"; the default is claude, which suits Codex and Gemini CLI too")
	c.Flags().Lookup("hook-json").NoOptDefVal = hookForms[0]
	c.Flags().Var((*duration)(&deadline), "deadline", "how long to wait for the plan")
	return c
}

// hookPatience is the part of the deadline that a hook waits for its input.
const hookPatience = 4

// readHook takes over the session that the tool tells its hook, and returns why
// the session ends.
func (a *app) readHook(ctx context.Context, deadline time.Duration) (reason string) {
	if a.refuseTerminal("the hook's input", "") != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, deadline/hookPatience)
	defer cancel()
	read := make(chan agents.HookInput, 1)
	go func() { read <- agents.ReadHook(a.stdin) }()
	select {
	case in := <-read:
		a.session, reason = in.Session, in.Reason
	case <-ctx.Done():
	}
	return reason
}

// exportSession passes the hook's session on to the session's commands. Where
// the tool has no way it returns what tells the agent to do so.
func (a *app) exportSession() string {
	path := a.getenv(agents.EnvFile)
	if a.session == "" || path != "" && agents.ExportSession(path, a.session) {
		return ""
	}
	return "Run every pm command as `PM_SESSION=" + term.Clean(agents.ShellWord(a.session)) + " pm …`, so that pm can tell this session from others under your name.\n"
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
			page = fmt.Sprintf("%s\nThe plan cannot be read now (%s). To see why, run pm status.\n%s", ops.Primer, plan.Describe(err).Code, note())
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
