package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/sqlite"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// A Migration is one step of the schema. A released one never changes: its
// checksum is kept in every database it was applied to.
type Migration struct {
	Version  int    `json:"version"`
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
	text     string
}

// Migrations returns all steps in order.
func Migrations() []Migration {
	files, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		panic(err) // embedded
	}
	var all []Migration
	for _, f := range files {
		b, err := migrationFiles.ReadFile(path.Join("migrations", f.Name()))
		number, name, ok := strings.Cut(strings.TrimSuffix(f.Name(), ".sql"), "_")
		version, numberErr := strconv.Atoi(number)
		if err != nil || !ok || numberErr != nil || version != len(all)+1 {
			panic("store: migration " + f.Name() + " is misnamed")
		}
		sum := sha256.Sum256(b)
		all = append(all, Migration{version, name, hex.EncodeToString(sum[:8]), string(b)})
	}
	return all
}

// SchemaVersion is the version that this program reads and writes. It is
// written down rather than counted from the embedded files, because every
// command compares it when it opens a database.
const SchemaVersion = 1

func (db *DB) checkVersion(version int) error {
	switch {
	case version == 0:
		return plan.Errorf(plan.NotFound, "%s holds no plan of pm", db.path).WithCode("no_database").
			WithHint("pm init makes the tables there")
	case version > SchemaVersion:
		return plan.Errorf(plan.Storage, "%s has schema version %d, and this pm knows up to %d", db.path, version, SchemaVersion).
			WithCode("schema_newer").WithHint("use the newer pm that wrote it; nothing was changed")
	case version < SchemaVersion:
		return plan.Errorf(plan.Storage, "%s has schema version %d, and this pm wants %d", db.path, version, SchemaVersion).
			WithCode("schema_older").WithHint("pm upgrade")
	}
	return nil
}

// Create makes the database at address if there is none, with the present
// schema, and opens it. An existing database of pm is opened as Open does;
// anything else at that place is refused untouched. Many processes may do
// this at once. It reports whether it was this call that made the schema.
func Create(ctx context.Context, address string, o Options) (db *DB, made bool, err error) {
	if !IsPostgres(address) {
		return createFile(ctx, address, o)
	}
	if db, err = connect(address, o); err != nil {
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

func createFile(ctx context.Context, address string, o Options) (db *DB, made bool, err error) {
	if err := createSQLite(address); err != nil {
		return nil, false, err
	}
	q := newQueue(address+"-lock", o.wait())
	defer q.close()
	release, err := q.enter(ctx)
	if err != nil {
		return nil, false, err
	}
	defer release()
	if walSize(address) == 0 && fileSize(address) == 0 {
		h := newWriter(address, o)
		db := &DB{d: &sqliteDialect, opts: o, path: address, writer: h}
		err = h.Use(ctx, func(c *sqlite.Conn) error {
			_, err := c.Exec(ctx, "pragma journal_mode=wal")
			return err
		})
		if err == nil {
			_, err = db.migrate(ctx)
		}
		if closed := h.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, false, db.translate(err)
		}
		made = true
	}
	db, err = Open(ctx, address, o)
	return db, made, err
}

// Upgrade applies the steps that are missing, each in a transaction of its
// own, and returns those that this call applied.
func Upgrade(ctx context.Context, address string, o Options) (applied []Migration, err error) {
	db, err := connect(address, o)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	before, err := db.Version(ctx)
	if err != nil {
		return nil, err
	}
	if before == 0 || before > SchemaVersion {
		return nil, db.checkVersion(before)
	}
	if db.queue != nil {
		release, err := db.queue.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	if _, err := db.migrate(ctx); err != nil {
		return nil, err
	}
	return Migrations()[before:], nil
}

// migrate applies what is missing and reports whether that was anything.
func (db *DB) migrate(ctx context.Context) (any bool, err error) {
	for _, m := range Migrations() {
		applied, err := db.apply(ctx, m)
		if err != nil {
			return any, fmt.Errorf("migration %d (%s): %w", m.Version, m.Name, db.translate(err))
		}
		any = any || applied
	}
	return any, nil
}

// apply runs one step in a transaction, unless another process has done so.
// It runs as every write does: under a stricter isolation the waiting lock
// statement would see the state before the wait.
func (db *DB) apply(ctx context.Context, m Migration) (applied bool, err error) {
	err = db.writer.within(ctx, true, func(s session) error {
		if db.d.lockSchema != "" {
			if _, err := s.exec(db.d.lockSchema); err != nil {
				return err
			}
		}
		version, err := db.appliedVersion(s)
		if err != nil || version >= m.Version {
			return err
		}
		if _, err := s.exec(strings.NewReplacer(db.d.types...).Replace(m.text)); err != nil {
			return err
		}
		now := time.Now()
		if _, err := s.exec("insert into migrations (version, name, checksum, applied_at) values ($1, $2, $3, $4)",
			m.Version, m.Name, m.Checksum, stamp{&now}); err != nil {
			return err
		}
		if db.d == &sqliteDialect {
			if _, err := s.exec(fmt.Sprintf("pragma application_id=%d; pragma user_version=%d", applicationID, m.Version)); err != nil {
				return err
			}
		}
		applied = true
		return s.commit()
	})
	return applied && err == nil, err
}

func (db *DB) appliedVersion(s session) (version int, err error) {
	if db.d == &sqliteDialect {
		err = ask(s, "pragma user_version", &version)
		return version, err
	}
	// to_regclass would answer from what this connection remembers of before
	// it waited for the lock; reading the catalog does not.
	var there bool
	err = ask(s, "select exists (select from pg_tables where schemaname = current_schema() and tablename = 'migrations')", &there)
	if err == nil && there {
		err = ask(s, "select coalesce(max(version), 0) from migrations", &version)
	}
	return version, err
}

// createSchema makes the schema that the DSN's search_path names first, if it
// is not there. Two processes may try at once: one then finds it made.
func (db *DB) createSchema(ctx context.Context) error {
	name, _, _ := strings.Cut(db.schema, ",")
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

// Pending returns the steps that Upgrade would apply.
func Pending(ctx context.Context, address string, o Options) ([]Migration, error) {
	db, err := connect(address, o)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	version, err := db.Version(ctx)
	if err != nil {
		return nil, err
	}
	if version == 0 || version > SchemaVersion {
		return nil, db.checkVersion(version)
	}
	return Migrations()[version:], nil
}
