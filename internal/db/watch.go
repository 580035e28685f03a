package db

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// On PostgreSQL a transaction announces its work in the name of its
// application, which all sessions see at once, though it was set in a
// transaction, and which the server forgets with the transaction, however that
// ends. It has 63 bytes, and ASCII only.

// watchStep is after how long a write that waits looks for announced work first.
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
	tx.watch.deaf.Store(true)
	var name string
	tx.ScanOne(workAnnounce, []any{&name}, w.sign(tx.db.schemaName.Load().(string)))
}

// A watch looks, while a write on PostgreSQL takes long, for announced work
// that it may wait for, and tells Options.Waiting of it. A write that waits to be
// let in looks for itself between two steps of that (see Tx.enter).
type watch struct {
	db    *DB
	ctx   context.Context
	deaf  atomic.Bool // the attempt was not let in yet, or has announced work itself
	timer *time.Timer

	mu    sync.Mutex
	stay  stay
	ended bool
	work  Work
	found bool // since the attempt began
}

// watch begins to watch. On SQLite the queue does it, and the watch is nil.
func (db *DB) watch(ctx context.Context) *watch {
	if db.queue != nil {
		return nil
	}
	w := &watch{db: db, ctx: ctx, stay: stay{wait: db.opts.wait(), began: time.Now()}}
	w.mu.Lock() // the timer must be there before it fires
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(watchStep, w.step)
	return w
}

// begin begins an attempt: what the one before announced is gone with it.
func (w *watch) begin() {
	if w != nil {
		w.deaf.Store(true)
	}
}

// pause is how long it is until the next look: the longer, the longer the write has
// waited. For a look a connection is made, or an attempt ends with an error in the log
// of the server.
func (w *watch) pause() time.Duration { return watchStep + time.Since(w.stay.began)/2 }

// patience is how long an attempt waits to be let in before it looks for what.
func (w *watch) patience() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return min(w.pause(), time.Until(w.stay.end(false)))
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
	if !w.deaf.Load() {
		aside := w.db.writer.(*server).aside()
		work, found := w.db.announced(w.ctx, aside, true)
		aside.Close() // others may need the connection
		w.look(work, found)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.timer.Reset(w.pause())
	}
}

// look tells of the work that was found.
func (w *watch) look(work Work, found bool) {
	w.mu.Lock()
	ended := w.ended
	if found {
		w.work, w.found, w.stay.seen = work, true, time.Now()
	}
	w.mu.Unlock()
	if tell := w.db.opts.Waiting; found && !ended && tell != nil {
		tell(work)
	}
}

// again reports whether the write, which has waited for others in vain, is to
// be run again: because announced work holds it up, or because it was not let in
// yet, and there is time left; late is the error if there was time for announced
// work only. It looks on the connection that the attempt has left.
func (w *watch) again(letIn bool) (again bool, late error) {
	if w == nil {
		return false, nil
	}
	w.look(w.db.announced(w.ctx, w.db.server(), false))
	w.mu.Lock()
	defer w.mu.Unlock()
	found := w.found
	w.found = false
	switch {
	case (found || !letIn) && time.Now().Before(w.stay.end(found)):
		return true, nil
	case found:
		return false, workError(time.Since(w.stay.began).Round(time.Second), w.work)
	}
	return false, nil
}

// announced looks for work that was announced in the schema. With waits it
// finds it only while a session of this process waits for a lock, as far as
// that can be told: behind a pooler it cannot.
func (db *DB) announced(ctx context.Context, on *sql.DB, waits bool) (w Work, found bool) {
	schema, known := db.schemaName.Load().(string)
	if !known {
		return w, false
	}
	text := "select application_name from pg_stat_activity where datname = current_database() and application_name like " + literal(workSign(schema)+"%")
	if pids := db.writer.(*server).pids(); waits && pids != "" {
		text += " and exists (select from pg_stat_activity where wait_event_type = 'Lock' and pid in (" + pids + "))"
	}
	ctx, cancel := context.WithTimeout(ctx, watchStep)
	defer cancel()
	var name string
	if err := on.QueryRowContext(ctx, text+" order by backend_start limit 1", pgx.QueryExecModeExec).Scan(&name); err != nil { // it prepares nothing
		return w, false
	}
	return signed(name)
}
