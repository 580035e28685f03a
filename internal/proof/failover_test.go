package proof

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pm/internal/db/pgtest"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// TestFailover kills a PostgreSQL server with a synchronous standby under
// writers that know both by one address, again and again, and promotes the
// standby. Nothing that was acknowledged is lost or doubled, no task has two
// holders, and who cannot know says so.
func TestFailover(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		t.Logf("PM_TEST_SEED=%d repeats the choices of this test", seed())
		primary := pgtest.Own(t)
		w := &world{engine: "postgres", address: primary.DSN(), dir: t.TempDir()}
		db, _, err := store.Create(t.Context(), w.address, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
		rounds, writers := load(1, 5), load(6, 32)
		keys := w.tasks(t, load(300, 6000))
		standby := primary.Standby(0)
		w.address = primary.DSN(standby)
		o := &failover{w: w, diary: &diary{tried: map[string]bool{}, acked: map[string]bool{}, changed: make(chan struct{})},
			denied: map[string]string{}, holders: map[string]string{}}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() { o.write(t, ctx, fmt.Sprint("w", i), keys[i], i%2 == 0) })
		}
		wg.Go(func() { o.run(t, ctx, keys[writers]) })
		f := newFigures()
		for range rounds {
			o.more(t, 40)
			refused := o.refused()
			primary.Kill()
			// Meanwhile those who do not wait for long are told what they are told.
			o.until(t, "nobody was refused", func() bool { return len(o.denied)+o.unknown >= refused+writers })
			began := time.Now()
			standby.Promote()
			o.more(t, 1)
			f.add(time.Since(began))
			primary, standby = standby, standby.Standby(primary.Port())
			o.more(t, 40)
		}
		stop()
		wg.Wait()
		f.set("acknowledged", len(o.diary.acked))
		f.set("unknown", o.unknown)
		f.set("denied", len(o.denied))
		f.set("claims", len(o.holders))
		s := f.log(t) // the times are those from a promotion to the next write
		if full() && s.Worst > 5000 {
			t.Errorf("nobody could write for %v ms after a promotion", s.Worst)
		}
		w.address = primary.DSN()
		o.compare(t)
		w.clean(t)
	})
}

// A failover keeps what its writers were told.
type failover struct {
	w     *world
	diary *diary

	// This is under the diary's lock.
	denied  map[string]string // what was said not to be stored, and how
	holders map[string]string // of the tasks whose claim was acknowledged
	unknown int
}

// more waits until so many more writes were acknowledged.
func (o *failover) more(t *testing.T, n int) {
	t.Helper()
	o.diary.Lock()
	want := o.diary.total + n
	o.diary.Unlock()
	o.until(t, "nobody wrote", func() bool { return o.diary.total >= want })
}

func (o *failover) until(t *testing.T, otherwise string, is func() bool) {
	t.Helper()
	if !o.diary.wait(is) {
		t.Fatal(otherwise + " in a minute")
	}
}

// refused returns how many writes were not acknowledged.
func (o *failover) refused() int {
	o.diary.Lock()
	defer o.diary.Unlock()
	return len(o.denied) + o.unknown
}

// told notes what a writer was told about a write.
func (o *failover) told(t *testing.T, id string, err error) {
	o.diary.change(func() {
		var e *plan.Error
		switch {
		case err == nil:
			o.diary.acked[id] = true
			o.diary.total++
		case codeOf(err) == "unknown_outcome":
			o.unknown++
		case plan.KindOf(err) == plan.Unavailable:
			o.denied[id] = err.Error()
		case errors.Is(err, context.Canceled) && !errors.As(err, &e): // the test is over
		default:
			t.Errorf("%s: %v", id, err)
		}
	})
}

// write writes notes and claims tasks until ctx ends. With keys it repeats
// what it is not sure of, under the same idempotency key, until it is; without
// it does not even wait to find out.
func (o *failover) write(t *testing.T, ctx context.Context, name, task string, keys bool) {
	options := store.Options{}
	if !keys {
		options.WriteWait = 300 * time.Millisecond
	}
	tr := o.w.open(t, options)
	for i := 0; ctx.Err() == nil; i++ {
		id := fmt.Sprintf("%s.%d", name, i)
		o.diary.change(func() { o.diary.tried[id] = true })
		ctx := as(context.WithoutCancel(ctx), name)
		if keys {
			ctx = tracker.WithIdempotencyKey(ctx, id)
		}
		do := func() error {
			_, err := tr.AddNote(ctx, tracker.AddNote{Key: task, Body: id})
			return err
		}
		if i%4 == 3 {
			do = func() error { return o.claim(t, ctx, tr, name) }
		}
		err := do()
		for keys && err != nil && plan.KindOf(err) == plan.Unavailable {
			err = do()
		}
		if i%4 == 3 && err == nil {
			o.diary.change(func() { o.diary.total++ })
			continue
		}
		o.told(t, id, err)
	}
}

// claim claims the next task: none that somebody else was told is theirs.
func (o *failover) claim(t *testing.T, ctx context.Context, tr *tracker.Tracker, name string) error {
	out, err := tr.Next(ctx, tracker.Next{Claim: true})
	if err == nil && out.Task != nil {
		o.diary.change(func() {
			if other, held := o.holders[out.Task.Key.String()]; held {
				t.Errorf("%s was given to %s and to %s", out.Task.Key, other, name)
			}
			o.holders[out.Task.Key.String()] = name
		})
	}
	return err
}

// run runs processes of pm until ctx ends: they end with 0 or with 75.
func (o *failover) run(t *testing.T, ctx context.Context, task string) {
	for i := 0; ctx.Err() == nil; i++ {
		id := fmt.Sprint("p.", i)
		o.diary.change(func() { o.diary.tried[id] = true })
		a := o.w.pm(t, "p", "note", task, id, "--json")
		var err error
		if a.code != 0 {
			e := a.failure()
			err = &e
		}
		if a.code != 0 && a.code != exitTryAgain {
			t.Errorf("a process of pm: %s", a)
		}
		o.told(t, id, err)
	}
}

// compare compares what was said with what is stored.
func (o *failover) compare(t *testing.T) {
	stored := map[string]int{}
	for _, body := range o.w.strings(t, "select body from notes") {
		stored[body]++
	}
	for id := range o.diary.acked {
		if stored[id] == 0 {
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	for id, n := range stored {
		if !o.diary.tried[id] || n != 1 {
			t.Errorf("%s is stored %d times; tried: %v", id, n, o.diary.tried[id])
		}
		if how, denied := o.denied[id]; denied {
			t.Errorf("%s is stored, though it was said: %s", id, how)
		}
	}
	holders := map[string]string{}
	for _, row := range o.w.strings(t, "select key || ' ' || assigned_agent from tasks where assigned_agent is not null") {
		var key, agent string
		fmt.Sscan(row, &key, &agent)
		holders[key] = agent
	}
	for key, name := range o.holders {
		if holders[key] != name {
			t.Errorf("%s was given to %s, and is held by %q", key, name, holders[key])
		}
	}
}
