package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pm/internal/sqlite"

	_ "modernc.org/sqlite" // the library's own driver: a second opinion
)

// empty makes an empty file and returns its path.
func empty(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a b?#%.db") // nothing in a path means anything
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openFile(t *testing.T, path string, o sqlite.Options) *sql.DB {
	t.Helper()
	h := sql.OpenDB(sqlite.Open(path, o))
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// fresh opens a new file through a single connection, and runs a script.
func fresh(t *testing.T, script string) *sql.DB {
	t.Helper()
	h := openFile(t, empty(t), sqlite.Options{BusyTimeout: time.Second})
	h.SetMaxOpenConns(1)
	run(t, h, script)
	return h
}

func run(t *testing.T, h *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := h.ExecContext(t.Context(), text, args...); err != nil {
		t.Fatalf("%.80s: %v", text, err)
	}
}

// number returns the single number that a query answers with.
func number(t *testing.T, h *sql.DB, text string, args ...any) (n int64) {
	t.Helper()
	if err := h.QueryRowContext(t.Context(), text, args...).Scan(&n); err != nil {
		t.Fatalf("%.80s: %v", text, err)
	}
	return n
}

func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return -1
	}
	return e.Code()
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	h := fresh(t, "create table v (x any)")
	for _, v := range []any{nil, int64(0), int64(math.MinInt64), int64(math.MaxInt64), 1.5, -0.25, math.MaxFloat64, "", "a", "a\x00b", "äß漢🙂",
		strings.Repeat("long ", 300_000), []byte{}, []byte{0, 1, 255}} {
		run(t, h, "delete from v")
		run(t, h, "insert into v values ($1)", v)
		var got any
		if err := h.QueryRowContext(t.Context(), "select x from v").Scan(&got); err != nil || !reflect.DeepEqual(got, v) {
			t.Errorf("%.20v (%T) came back as %.20v (%T), %v", v, v, got, got, err)
		}
	}
	run(t, h, "delete from v")
	run(t, h, "insert into v values (?), (?)", true, false)
	if n := number(t, h, "select sum(x) * 10 + count(*) from v"); n != 12 {
		t.Errorf("true and false were kept as %d", n)
	}
	if _, err := h.ExecContext(t.Context(), "insert into v values (?)", time.Now()); err == nil {
		t.Error("a time was bound")
	}
}

func TestParametersByNumberAndInOrder(t *testing.T) {
	h := fresh(t, "")
	for text, want := range map[string]int64{
		"select $2 * 100 + $1 * 10 + $2": 212, "select ? * 100 + ? * 10": 120, "select $1 + 0 * $2": 1,
	} {
		if n := number(t, h, text, 1, 2); n != want {
			t.Errorf("%s with 1 and 2 is %d, not %d", text, n, want)
		}
	}
	for _, text := range []string{"select $1", "select ?", "select $1 + $2 + $3", "select $0 + $1 + $2", "select :name + $1 + $2", "select 1"} {
		if rows, err := h.QueryContext(t.Context(), text, 1, 2); err == nil {
			rows.Close()
			t.Errorf("%s was run with two arguments", text)
		}
	}
	if n := number(t, h, "select 7"); n != 7 {
		t.Error(n)
	}
}

func TestSeveralStatements(t *testing.T) {
	h := fresh(t, "create table a (x); create table b (x);\n-- a remark\ninsert into a values (1), (2); ; /* the end */ ")
	r, err := h.ExecContext(t.Context(), "insert into b select x from a; update b set x = 3")
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := r.RowsAffected(); n != 2 || number(t, h, "select sum(x) from b") != 6 {
		t.Errorf("the last of two statements changed %d rows", n)
	}
	run(t, h, "  -- nothing")
	for _, text := range []string{"select 1; select 2", "", "-- nothing", "select", "select * from nowhere", "select 1\x00"} {
		if rows, err := h.QueryContext(t.Context(), text); err == nil {
			rows.Close()
			t.Errorf("%q was queried", text)
		}
	}
	if _, err := h.ExecContext(t.Context(), "insert into a values (?); delete from a", 1); err == nil {
		t.Error("two statements shared an argument")
	}
	if _, err := h.ExecContext(t.Context(), "create table c (x); nonsense; create table d (x)"); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("the error is %v", err)
	}
}

// A statement that is being read is not the one that is run meanwhile.
func TestTheSameTextTwiceAtOnce(t *testing.T) {
	h := fresh(t, "create table a (x); insert into a values (1), (2), (3)")
	tx, err := h.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	sum := 0
	outer, err := tx.QueryContext(t.Context(), "select x from a where x >= $1 order by x", 1)
	if err != nil {
		t.Fatal(err)
	}
	for outer.Next() {
		var x, y int
		if err := outer.Scan(&x); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRowContext(t.Context(), "select x from a where x >= $1 order by x", x).Scan(&y); err != nil {
			t.Fatal(err)
		}
		sum += 10*x + y
	}
	if sum != 66 || outer.Err() != nil {
		t.Errorf("the sum is %d, %v", sum, outer.Err())
	}
}

