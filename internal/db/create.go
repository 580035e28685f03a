package db

import (
	"context"
	"strings"

	"pm/internal/plan"

	"github.com/jackc/pgx/v5"
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
	if err = db.createSchema(ctx); err == nil {
		made, err = db.install(ctx)
	}
	if err != nil {
		db.Close()
		return nil, false, err
	}
	return db, made, nil
}

// install brings an empty database to the present schema, and refuses one
// that another version of pm has written.
func (db *DB) install(ctx context.Context) (made bool, err error) {
	version, err := db.Version(ctx)
	if err != nil {
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

// createSchema makes the schema that the DSN's search_path names first, if it
// is not there. Two processes may try at once: one then finds it made.
func (db *DB) createSchema(ctx context.Context) error {
	name, _, _ := strings.Cut(db.searchPath, ",")
	name = strings.Trim(strings.TrimSpace(name), `"`)
	if name == "" || name == "public" {
		return nil
	}
	h := db.server()
	var there bool
	err := h.QueryRowContext(ctx, "select exists (select from pg_namespace where nspname = $1)", name).Scan(&there)
	if err != nil || there {
		return db.translate(err)
	}
	_, err = h.ExecContext(ctx, "create schema if not exists "+pgx.Identifier{name}.Sanitize())
	if f := db.d.classify(err); f.kind == plan.Conflict {
		return nil
	}
	return db.translate(err)
}
