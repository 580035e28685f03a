package proof

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pm/internal/backup"
	"pm/internal/db/pgtest"
	"pm/internal/store"
)

// TestDiskFull runs every kind of command while the disk is nearly full, or
// the size of files limited, with random room left. What does not fit ends with
// one clear sentence, and nothing of it is there; all else is. Reads go on, and
// everything works again when there is room.
func TestDiskFull(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		for _, d := range []tightDisk{smallDisk(t, t.TempDir(), 16), limitedFiles(t)} {
			t.Run(d.name, func(t *testing.T) {
				if d.dir == "" {
					t.Skip(d.reason)
				}
				w := &world{engine: "sqlite", address: filepath.Join(d.dir, "plan", "pm.db"), dir: d.dir}
				if err := os.Mkdir(filepath.Dir(w.address), 0o700); err != nil {
					t.Fatal(err)
				}
				db, _, err := store.Create(t.Context(), w.address, store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				db.Close()
				fullDisk(t, w, d)
			})
		}
	})
	t.Run("postgres", fullServer)
}

// fullDisk runs the commands on one disk.
func fullDisk(t *testing.T, w *world, d tightDisk) {
	s, f := w.stock(t, load(40, 300)), newFigures()
	p := &tight{w: w, d: d, f: f, good: filepath.Join(t.TempDir(), "good.db"), task: s.kept()}
	w.must(t, "backup", "create", p.good)
	random := random(t, 0)
	for i := range load(3, 30) {
		// None, a few pages, and what most commands need.
		room := func() int64 { return []int64{0, random.Int64N(20 << 10), random.Int64N(800 << 10)}[i%3] }
		for _, c := range faultedCommands {
			left, mark := room(), s.mark(c, fmt.Sprint(i))
			what := fmt.Sprintf("pm %s with room for %d bytes", c.name, left)
			a := d.run(t, w.command(t, "a", append(c.args(t, w, s, mark), "--json")...), left)
			f.add(a.took)
			w.honest(t, f, what, c, s, mark, a)
			p.clear(t, what, a)
		}
		for _, args := range [][]string{{"show", s.kept()}, {"list"}, {"status"}, {"doctor"}} {
			if read := d.run(t, w.command(t, "a", args...), 0); read.code != 0 {
				f.fail(t, "pm %s without room: %s", args[0], read)
			}
		}
		p.export(t, room())
		p.backup(t, room())
		p.restore(t, fmt.Sprint("before restore ", i), room())
		p.init(t, room())
	}
	f.log(t)
	w.clean(t)
}

