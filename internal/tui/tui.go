// Package tui is the terminal board, pm board: the plan in columns, lists and
// pages, live, on a whole terminal. It reads the plan through the tracker and
// changes it by pm's own commands, so that what can be done here is what can
// be typed, with the same answers. Nothing holds a transaction while a person
// thinks.
package tui

import (
	"context"
	"io"
	"os"
	"os/exec"
	"time"

	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// Options say what a board shows and how it acts.
type Options struct {
	Tracker *tracker.Tracker
	Title   string // of the plan, in the head
	Query   string // that narrows what is shown to begin with
	Out     term.Output
	Now     func() time.Time
	// Run runs a command line of pm, without the "pm", whose answer is to be
	// drawn on out.
	Run func(ctx context.Context, args []string, out term.Output) Ran
	// Whole is a command that takes the whole terminal while it runs.
	Whole func(args []string) *exec.Cmd
}

// Ran is what a command printed, and its exit code.
type Ran struct {
	Stdout, Stderr string
	Code           int
}

// Run shows the board on the terminal that in and out are, until it is left or
// ctx ends.
func Run(ctx context.Context, o Options, in *os.File, out io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	t := &terminal{in: in, out: out, fd: int(in.Fd()), events: make(chan event, 64)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer t.caught(ctx)
		watch(ctx, o.Tracker, func(e event) { t.send(ctx, e) })
	}()
	err := t.loop(ctx, newModel(ctx, o))
	stop()
	<-done
	return err
}

// How often the history is looked at for what other processes have changed; less
// often while they do that without pause, since each time the view is read anew.
const (
	lookAgain = 200 * time.Millisecond
	lookBusy  = 500 * time.Millisecond
	looksLong = 10 * time.Second // for one look
)

// changedMsg says that the plan has changed, or that it cannot be read.
type changedMsg struct{ err error }

// watch tells of changes until ctx ends.
func watch(ctx context.Context, t *tracker.Tracker, send func(event)) {
	own, stop := t.Changes()
	defer stop()
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	var feed *tracker.Feed
	failed := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-own:
		case <-tick.C:
		}
		changed, err := look(ctx, t, &feed)
		if ctx.Err() != nil {
			return
		}
		if changed {
			tick.Reset(lookBusy)
		} else {
			tick.Reset(lookAgain)
		}
		if changed || (err != nil) != failed {
			failed = err != nil
			send(changedMsg{err})
		}
	}
}

// look reports whether something has changed since the last look.
func look(ctx context.Context, t *tracker.Tracker, feed **tracker.Feed) (changed bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, looksLong)
	defer cancel()
	if *feed == nil {
		*feed, err = t.OpenFeed(ctx, "")
		return true, err
	}
	if changed, err = (*feed).Skip(ctx); err != nil {
		*feed = nil // its place may be gone: begin again, with a look at everything
	}
	return changed, err
}
