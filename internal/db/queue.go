package db

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"pm/internal/plan"
)

// A queue lets the writers of one SQLite file in one after another: those of
// this process through a channel, those of other processes through a lock in
// the kernel, on a file beside the database. Without it writers fight over
// SQLite's own lock, which knows no order, and some of them starve. The
// kernel releases the lock of a process that dies.
type queue struct {
	path string
	wait time.Duration
	turn chan struct{} // holds one token: the right to use file

	waiting func(Work) // told of the work that is waited for; may be nil

	mu        sync.Mutex
	file      *os.File
	published bool // the file holds the work of this process
}

func newQueue(path string, wait time.Duration, waiting func(Work)) *queue {
	q := &queue{path: path, wait: wait, waiting: waiting, turn: make(chan struct{}, 1)}
	q.turn <- struct{}{}
	return q
}

// enter waits for its turn, at most the queue's wait, and returns what gives
// the turn on. Past the wait it fails with plan.Unavailable.
func (q *queue) enter(ctx context.Context) (release func(), err error) {
	waiting := &stay{wait: q.wait, began: time.Now()}
	for {
		// Whoever removes the lock's file has the next process make another one:
		// a turn counts if all others would wait for it.
		if release, err = q.take(ctx, waiting); err != nil || q.isAtPath() {
			return release, err
		}
		release()
	}
}

// take takes a turn on the file that is open or, if it is none any more, on
// the one at its path.
func (q *queue) take(ctx context.Context, waiting *stay) (release func(), err error) {
	if _, err := await(ctx, q, waiting, q.turn); err != nil {
		return nil, err
	}
	f, err := q.open()
	if err != nil {
		q.turn <- struct{}{}
		return nil, err
	}
	// Most often nobody else writes: then this costs one system call.
	if ok, err := tryLockFile(f); err != nil || ok {
		if err != nil {
			q.turn <- struct{}{}
			return nil, fileError(err, q.path)
		}
		return q.leave, nil
	}
	locked := make(chan error, 1)
	go func() { locked <- lockFile(f) }()
	lockErr, err := await(ctx, q, waiting, locked)
	if err == nil {
		if lockErr != nil {
			q.turn <- struct{}{}
			return nil, fileError(lockErr, q.path)
		}
		return q.leave, nil
	}
	// The kernel's wait cannot be called off: give the turn on once it is over.
	go func() {
		if <-locked == nil {
			q.leave()
		} else {
			q.turn <- struct{}{}
		}
	}()
	return nil, err
}

func (q *queue) leave() {
	q.mu.Lock()
	q.withdraw()
	unlockFile(q.file)
	q.mu.Unlock()
	q.turn <- struct{}{}
}

func (q *queue) open() (*os.File, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.file != nil {
		if sameFile(q.file, q.path) {
			return q.file, nil
		}
		q.file.Close()
		q.file = nil
	}
	f, err := os.OpenFile(q.path, os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errReadOnlyFS) {
		return nil, plan.Errorf(plan.Permission, "cannot write %s, which keeps the order of writers", q.path).
			WithCode("read_only").WithHint("check the permissions of the directory; reading works without it")
	}
	if err != nil {
		return nil, fileError(err, q.path)
	}
	q.file = f
	return f, nil
}

func (q *queue) isAtPath() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.file == nil || sameFile(q.file, q.path)
}

func sameFile(f *os.File, path string) bool {
	open, err := f.Stat()
	now, pathErr := os.Stat(path)
	return err == nil && pathErr == nil && os.SameFile(open, now)
}

func (q *queue) late(s *stay, w Work) error {
	if w.What != "" {
		return workError(time.Since(s.began).Round(time.Second), w)
	}
	return waitedFor(q.wait, strings.TrimSuffix(q.path, "-lock"))
}

func (q *queue) close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.file == nil {
		return nil
	}
	err := q.file.Close()
	q.file = nil
	return err
}