// What a connection keeps of its statements follows the schema, and is bounded.
func TestKeptStatements(t *testing.T) {
	h := fresh(t, "create table a (x); insert into a values (1)")
	for i := range 300 {
		if n := number(t, h, fmt.Sprintf("select x + %d from a", i)); n != int64(i+1) {
			t.Fatal(n)
		}
	}
	long := "select count(*) from a where x in (" + strings.Repeat("0, ", 60_000) + "1)"
	for range 3 {
		if n := number(t, h, long); n != 1 {
			t.Fatal(n)
		}
	}
	all := func() (names []string, err error) {
		r, err := h.QueryContext(t.Context(), "select * from a")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		names, _ = r.Columns()
		for r.Next() {
		}
		return names, r.Err()
	}
	if names, err := all(); len(names) != 1 || err != nil {
		t.Error(names, err)
	}
	run(t, h, "create index i on a (x)")
	for range 2 {
		if n := number(t, h, "select x + 1 from a"); n != 2 {
			t.Error(n)
		}
	}
	run(t, h, "drop index i; drop table a; create table a (x, y)")
	if _, err := h.ExecContext(t.Context(), "insert into a values (5, 6)"); err != nil {
		t.Error(err)
	}
	if n := number(t, h, "select x + 1 from a"); n != 6 {
		t.Errorf("a kept statement reads the table that was there before: %d", n)
	}
	if names, err := all(); code(err) != 17 {
		t.Errorf("a kept select * has the columns %v after the table has got one more, and no error: %v", names, err)
	}
	if names, err := all(); !reflect.DeepEqual(names, []string{"x", "y"}) || err != nil {
		t.Errorf("then it has the columns %v, %v", names, err)
	}
}

// A text that comes again in the next row is not copied again, and none of
// them changes when the rows go on or are closed.
func TestTextsOfRowsStay(t *testing.T) {
	h := fresh(t, "create table a (id integer primary key, x)")
	want := []any{"same", "same", nil, "same", "other", "", "", int64(5), "5", []byte("same"), "same", nil}
	for _, v := range want {
		run(t, h, "insert into a (x) values (?)", v)
	}
	rows, err := h.QueryContext(t.Context(), "select x from a order by id")
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	rows.Close()
	run(t, h, "update a set x = 'XXXX'")
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the rows were %q, not %q", got, want)
	}
}

const endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n where i < $1"

// The end of a context ends a statement, and nothing that comes after it.
func TestInterrupt(t *testing.T) {
	h := fresh(t, "create table a (x)")
	for i := range 60 {
		ctx, cancel := context.WithCancel(t.Context())
		after := time.Duration(rand.IntN(3000)) * time.Microsecond
		if i == 0 {
			cancel()
		} else {
			time.AfterFunc(after, cancel)
		}
		var err error
		if i%2 == 0 {
			_, err = h.ExecContext(ctx, "insert into a "+endless, 0)
		} else {
			err = h.QueryRowContext(ctx, endless, 0).Scan(new(int))
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("an endless statement ended with %v", err)
		}
		if n := number(t, h, "select count(*) from a"); n != 0 {
			t.Fatalf("there are %d rows", n)
		}
		cancel()
	}
}

// So does one that ends while SQLite parses the statement.
func TestInterruptOfALongText(t *testing.T) {
	h := fresh(t, "create table a (x)")
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Millisecond)
		_, err := h.ExecContext(ctx, "insert into a "+endless+" and i not in ("+strings.Repeat("-1, ", 30_000)+"-1)", 0)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ended with %v", err)
		}
		cancel()
	}
}

// A context that ends at any moment ends the transaction, or not, but not
// the next one on the same connection.
func TestInterruptNearTheEnd(t *testing.T) {
	h := fresh(t, "create table a (x)")
	for range 300 {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(rand.IntN(200))*time.Microsecond, cancel)
		before := number(t, h, "select count(*) from a")
		err := func() error {
			tx, err := h.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			for i := range 5 {
				if _, err := tx.ExecContext(ctx, "insert into a values (?)", i); err != nil {
					return err
				}
			}
			return tx.Commit()
		}()
		want := before
		if err == nil {
			want += 5
		}
		if n := number(t, h, "select count(*) from a"); n != want {
			t.Fatalf("there were %d rows, and are %d after %v", before, n, err)
		}
		cancel()
	}
}

