package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/sqlite"
	"pm/internal/store"
)

// What the store adds to the driver: the same statements on the same file,
// through package store and through database/sql alone, scanned into plain
// variables of the same number. The goal is 1.15 times the time and the
// allocations of the driver that comes with the SQLite library; pm's own is
// there to see where the rest goes. Run with
//
//	go test -run - -bench 'Driver|Store' -benchmem ./internal/bench

// eachDriver runs a benchmark with the file opened through either driver.
func eachDriver(b *testing.B, f func(b *testing.B, w *world, d bare)) {
	w := benchWorld(b)
	library, err := sql.Open("sqlite", "file:"+w.address+"?mode=rw&_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=trusted_schema(0)"+
		"&_pragma=foreign_keys(1)&_pragma=synchronous(full)&_pragma=wal_autocheckpoint(256)")
	if err != nil {
		b.Fatal(err)
	}
	defer library.Close()
	own := sqlite.NewPool(w.address, sqlite.Options{BusyTimeout: 5 * time.Second,
		Pragmas: []string{"foreign_keys=1", "synchronous=full", "wal_autocheckpoint=256"}})
	defer own.Close()
	b.Run("library", func(b *testing.B) { f(b, w, throughLibrary(library)) })
	b.Run("own", func(b *testing.B) { f(b, w, throughOwn(own)) })
}

// bare runs f in a transaction of a driver.
type bare func(ctx context.Context, writes bool, f func(statements) error) error

// statements are what a driver does in a transaction.
type statements interface {
	exec(ctx context.Context, text string, args ...any) error
	query(ctx context.Context, text string, args ...any) (answer, error)
}

type answer interface {
	Columns() ([]string, error)
	Next() bool
	Scan(...any) error
	Close() error
}

func throughLibrary(h *sql.DB) bare {
	return func(ctx context.Context, writes bool, f func(statements) error) error {
		tx, err := h.BeginTx(ctx, &sql.TxOptions{ReadOnly: !writes})
		if err != nil {
			return err
		}
		if err := f(libraryTx{tx}); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	}
}

type libraryTx struct{ tx *sql.Tx }

func (l libraryTx) exec(ctx context.Context, text string, args ...any) error {
	_, err := l.tx.ExecContext(ctx, text, args...)
	return err
}

func (l libraryTx) query(ctx context.Context, text string, args ...any) (answer, error) {
	return l.tx.QueryContext(ctx, text, args...)
}

func throughOwn(p *sqlite.Pool) bare {
	return func(ctx context.Context, writes bool, f func(statements) error) error {
		return p.Use(ctx, func(c *sqlite.Conn) error {
			if err := c.Begin(ctx, writes); err != nil {
				return err
			}
			if err := f(ownConn{c}); err != nil {
				return err
			}
			return c.Commit()
		})
	}
}

type ownConn struct{ c *sqlite.Conn }

func (o ownConn) exec(ctx context.Context, text string, args ...any) error {
	_, err := o.c.Exec(ctx, text, args...)
	return err
}

func (o ownConn) query(ctx context.Context, text string, args ...any) (answer, error) {
	return o.c.Query(ctx, text, args...)
}

const bareColumns = `id, feature_id, key, title, description, status, agent_type, priority, assigned_agent, session, file_path,
	blocked_reason, blocked_from, open_dependencies, offered, lease_until, lease_seconds, fence, version,
	created_at, started_at, completed_at, blocked_at, updated_at, history_hash`

// A bareTask is a row of tasks as the driver gives it.
type bareTask struct {
	id, featureID                                    int64
	key, title, description, status                  string
	agentType, agent, session, path, reason, from    sql.NullString
	priority, open, offered, seconds, fence, version int64
	created, updated, hash                           string
	leaseUntil, startedAt, completedAt, blockedAt    sql.NullString
}

func (t *bareTask) fields() []any {
	return []any{&t.id, &t.featureID, &t.key, &t.title, &t.description, &t.status, &t.agentType, &t.priority, &t.agent, &t.session, &t.path,
		&t.reason, &t.from, &t.open, &t.offered, &t.leaseUntil, &t.seconds, &t.fence, &t.version,
		&t.created, &t.startedAt, &t.completedAt, &t.blockedAt, &t.updated, &t.hash}
}

func BenchmarkGetDriver(b *testing.B) { eachDriver(b, getDriver) }

