package db

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// A server is PostgreSQL's handle.
//
// Between pm and the server may stand a pooler (pgbouncer, Odyssey, pgcat, RDS
// Proxy) that gives each transaction a connection of its choice. What belongs
// to a connection is lost then, or another's: prepared statements, and the
// settings of the address, among them search_path, which poolers refuse or
// ignore. A server notices a pooler by that, or by the process at the other
// end, which is not the one that it was told of. From then on it prepares
// nothing that lasts, and makes the settings in each transaction.
type server struct {
	*sql.DB
	wait     time.Duration // for a connection
	settings string        // the statement that makes the settings of the address, and our own
	own      sync.Map      // the connections, by the server's process that each began with
	pooled   atomic.Bool
	prepares bool           // statements are prepared, unless it is pooled
	aside    func() *sql.DB // opens it once more, for a look that must not wait for one of its connections
	writers  chan struct{}  // has one for each connection that a write has
}

func newServer(conf pgx.ConnConfig, wait time.Duration) *server {
	h := &server{wait: wait, settings: settingsOf(conf.RuntimeParams), prepares: conf.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement}
	h.DB = stdlib.OpenDB(conf, stdlib.OptionBeforeConnect(h.dress), stdlib.OptionAfterConnect(h.remember))
	h.SetMaxOpenConns(poolSize)
	h.SetMaxIdleConns(poolSize)
	h.writers = make(chan struct{}, poolSize-keptForReads)
	h.aside = func() *sql.DB { return stdlib.OpenDB(conf, stdlib.OptionBeforeConnect(h.dress)) }
	return h
}

// pids returns the server's processes of our connections, between commas;
// empty where a pooler stands before them.
func (h *server) pids() string {
	if h.pooled.Load() {
		return ""
	}
	h.forget()
	var pids []string
	h.own.Range(func(pid, _ any) bool {
		pids = append(pids, strconv.FormatInt(pid.(int64), 10))
		return true
	})
	return strings.Join(pids, ", ")
}

// mostConnect bounds how long a server may take to let a connection in, unless the
// address says so: one that accepts it and says nothing would be waited for for ever.
const mostConnect = 20 * time.Second

// dress bounds the wait for a new connection, and leaves out of it what a pooler does
// not take.
func (h *server) dress(_ context.Context, conf *pgx.ConnConfig) error {
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = mostConnect
	}
	if h.pooled.Load() {
		kept := map[string]string{}
		if name, ok := conf.RuntimeParams["application_name"]; ok {
			kept["application_name"] = name
		}
		conf.RuntimeParams = kept
	}
	return nil
}

// remember keeps the process of a new connection in mind.
func (h *server) remember(_ context.Context, c *pgx.Conn) error {
	h.forget()
	h.own.Store(int64(c.PgConn().PID()), c)
	return nil
}

// forget forgets the processes of connections that have ended: they may be another's.
func (h *server) forget() {
	h.own.Range(func(pid, of any) bool {
		select {
		case <-of.(*pgx.Conn).PgConn().CleanupDone():
			h.own.Delete(pid)
		default:
		}
		return true
	})
}

