//go:build unix

package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
)

func create(t *testing.T, path string, titles ...string) *db.DB {
	t.Helper()
	d, _, err := db.Create(t.Context(), path, shelves(1), db.Options{WriteWait: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	for _, title := range titles {
		add(t, d, book{title: title})
	}
	return d
}

var insertBook = db.Named("book.insert_one", "insert into books (title) values ($1)")

func tryAdd(d *db.DB, title string) error {
	_, err := db.Write(context.Background(), d, func(tx *db.Tx) (int64, error) { return tx.Exec(insertBook, title) })
	return err
}

var bookTitles = db.Named("book.titles", "select title, shelf from books order by id")

func titles(d *db.DB) (string, error) {
	found, err := db.Read(context.Background(), d, func(tx *db.Tx) ([]book, error) { return db.List(tx, bookTitles, bookFields) })
	var out []string
	for _, b := range found {
		out = append(out, b.title)
	}
	return strings.Join(out, " "), err
}

// holds demands of a database, by a connection of its own, that it has these books.
func holds(t *testing.T, path, want string) {
	t.Helper()
	d, err := db.Open(t.Context(), path, shelves(1), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if got, err := titles(d); got != want || err != nil {
		t.Errorf("%s holds %q (%v), want %q", path, got, err, want)
	}
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// A process that lives on once went on to write into a file that was deleted,
// moved or replaced, and said that all was well.
func TestADatabaseThatIsGone(t *testing.T) {
	for name, remove := range map[string]func(dir string) error{
		"deleted": os.RemoveAll,
		"moved":   func(dir string) error { return os.Rename(dir, dir+"-moved") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "plan")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "books.db")
			d := create(t, path, "Emma")
			if got, err := titles(d); got != "Emma" || err != nil {
				t.Fatal(got, err)
			}
			if err := remove(dir); err != nil {
				t.Fatal(err)
			}
			_, readErr := titles(d)
			for _, err := range []error{tryAdd(d, "Lost"), readErr} {
				if err == nil {
					t.Fatal("no error")
				}
				if e := plan.Describe(err); e.Kind != plan.Storage || e.Code != "moved" || e.Hint == "" {
					t.Errorf("%+v", e)
				}
			}

			// What comes to lie there is worked on.
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			create(t, path, "Ulysses")
			if got, err := titles(d); got != "Ulysses" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
			if err := tryAdd(d, "Persuasion"); err != nil {
				t.Error(err)
			}
			holds(t, path, "Ulysses Persuasion")
		})
	}
}

func TestADatabaseThatIsReplaced(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "books.db"), filepath.Join(dir, "other.db")
	d := create(t, path, "Emma")
	create(t, other, "Ulysses").Close() // the last one to close it takes its WAL away
	old := filepath.Join(dir, "old.db")

	// The WAL of the old one would be taken for its own.
	move(t, path, old)
	move(t, other, path)
	if err := tryAdd(d, "Lost"); err == nil || plan.Describe(err).Code != "moved" || !strings.Contains(err.Error(), "books.db-wal still belongs") {
		t.Errorf("with the WAL of another: %v", err)
	}
	for _, end := range []string{"-wal", "-shm"} {
		move(t, path+end, old+end)
	}
	if err := tryAdd(d, "Persuasion"); err != nil {
		t.Error(err)
	}
	holds(t, path, "Ulysses Persuasion")
	holds(t, old, "Emma")

	// What is no database of pm is refused.
	move(t, path, filepath.Join(dir, "second.db"))
	for _, end := range []string{"-wal", "-shm"} {
		move(t, path+end, filepath.Join(dir, "second.db")+end)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tryAdd(d, "Lost"); err == nil || plan.Describe(err).Code != "not_a_database" {
		t.Errorf("a file of something else: %v", err)
	}
}

func TestADatabaseThatIsReplacedMeanwhile(t *testing.T) {
	dir := t.TempDir()
	path, moved := filepath.Join(dir, "books.db"), filepath.Join(dir, "moved.db")
	d := create(t, path, "Emma")
	_, err := db.Write(t.Context(), d, func(tx *db.Tx) (int64, error) {
		move(t, path, moved)
		return tx.Exec(insertBook, "Lost")
	})
	if err == nil || plan.Describe(err).Code != "moved" {
		t.Errorf("it was moved before the commit: %v", err)
	}
	move(t, moved, path)
	holds(t, path, "Emma")
	if err := tryAdd(d, "Ulysses"); err != nil {
		t.Error(err)
	}
	holds(t, path, "Emma Ulysses")
}

// Through a link a database was once called damaged as soon as its WAL grew,
// and the writers' lock lay beside the link.
func TestLinkedDatabase(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real", "books.db"), filepath.Join(dir, "link.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real/books.db", link); err != nil {
		t.Fatal(err)
	}
	linked := create(t, link) // makes what the link leads to
	direct := create(t, path)
	for range 20 {
		add(t, linked, book{title: strings.Repeat("x", 4096)})
	}
	if _, err := os.Stat(link + "-lock"); err == nil {
		t.Error("the lock lies beside the link")
	}
	again, err := db.Open(t.Context(), link, shelves(1), db.Options{})
	if err != nil {
		t.Fatalf("with a long WAL: %v", err)
	}
	again.Close()

	// Both names lead to one queue.
	_, err = db.Write(t.Context(), direct, func(*db.Tx) (int, error) {
		if err := tryAdd(linked, "Emma"); plan.KindOf(errors.Join(errors.New("no error"), err)) != plan.Unavailable {
			t.Errorf("two writers at once: %v", err)
		}
		return 0, nil
	})
	if err != nil {
		t.Error(err)
	}

	// A link that leads elsewhere later is followed.
	other := filepath.Join(dir, "other.db")
	create(t, other, "Ulysses")
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	if got, err := titles(linked); got != "Ulysses" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// Under two names a database has two WALs: 26 of 31 acknowledged writes were
// once lost that way.
func TestTwoHardLinks(t *testing.T) {
	dir := t.TempDir()
	path, second := filepath.Join(dir, "books.db"), filepath.Join(dir, "second.db")
	d := create(t, path, "Emma")
	if err := os.Link(path, second); err != nil {
		t.Fatal(err)
	}
	_, openErr := db.Open(t.Context(), second, shelves(1), db.Options{})
	_, readErr := titles(d)
	for _, err := range []error{openErr, readErr, tryAdd(d, "Lost")} {
		if err == nil {
			t.Fatal("no error")
		}
		if e := plan.Describe(err); e.Kind != plan.Refused || e.Code != "hard_links" || e.Hint == "" {
			t.Errorf("%+v", e)
		}
	}
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	if err := tryAdd(d, "Ulysses"); err != nil {
		t.Error(err)
	}
	holds(t, path, "Emma Ulysses")
}

// Who removes the lock's file must not make two queues of one.
func TestTheLockIsRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	first, second := create(t, path, "Emma"), create(t, path)
	add(t, second, book{title: "Ulysses"})
	if err := os.Remove(path + "-lock"); err != nil {
		t.Fatal(err)
	}
	_, err := db.Write(t.Context(), second, func(*db.Tx) (int, error) {
		if err := tryAdd(first, "Lost"); plan.KindOf(errors.Join(errors.New("no error"), err)) != plan.Unavailable || !strings.Contains(err.Error(), "waited") {
			t.Errorf("two writers at once: %v", err)
		}
		return 0, nil
	})
	if err != nil {
		t.Error(err)
	}
	names, err := filepath.Glob(path + "*")
	if err != nil || !slices.Contains(names, path+"-lock") {
		t.Errorf("%v, %v", names, err)
	}
}

