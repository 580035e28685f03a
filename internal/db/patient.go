package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// patient connects to a server that has as many connections as it takes (100, unless
// told otherwise, and each process needs one) as soon as one of them has ended, and
// waits for that as long as a write waits for its turn.
type patient struct {
	driver.Connector
	wait time.Duration
}

// mostPause is how long it pauses at most before it asks again: each time the server
// starts a process to refuse it.
const mostPause = time.Second

func (p patient) Connect(ctx context.Context) (driver.Conn, error) {
	until := time.Now().Add(p.wait)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, mostPause) {
		c, err := p.Connector.Connect(ctx)
		if !isFull(err) || time.Now().After(until) {
			return c, err
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// isFull reports whether a server, a database or a role has no connection left.
func isFull(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "53300"
}
