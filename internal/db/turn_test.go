package db_test

import (
	"context"
	"database/sql"
	"net/url"
	"strings"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/db/pgtest"
)

// A turns is a database that writes take turns in, opened as often as a test likes.
type turns struct {
	t       *testing.T
	address string
}

func (w turns) open(o db.Options) *db.DB {
	w.t.Helper()
	d, _, err := db.Create(w.t.Context(), w.address, shelves(1), o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { d.Close() })
	return d
}

// hold begins a write that stays until it is let go, alone or beside others, and
// reports in how many attempts it has got there.
func (w turns) hold(ctx context.Context, d *db.DB, alone, announced bool) (attempts int, letGo func() error) {
	w.t.Helper()
	holding, wait, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := db.Write(ctx, d, func(tx *db.Tx) (int, error) {
			attempts++
			if alone {
				if err := tx.TakeTurn(); err != nil {
					return 0, err
				}
				if !tx.IsAlone() {
					w.t.Error("it is not alone")
				}
			}
			if announced {
				tx.Announce(db.Work{What: "item delete E01", Agent: "ann", Total: 100_000})
			}
			close(holding)
			select {
			case <-wait:
			case <-ctx.Done():
			}
			return 0, ctx.Err()
		})
		done <- err
	}()
	select {
	case <-holding:
	case err := <-done:
		w.t.Fatalf("it does not hold the turn: %v", err)
	}
	return attempts, func() error { close(wait); return <-done }
}

// turnLocks are the locks of turns in the test's own database: others run on its server.
const turnLocks = "pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"

func nothing(d *db.DB) error {
	_, err := db.Write(context.Background(), d, func(*db.Tx) (int, error) { return 0, nil })
	return err
}

// On a server a write that has its turn keeps all others waiting, also those that
// touch none of its rows, in every process. They are told what it does. Who only
// reads, or rehearses, or works in another schema, waits for nothing.
func TestTurn(t *testing.T) {
	for name, through := range map[string]func(testing.TB, string, ...string) string{"direct": nil, "pooler": pgtest.Bouncer} {
		t.Run(name, func(t *testing.T) {
			w := turns{t, pgtest.DSN(t)}
			if through != nil {
				w.address = through(t, w.address)
			}
			holder := w.open(db.Options{})
			told := make(chan db.Work, 1000)
			waiter := w.open(db.Options{WriteWait: 100 * time.Millisecond, Waiting: func(w db.Work) { told <- w }})
			another := turns{t, withParameter(t, w.address, "search_path", "another")}.open(db.Options{WriteWait: 100 * time.Millisecond})
			attempts, letGo := w.hold(t.Context(), holder, true, true)
			if attempts != 2 {
				t.Errorf("it began %d times", attempts)
			}
			waited := make(chan error, 1)
			go func() { waited <- nothing(waiter) }()
			select {
			case work := <-told:
				if work.What != "item delete E01" || work.Total != 100_000 {
					t.Errorf("it was told %+v", work)
				}
			case err := <-waited:
				t.Fatalf("it did not wait: %v", err)
			}
			if _, err := db.Read(t.Context(), waiter, func(tx *db.Tx) (int, error) { return tx.Count(db.Named("book.count", "select count(*) from books")) }); err != nil {
				t.Errorf("a read: %v", err)
			}
			if err := nothing(w.open(db.Options{Rehearse: true})); err != nil {
				t.Errorf("a rehearsal: %v", err)
			}
			if err := nothing(another); err != nil {
				t.Errorf("in another schema: %v", err)
			}
			if err := letGo(); err != nil {
				t.Error(err)
			}
			if err := <-waited; err != nil {
				t.Errorf("after the turn: %v", err)
			}
		})
	}
}

