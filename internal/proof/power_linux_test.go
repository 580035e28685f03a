package proof

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/store"
)

// TestPowerCut cuts the power under writers, exports, backups and new plans,
// again and again. What was acknowledged is there when the power is back, and
// nothing is there in half.
func TestPowerCut(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Logf("PM_TEST_SEED=%d repeats the choices of this test", seed())
		k := newDisk(t, 256)
		w := &world{engine: "sqlite", address: filepath.Join(k.dir, "pm.db"), dir: k.dir}
		db, _, err := store.Create(t.Context(), w.address, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
		p := &power{w: w, k: k, keys: w.tasks(t, 4), whole: map[string][32]byte{},
			diary: &diary{tried: map[string]bool{}, acked: map[string]bool{}, changed: make(chan struct{})}}
		f := newFigures()
		for cut := range load(6, 70) {
			p.cut(t, f, cut)
		}
		f.set("acknowledged", len(p.diary.acked))
		f.set("unknown", len(p.diary.tried)-len(p.diary.acked))
		f.set("files", p.files)
		f.set("plans", len(p.plans))
		f.log(t) // the times are those from the start to the cut
		w.clean(t)
	})
}

// A power keeps what was acknowledged before the cuts.
type power struct {
	w     *world
	k     *disk
	keys  []string
	diary *diary
	dark  atomic.Bool // since the cut has begun

	files int
	whole map[string][32]byte // files that were said to be written, and their digests
	plans []string            // directories in which a plan was said to be made
}

// cut has writers write, cuts the power at a moment, and looks what is there.
// Every second time it does one thing, and cuts the power when that is done:
// nobody else then syncs what it forgot.
func (p *power) cut(t *testing.T, f *figures, cut int) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	p.dark.Store(false)
	began := time.Now()
	var wg sync.WaitGroup
	if cut%2 == 1 {
		p.fill(t, cut, cut/2)
	} else {
		before := len(p.diary.acked)
		for i := range load(3, 6) {
			wg.Go(func() { p.write(t, ctx, fmt.Sprintf("c%d.%d", cut, i)) })
		}
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				p.fill(t, cut, i)
			}
		})
		if !p.diary.wait(func() bool { return len(p.diary.acked) > before+5 }) {
			t.Error("nobody wrote in a minute")
		}
		// At a random moment of what goes on: the pause is part of the fault.
		time.Sleep(time.Duration(random(t, cut).Int64N(int64(300 * time.Millisecond))))
	}
	p.dark.Store(true)
	if err := p.k.cut(); err != nil {
		stop()
		wg.Wait()
		t.Skipf("the file system's power cannot be cut here: %v", err)
	}
	f.add(time.Since(began))
	stop()
	wg.Wait()
	if err := p.k.restart(); err != nil {
		t.Fatal(err)
	}
	p.diary.compare(t, p.w)
	for path, digest := range p.whole {
		if b, err := os.ReadFile(path); err != nil || sha256.Sum256(b) != digest {
			f.fail(t, "cut %d: %s, which was said to be written, has %d bytes: %v", cut, filepath.Base(path), len(b), err)
		}
	}
	for _, dir := range p.plans {
		if a := (&world{engine: "sqlite", dir: dir}).here(t, "tree"); a.code != 0 {
			f.fail(t, "cut %d: the plan in %s, which was said to be made: %s", cut, filepath.Base(dir), a)
		}
	}
	for _, path := range append(glob(p.w.dir, "export*.jsonl"), glob(p.w.dir, "backup*.db")...) {
		if _, known := p.whole[path]; !known { // nobody was told, but under its name a file is whole
			look := []string{"--db", path, "doctor"}
			if strings.HasSuffix(path, ".jsonl") {
				look = []string{"--db", filepath.Join(t.TempDir(), "new.db"), "import", path}
			}
			if a := (&world{engine: "sqlite", dir: t.TempDir()}).here(t, look...); a.code != 0 {
				f.fail(t, "cut %d: half of %s has its name: %s", cut, filepath.Base(path), a)
			}
		}
		os.Remove(path)
	}
	clear(p.whole)
}

// write runs a writer until ctx ends, and notes what it says.
func (p *power) write(t *testing.T, ctx context.Context, name string) {
	cmd := p.w.mode(t, "writer")
	cmd.Env = append(cmd.Env, nameEnv+"="+name, tasksEnv+"="+strings.Join(p.keys, ","))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Error(err)
		return
	}
	defer context.AfterFunc(ctx, func() { cmd.Process.Kill() })()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		word, id, _ := strings.Cut(lines.Text(), " ")
		p.diary.change(func() {
			if word == "try" {
				p.diary.tried[id] = true
			} else if !p.dark.Load() {
				p.diary.acked[id] = true
			}
		})
	}
	cmd.Wait()
}

// fill writes a file or makes a plan, and notes what it was told.
func (p *power) fill(t *testing.T, cut, i int) {
	switch i % 3 {
	case 0:
		dir := filepath.Join(p.w.dir, fmt.Sprintf("plan%d.%d", cut, i))
		if os.Mkdir(dir, 0o700) == nil && (&world{engine: "sqlite", dir: dir}).here(t, "init").code == 0 && !p.dark.Load() {
			p.plans = append(p.plans, dir)
		}
	case 1:
		p.file(t, fmt.Sprintf("export%d.%d.jsonl", cut, i), "export", "-o")
	case 2:
		p.file(t, fmt.Sprintf("backup%d.%d.db", cut, i), "backup", "create")
	}
}

// file runs a command that writes a file.
func (p *power) file(t *testing.T, name string, command ...string) {
	path := filepath.Join(p.w.dir, name)
	if finish(t, p.w.command(t, "e", append(command, path)...), nil).code != 0 {
		return
	}
	if b, err := os.ReadFile(path); err == nil && !p.dark.Load() {
		p.files++
		p.whole[path] = sha256.Sum256(b)
	}
}

func glob(dir, pattern string) []string {
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		panic(err)
	}
	return paths
}
