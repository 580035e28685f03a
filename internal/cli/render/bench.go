package render

import (
	"fmt"
	"strconv"

	"pm/internal/bench"
	"pm/internal/cli/term"
)

// bench writes what was measured: tables for a terminal; in a pipe one row a
// line, with the name of its part first.
func (p *printer) bench(r bench.Report) {
	if !p.out.Terminal {
		p.benchRows(r)
		return
	}
	p.para(term.Bold, 0, fmt.Sprintf("%s, %s tasks", r.Engine, term.Count(r.Tasks)))
	t := &term.Table{Columns: []term.Column{{Header: "MILLISECONDS"}, right("COUNT"), right("MIN"), right("AVG"), right("P50"), right("P95"), right("P99"),
		right("MAX"), right("LIMIT"), right("TIMES")}}
	for _, row := range r.Rows {
		style := term.Green
		if row.Missed {
			style = term.Red
		}
		s := row.Sample
		t.Cells(cell(judgedName(row)), cell(strconv.Itoa(s.Count)), cell(milli(s.Min)), cell(milli(s.Avg)), cell(milli(s.P50)), cell(milli(s.P95)),
			cell(milli(s.P99)), cell(milli(s.Max)), cell(fmt.Sprintf("%g", row.Limit)), term.Cell{Text: factor(row.Factor), Style: style})
	}
	p.table(t)
	if r.Web != nil {
		fmt.Fprintf(p, "\n%s nodes (limit %s), %.1f MB of heap (limit %g)\n", term.Count(r.Web.Nodes), term.Count(r.Web.MostNodes), r.Web.Heap, r.Web.MostHeap)
	}
	if c := r.Terminal; c != nil {
		fmt.Fprintf(p, "\n%.1f MB of memory (limit %g)\n", c.Memory, c.MostMB)
		for _, s := range c.Beside {
			fmt.Fprintf(p, "%s writes a second by %d writers, %.1f%% fewer with the board open (limit %g%%)\n", term.Count(int(s.Alone)), s.Writers, s.Slowed, c.MostSlow)
		}
	}
	p.benchCommands(r.Program, r.Commands)
	if r.Transfer != nil {
		fmt.Fprintf(p, "\nexport %s tasks a second, import %s (%s tasks, %s)\n", term.Count(int(r.Transfer.Export)), term.Count(int(r.Transfer.Import)),
			term.Count(r.Transfer.Tasks), term.Bytes(r.Transfer.Bytes))
	}
	p.benchGrowth(r.Growth)
	p.benchInUse(r.InUse)
}

// judgedName is a row's name, with the percentile that it is judged by where
// that is no column of the table.
func judgedName(r bench.Row) string {
	if r.Percentile == 95 || r.Percentile == 99 {
		return r.Name
	}
	return fmt.Sprintf("%s (p%d %s)", r.Name, r.Percentile, milli(r.Judged))
}

func cell(s string) term.Cell { return term.Cell{Text: s} }

// factor writes how many times a limit holds what was measured.
func factor(f float64) string {
	if f >= 10 {
		return term.Count(int(f))
	}
	return fmt.Sprintf("%.1f", f)
}

func (p *printer) benchCommands(program string, commands []bench.Command) {
	if len(commands) == 0 {
		return
	}
	p.WriteByte('\n')
	t := &term.Table{Columns: []term.Column{{Header: "WHOLE COMMAND"}, right("PM P50"), right("P95"), right("SQLITE3 P50"), right("P95"), right("RATIO")}}
	for _, c := range commands {
		row := []string{"pm " + c.Name, milli(c.PM.P50), milli(c.PM.P95)}
		if c.Shell != nil {
			row = append(row, milli(c.Shell.P50), milli(c.Shell.P95), fmt.Sprintf("%.2f", c.Ratio))
		}
		t.Row(row...)
	}
	p.table(t)
	p.para(term.Dim, 0, "pm is "+program)
	for _, c := range commands {
		if c.Note != "" {
			p.para(term.Dim, 0, "pm "+c.Name+": "+c.Note)
		}
	}
}

