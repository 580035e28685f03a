package db

import (
	"regexp"
	"slices"
	"strings"
)

// An Access is how a plan reads one table: a part of it through an index, or
// the whole of it, in the order of an index if one is named.
type Access struct {
	Table string `json:"table"`
	Index string `json:"index,omitempty"`
	Whole bool   `json:"whole,omitempty"`
}

// PrimaryKey is the Index of an Access through a table's primary key, where
// that has no name of its own.
const PrimaryKey = "its primary key"

// A Plan is how the engine runs one statement.
type Plan struct {
	Name    string   `json:"name"`
	SQL     string   `json:"sql"`
	Calls   int      `json:"calls"`
	Lines   []string `json:"plan"`
	Reads   []Access `json:"reads"`
	Sorts   bool     `json:"sorts,omitempty"` // rows are sorted after they were read
	Verdict string   `json:"verdict"`
	// Scans says that a table which grows is read from one end to the other.
	Scans bool `json:"scans,omitempty"`
}

// Explain returns the plan of a statement that was observed, without running it.
func (tx *Tx) Explain(s Statement) (p Plan, err error) {
	look := tx.db.d.inspect
	tables, err := tx.Tables()
	if err != nil {
		return p, err
	}
	p = Plan{Name: s.Name, SQL: oneLine(s.Text), Calls: 1, Reads: []Access{}}
	if p.Lines, err = tx.planLines(Stmt{Name: "explain", Text: look.explain + s.Text}, s.Args); err != nil {
		return p, err
	}
	aliases := aliasesIn(s.Text)
	for _, a := range look.reads(p.Lines) {
		if name, is := aliases[a.Table]; is {
			a.Table = name
		}
		if slices.Contains(tables, a.Table) && !slices.Contains(p.Reads, a) {
			p.Reads = append(p.Reads, a)
		}
	}
	for _, line := range p.Lines {
		p.Sorts = p.Sorts || strings.Contains(line, "FOR ORDER BY") || strings.Contains(line, "Sort Key")
	}
	p.judge(append([]string{"migrations"}, tx.db.schema.Fixed...))
	return p, nil
}

// planLines returns the last column of each row: SQLite has numbers before it.
func (tx *Tx) planLines(s Stmt, args []any) ([]string, error) {
	rows, err := tx.session.query(s.Text, args...)
	if err != nil {
		return nil, tx.db.translate(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, tx.db.translate(err)
	}
	lines := []string{}
	for rows.Next() {
		var line string
		into := make([]any, len(names))
		for i := range into {
			into[i] = new(any)
		}
		into[len(into)-1] = &line
		if err := rows.Scan(into...); err != nil {
			return nil, tx.db.translate(err)
		}
		lines = append(lines, line)
	}
	return lines, tx.db.translate(rows.Err())
}

// judge says in words what the plan amounts to; fixed are the tables that do
// not grow.
func (p *Plan) judge(fixed []string) {
	var words []string
	// A limit that stands before a sort stands in a part of its own.
	inner := regexp.MustCompile(` limit \$\d+\)`).MatchString(p.SQL)
	limited := inner || strings.Contains(p.SQL, " limit ") && !p.Sorts
	until := ", until the page is full"
	if strings.Contains(p.SQL, " where ") {
		until = ", skipping rows that do not match, until the page is full"
	}
	for _, a := range p.Reads {
		grows := !slices.Contains(fixed, a.Table)
		switch {
		case !a.Whole:
			words = append(words, a.Table+": "+a.Index)
		case !grows:
			words = append(words, a.Table+": read in full, but does not grow")
		case limited && a.Index != "":
			words = append(words, a.Table+": in the order of "+a.Index+until)
		case limited:
			words = append(words, a.Table+": in the order of "+PrimaryKey+until)
		case a.Index != "":
			p.Scans = true
			words = append(words, a.Table+": SCANNED, all of "+a.Index)
		default:
			p.Scans = true
			words = append(words, a.Table+": SCANNED, every row is read")
		}
	}
	if len(p.Reads) == 0 {
		words = append(words, "reads no table")
		if strings.HasPrefix(p.SQL, "insert") {
			words = []string{"adds a row"}
		}
	}
	if p.Sorts {
		words = append(words, "sorts what it found")
	}
	p.Verdict = strings.Join(words, "; ")
}

// aliasesIn returns the tables that a statement names otherwise, by that name.
func aliasesIn(text string) map[string]string {
	alias := regexp.MustCompile(`\b(?:from|join)\s+(\w+)\s+(?:as\s+)?(\w+)`)
	out := map[string]string{}
	for _, m := range alias.FindAllStringSubmatch(text, -1) {
		out[m[2]] = m[1]
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
