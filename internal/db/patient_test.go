package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pm/internal/db/pgtest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// counted counts how often it is asked for a connection, and refused one.
type counted struct {
	driver.Connector
	refused func()
}

func (c counted) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if isFull(err) {
		c.refused()
	}
	return conn, err
}

// A server that has no connection left is waited for, until one has ended, the
// wait is over or nobody waits any more.
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
	var refused atomic.Int32
	one := sql.OpenDB(patient{counted{stdlib.GetConnector(*conf), func() { refused.Add(1) }}, 10 * time.Millisecond})
	defer one.Close()
	if err := one.Ping(); !isFull(err) {
		t.Errorf("past its wait it says %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	one = sql.OpenDB(patient{counted{stdlib.GetConnector(*conf), cancel}, time.Minute})
	defer one.Close()
	if err := one.PingContext(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("called off it says %v", err)
	}
	refused.Store(0)
	one = sql.OpenDB(patient{counted{stdlib.GetConnector(*conf), func() {
		if refused.Add(1) == 2 {
			only.Close(context.Background())
		}
	}}, time.Minute})
	defer one.Close()
	if err := one.Ping(); err != nil || refused.Load() < 2 {
		t.Errorf("refused %d times, then %v", refused.Load(), err)
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
