package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"pm/internal/config"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tokens"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// benchTokens plays the sessions of package tokens and prints what they cost.
func (a *app) benchTokens(cmd *cobra.Command) error {
	r, err := a.playTokens(cmd.Context(), tokenCounter())
	if err != nil {
		return err
	}
	if a.forProgram() {
		return a.print(r)
	}
	return a.printTokens(r)
}

// playTokens plays the sessions, each in a workspace of its own.
func (a *app) playTokens(ctx context.Context, count tokens.Counter) (r tokens.Report, err error) {
	dir, err := os.MkdirTemp("", "pm-tokens-")
	if err != nil {
		return r, plan.Errorf(plan.Storage, "cannot create a directory for the benchmark: %w", err)
	}
	defer os.RemoveAll(dir)
	return count.Measure(ctx, func(ctx context.Context) (out []tokens.Surface, err error) {
		for _, name := range []string{"cli", "cli --json", "mcp"} {
			one, err := os.MkdirTemp(dir, "")
			if err != nil {
				return nil, err
			}
			s, err := a.tokenSurface(ctx, name, one)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		return out, nil
	})
}

// tokenSurface makes a workspace in dir, and the surface to work on it.
func (a *app) tokenSurface(ctx context.Context, name, dir string) (tokens.Surface, error) {
	if err := makeFolder(ctx, config.Workspace{Root: dir}); err != nil {
		return nil, err
	}
	path := dir + "/.pm/pm.db"
	db, _, err := store.Create(ctx, path, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(tokens.Seed(ctx, tracker.New(db)), db.Close()); err != nil {
		return nil, err
	}
	if name == "mcp" {
		return a.mcpTokens(dir)
	}
	return cliTokens{a: a, name: name, dir: dir}, nil
}

// cliTokens is the command line as an agent types it: into a shell, which
// gives it both streams.
type cliTokens struct {
	a         *app
	name, dir string
}

func (c cliTokens) Name() string                            { return c.name }
func (c cliTokens) Listing(context.Context) (string, error) { return "", nil }

func (c cliTokens) Call(ctx context.Context, s tokens.Step) (sent, got string, err error) {
	line, stdin, err := commandLine(s)
	if err != nil {
		return "", "", err
	}
	if c.name == "cli --json" && s.Operation != "prime" {
		line = append(line, "--json")
	}
	var answer bytes.Buffer
	one := c.a.inFolder(c.dir, &answer)
	one.stdin = strings.NewReader(stdin)
	if code := one.run(ctx, line); code != exitOK {
		return "", "", fmt.Errorf("exit code %d: %s", code, answer.String())
	}
	sent = shellLine(line)
	if stdin != "" {
		sent += " <<E\n" + stdin + "E"
	}
	return sent, answer.String(), nil
}

// inFolder is another run of pm, by an agent that works in a folder; both
// streams go into out.
func (a *app) inFolder(dir string, out *bytes.Buffer) *app {
	return &app{stdin: strings.NewReader(""), stdout: out, stderr: out, dir: dir, now: a.now, getenv: func(name string) string {
		if name == "PM_AGENT" {
			return "a1"
		}
		return ""
	}}
}

// commandLine returns the arguments of pm that do a step, and what it reads.
func commandLine(s tokens.Step) (line []string, stdin string, err error) {
	switch s.Operation {
	case "prime":
		return []string{"prime"}, "", nil
	case "plan apply":
		return []string{"apply", "-", "--feature", fmt.Sprint(s.Arguments["feature"]), "--quiet"}, planLines(s.Arguments["tasks"]), nil
	}
	line, err = operationLine(s)
	return line, "", err
}

// planLines writes tasks of a plan as YAML.
func planLines(tasks any) string {
	text := "tasks:\n"
	for _, task := range tasks.([]any) {
		t := task.(map[string]any)
		text += fmt.Sprintf("- {title: %v, priority: %v}\n", t["title"], t["priority"])
	}
	return text
}

// operationLine returns the arguments that run an operation of the table.
func operationLine(s tokens.Step) ([]string, error) {
	op, found := ops.Find(s.Operation)
	if !found {
		return nil, fmt.Errorf("there is no operation %s", s.Operation)
	}
	line := strings.Fields(op.Name)
	if op.Daily != "" {
		line = []string{op.Daily}
	}
	if op.Name == "note add" {
		line = []string{"note"}
	}
	b, err := json.Marshal(s.Arguments)
	if err != nil {
		return nil, err
	}
	args, err := ops.ParseArguments(b)
	in := op.NewInput()
	if err := errors.Join(err, ops.Decode(in, args)); err != nil {
		return nil, err
	}
	var flags []string
	for _, p := range ops.Params(in) {
		text := p.Text()
		if p.Repeated {
			text = strings.Trim(text, `[]"`)
		}
		switch {
		case text == "":
		case p.Arg:
			line = append(line, text)
		case p.Kind() == "bool":
			flags = append(flags, "--"+p.Flag)
		default:
			flags = append(flags, "--"+p.Flag, text)
		}
	}
	return append(line, flags...), nil
}

// shellLine writes a command line as it is typed.
func shellLine(args []string) string {
	words := []string{"pm"}
	for _, a := range args {
		if strings.ContainsAny(a, " '\"") {
			a = `"` + a + `"`
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}
