package render

import (
	"fmt"
	"strconv"

	"pm/internal/cli/term"
	"pm/internal/tracker"
)

// stats writes a database's measures; in a pipe each line has the name of its
// part first.
func (p *printer) stats(s tracker.Stats) {
	if !p.out.Terminal {
		p.statsRows(s)
		return
	}
	p.field("database", s.Database)
	p.field("engine", s.Engine+", schema "+strconv.Itoa(s.Schema))
	size := fmt.Sprintf("%s in %s pages of %s", term.Bytes(s.Bytes), term.Count(int(s.Pages)), term.Bytes(s.PageBytes))
	if s.FreePages != nil {
		size += ", " + term.Count(int(*s.FreePages)) + " free"
	}
	p.field("size", size)
	if s.WALBytes != nil {
		p.field("wal", term.Bytes(*s.WALBytes))
	}
	p.field("progress", drifts(s.Drifts))
	for _, d := range s.Drifts {
		p.para(term.Red, indent, d.Key.String()+": "+d.String())
	}
	p.WriteByte('\n')
	p.statsSizes(s)
	p.WriteByte('\n')
	t := term.Table{Columns: []term.Column{{Header: "STATEMENT"}, right("CALLS"), right("AVG MS"), right("MIN"), right("MAX"), right("P95")}}
	for _, one := range s.Statements {
		t.Row(one.Name, term.Count(int(one.Count)), milli(one.Avg), milli(one.Min), milli(one.Max), milli(one.P95))
	}
	p.table(&t)
}

func (p *printer) statsSizes(s tracker.Stats) {
	t := term.Table{Columns: []term.Column{{Header: "TABLE"}, right("ROWS"), right("BYTES")}}
	for _, one := range s.Tables {
		t.Row(one.Name, term.Count(int(one.Rows)), sized(one.Bytes))
	}
	p.table(&t)
	p.WriteByte('\n')
	t = term.Table{Columns: []term.Column{{Header: fmt.Sprintf("INDEX (%d)", len(s.Indexes)), Shrink: true}, {Header: "TABLE"}, right("USES"), right("BYTES")}}
	for _, one := range s.Indexes {
		t.Row(one.Name, one.Table, uses(one), sized(one.Bytes))
	}
	p.table(&t)
}

func (p *printer) statsRows(s tracker.Stats) {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	p.row("engine", s.Engine)
	p.row("database", s.Database)
	p.row("schema", strconv.Itoa(s.Schema))
	p.row("bytes", n(s.Bytes))
	p.row("pages", n(s.Pages))
	p.row("page_bytes", n(s.PageBytes))
	if s.FreePages != nil {
		p.row("free_pages", n(*s.FreePages))
	}
	if s.WALBytes != nil {
		p.row("wal_bytes", n(*s.WALBytes))
	}
	for _, one := range s.Tables {
		p.row("table", one.Name, n(one.Rows), n(one.Bytes))
	}
	p.row("indexes", strconv.Itoa(len(s.Indexes)))
	for _, one := range s.Indexes {
		p.row("index", one.Name, one.Table, uses(one), n(one.Bytes))
	}
	p.row("progress_drift", strconv.Itoa(len(s.Drifts)))
	for _, d := range s.Drifts {
		p.row("drift", d.Key.String(), d.String())
	}
	p.row("transactions", n(s.Transactions.Transactions), n(s.Transactions.RolledBack), n(s.Transactions.Retries))
	for _, one := range s.Statements {
		p.row("statement", one.Name, n(one.Count), milli(one.Avg), milli(one.Min), milli(one.Max), milli(one.P95))
	}
}

func right(header string) term.Column { return term.Column{Header: header, Align: term.Right} }

func milli(ms float64) string { return strconv.FormatFloat(ms, 'f', 3, 64) }

func uses(i tracker.IndexSize) string {
	if i.Uses == nil {
		return ""
	}
	return strconv.FormatInt(*i.Uses, 10)
}

func sized(n int64) string {
	if n == 0 {
		return ""
	}
	return term.Bytes(n)
}

func drifts(ds []tracker.Drift) string {
	if len(ds) == 0 {
		return "matches the tasks, for every epic and feature"
	}
	return fmt.Sprintf("epics and features that do not match their tasks: %d", len(ds))
}
