package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// mostPause is how long it is at most until a server that was full is asked again:
// each time it starts a process to refuse that.
const mostPause = time.Second

// patiently begins what needs a connection as soon as there is one, if the server
// has as many as it takes (100, unless told otherwise, and each process needs one):
// when another has ended, or one of our own is free. It waits for that as long as a
// write waits for its turn.
func (h *server) patiently(ctx context.Context, begin func() error) error {
	until := time.Now().Add(h.wait)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, mostPause) {
		err := begin()
		if !isFull(err) || time.Now().After(until) {
			return err
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// isFull reports whether a server, a database or a role has no connection left.
func isFull(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "53300"
}
