package db

import (
	"context"

	"pm/internal/sqlite"
)

// Pages reads the pages of an SQLite database, again and again, each time as
// they all were at one moment. It is for one goroutine.
type Pages struct {
	db   *DB
	of   *DB // whose file the connection has open
	pool file
	seen int64 // the data_version of the last reading; -1: none was whole
}

// Pages returns a reader of the pages of an SQLite database. It is
// plan.Refused on PostgreSQL, whose pages are its operator's.
func (db *DB) Pages() (*Pages, error) {
	if err := db.CanCopy(); err != nil {
		return nil, err
	}
	return &Pages{db: db}, nil
}

// Again has the next call of Each read all pages, whether they changed or not.
func (p *Pages) Again() { p.seen = -1 }

// Close gives the connection back.
func (p *Pages) Close() error {
	if p.of == nil {
		return nil
	}
	p.of = nil
	return p.pool.Close()
}

// Each calls begin with how many pages of which size there are and, where that
// returns nil, each with every one of them, whose bytes are valid for the call
// only. It reports false, and calls neither, if nothing was committed since
// the last call that went through. Others read and write meanwhile; writes of
// this process do not wait to begin the WAL anew.
func (p *Pages) Each(ctx context.Context, begin func(count, size int) error, each func(n int, page []byte) error) (changed bool, err error) {
	now, err := p.db.current()
	if err != nil {
		return false, err
	}
	if p.of != now {
		p.Close()
		p.of, p.seen = now, -1
		p.pool = file{sqlite.NewPool(now.path, sqlite.Options{ReadOnly: true, BusyTimeout: busyTimeout, Connections: 1, Opened: now.place.opened})}
	}
	now.backedUp.Add(1)
	defer now.backedUp.Add(-1)
	err = p.pool.within(ctx, beginning{}, func(s session) error {
		if err := now.check(s); err != nil {
			return err
		}
		var version int64
		if err := ask(s, "pragma data_version", &version); err != nil || version == p.seen {
			return err
		}
		changed, p.seen = true, -1
		if err := readPages(s, begin, each); err != nil {
			return err
		}
		p.seen = version
		return now.inPlace()
	})
	if err != nil {
		p.seen = -1
	}
	return changed, now.translate(err)
}

func readPages(s session, begin func(count, size int) error, each func(n int, page []byte) error) error {
	var count, size int
	err := ask(s, "pragma page_count", &count)
	if err == nil {
		err = ask(s, "pragma page_size", &size)
	}
	if err == nil {
		err = begin(count, size)
	}
	if err != nil {
		return err
	}
	rows, err := s.query("select pgno, data from sqlite_dbpage")
	if err != nil {
		return err
	}
	defer rows.Close()
	var n int
	page := make([]byte, 0, size)
	for rows.Next() {
		if err := rows.Scan(&n, &page); err != nil {
			return err
		}
		if err := each(n, page); err != nil {
			return err
		}
	}
	return rows.Err()
}
