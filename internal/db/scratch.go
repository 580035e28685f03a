package db

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"pm/internal/plan"

	"github.com/jackc/pgx/v5"
)

// Scratch makes the address of a database that is there for a while only: a
// file in a new temporary folder or, where server is a DSN, a new schema in
// that database. Create makes the database there, and remove takes it away
// again with all that is in it.
func Scratch(server string) (address string, remove func(context.Context) error, err error) {
	if !IsPostgres(server) {
		dir, err := os.MkdirTemp("", "pm-scratch-")
		if err != nil {
			return "", nil, plan.Errorf(plan.Storage, "cannot create a directory for a temporary database: %w", err)
		}
		return filepath.Join(dir, "pm.db"), func(context.Context) error { return os.RemoveAll(dir) }, nil
	}
	if err := CheckAddress(server); err != nil {
		return "", nil, err
	}
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, badAddress()
	}
	schema := fmt.Sprintf("pm_scratch_%d_%d", os.Getpid(), time.Now().UnixNano())
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String(), func(ctx context.Context) error { return dropSchema(ctx, server, schema) }, nil
}

func dropSchema(ctx context.Context, server, schema string) error {
	db, err := openPostgres(server, nil, Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.translate(db.writer.within(ctx, beginning{writes: true}, func(s session) error {
		_, err := s.exec("drop schema if exists " + pgx.Identifier{schema}.Sanitize() + " cascade")
		if err == nil {
			_, err = s.commit()
		}
		return err
	}))
}
