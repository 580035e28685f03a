package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/config"
	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// A demoStep is one command of the demo, typed by one of its agents.
type demoStep struct {
	say   string // before it
	agent string
	line  string // as a user types it, without the pm
	fails bool   // the demo is about this command being refused
}

// demoSteps make a small plan and work on it as two agents.
var demoSteps = []demoStep{
	{say: "A plan has epics, features and tasks.", line: `init`},
	{line: `epic create "Online shop" --priority high`},
	{line: `feature create E01 "Card payments"`},
	{line: `task create E01-F01 "Validate card numbers" --priority 1 --agent-type backend`},
	{line: `task create E01-F01 "Charge the card" --priority 2 --agent-type backend --depends-on T-E01-F01-001`},
	{line: `task create E01-F01 "Show the receipt" --agent-type frontend --depends-on T-E01-F01-002`},
	{line: `task create E01-F01 "Write the payment guide" --priority 6`},
	{say: "Two agents ask for work. Each gets its own task.", agent: "ada", line: `next --claim`},
	{agent: "bob", line: `next --claim`},
	{say: "Nobody can complete a task that someone else holds.", agent: "bob", line: `complete T-E01-F01-001`, fails: true},
	{say: "Ada notes what she found, and is done: the next task becomes ready.", agent: "ada", line: `note T-E01-F01-001 "Luhn check in cards.go, expiry dates included" --kind decision`},
	{agent: "ada", line: `complete T-E01-F01-001`},
	{agent: "ada", line: `next --claim --agent-type backend`},
	{say: "Bob is stuck and says why.", agent: "bob", line: `block T-E01-F01-004 --reason "the screenshots are missing"`},
	{say: "A task that is waiting for another cannot be claimed, and a dependency cycle is refused.", agent: "bob", line: `claim T-E01-F01-003`, fails: true},
	{line: `dep add T-E01-F01-001 T-E01-F01-003`, fails: true},
	{say: "Plans change: capture a task in one line, undo a command.", line: `add Refund a payment +money p2 in:E01-F01`},
	{line: `archive T-E01-F01-003 --resolution wont_do`},
	{line: `undo`},
	{line: `list label:money or is:blocked`},
	{say: "The lead looks at progress.", line: `status`},
	{line: `log T-E01-F01-001`},
}

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use: "demo [DIR]", Short: "Try pm in a new directory", GroupID: groupOther,
		Long: `Try pm: create a small plan in a new directory, and work on it as two agents. Each
command is shown as you would type it, with its output. Nothing outside that
directory is touched, and it is kept for you to look at.`,
		Example: "  pm demo\n  pm demo ./pm-demo",
		Args:    atMostOneArg,
		RunE:    func(cmd *cobra.Command, args []string) error { return a.demo(cmd.Context(), args) },
	}
}

func (a *app) demo(ctx context.Context, args []string) error {
	dir, err := a.demoFolder(args)
	if err != nil {
		return err
	}
	out := a.out()
	for _, s := range demoSteps {
		if s.line == "init" && a.hidesPlan(dir) {
			s.line = "init --nested"
		}
		if s.say != "" {
			fmt.Fprintf(a.stdout, "\n%s\n", out.Paint(term.Bold, "# "+s.say))
		}
		if err := a.demoStep(ctx, dir, s, out); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(a.stdout, `
%s
The plan of this demo is in %s. Go there and type
  pm web
  pm board
  pm next
  pm show T-E01-F01-002 --context
For a plan of your own, in your project's directory:
  pm init
  pm epic create "What you want to achieve"
`, out.Paint(term.Bold, "# That is pm."), term.Clean(dir))
	return err
}

// hidesPlan reports whether a plan in dir would hide another.
func (a *app) hidesPlan(dir string) bool {
	found, _ := config.Find(dir)
	return found.Root != "" && found.HasPlan()
}

// demoStep shows a command and runs it, as a process of its own would.
func (a *app) demoStep(ctx context.Context, dir string, s demoStep, out term.Output) error {
	prompt := "$ pm "
	if s.agent != "" {
		prompt = "$ PM_AGENT=" + s.agent + " pm "
	}
	fmt.Fprintln(a.stdout, out.Paint(term.Cyan, prompt+s.line))
	var answer bytes.Buffer
	one := &app{stdin: strings.NewReader(""), stdout: &answer, stderr: &answer, dir: dir, now: a.now, like: &out,
		getenv: func(name string) string {
			switch name {
			case "PM_AGENT":
				if s.agent == "" {
					return "you"
				}
				return s.agent
			case "PM_DB", "PM_SESSION":
				return ""
			}
			return a.getenv(name)
		}}
	args, err := term.Words(s.line)
	if err != nil {
		return err
	}
	code := one.run(ctx, args)
	if _, err := a.stdout.Write(answer.Bytes()); err != nil {
		return err
	}
	if (code != exitOK) != s.fails {
		return plan.Errorf(plan.Internal, "the demo stopped: pm %s exited with code %d", s.line, code)
	}
	return ctx.Err()
}

// demoFolder makes the folder of the demo: the one that was asked for, which
// must not hold a plan, or a new one among the temporary files.
func (a *app) demoFolder(args []string) (string, error) {
	if len(args) == 0 {
		dir, err := os.MkdirTemp("", "pm-demo-")
		if err != nil {
			return "", plan.Errorf(plan.Storage, "cannot create a directory for the demo: %w", err)
		}
		return dir, nil
	}
	dir := a.path(args[0])
	if _, err := os.Stat(filepath.Join(dir, config.Folder)); err == nil {
		return "", plan.Errorf(plan.Conflict, "%s already has a plan", dir).WithHint("name a directory that does not exist")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", folderError(err, dir)
	}
	return dir, nil
}