func TestErrorsHaveTheirCodes(t *testing.T) {
	path := empty(t)
	h := openFile(t, path, sqlite.Options{})
	run(t, h, "create table a (x integer primary key, y text unique not null check (y <> '')); insert into a values (1, 'one')")
	for text, want := range map[string]int{
		"insert into a values (1, 'two')": 1555, "insert into a values (2, 'one')": 2067, "insert into a values (2, null)": 1299,
		"insert into a values (2, '')": 275, "select * from nowhere": 1,
	} {
		if _, err := h.ExecContext(t.Context(), text); code(err) != want || !strings.Contains(err.Error(), fmt.Sprintf("(%d)", want)) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := openFile(t, path, sqlite.Options{ReadOnly: true}).ExecContext(t.Context(), "delete from a"); code(err) != 8 {
		t.Errorf("a write to a file that is read: %v", err)
	}
	if n := number(t, openFile(t, path, sqlite.Options{Immutable: true}), "select count(*) from a"); n != 1 {
		t.Errorf("%d rows in the file that cannot change", n)
	}
	if err := openFile(t, path+"x", sqlite.Options{}).PingContext(t.Context()); code(err) != 14 {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := os.Stat(path + "x"); err == nil {
		t.Error("a file was made")
	}
	if err := os.WriteFile(path+"y", []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openFile(t, path+"y", sqlite.Options{}).ExecContext(t.Context(), "select * from a"); code(err) != 26 {
		t.Errorf("a file of something else: %v", err)
	}
	if err := openFile(t, path, sqlite.Options{Pragmas: []string{"nonsense ="}}).PingContext(t.Context()); code(err) != 1 {
		t.Errorf("a wrong pragma: %v", err)
	}
}

func TestTransactions(t *testing.T) {
	path := empty(t)
	first, second := openFile(t, path, sqlite.Options{Pragmas: []string{"journal_mode=wal", "foreign_keys=1"}}), openFile(t, path, sqlite.Options{BusyTimeout: 20 * time.Millisecond})
	run(t, first, "create table a (x integer primary key); create table b (x references a deferrable initially deferred)")
	tx, err := first.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.BeginTx(t.Context(), nil); code(err)&0xff != 5 {
		t.Errorf("a second writer began: %v", err)
	}
	read, err := second.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := read.Rollback(); err != nil {
		t.Error(err)
	}
	if _, err := tx.Exec("insert into b values (9)"); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); code(err) != 787 {
		t.Errorf("a row that refers to nothing was committed: %v", err)
	}
	run(t, second, "begin immediate; rollback") // the failed commit holds no lock
	if n := number(t, first, "select count(*) from b"); n != 0 {
		t.Errorf("%d rows of the commit that failed", n)
	}
	left, err := first.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := left.Query("select 1 union all select 2")
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	if err := left.Rollback(); err != nil { // while rows are read
		t.Error(err)
	}
	run(t, second, "insert into a values (1)")
}

// A wait for another's lock ends when there is no need for it any more.
func TestAWaitForALock(t *testing.T) {
	path := empty(t)
	first, second := openFile(t, path, sqlite.Options{}), openFile(t, path, sqlite.Options{BusyTimeout: time.Hour})
	run(t, first, "create table a (x)")
	tx, err := first.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := second.BeginTx(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the wait ended with %v", err)
	}
	time.AfterFunc(30*time.Millisecond, func() { tx.Commit() })
	next, err := second.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Commit(); err != nil {
		t.Error(err)
	}
}

// Both drivers say the same of the same file.
func TestTheLibrarysOwnDriverSeesTheSame(t *testing.T) {
	path := empty(t)
	h := openFile(t, path, sqlite.Options{})
	run(t, h, "create table a (i integer, r real, s text, b blob, x any)")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	value := func() any {
		switch r.IntN(5) {
		case 0:
			return nil
		case 1:
			return int64(r.Uint64()) >> r.IntN(64)
		case 2:
			return r.NormFloat64() * 1e9
		case 3:
			b := make([]byte, r.IntN(40))
			for i := range b {
				b[i] = byte(r.IntN(256))
			}
			return b
		default:
			return strings.Repeat(string(rune(r.IntN(0x2000)+1)), r.IntN(20))
		}
	}
	for range 500 {
		run(t, h, "insert into a values ($5, $4, $3, $2, $1)", value(), value(), value(), value(), value())
	}
	library, err := sql.Open("sqlite", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path))
	if err != nil {
		t.Fatal(err)
	}
	defer library.Close()
	for _, text := range []string{"select * from a", "select typeof(i), typeof(r), typeof(s), typeof(b), typeof(x) from a",
		"select i, count(*), max(s), min(x), group_concat(s) from a group by 1 order by 2 desc, 1", "select * from a where s like '%a%' order by r, i limit 20"} {
		if own, other := dump(t, h, text), dump(t, library, text); !reflect.DeepEqual(own, other) {
			t.Errorf("%s:\n%v\nand by the library's driver\n%v", text, own, other)
		}
	}
}

func dump(t *testing.T, h *sql.DB, text string) (all [][]any) {
	t.Helper()
	rows, err := h.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, []any{names})
	for rows.Next() {
		row := make([]any, len(names))
		into := make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok && len(b) == 0 {
				row[i] = []byte(nil) // one says nil, the other a slice of no bytes
			}
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
