package db_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/sqlite"
)

// statements runs statements in a file, each outside of any transaction.
func statements(t *testing.T, path string, all ...string) {
	t.Helper()
	p := sqlite.NewPool(path, sqlite.Options{})
	defer p.Close()
	err := p.Use(t.Context(), func(c *sqlite.Conn) error {
		for _, text := range all {
			if _, err := c.Exec(context.Background(), text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// files lists what lies in a directory, names with sizes.
func files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(e.Name() + " " + string(text) + "\n")
	}
	return b.String()
}

// A process that was killed while it made the database, or whose disk was
// full, leaves things behind, and so did older versions. The next one makes
// the database all the same, and cleans up.
func TestAHalfMadeFileIsFinished(t *testing.T) {
	for name, leave := range map[string]func(t *testing.T, path string){
		"nothing":       func(*testing.T, string) {},
		"an empty file": func(t *testing.T, path string) { writeFile(t, path, "") },
		"a part beside it": func(t *testing.T, path string) {
			writeFile(t, path+"-new", "SQLite format 3\x00 and so on")
			writeFile(t, path+"-new-wal", "x")
			writeFile(t, path+"-new-journal", "x")
		},
		"the whole of it beside it": func(t *testing.T, path string) {
			d, _, err := db.Create(t.Context(), path+"-new", shelves(1), db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			d.Close()
		},
		"a database without a table": func(t *testing.T, path string) {
			writeFile(t, path, "")
			statements(t, path, "pragma journal_mode=wal")
		},
		"a database whose tables were not committed": func(t *testing.T, path string) {
			writeFile(t, path+"-x", "")
			p := sqlite.NewPool(path+"-x", sqlite.Options{})
			defer p.Close()
			err := p.Use(t.Context(), func(c *sqlite.Conn) error {
				for _, text := range []string{"pragma journal_mode=wal", "pragma cache_size=1", "begin immediate", "create table a (b text)",
					"insert into a select hex(randomblob(2000)) from (with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) select i from n)"} {
					if _, err := c.Exec(t.Context(), text); err != nil {
						return err
					}
				}
				for _, end := range []string{"", "-wal"} { // as a kill leaves them
					text, err := os.ReadFile(path + "-x" + end)
					if err != nil {
						return err
					}
					if end == "-wal" && len(text) < 100_000 {
						t.Errorf("only %d bytes were written ahead", len(text))
					}
					writeFile(t, path+end, string(text))
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		},
		"an index and a journal of a database that is gone": func(t *testing.T, path string) {
			writeFile(t, path+"-shm", strings.Repeat("x", 32768))
			writeFile(t, path+"-journal", "x")
			writeFile(t, path+"-wal", "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "books.db")
			leave(t, path)
			d, made, err := db.Create(t.Context(), path, shelves(1), db.Options{})
			if err != nil || !made {
				t.Fatalf("made %v: %v", made, err)
			}
			add(t, d, book{"Emma", "A"})
			d.Close()
			for _, end := range []string{"-new", "-new-wal", "-new-shm", "-new-journal"} {
				if _, err := os.Lstat(path + end); !os.IsNotExist(err) {
					t.Errorf("%s%s is left: %v", filepath.Base(path), end, err)
				}
			}
			if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("the file has mode %v (%v)", info.Mode(), err)
			}
			if d, made, err = db.Create(t.Context(), path, shelves(1), db.Options{}); err != nil || made {
				t.Fatalf("the second time made %v: %v", made, err)
			}
			d.Close()
		})
	}
}

// What is somebody's is left as it is, and nothing is put beside it.
func TestOtherFilesAreNoHalfMadeDatabase(t *testing.T) {
	for name, tt := range map[string]struct {
		make func(t *testing.T, path string)
		code string
	}{
		"a text":                  {func(t *testing.T, path string) { writeFile(t, path, strings.Repeat("a text\n", 1000)) }, "not_a_database"},
		"a database with a table": {func(t *testing.T, path string) { writeFile(t, path, ""); statements(t, path, "create table a (b)") }, "not_a_database"},
		"an empty database of another program": {func(t *testing.T, path string) {
			writeFile(t, path, "")
			statements(t, path, "pragma application_id=7", "vacuum")
		}, "not_a_database"},
		"a WAL without its database": {func(t *testing.T, path string) { writeFile(t, path+"-wal", "changes") }, "stale_wal"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "books.db")
			tt.make(t, path)
			before := files(t, dir)
			_, made, err := db.Create(t.Context(), path, shelves(1), db.Options{})
			if made || plan.Describe(err).Code != tt.code {
				t.Errorf("made %v: %v", made, err)
			}
			after := files(t, dir)
			if tt.code == "stale_wal" {
				after = strings.Replace(after, "books.db-lock \n", "", 1)
			}
			if after != before {
				t.Errorf("before there was\n%.300s\nand now\n%.300s", before, after)
			}
		})
	}
}

// Many processes, and goroutines, may make one database at once.
func TestOneOfManyMakesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.db")
	var all sync.WaitGroup
	var made [16]bool
	for i := range made {
		all.Go(func() {
			d, first, err := db.Create(t.Context(), path, shelves(1), db.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Close()
			made[i] = first
			add(t, d, book{"Emma", "A"})
		})
	}
	all.Wait()
	n := 0
	for _, m := range made {
		if m {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d of %d made it", n, len(made))
	}
}

// pm makes no links beside a database. One that came with a project would have
// pm write where it leads.
func TestLinksBesideADatabaseAreRefused(t *testing.T) {
	for _, end := range []string{"-lock", "-wal", "-shm", "-journal"} {
		for _, there := range []bool{false, true} {
			dir := t.TempDir()
			path, outside := filepath.Join(dir, "books.db"), filepath.Join(t.TempDir(), "outside")
			if there {
				d, _, err := db.Create(t.Context(), path, shelves(1), db.Options{})
				if err != nil {
					t.Fatal(err)
				}
				d.Close()
				os.Remove(path + end)
			}
			if end != "-lock" {
				writeFile(t, outside, "") // else it would be made
			}
			if err := os.Symlink(outside, path+end); err != nil {
				t.Skipf("no links here: %v", err)
			}
			_, _, createErr := db.Create(t.Context(), path, shelves(1), db.Options{})
			_, openErr := db.Open(t.Context(), path, shelves(1), db.Options{})
			if plan.Describe(createErr).Code != "link_outside" || there && plan.Describe(openErr).Code != "link_outside" {
				t.Errorf("%s is a link: %v, %v", end, createErr, openErr)
			}
			if text, err := os.ReadFile(outside); err == nil && len(text) > 0 || err == nil && end == "-lock" {
				t.Errorf("%s: %q was written where it leads", end, text)
			}
		}
	}
}
