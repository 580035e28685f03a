package sqlite_test

import (
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
	"pm/internal/sqlite"
)

// ExecRows runs a statement for one row after another: a value of the row before is
// not that of a null, rows are counted, and the first error ends it.
func TestOneRowAfterAnother(t *testing.T) {
	p := sqlite.NewPool(empty(t), sqlite.Options{})
	defer p.Close()
	err := p.Use(t.Context(), func(c *sqlite.Conn) error {
		if _, err := c.Exec(t.Context(), "create table r (id integer primary key, word text)"); err != nil {
			return err
		}
		const insert = "insert into r (id, word) values (?, ?) on conflict (word) do nothing"
		if _, err := c.ExecRows(t.Context(), insert, 2, []any{1, "a"}); err == nil {
			t.Error("a statement that cannot be prepared is run")
		}
		n, err := c.ExecRows(t.Context(), "insert into r (id, word) values (?, ?)", 2, []any{1, "a", 2, nil, 3, "c"})
		if err != nil || n != 3 {
			t.Errorf("%d rows: %v", n, err)
		}
		n, err = c.ExecRows(t.Context(), "insert into r (id, word) values (?, ?)", 2, []any{4, "d", 1, "e", 5, "f"})
		if n != 1 || code(err) != sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
			t.Errorf("%d rows before a key that is there: %v", n, err)
		}
		rows, err := c.Query(t.Context(), "select count(*), count(word) from r")
		if err != nil {
			return err
		}
		defer rows.Close()
		var all, words int
		if !rows.Next() {
			return rows.Err()
		}
		if err := rows.Scan(&all, &words); err != nil || all != 4 || words != 3 {
			t.Errorf("%d rows, %d with a word: %v", all, words, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
