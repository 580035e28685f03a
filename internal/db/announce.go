package db

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"time"

	"pm/internal/plan"
)

// A Work is what a writer does that keeps others from writing for long. It is
// published for those who wait: on SQLite in the file that keeps the order of
// the writers, on PostgreSQL in the name of the application (see watch).
type Work struct {
	What  string `json:"what"` // the command in words
	Agent string `json:"agent"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

const (
	// longWait is how long a writer waits for one that has published its work.
	longWait = 60 * time.Second

	// waitStep is how often who waits looks whether the work was published, and
	// how far it is.
	waitStep = 250 * time.Millisecond

	// announceStep is how often the work is published anew.
	announceStep = 200 * time.Millisecond

	// mostWork bounds what is read of a published work.
	mostWork = 4096
)

// Announce publishes what this transaction does and returns how to tell how
// far it is: those who wait for their turn to write, or on PostgreSQL for what
// it has locked, are told, and wait longer.
func (tx *Tx) Announce(w Work) (progress func(done int)) {
	if !tx.writes || tx.db.opts.Rehearse {
		return func(int) {}
	}
	publish := tx.publish
	if tx.db.queue != nil {
		publish = tx.db.queue.publish
	}
	publish(w)
	last := time.Now()
	return func(done int) {
		if time.Since(last) < announceStep {
			return
		}
		last, w.Done = time.Now(), done
		publish(w)
	}
}

// publish writes the work into the queue's file, whose lock this process
// holds. That it cannot be written keeps nobody from working.
func (q *queue) publish(w Work) {
	text, err := json.Marshal(w)
	q.mu.Lock()
	defer q.mu.Unlock()
	if err != nil || q.file == nil {
		return
	}
	q.published = true
	if _, err := q.file.WriteAt(append(text, '\n'), 0); err == nil {
		q.file.Truncate(int64(len(text) + 1))
	}
}

// withdraw takes back what was published, by this process or by one that died
// with its work.
func (q *queue) withdraw() {
	if info, err := q.file.Stat(); q.published || err == nil && info.Size() > 0 {
		q.file.Truncate(0)
		q.published = false
	}
}

// work returns what the writer that holds the queue has published, if anything.
func (q *queue) work() (w Work, found bool) {
	f, err := os.Open(q.path)
	if err != nil {
		return w, false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostWork))
	return w, err == nil && json.Unmarshal(text, &w) == nil
}

// A stay is how long a writer has been waiting for its turn.
type stay struct {
	wait  time.Duration // for others whose work is not published
	began time.Time
	seen  time.Time // when it last saw published work
}

// end returns when the wait is over: longWait after its beginning, or the usual
// wait if that is longer, while work is published, else the usual wait, which
// begins anew when the work ends: all who waited for it are due then, one after
// another.
func (s *stay) end(published bool) time.Time {
	if published {
		return s.began.Add(max(s.wait, longWait))
	}
	if s.seen.After(s.began) {
		return s.seen.Add(s.wait)
	}
	return s.began.Add(s.wait)
}

// await receives from c. Past the end of the stay it fails with plan.Unavailable.
func await[T any](ctx context.Context, q *queue, s *stay, c <-chan T) (v T, err error) {
	for {
		work, published := Work{}, false
		if time.Since(s.began) >= min(waitStep, s.wait) {
			if work, published = q.work(); published {
				s.seen = time.Now()
				q.tell(work)
			}
		}
		pause := min(time.Until(s.end(published)), waitStep)
		if pause <= 0 {
			return v, q.late(s, work)
		}
		timer := time.NewTimer(pause)
		select {
		case v = <-c:
			timer.Stop()
			return v, nil
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return v, ctx.Err()
		}
	}
}

func (q *queue) tell(w Work) {
	if q.waiting != nil {
		q.waiting(w)
	}
}

// workError says which work was waited for in vain.
func workError(d time.Duration, w Work) error {
	return plan.Errorf(plan.Unavailable, "waited %s for %q by %s: %d of %d done", d, w.What, w.Agent, w.Done, w.Total).
		WithCode("busy").WithHint("try again; nothing was changed")
}
