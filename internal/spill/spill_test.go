package spill_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/spill"
)

// lines returns n lines of 1,000 bytes.
func lines(n int) []byte { return []byte(strings.Repeat(strings.Repeat("x", 999)+"\n", n)) }

// A short answer is left to the caller, and Close writes it in one piece.
func TestShort(t *testing.T) {
	var out bytes.Buffer
	w := spill.New(&out, spill.Options{})
	w.Write([]byte("one "))
	w.Write([]byte("two"))
	if text, short := w.Short(); !short || string(text) != "one two" || out.Len() > 0 {
		t.Errorf("it is %q, short %v", text, short)
	}
	if err := w.Close(nil); err != nil || out.String() != "one two" {
		t.Errorf("%q is written: %v", &out, err)
	}
}

// A reader that keeps up gets everything in order, and no file is made.
func TestReaderKeepsUp(t *testing.T) {
	dir := t.TempDir()
	want := lines(5000)
	var out bytes.Buffer
	w := spill.New(&out, spill.Options{Patience: 1 << 40, Dir: dir + "/none"})
	for part := want; len(part) > 0; part = part[1000:] {
		if _, err := w.Write(part[:1000]); err != nil {
			t.Fatal(err)
		}
	}
	if _, short := w.Short(); short {
		t.Error("it is said to be short")
	}
	if err := w.Close(nil); err != nil || !bytes.Equal(out.Bytes(), want) {
		t.Errorf("%d of %d bytes are written: %v", out.Len(), len(want), err)
	}
}

// The maker of an answer ends although nobody reads, and the reader gets all
// of it when it comes.
func TestReaderStalls(t *testing.T) {
	want := lines(20_000)
	from, to := io.Pipe()
	dir := t.TempDir()
	w := spill.New(to, spill.Options{Patience: 1, Dir: dir})
	for part := want; len(part) > 0; part = part[1000:] {
		if _, err := w.Write(part[:1000]); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the folder has %v: %v", left, err)
	}
	got := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(from)
		got <- b
	}()
	if err := w.Close(nil); err != nil {
		t.Error(err)
	}
	to.Close()
	if b := <-got; !bytes.Equal(b, want) {
		t.Errorf("%d of %d bytes are read", len(b), len(want))
	}
}

// There is an end to what is kept for a reader.
func TestDiskIsBounded(t *testing.T) {
	from, to := io.Pipe()
	defer from.Close()
	w := spill.New(to, spill.Options{Patience: 1, Disk: 10_000, Dir: t.TempDir()})
	var err error
	for n := 0; err == nil && n < 1000; n++ {
		_, err = w.Write(lines(1))
	}
	if err == nil || plan.Describe(err).Code != "slow_reader" {
		t.Errorf("the error is %v", err)
	}
	from.Close()
	w.Abort(nil)
}

// The error of the reader comes back, while it stalls too.
func TestReaderFails(t *testing.T) {
	gone := errors.New("gone")
	for _, patience := range []spill.Options{{Patience: 1 << 40}, {Patience: 1}} {
		patience.Dir = t.TempDir()
		from, to := io.Pipe()
		w := spill.New(to, patience)
		go func() {
			io.CopyN(io.Discard, from, 1000)
			from.CloseWithError(gone)
		}()
		var err error
		for err == nil {
			_, err = w.Write(lines(1))
		}
		if !errors.Is(err, gone) {
			t.Errorf("the error is %v", err)
		}
		if err := w.Close(nil); !errors.Is(err, gone) {
			t.Errorf("at the end the error is %v", err)
		}
	}
}

// Who is interrupted does not wait for the reader.
func TestGiveUp(t *testing.T) {
	from, to := io.Pipe()
	defer from.Close()
	w := spill.New(to, spill.Options{})
	w.Write(lines(100))
	enough := make(chan struct{})
	close(enough)
	w.Close(enough)
}
