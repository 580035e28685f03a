package proof

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"pm/internal/store"
	"pm/internal/tracker"
)

// TestKill kills writers while they write, one after another, beside a
// reader. What was acknowledged is stored, what is stored was attempted, and
// the others go on.
func TestKill(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		keys := w.tasks(t, 4)
		stop := startReader(t, w)
		d := &diary{tried: map[string]bool{}, acked: map[string]bool{}, changed: make(chan struct{})}
		writers := make([]*writer, load(6, 16))
		var wg sync.WaitGroup
		for i := range writers {
			writers[i] = &writer{w: w, d: d, name: fmt.Sprint("w", i), keys: keys}
			wg.Go(func() { writers[i].run(t) })
		}
		f := newFigures()
		random := random(t, 0)
		for range load(12, 500) {
			victim := writers[random.IntN(len(writers))]
			if !d.wait(func() bool { return victim.alive && victim.acks > 0 }) {
				t.Fatalf("%s has written nothing in a minute", victim.name)
			}
			// At a random moment of a write: the pause is part of the fault.
			time.Sleep(time.Duration(random.Int64N(int64(5 * time.Millisecond))))
			d.Lock()
			victim.alive = false
			before := d.total - victim.total
			d.Unlock()
			victim.cmd.Process.Kill()
			began := time.Now()
			if !d.wait(func() bool { return d.total-victim.total > before }) {
				f.fail(t, "nobody wrote in the minute after %s was killed", victim.name)
			}
			f.add(time.Since(began))
		}
		d.Lock()
		d.done = true
		for _, v := range writers {
			if v.alive {
				v.alive = false
				v.cmd.Process.Kill()
			}
		}
		d.Unlock()
		wg.Wait()
		f.set("reads", stop())
		f.set("acknowledged", len(d.acked))
		f.set("unknown", len(d.tried)-len(d.acked))
		f.log(t) // the times are those from a kill to the next write of another
		d.compare(t, w)
		w.clean(t)
	})
}

// A diary holds what all writers said they would do and had done.
type diary struct {
	sync.Mutex
	tried, acked map[string]bool
	total        int
	done         bool
	changed      chan struct{} // closed at the next change
}

// change makes a change and tells those who wait.
func (d *diary) change(f func()) {
	d.Lock()
	defer d.Unlock()
	f()
	close(d.changed)
	d.changed = make(chan struct{})
}

// wait waits, at most a minute, until ok.
func (d *diary) wait(ok func() bool) bool {
	late := time.After(time.Minute)
	for {
		d.Lock()
		is, changed := ok(), d.changed
		d.Unlock()
		if is {
			return true
		}
		select {
		case <-changed:
		case <-late:
			return false
		}
	}
}

// A writer is a process that writes, and its successors after each kill.
type writer struct {
	w    *world
	d    *diary
	name string
	keys []string

	cmd   *exec.Cmd // this and what follows is under the diary's lock
	alive bool
	acks  int // of this process
	total int // of all its processes
}

func (v *writer) run(t *testing.T) {
	for life := 0; ; life++ {
		cmd := v.w.mode(t, "writer")
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%s.%d", nameEnv, v.name, life), tasksEnv+"="+strings.Join(v.keys, ","))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Error(err)
			return
		}
		v.d.Lock()
		if v.d.done {
			v.d.Unlock()
			return
		}
		if err := cmd.Start(); err != nil {
			v.d.Unlock()
			t.Error(err)
			return
		}
		v.cmd, v.alive, v.acks = cmd, true, 0
		v.d.Unlock()
		for lines := bufio.NewScanner(out); lines.Scan(); {
			word, id, _ := strings.Cut(lines.Text(), " ")
			v.d.change(func() {
				if word == "try" {
					v.d.tried[id] = true
				} else {
					v.d.acked[id] = true
					v.acks++
					v.total++
					v.d.total++
				}
			})
		}
		cmd.Wait()
		v.d.Lock()
		if v.alive {
			t.Errorf("%s ended by itself: %v", v.name, cmd.ProcessState)
			v.alive = false
			v.d.Unlock()
			return
		}
		v.d.Unlock()
	}
}

// compare compares what was said with what is stored.
func (d *diary) compare(t *testing.T, w *world) {
	stored := map[string]int{}
	for _, body := range w.strings(t, "select body from notes") {
		stored[body]++
	}
	for _, text := range w.strings(t, "select description from tasks where description <> ''") {
		stored[text]++
	}
	for _, text := range w.strings(t, "select change from task_history where change like $1 and old_status is not null", `%"title":%`) {
		var change struct{ Title [2]string }
		if err := json.Unmarshal([]byte(text), &change); err != nil {
			t.Errorf("%v in %s", err, text)
		}
		stored[change.Title[1]]++
	}
	for id := range d.acked {
		if stored[id] == 0 {
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	for id, n := range stored {
		if !d.tried[id] || n != 1 {
			t.Errorf("%s is stored %d times; tried: %v", id, n, d.tried[id])
		}
	}
}

// writeUntilKilled writes, saying on stdout what it will do before and what
// it has done after each write.
func writeUntilKilled() int {
	name, keys := os.Getenv(nameEnv), strings.Split(os.Getenv(tasksEnv), ",")
	db, err := store.Open(context.Background(), os.Getenv(addressEnv), store.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, "writer:", err)
		return 1
	}
	tr, ctx := tracker.New(db), as(context.Background(), name)
	for i := 0; ; i++ {
		id, key := fmt.Sprintf("%s.%d", name, i), keys[i%len(keys)]
		fmt.Println("try", id)
		switch i % 5 {
		case 0:
			_, err = tr.CreateTask(ctx, tracker.CreateTask{Feature: key[2:len("T-E01-F01")], Title: "created", Description: id})
		case 1:
			_, err = tr.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{key}, Title: &id})
		default:
			_, err = tr.AddNote(ctx, tracker.AddNote{Key: key, Body: id})
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "writer:", err)
			return 1
		}
		fmt.Println("ack", id)
	}
}
