package store

import (
	"context"
	"embed"

	"pm/internal/db"
)

// SchemaVersion is the version that this program reads and writes. It is
// written down rather than counted from the embedded files, because every
// command compares it when it opens a database.
const SchemaVersion = 1

//go:embed migrations/*.sql
var migrations embed.FS

var schema = db.Schema{
	Version:    SchemaVersion,
	Migrations: migrations,
	Words:      func(d *db.Dialect) []string { return []string{"{{search}}", engineOf(d).search.ddl} },
	Fixed:      []string{"project"},
}

type (
	DB      = db.DB
	Options = db.Options
)

// Open is db.Open for a plan.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	return db.Open(ctx, address, &schema, o)
}

// Create is db.Create for a plan.
func Create(ctx context.Context, address string, o Options) (d *DB, made bool, err error) {
	return db.Create(ctx, address, &schema, o)
}

// Replace is db.Replace.
func Replace(ctx context.Context, address string, o Options, with, aside string) (kept string, err error) {
	return db.Replace(ctx, address, o, with, aside)
}

// Upgrade is db.Upgrade for a plan.
func Upgrade(ctx context.Context, address string, o Options) (applied []db.Migration, err error) {
	return db.Upgrade(ctx, address, &schema, o)
}

// Pending is db.Pending for a plan.
func Pending(ctx context.Context, address string, o Options) ([]db.Migration, error) {
	return db.Pending(ctx, address, &schema, o)
}