func (h *server) within(ctx context.Context, b beginning, f func(session) error) error {
	if b.writes {
		select {
		case h.writers <- struct{}{}:
			defer func() { <-h.writers }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	direct := !h.pooled.Load()
	err := h.try(ctx, b, f)
	if direct && refusesSettings(err) { // nothing has run
		h.pooled.Store(true)
		err = h.try(ctx, b, f)
	}
	return err
}

func (h *server) try(ctx context.Context, b beginning, f func(session) error) (err error) {
	// Readers see one moment. Writers lock the rows they decide on, and so
	// need no more than to read what is committed.
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: !b.overlay}
	if b.writes {
		options = &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	// A commit must not be cut off the moment its caller is gone: whether it was
	// done would be unknown. So the transaction ends with a context of its own,
	// which follows the caller's until the commit.
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	detach := context.AfterFunc(ctx, cancel)
	defer detach()
	begin, conn, tx := h.BeginTx, (*sql.Conn)(nil), (*sql.Tx)(nil)
	if b.overlay { // which copies rows in: see Tx.Load
		if err = h.patiently(ctx, func() error { conn, err = h.Conn(inner); return err }); err != nil {
			return endOf(ctx, err)
		}
		defer conn.Close()
		begin = conn.BeginTx
	}
	if err = h.patiently(ctx, func() error { tx, err = begin(inner, options); return err }); err != nil {
		return endOf(ctx, err)
	}
	defer tx.Rollback() // does nothing after a commit
	return f(&serverSession{h: h, ctx: ctx, tx: tx, conn: conn, detach: detach, cancel: cancel, anew: b.overlay})
}

// refusesSettings reports whether a connection was refused for a setting, as
// poolers do it.
func refusesSettings(err error) bool {
	var connect *pgconn.ConnectError
	var e *pgconn.PgError
	return errors.As(err, &connect) && errors.As(err, &e) && (e.Code == "08P01" || e.Code == "0A000")
}

// endOf returns the caller's own reason where err is that its context ended.
func endOf(ctx context.Context, err error) error {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

type serverSession struct {
	h      *server
	set    bool // the settings were made in this transaction
	anew   bool // names mean something else in it: statements that were prepared before are of no use
	ctx    context.Context
	tx     *sql.Tx
	conn   *sql.Conn   // that it runs on; of an overlay only
	detach func() bool // from the caller's context
	cancel func()      // ends the transaction
}

// prepare makes the settings, before the first statement of a
// transaction that a pooler has given a connection to. That it is one may be
// found out by another transaction while this one is under way.
func (s *serverSession) prepare() error {
	if s.set || !s.h.pooled.Load() {
		return nil
	}
	s.set = true
	_, err := s.tx.ExecContext(s.ctx, s.h.settings)
	return err
}

// isOwn reports whether a process of the server is one that a connection began
// with. Where it is not there is a pooler.
func (s *serverSession) isOwn(pid int64) bool {
	_, own := s.h.own.Load(pid)
	return own
}

// how adds, to the arguments of a statement, how it is to be run.
func (s *serverSession) how(args []any) []any {
	if !s.anew && (!s.h.prepares || !s.h.pooled.Load()) {
		return args
	}
	return s.varying(args)
}

// varying has a statement be planned for its arguments: without a name it is.
func (s *serverSession) varying(args []any) []any {
	return append([]any{pgx.QueryExecModeCacheDescribe}, args...)
}

func (s *serverSession) exec(text string, args ...any) (int64, error) {
	if err := s.prepare(); err != nil {
		return 0, err
	}
	result, err := s.tx.ExecContext(s.ctx, text, s.how(args)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (s *serverSession) query(text string, args ...any) (cursor, error) {
	if err := s.prepare(); err != nil {
		return nil, err
	}
	return s.tx.QueryContext(s.ctx, text, s.how(args)...)
}

// ask runs a query, once, for its first row. It prepares nothing: what
// connection this is, and what others have prepared on it, may not be known.
func (s *serverSession) ask(text string, into ...any) error {
	rows, err := s.query(text, pgx.QueryExecModeExec)
	if err == nil {
		_, err = first(rows, into...)
	}
	return err
}

func (s *serverSession) unguarded(f func() error) error { return f() }

func (s *serverSession) cache(int) error { return nil }

// commitGrace is how long a commit that was sent goes on after its caller's
// context has ended.
const commitGrace = time.Second

func (s *serverSession) commit() (tried bool, err error) {
	if !s.detach() {
		return false, s.ctx.Err()
	}
	defer context.AfterFunc(s.ctx, func() { time.AfterFunc(commitGrace, s.cancel) })()
	return true, endOf(s.ctx, s.tx.Commit())
}

func (s *serverSession) rollback() error { return s.tx.Rollback() }
