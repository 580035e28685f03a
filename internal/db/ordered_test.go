package db_test

import (
	"errors"
	"path/filepath"
	"testing"

	"pm/internal/db"
)

// A transaction that writes in order takes less memory, and the next one has
// all of it again, however that one ended.
func TestInOrder(t *testing.T) {
	d, _, err := db.Create(t.Context(), filepath.Join(t.TempDir(), "books.db"), shelves(1), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	write := func(f func(*db.Tx) error) (int64, error) {
		return db.Write(t.Context(), d, func(tx *db.Tx) (size int64, err error) {
			if err := f(tx); err != nil {
				return 0, err
			}
			_, err = tx.ScanOne(db.Named("cache", "pragma cache_size"), []any{&size})
			return size, err
		})
	}
	usual, err := write(func(*db.Tx) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if less, err := write((*db.Tx).InOrder); err != nil || less <= usual { // in KiB below zero
		t.Errorf("%d, usually %d: %v", less, usual, err)
	}
	for _, failure := range []error{nil, errors.New("no")} {
		write(func(tx *db.Tx) error { return errors.Join(tx.InOrder(), failure) })
		if again, err := write(func(*db.Tx) error { return nil }); err != nil || again != usual {
			t.Errorf("after %v it is %d, not %d: %v", failure, again, usual, err)
		}
	}
}