func getDriver(b *testing.B, w *world, d bare) {
	b.ReportAllocs()
	for b.Loop() {
		key := w.any()
		err := d(b.Context(), false, func(s statements) error {
			rows, err := s.query(b.Context(), "select "+bareColumns+" from tasks where key = $1", key)
			if err != nil {
				return err
			}
			var t bareTask
			if !rows.Next() {
				return errors.New("no such task")
			}
			return errors.Join(rows.Scan(t.fields()...), rows.Close())
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGetStore(b *testing.B) {
	w := benchWorld(b)
	b.ReportAllocs()
	for b.Loop() {
		k, err := plan.ParseKey(w.any())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := store.Read(b.Context(), w.db, func(tx *store.Tx) (plan.Task, error) { return tx.Task(k) }); err != nil {
			b.Fatal(err)
		}
	}
}

const listed = 1000

// oneList is what the store and the driver list: tasks of the large feature.
var oneList = store.TaskFilter{Under: plan.Key{Epic: 1, Feature: 1}, Sort: store.ByKey, Limit: listed}

func BenchmarkListDriver(b *testing.B) { eachDriver(b, listDriver) }

func listDriver(b *testing.B, w *world, d bare) {
	observed := observed(b, w, func(tx *store.Tx) error { _, err := tx.Tasks(oneList); return err })
	b.ReportAllocs()
	for b.Loop() {
		err := d(b.Context(), false, func(s statements) error {
			for _, one := range observed {
				if err := bareRows(b.Context(), s, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// observed returns the statements that f runs.
func observed(b *testing.B, w *world, f func(*store.Tx) error) (out []db.Statement) {
	b.Helper()
	db, err := store.Open(b.Context(), w.address, store.Options{Observe: func(s db.Statement) {
		if s.Text != "" {
			out = append(out, s)
		}
	}})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := store.Read(b.Context(), db, func(tx *store.Tx) (any, error) { return nil, f(tx) }); err != nil {
		b.Fatal(err)
	}
	return out
}

// bareRows reads all rows of a statement: tasks, or a few numbers each.
func bareRows(ctx context.Context, s statements, one db.Statement) error {
	rows, err := s.query(ctx, one.Text, one.Args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	var tasks []bareTask
	var pairs [][2]int64
	for rows.Next() {
		if len(names) > 2 {
			var t bareTask
			err = rows.Scan(t.fields()...)
			tasks = append(tasks, t)
		} else {
			var p [2]int64
			err = rows.Scan([]any{&p[0], &p[1]}[:len(names)]...)
			pairs = append(pairs, p)
		}
		if err != nil {
			return err
		}
	}
	if len(tasks)+len(pairs) == 0 {
		return errors.New("no rows")
	}
	return nil
}

func BenchmarkListStore(b *testing.B) {
	w := benchWorld(b)
	b.ReportAllocs()
	for b.Loop() {
		ts, err := store.Read(b.Context(), w.db, func(tx *store.Tx) ([]plan.Task, error) { return tx.Tasks(oneList) })
		if err != nil || len(ts) != listed {
			b.Fatal(len(ts), err)
		}
	}
}

// inserted counts the tasks that benchmarks have inserted.
var inserted atomic.Int64

// unused returns the key of a task that is not in the plan.
func unused() plan.Key { return plan.Key{Epic: 2, Feature: 1, Task: 1000 + int(inserted.Add(1))} }

func BenchmarkInsertDriver(b *testing.B) { eachDriver(b, insertDriver) }

func insertDriver(b *testing.B, w *world, d bare) {
	b.ReportAllocs()
	for b.Loop() {
		k := unused()
		at := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		err := d(b.Context(), true, func(s statements) error {
			err := s.exec(b.Context(), "insert into tasks ("+bareColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)",
				k.Ordinal(), k.FeatureKey().Ordinal(), k.String(), "Validate the card numbers", "As in the guide.", "todo", nil, 5, nil, nil, nil,
				nil, nil, 0, 1, nil, 0, 0, 1, at, nil, nil, nil, at, "0123456789abcdef0123456789abcdef")
			if err == nil {
				err = s.exec(b.Context(), "insert or replace into task_search (rowid, title, body) values ($1, $2, $3)", k.Ordinal(), "validate the card numbers", "as in the guide")
			}
			if err == nil {
				err = s.exec(b.Context(), "insert into task_history (task_id, old_status, new_status, agent, session, surface, notes, timestamp, change, operation, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
					k.Ordinal(), nil, "todo", "unknown", nil, nil, nil, at, nil, operation, fmt.Sprintf("%032x", k.Task))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInsertStore(b *testing.B) {
	w := benchWorld(b)
	b.ReportAllocs()
	for b.Loop() {
		k := unused()
		err := inOne(b.Context(), w.db, func(tx *store.Tx) error {
			now, err := tx.Now()
			if err != nil {
				return err
			}
			return tx.InsertTask(&plan.Task{Key: k, Title: "Validate the card numbers", Description: "As in the guide.", Status: plan.Todo,
				Priority: 5, Offered: true, CreatedAt: now, UpdatedAt: now}, plan.History{NewStatus: "todo"})
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
