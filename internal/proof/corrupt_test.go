package proof

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/store"
)

// TestCorrupt alters bytes and pages of copies of a plan's file, cuts them, and
// gives them the WAL of another. Doctor reports whatever alters a row or makes
// it unreadable, and what it says it has repaired is as it was; no command
// crashes.
func TestCorrupt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "PostgreSQL's files are the server's business")
		w.fullPlan(t)
		whole, err := os.ReadFile(w.address)
		if err != nil {
			t.Fatal(err)
		}
		was, err := dump(t.Context(), w.address)
		if err != nil {
			t.Fatal(err)
		}
		foreign := w.foreignWAL(t)
		f, random := newFigures(), random(t, 0)
		// With two workers, as many as there are processors on small machines.
		lanes(2, func(lane int) {
			random := rand.New(rand.NewPCG(random.Uint64(), uint64(lane)))
			dir := t.TempDir()
			for i := range load(40, 1500) {
				c := &suspect{w: &world{engine: "sqlite", address: filepath.Join(dir, fmt.Sprint(i, ".db")), dir: dir}, f: f, was: was}
				b, how := spoil(random, whole)
				c.how = how
				err := os.WriteFile(c.w.address, b, 0o600)
				if err == nil && random.IntN(30) == 0 {
					c.how = "the WAL of another plan beside it"
					err = errors.Join(os.WriteFile(c.w.address, whole, 0o600), os.WriteFile(c.w.address+"-wal", foreign, 0o600))
				}
				if err != nil {
					t.Error(err)
					return
				}
				c.look(t, random)
				for _, path := range glob(dir, "*") {
					os.RemoveAll(path)
				}
				if t.Failed() && !full() {
					return
				}
			}
		})
		f.log(t)
	})
}

