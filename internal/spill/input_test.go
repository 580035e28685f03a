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

// An input can be read again and again, and leaves nothing behind.
func TestKeep(t *testing.T) {
	dir := t.TempDir()
	want := lines(1000)
	in, err := spill.Keep(io.LimitReader(bytes.NewReader(want), int64(len(want))), "stdin", int64(len(want)), dir)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := in.Open()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d of %d bytes are read: %v", len(got), len(want), err)
		}
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// What is too long, cannot be read or cannot be kept is refused.
func TestNotKept(t *testing.T) {
	dir := t.TempDir()
	long := strings.NewReader(strings.Repeat("x", 3<<20+1))
	if _, err := spill.Keep(long, "stdin", 3<<20, dir); plan.Describe(err).Code != "too_large" || err.Error() != "stdin is longer than 3 MiB" {
		t.Errorf("the error is %v", err)
	}
	gone := errors.New("gone")
	from, to := io.Pipe()
	go func() { to.Write(lines(1)); to.CloseWithError(gone) }()
	if _, err := spill.Keep(from, "stdin", 1<<20, dir); !errors.Is(err, gone) {
		t.Errorf("the error is %v", err)
	}
	if _, err := spill.Keep(strings.NewReader("x"), "stdin", 1, dir+"/none"); plan.KindOf(err) != plan.Storage || !strings.HasPrefix(err.Error(), "cannot keep stdin in a temporary file: ") {
		t.Errorf("the error is %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}
