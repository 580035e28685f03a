//go:build unix

package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

const (
	startPatience = 20 * time.Second // until the server accepts connections
	stopPatience  = 10 * time.Second // until it has ended, before it is killed
)

var errEnded = errors.New("the PostgreSQL server ended while starting")

// A child is a process we started.
type child struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // how it ended; valid when done
}

// spawn starts the command. The thread that started it waits for it: a death
// signal (see dieWithUs) comes with the end of that thread, not of the process.
func spawn(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := cmd.Start()
		started <- err
		if err == nil {
			c.err = cmd.Wait()
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}

func (c *child) wait() error {
	<-c.done
	return c.err
}

// end asks a PostgreSQL server to end at once, and kills it if it does not.
func (c *child) end() {
	_ = c.cmd.Process.Signal(syscall.SIGQUIT) // "immediate shutdown"
	select {
	case <-c.done:
	case <-time.After(stopPatience):
		_ = c.cmd.Process.Kill()
		<-c.done
	}
}

// answers returns nil once the server of this cluster name answers at dsn. The
// error is errEnded when the child has ended before.
func (c *child) answers(dsn, cluster string) error {
	return c.until("the PostgreSQL server", dsn, func(ctx context.Context, db *sql.DB) error {
		var got string
		err := db.QueryRowContext(ctx, "show cluster_name").Scan(&got)
		if err == nil && got != cluster {
			err = fmt.Errorf("another, %q, has its port", got)
		}
		return err
	})
}

// until tries until it succeeds, the child, called what in errors, has ended,
// or it has taken too long.
func (c *child) until(what, dsn string, try func(context.Context, *sql.DB) error) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try(ctx, db)
		if err == nil {
			return nil
		}
		select {
		case <-c.done:
			return fmt.Errorf("%w (%v)", errEnded, c.err)
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer within %v: %w", what, startPatience, err)
		case <-tick.C:
		}
	}
}
