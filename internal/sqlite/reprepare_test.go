package sqlite

import (
	"path/filepath"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"
)

// A statement is parsed once, whatever is bound to it: limits, ends of ranges,
// patterns, values of columns that have statistics or a partial index.
func TestAStatementIsParsedOnce(t *testing.T) {
	c, err := open(filepath.Join(t.TempDir(), "a.db"), sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_CREATE, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx := t.Context()
	if _, err := c.Exec(ctx, `create table a (x integer, y text); create index ax on a (x); create index ay on a (y) where x = 5;
		with recursive n (i) as (select 1 union all select i + 1 from n limit 500) insert into a select i % 7, 'k' || i from n; analyze`); err != nil {
		t.Fatal(err)
	}
	for text, args := range map[string][][]any{
		"select y from a where x between ? and ? order by x limit ?": {{1, 2, 3}, {2, 3, 100}, {5, 6, 0}},
		"select y from a where x = ?":                                {{5}, {6}, {5}},
		"select y from a where x = ? and y > ?":                      {{5, "k"}, {5, "l"}, {6, "a"}},
		"select y from a where y like ?":                             {{"k1%"}, {"%9"}, {"k"}},
		"update a set y = y where x < ?":                             {{3}, {1}, {7}},
	} {
		for _, values := range args {
			if _, err := c.Exec(ctx, text, values...); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
		s := c.kept.take(text)
		if s == nil {
			t.Fatalf("%s is not kept", text)
		}
		if n := sqlite3.Xsqlite3_stmt_status(c.tls, s.p, sqlite3.SQLITE_STMTSTATUS_REPREPARE, 0); n != 0 {
			t.Errorf("%s was parsed anew %d times", text, n)
		}
		c.release(s)
	}
}
