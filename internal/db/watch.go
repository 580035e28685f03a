package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// On PostgreSQL a transaction announces its work in the name of its
// application, which all sessions see at once, though it was set in a
// transaction, and which the server forgets with the transaction, however that
// ends. It has 63 bytes, and ASCII only.

// watchStep is how often a write that takes long looks for announced work.
const watchStep = time.Second

// workSign is what the name of the application of announced work begins with,
// in a schema.
func workSign(schema string) string { return fmt.Sprintf("pm:%08x:", hashOf(schema)) }

func (w Work) sign(schema string) string {
	return fmt.Sprintf("%s%d/%d:%s:%s", workSign(schema), w.Done, w.Total, w.What, w.Agent)
}

// signed reads what sign has written, of which the end may be missing.
func signed(name string) (w Work, valid bool) {
	parts := strings.SplitN(name, ":", 5)
	if len(parts) < 4 {
		return w, false
	}
	done, total, _ := strings.Cut(parts[2], "/")
	var errDone, errTotal error
	w.Done, errDone = strconv.Atoi(done)
	w.Total, errTotal = strconv.Atoi(total)
	w.What = parts[3]
	if len(parts) == 5 {
		w.Agent = parts[4]
	}
	return w, errDone == nil && errTotal == nil
}

var workAnnounce = Named("tx.announce", "select set_config('application_name', $1, true)")

// publish announces the work on PostgreSQL. A failure shows at the next
// statement.
func (tx *Tx) publish(w Work) {
	tx.watch.own.Store(true)
	var name string
	tx.ScanOne(workAnnounce, []any{&name}, w.sign(tx.db.schemaName.Load().(string)))
}

// A watch looks, while a write on PostgreSQL takes long, for announced work
// that it may wait for, and tells Options.Waiting of it.
type watch struct {
	db    *DB
	ctx   context.Context
	own   atomic.Bool // the attempt has announced work itself
	began time.Time
	timer *time.Timer

	mu    sync.Mutex
	ended bool
	work  Work
	found bool // since the attempt began
}

// watch begins to watch. On SQLite the queue does it, and the watch is nil.
func (db *DB) watch(ctx context.Context) *watch {
	if db.queue != nil {
		return nil
	}
	w := &watch{db: db, ctx: ctx, began: time.Now()}
	w.mu.Lock() // the timer must be there before it fires
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(watchStep, w.step)
	return w
}

// begin begins an attempt: what the one before announced is gone with it.
func (w *watch) begin() {
	if w != nil {
		w.own.Store(false)
	}
}

func (w *watch) end() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.timer.Stop()
}

func (w *watch) step() {
	w.look(true)
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.timer.Reset(watchStep)
	}
}

// look looks for work; waits says that only a session of ours which waits for
// a lock is a reason to.
func (w *watch) look(waits bool) {
	if w.own.Load() {
		return
	}
	work, found := w.db.announced(w.ctx, waits)
	w.mu.Lock()
	ended := w.ended
	if found {
		w.work, w.found = work, true
	}
	w.mu.Unlock()
	if tell := w.db.opts.Waiting; found && !ended && tell != nil {
		tell(work)
	}
}

// again reports whether the write, which has waited for a lock in vain, is to
// be run again, because announced work holds it up and there is time left for
// that; late is the error if there is none.
func (w *watch) again() (again bool, late error) {
	if w == nil {
		return false, nil
	}
	w.look(false)
	w.mu.Lock()
	defer w.mu.Unlock()
	found, waited := w.found, time.Since(w.began)
	w.found = false
	switch {
	case !found:
		return false, nil
	case waited < longWait:
		return true, nil
	}
	return false, workError(waited.Round(time.Second), w.work)
}

// announced looks for work that was announced in the schema. With waits it
// finds it only while a session of this process waits for a lock, as far as
// that can be told: behind a pooler it cannot.
func (db *DB) announced(ctx context.Context, waits bool) (w Work, found bool) {
	schema, known := db.schemaName.Load().(string)
	if !known {
		return w, false
	}
	text := "select application_name from pg_stat_activity where datname = current_database() and application_name like " + literal(workSign(schema)+"%")
	h := db.writer.(*server)
	if pids := h.pids(); waits && pids != "" {
		text += " and exists (select from pg_stat_activity where wait_event_type = 'Lock' and pid in (" + pids + "))"
	}
	ctx, cancel := context.WithTimeout(ctx, watchStep)
	defer cancel()
	var name string
	if err := h.beside(ctx, text+" order by backend_start limit 1", &name); err != nil {
		return w, false
	}
	return signed(name)
}