// A database on a network file system is read, and refused for writing, by whatever
// would write: a change, making it, putting a backup in its place.
func TestNothingIsWrittenOnANetwork(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pm.db")
	create(t, path, "one")
	on := db.Options{FileSystem: func(dir string) string {
		if dir != filepath.Dir(path) {
			t.Errorf("the file system of %s is looked at", dir)
		}
		return "NFS"
	}}
	d, err := db.Open(t.Context(), path, shelves(1), on)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if got, err := titles(d); got != "one" || err != nil {
		t.Errorf("it is read as %q, %v", got, err)
	}
	if d.Network() != "NFS" {
		t.Errorf("it is on %q", d.Network())
	}
	_, _, made := db.Create(t.Context(), filepath.Join(filepath.Dir(path), "other.db"), shelves(1), on)
	_, replaced := db.Replace(t.Context(), path, on, path+"-copy", path+"-aside")
	for _, err := range []error{tryAdd(d, "two"), made, replaced} {
		if e := plan.Describe(err); e.Code != "network_file_system" || !strings.Contains(e.Message, "NFS") {
			t.Errorf("writing to it is %q: %s", e.Code, e.Message)
		}
	}
	holds(t, path, "one")
	alone, err := os.ReadDir(filepath.Dir(path))
	for _, f := range alone {
		if !strings.HasPrefix(f.Name(), "pm.db") {
			t.Errorf("%s was made, %v", f.Name(), err)
		}
	}
}
