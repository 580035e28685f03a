package db_test

import (
	"context"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/db/pgtest"
	"pm/internal/plan"
)

// On a server a write waits for announced work that has locked its rows, is
// told of it, and waits for no other longer than it should.
func TestAnnouncedWorkOnAServer(t *testing.T) {
	for name, through := range map[string]func(testing.TB, string, ...string) string{"direct": nil, "pooler": pgtest.Bouncer} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.DSN(t)
			if through != nil {
				dsn = through(t, dsn)
			}
			told := make(chan db.Work, 1000)
			open := func(o db.Options) *db.DB {
				t.Helper()
				d, _, err := db.Create(t.Context(), dsn, shelves(1), o)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { d.Close() })
				return d
			}
			holder := open(db.Options{})
			waiter := open(db.Options{WriteWait: 100 * time.Millisecond, Waiting: func(w db.Work) { told <- w }})
			add(t, holder, book{"Emma", "A"})

			touch := db.Named("book.touch", "update books set shelf = shelf")
			// hold locks the book until it is let go.
			hold := func(announced bool) (letGo func()) {
				t.Helper()
				holding, wait, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
				go func() {
					_, err := db.Write(context.Background(), holder, func(tx *db.Tx) (int, error) {
						_, err := tx.Exec(touch)
						if announced {
							tx.Announce(db.Work{What: "item delete E01", Agent: "ann: b", Done: 7, Total: 100_000})
						}
						close(holding)
						<-wait
						return 0, err
					})
					done <- err
				}()
				<-holding
				return func() {
					close(wait)
					if err := <-done; err != nil {
						t.Error(err)
					}
				}
			}
			write := func() error {
				_, err := db.Write(context.Background(), waiter, func(tx *db.Tx) (int64, error) { return tx.Exec(touch) })
				return err
			}

			letGo := hold(true)
			waited := make(chan error, 1)
			go func() { waited <- write() }()
			select {
			case w := <-told:
				if w.What != "item delete E01" || w.Agent != "ann: b" || w.Done != 7 || w.Total != 100_000 {
					t.Errorf("it was told %+v", w)
				}
			case err := <-waited:
				t.Fatalf("it did not wait: %v", err)
			}
			letGo()
			if err := <-waited; err != nil {
				t.Errorf("after the work: %v", err)
			}

			letGo = hold(false)
			if err := write(); plan.KindOf(err) != plan.Unavailable || plan.Describe(err).Code != "busy" {
				t.Errorf("a write that waits for nobody's work says %v", err)
			}
			letGo()
			if err := write(); err != nil {
				t.Error(err)
			}
		})
	}
}
