package sqlite

import (
	"context"
	"sync"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// again is how long after an interrupt the next one comes, until what was to
// be interrupted has ended: SQLite forgets one that comes before a statement
// has begun.
const again = time.Millisecond

// A watcher interrupts what a connection is doing when a context has ended.
type watcher struct {
	mu   sync.Mutex
	over bool
}

// watch interrupts what the connection does from now on when ctx ends, until
// the function that it returns is called.
func (c *Conn) watch(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	w := &watcher{}
	unneeded := context.AfterFunc(ctx, func() {
		for w.interrupt(c) {
			time.Sleep(again)
		}
	})
	return func() {
		if !unneeded() {
			w.mu.Lock()
			w.over = true
			w.mu.Unlock()
		}
	}
}

// interrupt interrupts the connection, unless the watch is over. It is the
// one thing that may be done to a connection that another goroutine uses.
func (w *watcher) interrupt(c *Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		sqlite3.Xsqlite3_interrupt(c.tls, c.db)
	}
	return !w.over
}
