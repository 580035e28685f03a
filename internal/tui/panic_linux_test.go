package tui

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"pm/internal/cli/term/termtest"

	"golang.org/x/term"
)

// TestTerminalAfterAPanic has what reads the plan panic, beside the loop: the
// board ends with that panic, and the terminal is as it was.
func TestTerminalAfterAPanic(t *testing.T) {
	master, tty := termtest.Open(t, 80, 24)
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	read := make(chan struct{})
	go func() { io.Copy(&written, master); close(read) }()
	said := ""
	func() {
		defer func() { said, _ = recover().(string) }()
		Run(t.Context(), Options{Out: colour, Now: time.Now, Run: nil}, tty, tty) // without a plan to read
	}()
	if !strings.Contains(said, "nil pointer") || !strings.Contains(said, "goroutine") {
		t.Errorf("it ended with %q", said)
	}
	after, err := term.GetState(int(tty.Fd()))
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the terminal's modes are %v, and were %v (%v)", after, before, err)
	}
	tty.Close()
	<-read
	if out := written.String(); !strings.HasSuffix(out, leave) {
		t.Errorf("it wrote %q at last", out[max(0, len(out)-80):])
	}
	master.Close()
}

// TestWatchPanics is the same where what looks for changes panics.
func TestWatchPanics(t *testing.T) {
	term := &terminal{events: make(chan event, 1)}
	func() {
		defer term.caught(context.Background())
		watch(t.Context(), nil, func(event) {})
	}()
	if _, is := (<-term.events).(panicked); !is {
		t.Error("the loop was not told")
	}
}

// TestTerminalIsLentWhileKeysArrive gives the terminal away while more keys are there
// than the loop, which gives it away, can be told of.
func TestTerminalIsLentWhileKeysArrive(t *testing.T) {
	master, tty := termtest.Open(t, 80, 24)
	defer tty.Close()
	go io.Copy(io.Discard, master)
	lent := &terminal{in: tty, out: io.Discard, fd: int(tty.Fd()), events: make(chan event, 1)}
	if err := lent.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	io.WriteString(master, strings.Repeat("j", 100))
	<-lent.events
	given := make(chan struct{})
	go func() { lent.give(); close(given) }()
	select {
	case <-given:
	case <-time.After(10 * time.Second):
		t.Fatal("the terminal is still read")
	}
}
