package tui

import (
	"context"
	"fmt"
	"io"

	"golang.org/x/term"
)

// loop shows the model on the terminal until it is left, or ctx ends. The
// terminal is left as it was, whatever happens.
func (t *terminal) loop(ctx context.Context, m *model) error {
	resized, stop := sizes(ctx)
	defer stop()
	t.pauses = watchPauses()
	defer t.pauses.end()
	if err := t.take(ctx); err != nil {
		return err
	}
	defer t.give()
	t.start(ctx, m.Init())
	t.start(ctx, m.update(t.size()))
	for {
		t.draw(m.title(), m.screen())
		select {
		case <-ctx.Done():
			return nil
		case <-t.pauses.stopped:
			if err := t.pause(ctx, m); err != nil {
				return err
			}
		case <-t.pauses.on: // it was stopped without being asked: another program may have had the terminal
			if _, err := term.MakeRaw(t.fd); err != nil {
				return err
			}
			io.WriteString(t.out, enter)
			t.shown = nil
			t.start(ctx, m.update(t.size()))
		case <-resized:
			t.clear()
			t.start(ctx, m.update(t.size()))
		case e := <-t.events:
			if over, err := t.handle(ctx, m, e); over || err != nil {
				return err
			}
			// What else has come by now is drawn in one frame with it.
			for more := true; more; {
				select {
				case e := <-t.events:
					if over, err := t.handle(ctx, m, e); over || err != nil {
						return err
					}
				default:
					more = false
				}
			}
		}
	}
}

// handle does what an event asks for, and reports whether the board is left.
func (t *terminal) handle(ctx context.Context, m *model, e event) (over bool, err error) {
	switch e := e.(type) {
	case quitting:
		return true, nil
	case clipboard:
		t.copy(e)
	case inTurn:
		t.start(ctx, first(e))
	case pausing:
		return false, t.pause(ctx, m)
	case borrowed:
		return false, t.lend(ctx, e)
	case panicked:
		t.give()
		panic(fmt.Sprintf("%v\n%s", e.value, e.stack))
	case nextInTurn:
		if e.of != nil {
			t.start(ctx, m.update(e.of))
		}
		t.start(ctx, first(e.rest))
	default:
		t.start(ctx, m.update(e))
	}
	return false, nil
}

// pause leaves the terminal to the shell until the board goes on.
func (t *terminal) pause(ctx context.Context, m *model) error {
	t.give()
	t.pauses.stop()
	if err := t.take(ctx); err != nil {
		return err
	}
	t.start(ctx, m.update(t.size()))
	return nil
}

// nextInTurn is what one of several works led to, with those that follow.
type nextInTurn struct {
	of   event
	rest inTurn
}

func first(all inTurn) work {
	if len(all) == 0 {
		return nil
	}
	return func() event { return nextInTurn{all[0](), all[1:]} }
}

// lend gives the terminal to a command, and takes it back when that has ended.
func (t *terminal) lend(ctx context.Context, b borrowed) error {
	t.give()
	b.by.Stdin, b.by.Stdout, b.by.Stderr = t.in, t.out, t.out
	ended := make(chan error, 1)
	go func() { ended <- b.by.Run() }()
	for {
		select {
		case <-t.pauses.stopped: // with the program that has the terminal, as an editor at Ctrl+Z
			t.pauses.stop()
		case err := <-ended:
			t.start(ctx, func() event { return b.then(err) })
			return t.take(ctx)
		}
	}
}