func (p *printer) benchGrowth(curves []bench.GrowthCurve) {
	if len(curves) == 0 {
		return
	}
	t := &term.Table{Columns: []term.Column{{Header: "MEDIAN MILLISECONDS AT"}}}
	for _, point := range curves[0].Points {
		t.Columns = append(t.Columns, right(term.Count(point.Tasks)))
	}
	t.Columns = append(t.Columns, right("RATIO"))
	for _, c := range curves {
		row := []string{c.Name}
		for _, point := range c.Points {
			row = append(row, milli(point.P50))
		}
		t.Row(append(row, fmt.Sprintf("%.2f", c.Ratio))...)
	}
	p.table(t)
}

func (p *printer) benchInUse(rows []bench.UseRow) {
	if len(rows) == 0 {
		return
	}
	t := &term.Table{Columns: []term.Column{{Header: "MEDIAN MILLISECONDS"}, right("PLAIN"), right("LARGEST"), right("IN USE"), right("LARGEST"), right("GROWTH"), right("RATIO")}}
	for _, r := range rows {
		row := []string{r.Name, "", ""}
		ratio := ""
		if n := len(r.Plain); n > 0 {
			row[1], row[2], ratio = milli(r.Plain[0].P50), milli(r.Plain[n-1].P50), fmt.Sprintf("%.2f", r.Ratio)
		}
		t.Row(append(row, milli(r.InUse[0].P50), milli(r.InUse[len(r.InUse)-1].P50), fmt.Sprintf("%.2f", r.Growth), ratio)...)
	}
	p.table(t)
}

func (p *printer) benchRows(r bench.Report) {
	sample := func(s bench.Sample) []string {
		return []string{strconv.Itoa(s.Count), milli(s.Min), milli(s.Avg), milli(s.P50), milli(s.P95), milli(s.P99), milli(s.Max)}
	}
	for _, row := range r.Rows {
		line := append([]string{"row", row.Name}, sample(row.Sample)...)
		p.row(append(line, fmt.Sprintf("%g", row.Limit), fmt.Sprintf("%g", row.Factor), fmt.Sprintf("p%d", row.Percentile), milli(row.Judged))...)
	}
	if r.Web != nil {
		p.row("nodes", strconv.Itoa(r.Web.Nodes))
		p.row("heap_mb", fmt.Sprintf("%.2f", r.Web.Heap))
	}
	if c := r.Terminal; c != nil {
		p.row("memory_mb", fmt.Sprintf("%.1f", c.Memory))
		for _, s := range c.Beside {
			p.row("writers_slowed_pct", strconv.Itoa(s.Writers), fmt.Sprintf("%.1f", s.Slowed))
		}
	}
	if r.Program != "" {
		p.row("program", r.Program)
	}
	for _, c := range r.Commands {
		p.row(append([]string{"command", c.Name, "pm"}, sample(c.PM)...)...)
		if c.Shell != nil {
			p.row(append([]string{"command", c.Name, "sqlite3"}, sample(*c.Shell)...)...)
			p.row("ratio", c.Name, fmt.Sprintf("%.2f", c.Ratio))
		}
	}
	if r.Transfer != nil {
		p.row("export", fmt.Sprintf("%.0f", r.Transfer.Export))
		p.row("import", fmt.Sprintf("%.0f", r.Transfer.Import))
	}
	for _, c := range r.Growth {
		for _, point := range c.Points {
			p.row(append([]string{"growth", c.Name, strconv.Itoa(point.Tasks)}, sample(point.Sample)...)...)
		}
		p.row("growth_ratio", c.Name, fmt.Sprintf("%.2f", c.Ratio))
	}
	for _, u := range r.InUse {
		for _, s := range u.Plain {
			p.row(append([]string{"plain", u.Name}, sample(s)...)...)
		}
		for _, s := range u.InUse {
			p.row(append([]string{"in_use", u.Name}, sample(s)...)...)
		}
		p.row("in_use_ratio", u.Name, fmt.Sprintf("%.2f", u.Growth), fmt.Sprintf("%.2f", u.Ratio))
	}
}
