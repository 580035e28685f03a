package db

import (
	"errors"
	"fmt"
	"hash/fnv"
	"time"
)

// On PostgreSQL writers lock the rows that they decide on, and go on beside each
// other. One that changes very many rows would do so slowly, and those who wait for
// its rows would wait as long: so it takes the turn of all writers, as every writer
// does on SQLite. Each write holds an advisory lock with others, and the one whose
// turn it is holds it alone. It asks for that before it has locked or changed much,
// and begins anew: to wait for others with locks held is how two wait for each other.
//
// The lock ends with its transaction, however that ends, and is one of each
// database and schema. Who reads, or rehearses, takes none.

const (
	// turnWait is how long a write waits for its turn: all who begin after it
	// wait behind it.
	turnWait = 2 * time.Second

	// mostTurns is how often it asks for one: what others do may take longer than
	// turnWait. Then it goes on beside them.
	mostTurns = 3

	// turnClass is the first key of the lock.
	turnClass = 0x706d // "pm"
)

// errTurn ends a transaction that is to have its turn, and is run again.
var errTurn = errors.New("the write needs its turn")

// TakeTurn says that this transaction, which has not done much yet, is going to
// change so many rows that no other should write meanwhile. Unless none does, the
// transaction is to end with the error, and begins anew alone. Where its turn did
// not come in time there is no error: others write beside it.
func (tx *Tx) TakeTurn() error {
	if tx.IsAlone() || !tx.writes || tx.db.opts.Rehearse || tx.turns >= mostTurns {
		return nil
	}
	return errTurn
}

// IsAlone reports whether no other transaction writes until this one, which does,
// has ended.
func (tx *Tx) IsAlone() bool { return tx.alone || tx.db.d.ForUpdate == "" }

// enter begins a write on PostgreSQL, in one round trip: it takes its share of the
// turn, or all of it, and says how long it waits for others from then on. For its
// share it waits in steps, with a look between them at what it waits for: as long as
// it waits it has one connection to the server, which may be short of them.
func (tx *Tx) enter() error {
	text := "set local lock_timeout = " + tx.db.patience
	if !tx.db.opts.Rehearse {
		lock, wait := "pg_advisory_xact_lock_shared", tx.watch.patience()
		if tx.alone {
			lock, wait = "pg_advisory_xact_lock", min(turnWait, tx.db.opts.wait())
		}
		text = fmt.Sprintf("set local lock_timeout = %d; select %s(%d, %d); %s", max(wait.Milliseconds(), 1), lock, turnClass, int32(hashOf(tx.db.schemaName.Load().(string))), text)
	}
	began := time.Now()
	_, err := tx.session.exec(text)
	tx.entered = err == nil
	tx.watch.deaf.Store(!tx.entered)
	tx.db.step("tx.wait", began, err)
	return err
}

// hashOf tells a schema from others.
func hashOf(schema string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(schema))
	return h.Sum32()
}
