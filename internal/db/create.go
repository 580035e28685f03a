package db

import (
	"context"
	"errors"
)

// Create makes the database at address if there is none, with the present
// schema, and opens it. An existing database of pm is opened as Open does;
// anything else at that place is refused untouched. Many processes may do
// this at once. It reports whether it was this call that made the schema.
func Create(ctx context.Context, address string, s *Schema, o Options) (db *DB, made bool, err error) {
	if !IsPostgres(address) {
		return createFile(ctx, address, s, o)
	}
	if db, err = connect(address, s, o); err != nil {
		return nil, false, err
	}
	if made, err = db.install(ctx); err != nil {
		db.Close()
		return nil, false, err
	}
	return db, made, nil
}

// install brings an empty database to the present schema, and refuses one
// that another version of pm has written.
func (db *DB) install(ctx context.Context) (made bool, err error) {
	version, err := db.Version(ctx)
	if err != nil && !errors.Is(err, errNoNamespace) {
		return false, err
	}
	if version == 0 {
		if made, err = db.migrate(ctx); err != nil {
			return false, err
		}
		if version, err = db.Version(ctx); err != nil {
			return false, err
		}
	}
	return made, db.checkVersion(version)
}