// Who waits to be let in has one connection, as a server may have no more, and is told
// all the same what it waits for.
func TestAWaitTakesOneConnection(t *testing.T) {
	w := turns{t, pgtest.DSN(t)}
	holder := w.open(db.Options{})
	u, err := url.Parse(w.address)
	if err != nil {
		t.Fatal(err)
	}
	owner, err := sql.Open("pgx", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	role := "single_" + strings.ToLower(u.Path[1:])
	if _, err := owner.Exec("create role " + role + " login connection limit 1; grant select on all tables in schema public to " + role); err != nil {
		t.Fatal(err)
	}
	defer owner.Exec("drop owned by " + role + "; drop role " + role)
	u.User = url.User(role)
	told := make(chan struct{}, 1000)
	waiter := turns{t, u.String()}.open(db.Options{WriteWait: 50 * time.Millisecond, Waiting: func(db.Work) { told <- struct{}{} }})
	_, letGo := w.hold(t.Context(), holder, true, true)
	waited := make(chan error, 1)
	go func() { waited <- nothing(waiter) }()
	for range 3 {
		select {
		case <-told:
		case err := <-waited:
			t.Fatalf("it did not wait: %v", err)
		}
	}
	if err := letGo(); err != nil {
		t.Error(err)
	}
	if err := <-waited; err != nil {
		t.Errorf("after the turn: %v", err)
	}
	waiter.Close() // before its role is dropped
}

// Of two writes that want their turn at once, one comes after the other.
func TestTwoTurns(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		w := turns{t, address}
		told := make(chan struct{}, 1000)
		second := w.open(db.Options{WriteWait: 100 * time.Millisecond, Waiting: func(db.Work) { told <- struct{}{} }})
		_, letGo := w.hold(t.Context(), w.open(db.Options{}), true, true)
		done := make(chan error, 1)
		go func() {
			_, err := db.Write(context.Background(), second, func(tx *db.Tx) (int, error) {
				if err := tx.TakeTurn(); err != nil {
					return 0, err
				}
				if !tx.IsAlone() {
					t.Error("the second one is not alone")
				}
				return 0, nil
			})
			done <- err
		}()
		select {
		case <-told:
		case err := <-done:
			t.Fatalf("it did not wait: %v", err)
		}
		if err := letGo(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Errorf("the second one: %v", err)
		}
	})
}

// A turn that does not come, because others take long, is given up: the write goes
// on beside them. It asks a bounded number of times.
func TestTurnThatDoesNotCome(t *testing.T) {
	w := turns{t, pgtest.DSN(t)}
	_, letGo := w.hold(t.Context(), w.open(db.Options{}), false, false)
	attempts := 0
	_, err := db.Write(t.Context(), w.open(db.Options{WriteWait: 50 * time.Millisecond}), func(tx *db.Tx) (int, error) {
		attempts++
		return 0, tx.TakeTurn()
	})
	if err != nil || attempts < 2 || attempts > 5 {
		t.Errorf("after %d attempts: %v", attempts, err)
	}
	if err := letGo(); err != nil {
		t.Error(err)
	}
}

// A write that ends in the middle of its turn leaves it to others: one that is
// given up, and one whose process is gone.
func TestTurnThatIsCutOff(t *testing.T) {
	for name, cut := range map[string]func(t *testing.T, d *db.DB, cancel func()){
		"given up": func(_ *testing.T, _ *db.DB, cancel func()) { cancel() },
		"killed": func(t *testing.T, d *db.DB, cancel func()) {
			_, err := db.Read(t.Context(), d, func(tx *db.Tx) (int, error) {
				return tx.Count(db.Named("turn.kill", "select count(pg_terminate_backend(pid)) from "+turnLocks+" and mode = 'ExclusiveLock' and granted"))
			})
			if err != nil {
				t.Error(err)
			}
			defer cancel()
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := turns{t, pgtest.DSN(t)}
			other := w.open(db.Options{})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			_, letGo := w.hold(ctx, w.open(db.Options{}), true, true)
			cut(t, other, cancel)
			if err := nothing(other); err != nil {
				t.Errorf("after it: %v", err)
			}
			if err := letGo(); err == nil {
				t.Error("it was done")
			}
		})
	}
}

