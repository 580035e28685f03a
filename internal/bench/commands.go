package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// A Command is a whole command, from starting its process to its end: pm, and
// the sqlite3 shell with the same statements, where it is installed.
type Command struct {
	Name      string  `json:"name"`
	PM        Sample  `json:"pm"`
	Shell     *Sample `json:"sqlite3,omitempty"`
	Ratio     float64 `json:"ratio,omitempty"` // of the medians
	Note      string  `json:"note,omitempty"`
	script    string
	operation string // the id in the script
	args      []string
}

// commandRounds is how often each command runs.
const commandRounds = 100

// measureCommands measures whole commands of a copy of the program.
func (r *Report) measureCommands(ctx context.Context, w *world, o Options) error {
	program, remove, err := w.copyProgram(ctx, o.Program)
	if err != nil {
		return fmt.Errorf("bench: copy %s: %w", o.Program, err)
	}
	defer remove()
	r.Program = "a copy of " + o.Program
	if program == o.Program {
		r.Program = o.Program + ", as programs cannot run in the temporary directory"
	}
	o.Program = program
	r.Commands, err = w.measureCommands(ctx, o)
	return err
}

func (w *world) measureCommands(ctx context.Context, o Options) ([]Command, error) {
	commands := []Command{
		{Name: "show", args: []string{"show", w.ready(false)}},
		{Name: "next", args: []string{"next"}},
		{Name: "list", args: []string{"list", "--status", "todo"}},
		{Name: "status", args: []string{"status"}},
		{Name: "note", args: []string{"note", w.ready(false), "See the wiki."}},
	}
	shell, err := exec.LookPath("sqlite3")
	if err != nil || o.Server != "" {
		shell = ""
	}
	for i := range commands {
		o.Progress("pm "+commands[i].Name, i, len(commands))
		if shell != "" {
			if err := w.scriptFor(ctx, shell, &commands[i]); err != nil {
				return nil, err
			}
		}
		if err := w.pair(ctx, o, shell, &commands[i]); err != nil {
			return nil, fmt.Errorf("bench: pm %s: %w", commands[i].Name, err)
		}
	}
	return commands, nil
}

// pair runs a command of pm and the shell in turn, so that both meet the same
// moments of the machine.
func (w *world) pair(ctx context.Context, o Options, shell string, c *Command) error {
	var ours, theirs []time.Duration
	for i := range min(commandRounds, o.Rounds) + 1 {
		pm, err := w.process(ctx, "", o.Program, c.args...)
		if err != nil {
			return err
		}
		if i > 0 { // the first warms the file cache
			ours = append(ours, pm)
		}
		if shell == "" {
			continue
		}
		script := c.script
		if c.operation != "" { // each round is another
			script = strings.ReplaceAll(script, c.operation, plan.NewUID(time.Now()))
		}
		sq, err := w.process(ctx, script, shell, "-bail", w.address)
		if err != nil {
			return err
		}
		if i > 0 {
			theirs = append(theirs, sq)
		}
	}
	c.PM = sample(ours)
	if shell != "" {
		s := sample(theirs)
		c.Shell, c.Ratio = &s, math.Round(c.PM.P50/s.P50*100)/100
	}
	return nil
}

// process runs a program on the world's database, whose address may hold a
// password and so is no argument, which everybody on the machine can read.
func (w *world) process(ctx context.Context, stdin, program string, args ...string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "PM_AGENT=bench", "PM_DB="+w.address, "PM_SESSION=", "PM_SLOW_QUERY=0")
	cmd.Dir = os.TempDir()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	if err != nil {
		return took, errors.Join(err, errors.New(strings.TrimSpace(stderr.String())))
	}
	return took, nil
}

// scriptFor finds the script that the shell can run: one that is older than
// the full-text tables has to do without them, and can be compared no further.
func (w *world) scriptFor(ctx context.Context, shell string, c *Command) (err error) {
	if err = w.script(ctx, c, true); err != nil {
		return err
	}
	if _, err := w.process(ctx, c.script, shell, "-bail", w.address); err == nil {
		return nil
	}
	c.Note = "the sqlite3 shell is too old for the full-text index, and runs without it"
	return w.script(ctx, c, false)
}

// script sets a command's statements, their values written in, as the sqlite3
// shell reads them.
func (w *world) script(ctx context.Context, c *Command, fullText bool) error {
	args := c.args
	var seen []db.Statement
	db, err := store.Open(ctx, w.address, store.Options{Rehearse: true, Observe: func(s db.Statement) { seen = append(seen, s) }})
	if err != nil {
		return err
	}
	defer db.Close()
	track := tracker.New(db)
	ctx = plan.WithActor(ctx, plan.Actor{Name: "bench", Surface: "cli"})
	switch args[0] {
	case "show":
		_, err = track.Show(ctx, tracker.Show{Key: args[1]})
	case "next":
		_, err = track.Next(ctx, tracker.Next{})
	case "list":
		_, err = track.ListTasks(ctx, tracker.ListTasks{Status: []string{args[2]}})
	case "status":
		_, err = track.Status(ctx, tracker.ShowStatus{})
	case "note":
		_, err = track.AddNote(ctx, tracker.AddNote{Key: args[1], Body: args[2]})
	}
	var b strings.Builder
	b.WriteString("pragma foreign_keys = 1;\n")
	begin := "begin;\n"
	if args[0] == "note" {
		begin = "begin immediate;\n"
	}
	b.WriteString(begin)
	for _, s := range seen {
		if s.Name == "operation.insert" {
			c.operation = *s.Args[0].(*string)
		}
		if s.Text != "" && (fullText || !strings.HasPrefix(s.Name, "search.")) {
			// The version that a save is guarded by is another in each round.
			b.WriteString(strings.ReplaceAll(s.Literal(), " and version = ", " and version >= ") + ";\n")
		}
	}
	b.WriteString("commit;\n")
	c.script = b.String()
	return err
}
