package proof

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/store"
	"pm/internal/tracker"
)

// TestCommit breaks the connection to a PostgreSQL server at a commit, before
// it is sent and after, and lets callers give up meanwhile. What the answer
// says of the change is true, and known wherever it can be.
func TestCommit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.only(t, "postgres", "a commit to a file goes through no connection")
		key := w.tasks(t, 1)[0]
		var next atomic.Pointer[func() (send, answer bool)] // what becomes of the next commit
		p := &proxy{atCommit: func() (bool, bool) {
			if f := next.Swap(nil); f != nil {
				return (*f)()
			}
			return true, true
		}}
		tr := w.through(t, p).open(t, store.Options{})
		note := func(ctx context.Context, body string, atCommit func() (send, answer bool)) (stored bool, err error) {
			next.Store(&atCommit)
			_, err = tr.AddNote(as(ctx, "a"), tracker.AddNote{Key: key, Body: body})
			next.Store(nil)
			return len(w.strings(t, "select body from notes where body = $1", body)) == 1, err
		}

		if stored, err := note(t.Context(), "done, the answer lost", func() (bool, bool) { return true, false }); !stored || err != nil {
			t.Errorf("done, the answer lost: stored %v: %v", stored, err)
		}
		if stored, err := note(t.Context(), "never sent", func() (bool, bool) { return false, false }); stored || codeOf(err) != "unreachable" {
			t.Errorf("never sent: stored %v: %v", stored, err)
		}

		ctx, giveUp := context.WithCancel(t.Context())
		stored, err := note(ctx, "given up meanwhile", func() (bool, bool) { giveUp(); return true, true })
		if !stored || err != nil {
			t.Errorf("given up meanwhile: stored %v: %v", stored, err)
		}
		// The commit is on its way for longer than anybody waits.
		tr = w.through(t, p).open(t, store.Options{WriteWait: 500 * time.Millisecond})
		ctx, giveUp = context.WithCancel(t.Context())
		held := make(chan struct{})
		_, err = note(ctx, "on its way", func() (bool, bool) { giveUp(); <-held; return true, false })
		if codeOf(err) != "unknown_outcome" || errors.Is(err, context.Canceled) {
			t.Errorf("on its way: %v", err)
		}
		close(held)
	})
}
