// Package storetest runs a test on every engine: TestClaim/sqlite and
// TestClaim/postgres, from one function. A test is a function of a database;
// which one is not its business.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"pm/internal/db/pgtest"
	"pm/internal/store"

	_ "modernc.org/sqlite" // a second opinion on files: the driver that tests look at them through
)

// Main runs the tests of a package and stops the PostgreSQL server that they
// started, if any: os.Exit(storetest.Main(m)). What pm keeps for its user is
// kept elsewhere meanwhile.
func Main(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pm-test-config-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv("XDG_CONFIG_HOME", dir)
	return pgtest.Main(m)
}

// Each runs f on a fresh SQLite file, and on a fresh PostgreSQL database
// where a server can be had; without one that half is skipped, with the
// reason, or fails if PM_TEST_REQUIRE holds the word postgres.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	EachAddress(t, func(t *testing.T, address string) {
		db, err := store.Open(t.Context(), address, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		f(t, db)
	})
}

// EachAddress is Each for tests that open the database themselves: it exists,
// with the schema and nothing in it.
func EachAddress(t *testing.T, f func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		f(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		f(t, Postgres(t))
	})
}

// SQLite returns the path of a fresh SQLite database with the schema.
func SQLite(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pm.db")
	if err := create(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// Postgres returns the DSN of a fresh PostgreSQL database with the schema.
func Postgres(t testing.TB) string {
	t.Helper()
	return pgtest.Clone(t, "schema", create)
}

func create(address string) error {
	db, _, err := store.Create(context.Background(), address, store.Options{})
	if err != nil {
		return err
	}
	return db.Close()
}
