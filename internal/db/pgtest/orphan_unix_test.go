//go:build unix

package pgtest_test

import (
	"bufio"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pm/internal/db/pgtest"
)

const envHold = "PGTEST_HOLD" // set in the test binary that is killed

// TestHold is the victim: it has a database and says which until its input ends.
func TestHold(t *testing.T) {
	if os.Getenv(envHold) == "" {
		t.Skip("only TestKilledBinaryLeavesNothing runs it")
	}
	if _, err := os.Stdout.WriteString("DSN " + pgtest.DSN(t) + "\n"); err != nil {
		t.Fatal(err)
	}
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func TestKilledBinaryLeavesNothing(t *testing.T) {
	pgtest.DSN(t) // skips where no server can be had
	if os.Getenv("PM_TEST_POSTGRES") != "" {
		t.Skip("the server of PM_TEST_POSTGRES is not ours to end")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestHold$")
	cmd.Env = append(os.Environ(), envHold+"=1")
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var dsn string
	for lines := bufio.NewScanner(out); dsn == "" && lines.Scan(); {
		_, dsn, _ = strings.Cut(lines.Text(), "DSN ")
	}
	if dsn == "" {
		t.Fatalf("the victim has no database: %v", cmd.Wait())
	}
	db := connect(t, dsn)
	dir := filepath.Dir(one[string](t, db, `show data_directory`))

	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed, as we know
	until(t, "the server's end", func() bool { return refused(dsn) })
	until(t, "the folder's end", func() bool {
		_, err := os.Stat(dir)
		return errors.Is(err, fs.ErrNotExist)
	})
}

func refused(dsn string) bool {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return false
	}
	defer db.Close()
	return db.Ping() != nil
}

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still waiting for %s", what)
		}
	}
}
