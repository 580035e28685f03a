package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"pm/internal/plan"
)

// A Schema is what a database holds, as far as this package has to know it.
type Schema struct {
	// Version is the version that this program reads and writes.
	Version int

	// Migrations holds the steps to it, as files migrations/0001_name.sql, and
	// so on. The first makes a table migrations, which says what was applied.
	Migrations fs.FS

	// Words returns what further words in double braces stand for in the steps,
	// each before its meaning; nil: there are none.
	Words func(*Dialect) []string

	// Fixed are the tables that do not grow with what is kept.
	Fixed []string
}

// A Migration is one step of the schema. A released one never changes: its
// checksum is kept in every database it was applied to.
type Migration struct {
	Version  int    `json:"version"`
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
	text     string
}

// steps returns all steps in order.
func (s *Schema) steps() []Migration {
	files, err := fs.ReadDir(s.Migrations, "migrations")
	if err != nil {
		panic(err) // embedded
	}
	var all []Migration
	for _, f := range files {
		b, err := fs.ReadFile(s.Migrations, path.Join("migrations", f.Name()))
		number, name, ok := strings.Cut(strings.TrimSuffix(f.Name(), ".sql"), "_")
		version, numberErr := strconv.Atoi(number)
		if err != nil || !ok || numberErr != nil || version != len(all)+1 {
			panic("db: migration " + f.Name() + " is misnamed")
		}
		sum := sha256.Sum256(b)
		all = append(all, Migration{version, name, hex.EncodeToString(sum[:8]), string(b)})
	}
	return all
}

// text returns what a step executes on an engine.
func (s *Schema) text(m Migration, d *Dialect) string {
	words := d.types
	if s.Words != nil {
		words = append(s.Words(d), words...)
	}
	return strings.NewReplacer(words...).Replace(m.text)
}

// checkVersion refuses a database of another version than the schema's.
func (db *DB) checkVersion(version int) error {
	known := db.schema.Version
	switch {
	case version == 0 && db.place == nil: // a file of pm's has had a version since it was made
		return plan.Errorf(plan.NotFound, "%s has no plan in it", db.path).WithCode("no_database").
			WithHint("to create one there: pm init")
	case version <= 0:
		return plan.Errorf(plan.Corrupt, "%s is damaged: its schema version is %d", db.path, version).
			WithCode("damaged").WithHint("keep a copy of it, then restore a backup into a new database")
	case version > known:
		return plan.Errorf(plan.Storage, "%s has schema version %d, but this pm only supports versions up to %d", db.path, version, known).
			WithCode("schema_newer").WithHint("use the newer pm that wrote it; nothing was changed")
	case version < known:
		return plan.Errorf(plan.Storage, "%s has schema version %d, but this pm needs version %d", db.path, version, known).
			WithCode("schema_older").WithHint("run pm upgrade")
	}
	return nil
}

// Upgrade applies the steps that are missing, each in a transaction of its
// own, and returns those that this call applied.
func Upgrade(ctx context.Context, address string, s *Schema, o Options) (applied []Migration, err error) {
	db, err := connect(address, s, o)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	before, err := db.Version(ctx)
	if err != nil {
		return nil, err
	}
	if before <= 0 || before > s.Version {
		return nil, db.checkVersion(before)
	}
	if db.queue != nil {
		release, err := db.queue.enter(ctx)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	if o.Upgrading != nil && db.place != nil && before < s.Version {
		if err := o.Upgrading(func(path string) error { return db.copyFile(ctx, path) }); err != nil {
			return nil, db.translate(err)
		}
	}
	if _, err := db.migrate(ctx); err != nil {
		return nil, err
	}
	return s.steps()[before:], nil
}

// migrate applies what is missing and reports whether that was anything.
func (db *DB) migrate(ctx context.Context) (any bool, err error) {
	for _, m := range db.schema.steps() {
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
	err = db.writer.within(ctx, beginning{writes: true}, func(s session) error {
		if db.d.prepare != nil {
			if err := db.d.prepare(db, s); err != nil {
				return err
			}
		}
		version, err := db.appliedVersion(s)
		if err != nil || version >= m.Version {
			return err
		}
		if _, err := s.exec(db.schema.text(m, db.d)); err != nil {
			return err
		}
		now := time.Now()
		if _, err := s.exec("insert into migrations (version, name, checksum, applied_at) values ($1, $2, $3, $4)",
			m.Version, m.Name, m.Checksum, stamp{&now}); err != nil {
			return err
		}
		if db.d == &SQLite {
			if _, err := s.exec(fmt.Sprintf("pragma application_id=%d; pragma user_version=%d", applicationID, m.Version)); err != nil {
				return err
			}
		}
		applied = true
		return db.commit(s)
	})
	return applied && err == nil, err
}

func (db *DB) appliedVersion(s session) (version int, err error) {
	if db.d == &SQLite {
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

// Pending returns the steps that Upgrade would apply.
func Pending(ctx context.Context, address string, s *Schema, o Options) ([]Migration, error) {
	db, err := connect(address, s, o)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	version, err := db.Version(ctx)
	if err != nil {
		return nil, err
	}
	if version <= 0 || version > s.Version {
		return nil, db.checkVersion(version)
	}
	return s.steps()[version:], nil
}
