package db_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"pm/internal/db"
	"pm/internal/db/pgtest"
	"pm/internal/plan"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// shelves is a schema that has nothing to do with pm's, at its first version
// or at its second.
func shelves(version int) *db.Schema {
	steps := fstest.MapFS{"migrations/0001_books.sql": {Data: []byte(`
create table migrations (version {{int}} not null primary key, name {{text}} not null, checksum {{text}} not null, applied_at {{text}} not null){{strict}};
create table books (id {{id}}, title {{text}} not null, shelf {{text}}){{strict}};
create index {{shelf index}} on books (shelf);
`)}}
	if version == 2 {
		steps["migrations/0002_pages.sql"] = &fstest.MapFile{Data: []byte("alter table books add column pages {{int}} not null default 1;")}
	}
	return &db.Schema{Version: version, Migrations: steps, Words: func(*db.Dialect) []string { return []string{"{{shelf index}}", "idx_books_shelf"} }}
}

// each runs f with the address of a database on every engine. Nothing is there yet.
func each(t *testing.T, f func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, filepath.Join(t.TempDir(), "books.db")) })
	t.Run("postgres", func(t *testing.T) { f(t, pgtest.DSN(t)) })
}

type book struct{ title, shelf string }

func bookFields(b *book) []any { return []any{&b.title, db.Text(&b.shelf)} }

func add(t *testing.T, d *db.DB, books ...book) {
	t.Helper()
	_, err := db.Write(t.Context(), d, func(tx *db.Tx) (int, error) {
		batch := db.NewBatch(db.Insertion{Name: "book.insert", Table: "books", Columns: "title, shelf"}, 2)
		for _, b := range books {
			batch.Add(b.title, []any{db.Text(&b.shelf)})
		}
		return 0, batch.Flush(tx, true)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A database of any schema is made, written, read and brought to the next version.
func TestAnySchema(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d, made, err := db.Create(t.Context(), address, shelves(1), db.Options{})
		if err != nil || !made {
			t.Fatalf("made %v: %v", made, err)
		}
		add(t, d, book{"Emma", "A"}, book{"Ulysses", ""}, book{"Middlemarch", "A"})
		onShelf := db.Named("book.of_shelf", "select title, shelf from books where shelf = $1 order by title")
		found, err := db.Read(t.Context(), d, func(tx *db.Tx) ([]book, error) { return db.List(tx, onShelf, bookFields, "A") })
		if err != nil || len(found) != 2 || found[0] != (book{"Emma", "A"}) || found[1] != (book{"Middlemarch", "A"}) {
			t.Errorf("found %v: %v", found, err)
		}
		d.Close()

		if _, err := db.Open(t.Context(), address, shelves(2), db.Options{}); plan.Describe(err).Code != "schema_older" {
			t.Errorf("an older database is opened: %v", err)
		}
		steps, err := db.Pending(t.Context(), address, shelves(2), db.Options{})
		if err != nil || len(steps) != 1 || steps[0].Name != "pages" {
			t.Errorf("pending are %v: %v", steps, err)
		}
		copied := ""
		before := func(copyTo func(string) error) error {
			copied = filepath.Join(t.TempDir(), "copy.db")
			return copyTo(copied)
		}
		if steps, err = db.Upgrade(t.Context(), address, shelves(2), db.Options{Upgrading: before}); err != nil || len(steps) != 1 {
			t.Fatalf("applied are %v: %v", steps, err)
		}
		if !db.IsPostgres(address) { // there is a copy of before
			old, err := db.Open(t.Context(), copied, shelves(1), db.Options{ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			old.Close()
		}
		if _, err := db.Open(t.Context(), address, shelves(1), db.Options{}); plan.Describe(err).Code != "schema_newer" {
			t.Errorf("a newer database is opened: %v", err)
		}
		d, err = db.Open(t.Context(), address, shelves(2), db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		pages, err := db.Read(t.Context(), d, func(tx *db.Tx) (int, error) {
			return tx.Count(db.Named("book.pages", "select sum(pages) from books"))
		})
		if err != nil || pages != 3 {
			t.Errorf("%d pages: %v", pages, err)
		}
	})
}

// A select that reads a growing table whole is a scan; of a fixed one it is not.
func TestExplainKnowsWhatGrows(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		for _, fixed := range []bool{false, true} {
			schema := shelves(1)
			if fixed {
				schema.Fixed = []string{"books"}
			}
			d, _, err := db.Create(t.Context(), address, schema, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			p, err := db.Read(t.Context(), d, func(tx *db.Tx) (db.Plan, error) {
				return tx.Explain(db.Statement{Name: "book.all", Text: "select title from books"})
			})
			if err != nil || p.Scans == fixed {
				t.Errorf("fixed %v: scans %v, %q, %v", fixed, p.Scans, p.Verdict, err)
			}
			d.Close()
		}
	})
}

// After some errors SQLite takes a whole transaction back by itself. What
// comes behind such an error, from a caller who has not looked at it yet, once
// ran outside of any transaction, and was stored.
func TestNothingIsStoredBehindATransactionThatWasTakenBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	d, _, err := db.Create(t.Context(), path, shelves(1), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	add(t, d, book{"Emma", "A"})
	for name, last := range map[string]func(*db.Tx, error) error{
		"the error comes out":  func(_ *db.Tx, err error) error { return err },
		"the error is ignored": func(*db.Tx, error) error { return nil },
		"a query follows": func(tx *db.Tx, _ error) error {
			_, err := db.List(tx, db.Named("book.titles", "select title from books"), func(s *string) []any { return []any{s} })
			return err
		},
	} {
		_, err := db.Write(t.Context(), d, func(tx *db.Tx) (int, error) {
			insert := func(how string, id int, title string) error {
				_, err := tx.Exec(db.Named("book.insert", "insert or "+how+" into books (id, title) values ($1, $2)"), id, title)
				return err
			}
			if err := insert("abort", 2, "Ulysses"); err != nil {
				return 0, err
			}
			first := insert("rollback", 1, "Middlemarch") // the id of Emma: SQLite rolls back
			if second := insert("abort", 3, "Persuasion"); second == nil {
				t.Errorf("%s: a statement runs behind it", name)
			}
			return 0, last(tx, first)
		})
		if err == nil {
			t.Errorf("%s: the write succeeds", name)
		}
		found, err := db.Read(t.Context(), d, func(tx *db.Tx) ([]string, error) {
			return db.List(tx, db.Named("book.titles", "select title from books"), func(s *string) []any { return []any{s} })
		})
		if err != nil || len(found) != 1 {
			t.Errorf("%s: %q is stored (%v)", name, found, err)
		}
	}
}
