package db

import "time"

// Options are the ways to open a database. The zero value is right for work.
type Options struct {
	// NormalDurability gives up, on SQLite, what a power cut finds unsynced:
	// committed changes of the last moments. The default loses none.
	NormalDurability bool

	// WriteWait is how long a write waits for its turn; 0 means DefaultWriteWait.
	WriteWait time.Duration

	// KeepIdle is how long a connection to a server is kept while nothing uses
	// it; 0 means DefaultKeepIdle.
	KeepIdle time.Duration

	// Waiting, where set, is told again and again while a write waits of what it
	// waits for, if that is an operation that takes long and has announced
	// itself. It may be called by several goroutines at once.
	Waiting func(Work)

	// ReadOnly refuses every write. It is for files that nobody writes to, such
	// as backups: they may have several hard links.
	ReadOnly bool

	// Rehearse lets every write run and then takes it back: it answers as if
	// it had been done, and leaves no trace.
	Rehearse bool

	// Upgrading, where set, is called by Upgrade on SQLite before the first step,
	// while nobody can write, with what writes a copy of the database to a file.
	// Its error ends the upgrade before anything is changed.
	Upgrading func(copyTo func(path string) error) error

	// Lazy leaves what Open checks to the first transaction, which does it on
	// the connection that it needs anyway, and a read within itself: a process
	// that only writes opens one, and not a second one to look at the file
	// before.
	Lazy bool

	// FileSystem, where set, says on which network file system a directory lies,
	// instead of the kernel; empty: on none.
	FileSystem func(dir string) string

	// Observe, where set, is told of every statement that has run. It may be
	// called by several goroutines at once.
	Observe func(Statement)
}

// DefaultWriteWait is how long a write waits for its turn before it fails
// with plan.Unavailable.
const DefaultWriteWait = 10 * time.Second

// DefaultKeepIdle is a minute: a server has 100 connections, unless it is set
// otherwise, and each agent a process that mostly waits for it.
const DefaultKeepIdle = time.Minute

// A Statement is one statement that ran: its name, its text, how long it
// took, from the call to the last row, how many rows it returned or changed,
// and the error it ended with. A step of a transaction, such as tx.commit, has
// a name and no text.
type Statement struct {
	Name string
	Text string
	Args []any
	Took time.Duration
	Rows int64
	Err  error
}

func (o Options) wait() time.Duration {
	if o.WriteWait > 0 {
		return o.WriteWait
	}
	return DefaultWriteWait
}

func (o Options) synchronous() string {
	if o.NormalDurability {
		return "normal"
	}
	return "full"
}
