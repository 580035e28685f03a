package db

import (
	"context"
	"database/sql"
	"net"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db/pgtest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A server that has no connection left is waited for, until one has ended, one of our
// own is free, the wait is over or nobody waits any more.
func TestNoConnectionLeft(t *testing.T) {
	dsn := pgtest.DSN(t)
	owner, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	role := "guest_of_" + strings.ToLower(u.Path[1:])
	if _, err := owner.Exec("create role " + role + " login connection limit 1"); err != nil {
		t.Fatal(err)
	}
	defer owner.Exec("drop role " + role)
	u.User = url.User(role)
	conf, err := pgx.ParseConfig(u.String())
	if err != nil {
		t.Fatal(err)
	}
	only, err := pgx.ConnectConfig(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	open := func(wait time.Duration, dialed func()) (h *server, read func(func(session) error) error) {
		c, dial := *conf, conf.DialFunc
		c.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
			dialed()
			return dial(ctx, network, address)
		}
		h = newServer(c, wait)
		t.Cleanup(func() { h.Close() })
		return h, func(f func(session) error) error { return h.within(t.Context(), beginning{}, f) }
	}
	nothing := func(session) error { return nil }
	h, read := open(10*time.Millisecond, func() {})
	if err := read(nothing); !isFull(err) {
		t.Errorf("past its wait it says %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := h.patiently(ctx, func() error { cancel(); return &pgconn.PgError{Code: "53300"} }); err != context.Canceled {
		t.Errorf("called off it says %v", err)
	}
	var dialed atomic.Int32
	free := make(chan bool)
	_, read = open(time.Minute, func() {
		switch dialed.Add(1) {
		case 3:
			only.Close(context.Background())
		case 12: // of the second
			close(free)
		}
	})
	second := make(chan error)
	if err := read(func(session) error {
		dialed.Store(8)
		go func() { second <- read(nothing) }()
		<-free
		return nil
	}); err != nil {
		t.Errorf("after another's has ended: %v", err)
	}
	if err := <-second; err != nil {
		t.Errorf("after one of its own is free: %v", err)
	}
}

// A server that accepts a connection and says nothing is not waited for for ever.
func TestAConnectionIsNotWaitedForForEver(t *testing.T) {
	for address, want := range map[string]time.Duration{"postgres://db.example.com/pm": mostConnect, "postgres://db.example.com/pm?connect_timeout=3": 3 * time.Second} {
		conf, err := pgx.ParseConfig(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := new(server).dress(t.Context(), conf); err != nil || conf.ConnectTimeout != want {
			t.Errorf("%s: %s (%v)", address, conf.ConnectTimeout, err)
		}
	}
}

// A connection that has ended is none of ours any more: its process may be another's.
func TestProcessesOfConnectionsThatEnded(t *testing.T) {
	d, err := openPostgres(pgtest.DSN(t), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	h := d.writer.(*server)
	if err := h.Ping(); err != nil || h.pids() == "" {
		t.Fatalf("of an open connection it knows %q, %v", h.pids(), err)
	}
	h.SetMaxIdleConns(-1) // ends it
	for over := time.Now().Add(30 * time.Second); h.pids() != ""; runtime.Gosched() {
		if time.Now().After(over) {
			t.Fatalf("it keeps %s", h.pids())
		}
	}
}
