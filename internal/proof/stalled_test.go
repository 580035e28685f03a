package proof

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"pm/internal/store"
	"pm/internal/tracker"
)

// TestStalledReader starts commands with long answers and reads only their
// first byte, as a pager does. The database is let go of all the same: SQLite's
// log can be emptied, and PostgreSQL has no transaction open. What was not read
// is all there later. Meanwhile the answer lies in a file, not in memory.
func TestStalledReader(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		feature, _ := w.feature(t, 0)
		const tasks, text = 4_000, 16 << 10 // 64 MB of descriptions
		track := w.open(t, store.Options{})
		for part := 0; part < tasks; part += 500 {
			in := tracker.CreateTasks{}
			for range 500 {
				in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: feature, Title: strings.Repeat("t", 400), Description: strings.Repeat("d", text)})
			}
			if _, err := track.CreateTasks(as(t.Context(), "setup"), in); err != nil {
				t.Fatal(err)
			}
		}
		for _, args := range [][]string{{"list", "--limit", "0", "--json"}, {"log", "--limit", "0", "--json"}, {"tree", "--limit", "0", "--json"}, {"export"}} {
			w.stalled(t, tasks, args)
		}
	})
}

func (w *world) stalled(t *testing.T, tasks int, args []string) {
	t.Helper()
	cmd := w.command(t, "reader", args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReaderSize(out, 16)
	first, err := r.ReadByte()
	if err != nil {
		t.Fatalf("%s: %v", args[0], err)
	}
	if a := w.pm(t, "writer", "epic", "create", "meanwhile"); a.code != 0 {
		t.Errorf("%s is not read, and a write fails: %s", args[0], a)
	}
	w.waitUntilFree(t, args[0])
	if mb := peakMemory(cmd.Process.Pid) >> 20; mb > 64 {
		t.Errorf("%s has used %d MB at its peak", args[0], mb)
	} else {
		t.Logf("%s has used %d MB at its peak", args[0], mb)
	}
	rest, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%s: %v", args[0], err)
	}
	all := append([]byte{first}, rest...)
	if args[0] == "export" {
		if n := bytes.Count(all, []byte(`{"type":"task"`)); n != tasks || !bytes.Contains(all, []byte(`{"type":"end"`)) {
			t.Errorf("the export has %d tasks", n)
		}
		return
	}
	var answer struct {
		Complete bool `json:"complete"`
	}
	if err := json.Unmarshal(all, &answer); err != nil || !answer.Complete {
		t.Errorf("%s: %v, complete: %t", args[0], err, answer.Complete)
	}
}

// peakMemory returns the most memory in bytes that a process has used; 0 where
// the system does not say.
func peakMemory(pid int) (bytes int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, of, found := strings.Cut(string(status), "VmHWM:")
	if !found {
		return 0
	}
	fmt.Sscan(of, &bytes)
	return bytes << 10 // the system says kB
}

// waitUntilFree waits until nobody reads the database in a transaction.
func (w *world) waitUntilFree(t *testing.T, command string) {
	t.Helper()
	held := func() bool {
		if w.engine == "sqlite" {
			busy := w.strings(t, "pragma wal_checkpoint(truncate)")
			return !strings.HasPrefix(busy[0], "0|")
		}
		open := w.strings(t, `select count(*) from pg_stat_activity where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()`)
		return open[0] != "0"
	}
	for end := time.Now().Add(time.Minute); held(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s is not read, and keeps its transaction open", command)
		}
	}
}