// fullServer runs the commands on a server that keeps the plan on a disk which
// is full; its write-ahead log is on another.
func fullServer(t *testing.T) {
	s := pgtest.Own(t)
	d := smallDisk(t, s.Dir(), 48)
	if d.dir == "" {
		t.Skip(d.reason)
	}
	if err := s.Give(d.dir); err != nil {
		t.Fatal(err)
	}
	s.Exec("create tablespace small location '" + d.dir + "'")
	s.Exec("create database full_disk tablespace small")
	w := &world{engine: "postgres", address: strings.Replace(s.DSN(), "/postgres?", "/full_disk?", 1), dir: t.TempDir()}
	db, _, err := store.Create(t.Context(), w.address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	stock, f, random := w.stock(t, load(40, 300)), newFigures(), random(t, 0)
	p := &tight{w: w, d: d, f: f}
	for i := range load(1, 20) {
		for _, c := range faultedCommands {
			left, mark := []int64{0, random.Int64N(40 << 10), random.Int64N(800 << 10)}[random.IntN(3)], stock.mark(c, fmt.Sprint(i))
			what := fmt.Sprintf("pm %s with room for %d bytes", c.name, left)
			a := d.run(t, w.command(t, "a", append(c.args(t, w, stock, mark), "--json")...), left)
			f.add(a.took)
			w.honest(t, f, what, c, stock, mark, a)
			p.clear(t, what, a)
		}
		for _, args := range [][]string{{"show", stock.kept()}, {"list"}, {"status"}, {"export"}} {
			if read := d.run(t, w.command(t, "a", args...), 0); read.code != 0 {
				f.fail(t, "pm %s without room: %s", args[0], read)
			}
		}
	}
	f.log(t)
	w.clean(t)
}

// tight runs the commands that write files of their own where there is little
// room.
type tight struct {
	w    *world
	d    tightDisk
	f    *figures
	good string // a backup
	task string
}

// noRoom is how an answer says that there is no room.
var noRoom = regexp.MustCompile(`^[^\n]*(full|no space left|file too large|quota)[^\n]*$`)

// clear demands that a command which did not succeed says in one sentence that
// there is no room, and ends with the exit code for it. It reports whether the
// command succeeded.
func (p *tight) clear(t *testing.T, what string, a answer) bool {
	t.Helper()
	if a.code == 0 {
		return true
	}
	message := a.failure().Message
	if a.code != exitStorage || !noRoom.MatchString(message) && a.errorCode() != "answer_lost" {
		p.f.fail(t, "%s does not say that there is no room: %s", what, a)
	}
	return false
}

// leftovers demands that nothing lies beside a file but what is allowed to.
func (p *tight) leftovers(t *testing.T, what, dir string, allowed ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			p.f.fail(t, "%s leaves %s behind", what, e.Name())
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// run runs a command with little room.
func (p *tight) run(t *testing.T, room int64, args ...string) (what string, a answer) {
	what = fmt.Sprintf("pm %s with room for %d bytes", strings.Join(args[:2], " "), room)
	a = p.d.run(t, p.w.command(t, "a", append(args, "--json")...), room)
	p.f.count(fmt.Sprintf("exit %d", a.code))
	return what, a
}

// export exports to a file that is there: it is the old one or a whole new one.
func (p *tight) export(t *testing.T, room int64) {
	t.Helper()
	const before = "what was there\n"
	dir := filepath.Join(p.d.dir, "exports")
	path := filepath.Join(dir, "plan.jsonl")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	what, a := p.run(t, room, "export", "-o", path)
	done := p.clear(t, what, a)
	p.leftovers(t, what, dir, "plan.jsonl")
	if b, err := os.ReadFile(path); !done && (err != nil || string(b) != before) {
		p.f.fail(t, "%s: of the file that was there %d bytes are left: %v", what, len(b), err)
	}
	if !done {
		return
	}
	into := filepath.Join(t.TempDir(), "new.db")
	if a := p.w.pm(t, "a", "--db", into, "import", path); a.code != 0 {
		p.f.fail(t, "%s is done, but the export is not whole: %s", what, a)
	}
}

// backup makes a backup: there is a whole one, or none.
func (p *tight) backup(t *testing.T, room int64) {
	t.Helper()
	dir := filepath.Join(p.d.dir, "backups")
	path := filepath.Join(dir, "plan.db")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	what, a := p.run(t, room, "backup", "create", path)
	if p.clear(t, what, a) {
		if found, err := backup.Check(t.Context(), path); err != nil || found.Problems > 0 {
			p.f.fail(t, "%s is done, but the backup has %d problems: %v", what, found.Problems, err)
		}
		return
	}
	p.leftovers(t, what, dir)
}

// restore puts a backup back: the plan is the old one, or the backup, and then
// the old one is kept.
func (p *tight) restore(t *testing.T, mark string, room int64) {
	t.Helper()
	p.w.must(t, "note", p.task, mark)
	what, a := p.run(t, room, "backup", "restore", p.good)
	done, stays := p.clear(t, what, a), slices.Contains(notesIn(t, p.w.address, p.task), mark)
	if done == stays {
		p.f.fail(t, "%s, and the note of before is there: %v: %s", what, stays, a)
	}
	p.w.oldOrNew(t, p.task, mark)
	beside := filepath.Base(p.w.address)
	p.leftovers(t, what, filepath.Dir(p.w.address), beside, beside+"-wal", beside+"-shm", beside+"-lock", beside+"-backups", beside+"-backups.json")
	kept := glob(p.w.address+"-backups", "replaced-*.db")
	if done && len(kept) == 1 { // back to where it was
		p.w.must(t, "backup", "restore", kept[0])
	}
	os.RemoveAll(p.w.address + "-backups")
}

// init makes a plan of its own.
func (p *tight) init(t *testing.T, room int64) {
	t.Helper()
	dir := filepath.Join(p.d.dir, "new")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	fresh := &world{engine: "sqlite", dir: dir, address: filepath.Join(dir, ".pm", "pm.db")}
	what := fmt.Sprintf("pm init with room for %d bytes", room)
	a := p.d.run(t, fresh.inside(t, "init", "--json"), room)
	p.clear(t, what, a)
	fresh.afterInit(t, p.f, what, a)
}
