package proof

import (
	"context"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
)

// TestAcknowledged lets a commit fail: by a caller that is gone and, on
// PostgreSQL, by a connection that breaks. Nobody is told that it was done.
func TestAcknowledged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		key := plan.MustKey(w.tasks(t, 1)[0])
		db := w.open(t, store.Options{}).DB()
		note := func(ctx context.Context, body string, then func(*store.Tx) error) error {
			_, err := store.Write(as(ctx, "a"), db, func(tx *store.Tx) (int, error) {
				now, err := tx.Now()
				if err != nil {
					return 0, err
				}
				if err := tx.PutNote(plan.Note{Key: key, N: 1, Agent: "a", Kind: plan.Comment, Body: body, CreatedAt: now}); err != nil {
					return 0, err
				}
				return 0, then(tx)
			})
			return err
		}
		ctx, cancel := context.WithCancel(t.Context())
		if err := note(ctx, "gone", func(*store.Tx) error { cancel(); return nil }); err == nil {
			t.Error("a caller that was gone before the commit was told that it is done")
		}
		if w.engine == "postgres" {
			err := note(t.Context(), "cut", func(*store.Tx) error {
				w.strings(t, `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`)
				return nil
			})
			if codeOf(err) != "unknown_outcome" && plan.KindOf(err) != plan.Unavailable {
				t.Errorf("a connection cut before the commit says %v", err)
			}
		}
		if err := note(t.Context(), "kept", func(*store.Tx) error { return nil }); err != nil {
			t.Error(err)
		}
		if got := w.strings(t, "select body from notes"); len(got) != 1 || got[0] != "kept" {
			t.Errorf("stored are %q, done was only kept", got)
		}
	})
}
