package db_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// Rows are all there however many of them a statement takes, those that are there
// already are counted out, and one that is refused takes back the others.
func TestManyRowsInABatch(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d, _, err := db.Create(t.Context(), address, shelves(1), db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if _, err := db.Write(t.Context(), d, func(tx *db.Tx) (int, error) {
			return 0, tx.Define("book.index", "create unique index idx_books_title on books (title)")
		}); err != nil {
			t.Fatal(err)
		}
		put := func(tail string, titles ...string) (added int64, err error) {
			return db.Write(t.Context(), d, func(tx *db.Tx) (added int64, err error) {
				batch := db.NewBatch(db.Insertion{Name: "book.put" + tail, Table: "books", Columns: "title, shelf", Tail: tail}, 30)
				for _, title := range titles {
					batch.Add(title, []any{"B"})
				}
				err = batch.FlushEach(tx, true, func(n int64, _ []any, _ int) error { added += n; return nil })
				return added, err
			})
		}
		count := func() int {
			n, err := db.Read(t.Context(), d, func(tx *db.Tx) (int, error) { return tx.Count(db.Named("book.count", "select count(*) from books")) })
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		titles := make([]string, 47)
		for i := range titles {
			titles[i] = fmt.Sprint("Book ", i)
		}
		if n, err := put("", titles[:37]...); err != nil || n != 37 || count() != 37 {
			t.Fatalf("%d of 37 rows, %d are there: %v", n, count(), err)
		}
		if n, err := put(" on conflict (title) do nothing", titles...); err != nil || n != 10 || count() != 47 {
			t.Errorf("%d of 10 new rows, %d are there: %v", n, count(), err)
		}
		for _, at := range []int{0, 12, 25} { // in a statement for many, also behind others, and alone
			more := make([]string, 26)
			for i := range more {
				more[i] = fmt.Sprint("More ", i)
			}
			more[at] = titles[3]
			if _, err := put("", more...); err == nil || plan.KindOf(err) != plan.Conflict || count() != 47 {
				t.Errorf("row %d is there already: %v, and %d rows are there", at, err, count())
			}
		}
	})
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

// After some errors SQLite takes a whole transaction back by itself: on a full
// disk, when it cannot read or write a page, when it has no memory. Whoever goes
// on without looking at the error would run statements outside of any transaction,
// each of which would be stored.
func TestNothingIsStoredBehindATransactionThatWasTakenBack(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		fails := map[string]func(*db.Tx) error{
			"a full disk": func(tx *db.Tx) error {
				if err := tx.Define("book.limit", "pragma max_page_count=1"); err != nil { // SQLite makes it as many as there are
					t.Fatal(err)
				}
				return insertOr(tx, "abort", 2, strings.Repeat("x", 1<<20))
			},
			"a conflict": func(tx *db.Tx) error { return insertOr(tx, "rollback", 1, "Middlemarch") }, // the id of Emma
		}
		goesOn := map[string]func(*db.Tx, error) error{
			"the error comes out":  func(_ *db.Tx, err error) error { return err },
			"the error is ignored": func(*db.Tx, error) error { return nil },
			"a query follows": func(tx *db.Tx, _ error) error {
				_, err := allTitles(tx)
				return err
			},
		}
		for how, fail := range fails {
			for name, last := range goesOn {
				t.Run(how+"/"+name, func(t *testing.T) { takenBack(t, fail, last) })
			}
		}
	})
}

// takenBack runs a transaction with a statement that makes SQLite take all of it
// back, and with others before and after it.
func takenBack(t *testing.T, fail func(*db.Tx) error, last func(*db.Tx, error) error) {
	d, _, err := db.Create(t.Context(), filepath.Join(t.TempDir(), "books.db"), shelves(1), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	add(t, d, book{"Emma", "A"})
	_, err = db.Write(t.Context(), d, func(tx *db.Tx) (int, error) {
		if err := insertOr(tx, "abort", 3, "Ulysses"); err != nil {
			return 0, err
		}
		first := fail(tx)
		if first == nil {
			t.Error("the statement that has to fail succeeds")
		}
		if err := insertOr(tx, "abort", 4, "Persuasion"); err == nil {
			t.Error("a statement runs after the transaction was taken back")
		}
		return 0, last(tx, first)
	})
	if err == nil {
		t.Error("the write succeeds")
	}
	if found, err := db.Read(t.Context(), d, allTitles); err != nil || !slices.Equal(found, []string{"Emma"}) {
		t.Errorf("%q is stored (%v)", found, err)
	}
}

func insertOr(tx *db.Tx, or string, id int, title string) error {
	_, err := tx.Exec(db.Named("book.insert", "insert or "+or+" into books (id, title) values ($1, $2)"), id, title)
	return err
}

func allTitles(tx *db.Tx) ([]string, error) {
	return db.List(tx, db.Named("book.titles", "select title from books"), func(s *string) []any { return []any{s} })
}