// Locks of rows go with a turn that is asked for: they are no reason to wait for
// each other.
func TestTurnLetsGoOfRows(t *testing.T) {
	w := turns{t, pgtest.DSN(t)}
	touch := db.Named("book.touch", "update books set shelf = shelf")
	first := w.open(db.Options{})
	add(t, first, book{"Emma", "A"})
	var retried []error
	second := w.open(db.Options{Observe: func(s db.Statement) {
		if s.Name == "tx.retry" {
			retried = append(retried, s.Err)
		}
	}})
	holding, done := make(chan struct{}), make(chan error, 1)
	asked := make(chan struct{})
	go func() {
		_, err := db.Write(context.Background(), first, func(tx *db.Tx) (int64, error) { close(holding); <-asked; return tx.Exec(touch) })
		done <- err
	}()
	<-holding
	attempts := 0
	_, err := db.Write(t.Context(), second, func(tx *db.Tx) (int64, error) {
		n, err := tx.Exec(touch)
		if err == nil {
			err = tx.TakeTurn()
		}
		if attempts++; attempts == 1 {
			close(asked)
		}
		return n, err
	})
	if err != nil || attempts != 2 || len(retried) > 0 {
		t.Errorf("after %d attempts, again for %v: %v", attempts, retried, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Writes of a process that wait for a turn leave it connections to read with.
func TestReadsBesideATurn(t *testing.T) {
	w := turns{t, pgtest.DSN(t)}
	holder, crowd := w.open(db.Options{}), w.open(db.Options{})
	_, letGo := w.hold(t.Context(), holder, true, false)
	const many = 20
	done := make(chan error, many)
	for range many {
		go func() { done <- nothing(crowd) }()
	}
	waiting := db.Named("turn.waiting", "select count(*) from "+turnLocks+" and not granted")
	count := func(tx *db.Tx) (int, error) { return tx.Count(waiting) }
	for n := 0; n < 6 && !t.Failed(); {
		var err error
		if n, err = db.Read(t.Context(), holder, count); err != nil {
			t.Error(err)
		}
	}
	for range 100 { // until long after the other writes have looked for a connection
		if _, err := db.Read(t.Context(), crowd, count); err != nil || len(done) > 0 {
			t.Fatalf("a read behind %d writes: %v", len(done), err)
		}
	}
	if err := letGo(); err != nil {
		t.Error(err)
	}
	for range many {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// What an attempt has announced is gone with it: in the next one the write is told
// of others' work, and waits for it, as any other.
func TestTurnAfterAnAnnouncement(t *testing.T) {
	w := turns{t, pgtest.DSN(t)}
	holder := w.open(db.Options{})
	told := make(chan struct{}, 1000)
	waiter := w.open(db.Options{WriteWait: 100 * time.Millisecond, Waiting: func(db.Work) { told <- struct{}{} }})
	inLine := db.Named("turn.in_line", "select count(*) from "+turnLocks+" and mode = 'ExclusiveLock' and not granted")
	other, letGo := make(chan struct{}), func() error { return nil }
	done := make(chan error, 1)
	attempts := 0
	go func() {
		_, err := db.Write(context.Background(), waiter, func(tx *db.Tx) (int, error) {
			if attempts++; attempts > 1 {
				return 0, nil
			}
			tx.Announce(db.Work{What: "undo", Agent: "bob", Total: 20_000})
			go func() {
				defer close(other)
				_, letGo = w.hold(context.Background(), holder, true, true)
			}()
			for n := 0; n == 0; {
				var err error
				if n, err = tx.Count(inLine); err != nil {
					return 0, err
				}
			}
			return 0, tx.TakeTurn()
		})
		done <- err
	}()
	select {
	case <-told:
	case err := <-done:
		t.Errorf("it did not wait: %v", err)
		done <- err
	}
	<-other
	if err := letGo(); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Errorf("after the turn of another: %v", err)
	}
}
