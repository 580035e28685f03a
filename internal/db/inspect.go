package db

import (
	"fmt"
	"strings"
)

// An inspector is what differs between the engines in looking at a database
// from outside: its size, its tables, the plans of its statements.
type inspector struct {
	explain string                      // before a statement: its plan instead of its result
	version string                      // select of the engine and its version
	size    string                      // select of bytes, pages, free pages (null: not known) and bytes of a page
	tables  string                      // select of the names of the tables
	indexes string                      // select of name, table and number of uses (null: not known) of all indexes
	sizes   string                      // select of name and bytes of all tables and indexes
	damage  []string                    // selects of a sentence for each flaw of the file
	foreign func(*Tx) ([]string, error) // a sentence for each part of the schema that pm did not make; nil: damage has it
	wal     func(path string) int64

	// reads says what the lines of a plan read, and how.
	reads func(lines []string) []Access
}

// Library returns the engine and its version.
func (tx *Tx) Library() (is string, err error) {
	_, err = tx.ScanOne(Stmt{Name: "stats.engine", Text: tx.db.d.inspect.version}, []any{&is})
	return is, err
}

// IndexNames returns the names of all indexes, in no order.
func (tx *Tx) IndexNames() ([]string, error) {
	all, err := tx.Indexes()
	names := make([]string, len(all))
	for i, index := range all {
		names[i] = index.Name
	}
	return names, err
}

// A TableSize says how much a table holds. Bytes are there if they were asked for.
type TableSize struct {
	Name  string `json:"name"`
	Rows  int64  `json:"rows"`
	Bytes int64  `json:"bytes,omitempty"`
}

// An IndexSize says how large an index is, and how often it was used where
// the engine counts that.
type IndexSize struct {
	Name  string `json:"name"`
	Table string `json:"table"`
	Uses  *int64 `json:"uses,omitempty"`
	Bytes int64  `json:"bytes,omitempty"`
}

// Indexes returns all indexes, by table and name, without their sizes.
func (tx *Tx) Indexes() ([]IndexSize, error) {
	return List(tx, Stmt{Name: "stats.indexes", Text: tx.db.d.inspect.indexes}, func(i *IndexSize) []any { return []any{&i.Name, &i.Table, &i.Uses} })
}

// Tables returns the names of all tables, in order.
func (tx *Tx) Tables() ([]string, error) {
	return List(tx, Stmt{Name: "stats.tables", Text: tx.db.d.inspect.tables}, func(s *string) []any { return []any{s} })
}

// Stats are the sizes of a database. What an engine does not know is nil.
type Stats struct {
	Engine    string      `json:"engine"`
	Database  string      `json:"database"`
	Schema    int         `json:"schema"`
	Bytes     int64       `json:"bytes"`
	Pages     int64       `json:"pages"`
	PageBytes int64       `json:"page_bytes"`
	FreePages *int64      `json:"free_pages,omitempty"`
	WALBytes  *int64      `json:"wal_bytes,omitempty"`
	Tables    []TableSize `json:"tables"`
	Indexes   []IndexSize `json:"indexes"`
}

// Stats measures the database. It counts the rows of every table, which takes
// as long as there are rows; with sizes it finds out the bytes of each table
// and index, for which SQLite reads the whole file.
func (tx *Tx) Stats(sizes bool) (s Stats, err error) {
	look := tx.db.d.inspect
	s.Engine, s.Database, s.Schema = tx.db.Engine(), tx.db.Path(), tx.db.schema.Version
	if look.wal != nil {
		n := look.wal(tx.db.path)
		s.WALBytes = &n
	}
	if _, err := tx.ScanOne(Stmt{Name: "stats.size", Text: look.size}, []any{&s.Bytes, &s.Pages, &s.FreePages, &s.PageBytes}); err != nil {
		return s, err
	}
	tables, err := tx.Tables()
	if err != nil {
		return s, err
	}
	for _, name := range tables {
		n, err := tx.Count(Stmt{Name: "stats.rows", Text: `select count(*) from "` + name + `"`})
		if err != nil {
			return s, err
		}
		s.Tables = append(s.Tables, TableSize{Name: name, Rows: int64(n)})
	}
	if s.Indexes, err = tx.Indexes(); err != nil || !sizes {
		return s, err
	}
	return s, tx.addSizes(&s)
}

func (tx *Tx) addSizes(s *Stats) error {
	type part struct {
		name  string
		bytes int64
	}
	parts, err := List(tx, Stmt{Name: "stats.sizes", Text: tx.db.d.inspect.sizes}, func(p *part) []any { return []any{&p.name, &p.bytes} })
	if err != nil {
		return err
	}
	bytes := map[string]int64{}
	for _, p := range parts {
		bytes[p.name] = p.bytes
	}
	for i := range s.Indexes {
		s.Indexes[i].Bytes = bytes[s.Indexes[i].Name]
	}
	for i := range s.Tables {
		t := &s.Tables[i]
		if n, whole := bytes[t.Name]; whole {
			t.Bytes = n
			continue
		}
		for _, p := range parts { // a virtual table lies in tables whose names begin with its own
			if strings.HasPrefix(p.name, t.Name+"_") {
				t.Bytes += p.bytes
			}
		}
	}
	return nil
}

// Damage has the engine check its file, and that no row refers to one that is
// gone, and looks whether the schema is the one that pm makes. It returns a
// sentence for each flaw. PostgreSQL has no check of its own for its files.
func (tx *Tx) Damage() (out []string, err error) {
	for _, sql := range tx.db.d.inspect.damage {
		found, err := List(tx, Stmt{Name: "doctor.file", Text: sql}, func(s *string) []any { return []any{s} })
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	if foreign := tx.db.d.inspect.foreign; foreign != nil {
		found, err := foreign(tx)
		if err != nil {
			return out, err
		}
		out = append(out, found...)
	}
	steps := tx.db.schema.steps()
	applied, err := List(tx, Stmt{Name: "doctor.migrations", Text: `select version, name, checksum from migrations order by version`},
		func(m *Migration) []any { return []any{&m.Version, &m.Name, &m.Checksum} })
	for i, m := range applied {
		if i >= len(steps) || m.Version != steps[i].Version || m.Name != steps[i].Name || m.Checksum != steps[i].Checksum {
			out = append(out, fmt.Sprintf("step %d of the schema is unknown to this version of pm", m.Version))
		}
	}
	return out, err
}
