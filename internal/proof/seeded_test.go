package proof

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/db/pgtest"
)

// A seededBug is a way to break the product that a test must notice.
type seededBug struct {
	name    string
	changes []change
	test    string // which must fail, as -test.run takes it; behind a slash, what of it on an engine
	engine  string // on which
	in      string // the package of the test; empty: this one
}

// A change replaces a text of a file, which must hold it exactly once.
type change struct{ file, old, new string }

// TestSeededBugs is the proof of the proof: it compiles the tests with bugs in the
// product, and for one bug after the other runs the test that has to fail. The
// product's own files stay as they are (go build -overlay). The quick version
// takes two of the bugs, in whose discovery chance has no part.
func TestSeededBugs(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go toolchain here to compile the seeded bugs with")
	}
	if testing.Short() {
		t.Skip("compiling the seeded bugs takes a while")
	}
	bugs := everyBug()
	if !full() {
		bugs = slices.DeleteFunc(bugs, func(b seededBug) bool { return !certain[b.name] })
	}
	a, found := newArsenal(t, bugs), map[verdict]int{}
	for i, b := range bugs {
		t.Run(strings.ReplaceAll(b.name, " ", "_")+"/"+b.engine, func(t *testing.T) { found[b.run(t, a.binary(t, i+1))]++ })
	}
	t.Logf("%d bugs caught, %d missed, %d not known", found[caught], found[missed], found[notKnown])
}

// TestSeededBugsAreUpToDate holds each seeded bug against the sources that it changes,
// also those that are not run.
func TestSeededBugsAreUpToDate(t *testing.T) {
	for _, b := range everyBug() {
		if err := b.overlay(t.TempDir()); err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
	}
}

// certain are the bugs of the quick version.
var certain = map[string]bool{"one name can claim a task twice": true, "progress is not updated": true}

// root is the module's folder, seen from this package's.
var root = filepath.Join("..", "..")

// overlay writes the changed files into dir, and with them overlay.json as
// go build -overlay reads it.
func (b seededBug) overlay(dir string) error {
	text := map[string]string{}
	for _, c := range b.changes {
		if _, read := text[c.file]; !read {
			source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(c.file)))
			if err != nil {
				return err
			}
			text[c.file] = string(source)
		}
		if n := strings.Count(text[c.file], c.old); n != 1 {
			return fmt.Errorf("%s holds this text %d times, not once:\n%s", c.file, n, c.old)
		}
		text[c.file] = strings.Replace(text[c.file], c.old, c.new, 1)
	}
	return writeOverlay(dir, text)
}

// run demands that the bug's test fails, for a reason of its own, in a binary that
// has the bug. What depends on luck gets three tries.
func (b seededBug) run(t *testing.T, binary string) verdict {
	var server string
	if b.engine == "postgres" {
		server = pgtest.DSN(t)
	}
	const tries = 3
	open := "" // why it is not known
	for try := 1; try <= tries; try++ {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		name, part, _ := strings.Cut(b.test, "/")
		cmd := exec.CommandContext(ctx, binary, "-test.run", "^"+name+"$/^"+b.engine+"$/"+part, "-test.v", "-test.timeout", "2m")
		cmd.Dir = b.dir()
		cmd.Env = append(os.Environ(), "PM_TEST_LOAD=quick", fmt.Sprintf("PM_TEST_SEED=%d", seed()+uint64(try)))
		if server != "" {
			cmd.Env = append(cmd.Env, "PM_TEST_POSTGRES="+server)
		}
		out, err := cmd.CombinedOutput()
		cancel()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		switch how, why := judge(out, err, name+"/"+b.engine); how {
		case caught:
			t.Logf("%s noticed at try %d: %s", b.test, try, why)
			return caught
		case notKnown:
			t.Logf("try %d of %s: %s", try, b.test, why)
			open = why
		case skipped:
			t.Skipf("%s/%s cannot run here", b.test, b.engine)
		case absent:
			t.Fatalf("%s/%s did not run:\n%s", b.test, b.engine, out)
		}
	}
	if open != "" {
		t.Errorf("not known whether %s notices this bug: %s", b.test, open)
		return notKnown
	}
	t.Errorf("%s passes with this bug in the product", b.test)
	return missed
}

// dir is the folder of the package that has the test.
func (b seededBug) dir() string {
	if b.in == "" {
		return "."
	}
	return filepath.Join(root, filepath.FromSlash(b.in))
}
