package db

import (
	"context"
	"slices"

	"pm/internal/sqlite"
)

// An Aside is a temporary database with tables of the file's schema. What is put into
// it another goroutine inserts, while the transaction goes on with other tables: a
// connection does one thing at a time. Nobody else sees it, and it is gone when the
// transaction ends.
type Aside struct {
	tx    *Tx
	pool  file
	todo  chan func(session) error
	ended chan error
	done  bool
	err   error // what it ended with
}

// Aside makes one, with the tables that setup makes. Only a file has it.
func (tx *Tx) Aside(setup string) *Aside {
	a := &Aside{tx: tx, todo: make(chan func(session) error), ended: make(chan error, 1),
		pool: file{sqlite.NewPool("", sqlite.Options{Pragmas: []string{"journal_mode=off", "synchronous=off"}})}}
	tx.aside = a
	go a.work(tx.ctx, setup)
	return a
}

func (a *Aside) work(ctx context.Context, setup string) {
	err := a.pool.within(ctx, beginning{writes: true}, func(s session) error {
		_, err := s.exec(setup)
		for f := range a.todo {
			if err == nil {
				err = f(s)
			}
			if err != nil {
				return err
			}
		}
		if err == nil {
			_, err = s.commit()
		}
		return err
	})
	a.ended <- err
}

// do has f called once what was given before is done. Its error is that of a later
// call.
func (a *Aside) do(f func(session) error) error {
	if !a.done {
		select {
		case a.err = <-a.ended:
			a.done = true
		case a.todo <- f:
		}
	}
	return a.tx.db.translate(a.err)
}

// end waits until what was given is done.
func (a *Aside) end() error {
	if !a.done {
		close(a.todo)
		a.err, a.done = <-a.ended, true
	}
	return a.tx.db.translate(a.err)
}

// Exec runs a statement.
func (a *Aside) Exec(text string) error {
	return a.do(func(s session) error { _, err := s.exec(text); return err })
}

// Insert inserts rows, of which args has the values.
func (a *Aside) Insert(i Insertion, args ...any) error {
	rows, text := slices.Clone(args), a.tx.text(i, 1)
	return a.do(func(s session) error {
		_, err := s.(fileSession).execRows(text, i.width(), rows)
		return err
	})
}

// FlushAside is Flush into an Aside.
func (b *Batch) FlushAside(a *Aside, all bool) error {
	return b.take(all, func(args []any, _ int) error { return a.Insert(b.Insertion, args...) })
}

// copiedAtOnce is how many rows of an Aside one statement inserts.
const copiedAtOnce = 100

// Copy ends the Aside, and inserts all rows of tables into those of the file.
func (a *Aside) Copy(tables ...Insertion) error {
	if err := a.end(); err != nil {
		return err
	}
	return a.tx.db.translate(a.pool.within(a.tx.ctx, beginning{}, func(s session) error {
		for _, i := range tables {
			if err := a.copyTable(s, i); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (a *Aside) copyTable(s session, i Insertion) error {
	rows, err := s.query("select " + i.Columns + " from " + i.Table)
	if err != nil {
		return err
	}
	defer rows.Close()
	batch, row, into := NewBatch(i, copiedAtOnce), make([]any, i.width()), make([]any, i.width())
	for n := range row {
		into[n] = &row[n]
	}
	put := func(s Stmt, args []any, _ int) error { _, err := a.tx.Exec(s, args...); return err }
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		batch.Add(row[0], row[1:])
		if err := batch.Each(a.tx, false, put); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return batch.Each(a.tx, true, put)
}

// close gives up what is not done, and closes the database.
func (a *Aside) close() {
	if a != nil {
		a.end()
		a.pool.Close()
	}
}
