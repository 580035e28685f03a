package sqlite_test

import (
	"context"
	"errors"
	"testing"

	"pm/internal/sqlite"
)

// Foreign keys and triggers are off for as long as Unguarded runs, within a
// transaction too, and on again after it, however it ends.
func TestUnguarded(t *testing.T) {
	p := newPool(t, sqlite.Options{Pragmas: []string{"foreign_keys=1"}})
	do(t, p, `create table parent (id integer primary key); create table child (id integer references parent on delete cascade);
		create table gone (id); create trigger note after delete on parent begin insert into gone values (old.id); end`)
	fill := func(c *sqlite.Conn) error {
		_, err := c.Exec(t.Context(), "delete from child; delete from parent; delete from gone; insert into parent values (1), (2); insert into child values (1), (2)")
		return err
	}
	// counts deletes both parents, and counts the children and what the trigger noted.
	counts := func(c *sqlite.Conn) (children, noted int, err error) {
		if _, err = c.Exec(t.Context(), "delete from parent"); err != nil {
			return 0, 0, err
		}
		rows, err := c.Query(t.Context(), "select (select count(*) from child), (select count(*) from gone)")
		if err != nil {
			return 0, 0, err
		}
		defer rows.Close()
		rows.Next()
		return children, noted, rows.Scan(&children, &noted)
	}
	failed := errors.New("failed")
	for name, ends := range map[string]func(*sqlite.Conn) error{
		"well":        func(*sqlite.Conn) error { return nil },
		"in an error": func(*sqlite.Conn) error { return failed },
		"with a statement that failed": func(c *sqlite.Conn) error {
			_, err := c.Exec(context.Background(), "insert into parent values (7), (7)")
			if err == nil {
				t.Error("two rows have one id")
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := p.Use(t.Context(), func(c *sqlite.Conn) error {
				if err := c.Begin(t.Context(), true); err != nil {
					return err
				}
				if err := fill(c); err != nil {
					return err
				}
				var end error
				err := c.Unguarded(func() error {
					if children, noted, err := counts(c); err != nil || children != 2 || noted != 0 {
						t.Errorf("unguarded: %d children are left, %d were noted: %v", children, noted, err)
					}
					end = ends(c)
					return end
				})
				if !errors.Is(err, end) {
					t.Errorf("it ended with %v, not %v", err, end)
				}
				if err := fill(c); err != nil {
					return err
				}
				if children, noted, err := counts(c); err != nil || children != 0 || noted != 2 {
					t.Errorf("guarded again: %d children are left, %d were noted: %v", children, noted, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	func() {
		defer func() { recover() }()
		p.Use(t.Context(), func(c *sqlite.Conn) error { return c.Unguarded(func() error { panic("in the middle") }) })
	}()
	do(t, p, "insert into parent values (1); insert into child values (1); delete from parent")
	if err := p.Use(t.Context(), func(c *sqlite.Conn) error {
		_, err := c.Exec(t.Context(), "insert into child values (3)")
		return err
	}); err == nil {
		t.Error("after a panic a child has no parent")
	}
}
