package db

import (
	"pm/internal/sqlite"
)

// An object is a table, an index or a trigger, and the text that made it.
type object struct{ what, text string }

func objectFields(o *object) []any { return []any{&o.what, &o.text} }

// sqliteObjects lists the objects of a file, without what SQLite makes itself.
const sqliteObjects = `select type || ' ' || name, coalesce(sql, '') from sqlite_schema where name not like 'sqlite\_%' escape '\' order by type, name`

// sqliteForeign compares the schema of a file with the one that its steps make
// of nothing.
func sqliteForeign(tx *Tx) (out []string, err error) {
	have, err := List(tx, Stmt{Name: "doctor.schema", Text: sqliteObjects}, objectFields)
	if err != nil {
		return nil, err
	}
	want, err := tx.freshObjects()
	if err != nil {
		return nil, err
	}
	left := map[string]string{}
	for _, o := range want {
		left[o.what] = o.text
	}
	for _, o := range have {
		if text, is := left[o.what]; !is {
			out = append(out, o.what+" is not part of pm's schema")
		} else if text != o.text {
			out = append(out, o.what+" differs from pm's definition")
		}
		delete(left, o.what)
	}
	for _, o := range want {
		if _, is := left[o.what]; is {
			out = append(out, o.what+" is missing")
		}
	}
	return out, nil
}

// freshObjects returns the objects of a new database.
func (tx *Tx) freshObjects() (all []object, err error) {
	h := sqlite.NewPool(":memory:", sqlite.Options{})
	defer h.Close()
	err = h.Use(tx.ctx, func(c *sqlite.Conn) error {
		s := fileSession{ctx: tx.ctx, c: c}
		for _, m := range tx.db.schema.steps() {
			if _, err := s.exec(tx.db.schema.text(m, tx.db.d)); err != nil {
				return err
			}
		}
		rows, err := s.query(sqliteObjects)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var o object
			if err := rows.Scan(objectFields(&o)...); err != nil {
				return err
			}
			all = append(all, o)
		}
		return rows.Err()
	})
	return all, tx.db.translate(err)
}

// postgresTriggers lists those that are not the server's own: pm has none.
const postgresTriggers = `select 'trigger ' || t.tgname || ' on ' || c.relname || ' is not part of pm''s schema' from pg_trigger t join pg_class c on c.oid = t.tgrelid
	join pg_namespace n on n.oid = c.relnamespace where not t.tgisinternal and n.nspname = current_schema() order by 1`
