package tui

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"time"

	"github.com/muesli/cancelreader"
	"golang.org/x/term"
)

// What the model is told: a key, a size, pasted text, a turn of the wheel, or
// the event that some work led to.
type (
	event any
	// work is done beside the model, and leads to an event; nil for none.
	work func() event

	// A key has a name, such as j, esc, ctrl+d or shift+up, and the text that
	// it types; none for most of the named ones.
	key    struct{ name, text string }
	size   struct{ width, height int }
	pasted string
	wheel  int // lines down, or up below zero
)

// Events that are for the terminal, not for the model.
type (
	quitting  struct{}
	pausing   struct{} // the board is stopped, as by a shell's Ctrl+Z
	clipboard string
	inTurn    []work
	borrowed  struct {
		by   *exec.Cmd
		then func(error) event
	}
	panicked struct {
		value any
		stack []byte
	}
)

func quit() event { return quitting{} }

func pause() event { return pausing{} }

// copyText puts text into the clipboard of the terminal, if that can be done.
func copyText(s string) work { return func() event { return clipboard(s) } }

// lend gives the terminal to a command until it ends.
func lend(c *exec.Cmd, then func(error) event) work {
	return func() event { return borrowed{c, then} }
}

// A terminal is a whole terminal in raw mode, on which frames are drawn.
type terminal struct {
	in     *os.File
	out    io.Writer
	fd     int
	before *term.State
	shown  []string // the lines on the screen
	title  string
	events chan event
	reader cancelreader.CancelReader
	stop   func()        // ends what waits to tell of a key
	read   chan struct{} // closed when the reading has ended
	pauses pauses
}

const (
	enter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[2J" // another screen, no cursor, no wrapping, mouse, paste as one
	leave = "\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?7h\x1b[?25h\x1b[?1049l"
	begin = "\x1b[?2026h" // of what is drawn at once
	end   = "\x1b[?2026l"
)

// take puts the terminal into raw mode and begins to read keys.
func (t *terminal) take(ctx context.Context) (err error) {
	if t.before, err = term.MakeRaw(t.fd); err != nil {
		return err
	}
	if t.reader, err = cancelreader.NewReader(t.in); err != nil {
		term.Restore(t.fd, t.before)
		return err
	}
	t.shown, t.title, t.read = nil, "", make(chan struct{})
	ctx, t.stop = context.WithCancel(ctx)
	io.WriteString(t.out, enter)
	go t.readKeys(ctx, t.reader, t.read)
	return nil
}

// give leaves the terminal as it was.
func (t *terminal) give() {
	if t.reader == nil {
		return
	}
	t.reader.Cancel()
	t.stop() // the loop, which waits here, takes no keys
	<-t.read
	t.reader.Close()
	t.reader = nil
	io.WriteString(t.out, leave)
	term.Restore(t.fd, t.before)
}

// escapeDelay is how long an escape waits for the rest of a sequence, which a slow
// connection may bring apart from it, before it is the key Esc.
const escapeDelay = 30 * time.Millisecond

// readKeys tells of keys until the reading is cancelled.
func (t *terminal) readKeys(ctx context.Context, r io.Reader, done chan struct{}) {
	defer close(done)
	defer t.caught(ctx)
	var (
		d     decoder
		parts = make(chan []byte)
		late  <-chan time.Time
		err   error
	)
	go func() {
		defer close(parts)
		for b := make([]byte, 4096); err == nil; {
			var n int
			n, err = r.Read(b)
			parts <- bytes.Clone(b[:n])
		}
	}()
	tell := func(events []event) {
		for _, e := range events {
			t.send(ctx, e)
		}
		if late = nil; d.escaped() {
			late = time.After(escapeDelay)
		}
	}
	for {
		select {
		case b, more := <-parts:
			if !more {
				tell(d.late())
				if !errors.Is(err, cancelreader.ErrCanceled) {
					go t.send(ctx, quitting{}) // nobody types any more
				}
				return
			}
			tell(d.take(b))
		case <-late:
			tell(d.late())
		}
	}
}

func (t *terminal) send(ctx context.Context, e event) {
	select {
	case t.events <- e:
	case <-ctx.Done():
	}
}

// caught hands a panic of another goroutine to the loop, which leaves the
// terminal as it was before it panics itself.
func (t *terminal) caught(ctx context.Context) {
	if v := recover(); v != nil {
		t.send(ctx, panicked{v, debug.Stack()})
	}
}

// start does work beside the loop, and tells what it led to.
func (t *terminal) start(ctx context.Context, w work) {
	if w == nil {
		return
	}
	go func() {
		defer t.caught(ctx)
		if e := w(); e != nil {
			t.send(ctx, e)
		}
	}()
}

// draw shows the lines: only those that differ from what is there are written.
func (t *terminal) draw(title, screen string) {
	lines := strings.Split(screen, "\n")
	var b strings.Builder
	if title != t.title {
		t.title = title
		fmt.Fprintf(&b, "\x1b]2;%s\a", title)
	}
	for i, line := range lines {
		if i >= len(t.shown) || t.shown[i] != line {
			fmt.Fprintf(&b, "\x1b[%d;1H\x1b[2K%s\x1b[0m", i+1, line)
		}
	}
	if len(lines) < len(t.shown) {
		fmt.Fprintf(&b, "\x1b[%d;1H\x1b[J", len(lines)+1)
	}
	t.shown = lines
	if b.Len() > 0 {
		io.WriteString(t.out, begin+b.String()+end)
	}
}

// clear has the next frame drawn whole.
func (t *terminal) clear() {
	t.shown = nil
	io.WriteString(t.out, "\x1b[2J")
}

func (t *terminal) size() size {
	w, h, err := term.GetSize(t.fd)
	if err != nil || w <= 0 || h <= 0 {
		return size{80, 24}
	}
	return size{w, h}
}

func (t *terminal) copy(s clipboard) {
	fmt.Fprintf(t.out, "\x1b]52;c;%s\a", base64.StdEncoding.EncodeToString([]byte(s)))
}