// fullPlan makes a plan that has something in every table, all of it in the
// file: nothing in the WAL.
func (w *world) fullPlan(t *testing.T) {
	t.Helper()
	_, keys := w.feature(t, 60)
	w.feature(t, 10)
	long := strings.Repeat("a text that is longer than what a record holds itself ", 4)
	for i, args := range [][]string{
		{"note", keys[0], "a note"}, {"note", keys[0], long, "--kind", "decision"}, {"update", keys[1], "-d", long}, {"update", keys[1], "-d", "short"},
		{"dep", "add", keys[2], keys[3]}, {"dep", "add", keys[2], keys[4]}, {"claim", keys[4], keys[5], keys[6]}, {"complete", keys[5]},
		{"block", keys[6], "why", "--force"}, {"archive", keys[7], "no more"}, {"delete", keys[8], "--yes"}, {"delete", keys[9], "--yes"}, {"restore", keys[9]},
		{"delete", "E02", "--yes"}, {"epic", "update", "E01", "--priority", "high"},
	} {
		w.must(t, append(args, "--idempotency-key", fmt.Sprint("key", i))...)
	}
	h := w.foreign(t)
	for _, q := range []string{"pragma wal_checkpoint(truncate)", "pragma journal_mode=delete", "vacuum", "pragma journal_mode=wal"} {
		if _, err := h.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// foreignWAL returns the WAL of another plan.
func (w *world) foreignWAL(t *testing.T) []byte {
	t.Helper()
	other := &world{engine: w.engine, address: filepath.Join(t.TempDir(), "pm.db"), dir: t.TempDir()}
	db, _, err := store.Create(t.Context(), other.address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	for _, args := range [][]string{{"epic", "create", "other"}, {"feature", "create", "E01", "other"}, {"task", "create", "E01-F01", "other"}, {"note", "T-E01-F01-001", "other"}} {
		other.must(t, args...)
	}
	b, err := os.ReadFile(other.address + "-wal")
	if err != nil || len(b) == 0 {
		t.Fatalf("the other plan's WAL has %d bytes: %v", len(b), err)
	}
	return b
}

// A suspect is a copy of a plan that was altered.
type suspect struct {
	w   *world
	f   *figures
	was contents // of the plan before
	how string
}

// look runs commands on the copy.
func (c *suspect) look(t *testing.T, random *rand.Rand) {
	before, err := dump(t.Context(), c.w.address)
	changed := c.was.differs(before)
	if err != nil {
		changed = err.Error()
	}
	doctor := c.run(t, "doctor")
	switch {
	case changed == "":
		c.f.count("unchanged")
	case doctor.code == 0:
		c.f.fail(t, "%s: %s, and doctor finds nothing", c.how, changed)
	default:
		c.f.count("reported")
	}
	if changed == "" && doctor.code != 0 {
		c.f.count("also reported") // a free page, an index, the text index
	}
	for _, args := range [][]string{{"list"}, {"show", "T-E01-F01-001", "--context"}, {"log"}, {"search", "text"}, {"export"}, {"next", "--claim"}, {"trash", "list"}, {"status"}, {"tree"}} {
		if random.IntN(4) == 0 {
			c.run(t, args...)
		}
	}
	if random.IntN(4) > 0 {
		return
	}
	// What is acknowledged is there.
	if a := c.run(t, "note", "T-E01-F01-001", "acknowledged"); a.code == 0 {
		if after, err := dump(t.Context(), c.w.address); err == nil && !strings.Contains(after.rows["notes"], "acknowledged") {
			c.f.fail(t, "%s: a note was acknowledged and is not there", c.how)
		}
	}
	if changed != "" && c.run(t, "doctor", "--fix").code == 0 {
		c.f.fail(t, "%s: %s, and doctor says that it has repaired everything", c.how, changed)
	}
}

// run runs a command, which must end by itself and not crash.
func (c *suspect) run(t *testing.T, args ...string) answer {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := c.w.command(t, "a", args...)
	defer context.AfterFunc(ctx, func() { cmd.Process.Kill() })()
	a := finish(t, cmd, nil)
	c.f.add(a.took)
	if ctx.Err() != nil {
		c.f.fail(t, "%s: pm %s still runs after a minute", c.how, args[0])
		return a
	}
	if a.code < 0 || strings.Contains(a.stderr, "goroutine ") || strings.Contains(a.stderr, "internal") {
		c.f.fail(t, "%s: pm %s: %s", c.how, args[0], a)
	}
	return a
}

// spoil alters a file, and says how.
func spoil(random *rand.Rand, whole []byte) (b []byte, how string) {
	const page = 4096
	b = slices.Clone(whole)
	at := random.IntN(len(b))
	pages := len(b) / page
	this, other := random.IntN(pages)*page, random.IntN(pages)*page
	switch kind := random.IntN(20); {
	case kind < 8:
		bit := random.IntN(8)
		b[at] ^= 1 << bit
		return b, fmt.Sprintf("bit %d at byte %d flipped", bit, at)
	case kind < 14: // in what is text, where a letter looks as good as another
		for !letter(b[at]) {
			at = random.IntN(len(b))
		}
		old := b[at]
		for b[at] == old {
			b[at] = "abcdefghijklmnopqrstuvwxyz0123456789"[random.IntN(36)]
		}
		return b, fmt.Sprintf("%q at byte %d made %q", old, at, b[at])
	case kind == 14:
		n := min(1+random.IntN(64), len(b)-at)
		for i := range n {
			b[at+i] = byte(random.Uint32())
		}
		return b, fmt.Sprintf("%d random bytes at %d", n, at)
	case kind == 15:
		clear(b[this : this+page])
		return b, fmt.Sprintf("page %d zeroed", this/page+1)
	case kind == 16:
		copy(b[this:this+page], whole[other:])
		return b, fmt.Sprintf("page %d written over page %d", other/page+1, this/page+1)
	case kind == 17:
		copy(b[this:this+page], whole[other:])
		copy(b[other:other+page], whole[this:])
		return b, fmt.Sprintf("pages %d and %d swapped", this/page+1, other/page+1)
	case kind == 18:
		return b[:at], fmt.Sprintf("cut at byte %d of %d", at, len(b))
	}
	half := this + page/2 // a page of which half was written
	copy(b[half:this+page], make([]byte, page/2))
	return b, fmt.Sprintf("half of page %d zeroed", this/page+1)
}

func letter(b byte) bool { return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' }

// contents are what the tables of a plan hold, but for the text index, which is
// made from them, and for when a step of the schema was applied, which nothing
// else tells.
type contents struct {
	rows    map[string]string  // of each table, a row a line
	highest map[string][]int64 // the highest numbers given: higher ones harm nobody
}

// dump reads a plan by SQLite's own means.
func dump(ctx context.Context, path string) (c contents, err error) {
	h, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro")
	if err != nil {
		return c, err
	}
	defer h.Close()
	h.SetMaxOpenConns(1)
	c = contents{map[string]string{}, map[string][]int64{}}
	for _, table := range planTables {
		if err := c.read(ctx, h, table); err != nil {
			return c, fmt.Errorf("%s cannot be read: %w", table, err)
		}
	}
	return c, nil
}

var planTables = []string{"project", "migrations", "epics", "features", "tasks", "task_counts", "task_dependencies", "notes",
	"task_history", "plan_history", "contents", "operations", "trash", "trash_parts", "idempotency_keys"}

func (c contents) read(ctx context.Context, h *sql.DB, table string) error {
	rows, err := h.QueryContext(ctx, "select * from "+table+" not indexed order by rowid")
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	var b strings.Builder
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, name := range columns {
			switch n, _ := row[i].(int64); name {
			case "last_epic", "last_child":
				c.highest[table] = append(c.highest[table], n)
				row[i] = nil
			case "applied_at":
				row[i] = nil
			}
		}
		fmt.Fprintf(&b, "%q\n", row)
	}
	c.rows[table] = b.String()
	return rows.Err()
}

// differs names the first table and row in which a plan is not what it was.
func (c contents) differs(now contents) string {
	for _, table := range planTables {
		if c.rows[table] != now.rows[table] {
			return table + " holds " + difference(c.rows[table], now.rows[table])
		}
		for i, n := range c.highest[table] {
			if now.highest[table][i] < n {
				return fmt.Sprintf("%s holds %d as the highest number, not %d", table, now.highest[table][i], n)
			}
		}
	}
	return ""
}

// difference shows where two texts begin to differ.
func difference(was, is string) string {
	at := 0
	for ; at < min(len(was), len(is)) && was[at] == is[at]; at++ {
	}
	from := max(0, at-60)
	return fmt.Sprintf("…%.100s…, not …%.100s…", is[from:], was[from:])
}
