package render

import (
	"fmt"
	"strconv"
	"strings"

	"pm/internal/chart"
	"pm/internal/cli/term"
	"pm/internal/flow"
	"pm/internal/insight"
	"pm/internal/picture"
	"pm/internal/svg"
)

// plotHeight is how many lines a chart takes, without its title.
const plotHeight = 12

// insights writes the figures, and the chart of cycle times; or the one chart
// that was asked for. In a pipe it writes the figures, a record for each.
func (p *printer) insights(in insight.Insights) {
	charts := picture.Charts(in)
	if !p.out.Terminal {
		p.insightRows(in, len(charts) == 1)
		return
	}
	if in.Tasks == 0 {
		p.none("no tasks match")
		return
	}
	if len(charts) == 1 {
		p.chart(charts[0])
		return
	}
	p.figures(in)
	for _, c := range charts {
		if c.Name == "cycle" && in.Cycle.Count > 0 {
			p.WriteByte('\n')
			p.chart(c)
		}
	}
	p.para(term.Dim, 0, "more: pm insights --chart NAME, where NAME is "+strings.Join(insight.Charts(), ", "))
}

// figures writes the numbers that matter, each under its name.
func (p *printer) figures(in insight.Insights) {
	row := p.field
	span := fmt.Sprintf("%s to %s", in.From, in.To)
	row("days", span)
	row("tasks", fmt.Sprintf("%s, %s finished", term.Count(in.Tasks), term.Count(in.Finished)))
	if c := in.Cycle; c != nil && c.Count > 0 {
		row("cycle time", fmt.Sprintf("P50 %s, P85 %s, P95 %s", span0(max(c.P50, 1)), span0(max(c.P85, 1)), span0(max(c.P95, 1))))
	}
	if th := in.Throughput; th != nil {
		row("throughput", fmt.Sprintf("%s finished, %s a day", term.Count(th.Count), number64(th.PerDay)))
	}
	if a := in.Aging; a != nil && len(a.Items) > 0 {
		oldest := a.Items[0]
		row("unfinished", fmt.Sprintf("%s started, the oldest %s for %s", term.Count(len(a.Items)+a.More), oldest.Key, span0(oldest.Seconds)))
	}
	if s := in.Time; s != nil && s.Held+s.Waiting+s.Blocked+s.Review > 0 {
		row("time", fmt.Sprintf("in progress %s, waiting %s, blocked %s, in review %s", span0(s.Held), span0(s.Waiting), span0(s.Blocked), span0(s.Review)))
		row("efficiency", fmt.Sprintf("%.0f%%: the share of that time in which somebody worked", s.Efficiency))
	}
	if !in.Enough {
		p.para(term.Yellow, 2, term.Clean(in.Reason))
	}
}

func span0(seconds int64) string { return chart.Duration(float64(seconds)) }

func number64(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// chart draws a chart.
func (p *printer) chart(c chart.Chart) {
	p.para(term.Bold, 0, c.Title)
	if c.Sub != "" {
		p.para(term.Dim, 0, c.Sub)
	}
	switch {
	case c.Empty != "":
		p.para(0, 0, c.Empty)
	case len(c.Rows) > 0:
		p.chartRows(c)
	default:
		for _, line := range c.Lines(min(p.out.Width, 120), plotHeight, p.out.Unicode) {
			p.cells(line)
		}
	}
}

// cells writes a line of a chart, painted in stretches of one role.
func (p *printer) cells(line []chart.Cell) {
	end := len(line)
	for end > 0 && line[end-1].Rune == ' ' {
		end--
	}
	for from := 0; from < end; {
		to := from
		var b strings.Builder
		for to < end && line[to].Role == line[from].Role {
			b.WriteRune(line[to].Rune)
			to++
		}
		p.WriteString(p.out.Paint(roleStyle(line[from].Role), b.String()))
		from = to
	}
	p.WriteByte('\n')
}

func roleStyle(r svg.Role) term.Style {
	switch r {
	case svg.Done:
		return term.Green
	case svg.Doing:
		return term.Yellow
	case svg.Review:
		return term.Magenta
	case svg.Stop:
		return term.Red
	case svg.Accent:
		return term.Blue
	case svg.Soft, svg.Faint, svg.Line, svg.Line2, svg.Todo:
		return term.Dim
	}
	return 0
}

// barWidth is how wide a bar is on a terminal.
const barWidth = 20

// chartRows writes the rows of a chart as a table, with a bar for each: as long
// as the value is against the largest.
func (p *printer) chartRows(c chart.Chart) {
	most := 1.0
	for _, r := range c.Rows {
		most = max(most, rowValue(r))
	}
	t := &term.Table{Columns: []term.Column{{}, {Shrink: true}, {Drop: 1}, {}}}
	keyed := c.Rows[0].Key != ""
	if !keyed {
		t.Columns = t.Columns[1:]
	}
	for _, r := range c.Rows {
		role := r.Role
		if len(r.Parts) > 0 {
			role = r.Parts[0].Role
		}
		bar := p.bar(rowValue(r)/most, barWidth)
		cells := []term.Cell{{Text: r.Label}, {Text: bar, Style: roleStyle(role)}, {Text: r.Note}}
		if keyed {
			cells = append([]term.Cell{{Text: r.Key}}, cells...)
		}
		t.Cells(cells...)
	}
	p.table(t)
	var rules []string
	for _, r := range c.Rules {
		rules = append(rules, r.Name+" "+chart.Duration(r.At))
	}
	if len(rules) > 0 {
		p.para(term.Dim, 0, "finished tasks: "+strings.Join(rules, ", "))
	}
}

func rowValue(r chart.Row) float64 {
	v := r.Dot
	for _, part := range r.Parts {
		v += part.Value
	}
	return v
}

// bar returns a bar of at most so many cells, filled to a share, without what
// would be empty of it.
func (p *printer) bar(share float64, width int) string {
	sign := "#"
	if p.out.Unicode {
		sign = "█"
	}
	n := int(share*float64(width) + 0.5)
	if share > 0 {
		n = max(n, 1)
	}
	return strings.Repeat(sign, n)
}

// insightRows writes the figures, and of one chart the days or items.
func (p *printer) insightRows(in insight.Insights, one bool) {
	p.row("days", in.From.String(), in.To.String(), in.Zone)
	p.row("tasks", strconv.Itoa(in.Tasks))
	p.row("finished", strconv.Itoa(in.Finished), strconv.FormatBool(in.Enough))
	n := func(i int64) string { return strconv.FormatInt(i, 10) }
	if c := in.Cycle; c != nil {
		p.row("cycle", strconv.Itoa(c.Count), n(c.P50), n(c.P85), n(c.P95))
	}
	if t := in.Throughput; t != nil {
		p.row("throughput", strconv.Itoa(t.Count), number64(t.PerDay))
	}
	if t := in.Time; t != nil {
		p.row("time", n(t.Held), n(t.Waiting), n(t.Blocked), n(t.Review), number64(t.Efficiency))
		for _, a := range t.Agents {
			p.row("agent", a.Agent, strconv.Itoa(a.Finished), n(a.Held), n(a.P50), n(a.P85))
		}
	}
	if a := in.Aging; a != nil {
		for _, t := range a.Items {
			p.row("aging", t.Key.String(), n(t.Seconds), string(t.Status), t.Agent, t.Over, t.Title)
		}
	}
	if one {
		p.dayRows(in)
	}
}

func (p *printer) dayRows(in insight.Insights) {
	if in.Cycle != nil {
		for _, c := range in.Cycle.Points {
			p.row("finished_task", c.Key.String(), utc(c.Finished), strconv.FormatInt(c.Seconds, 10))
		}
	}
	if in.Throughput != nil {
		for _, d := range in.Throughput.Days {
			p.row("day", d.Day.String(), strconv.Itoa(d.Finished))
		}
	}
	for _, d := range in.Burnup {
		p.row("day", d.Day.String(), strconv.Itoa(d.Scope), strconv.Itoa(d.Done))
	}
	for _, d := range in.Flow {
		p.row("day", d.Day.String(), strconv.Itoa(d.Arrived), strconv.Itoa(d.Started), strconv.Itoa(d.Submitted), strconv.Itoa(d.Finished))
	}
}

// dayText writes a day that may be none: short for people, whole for programs.
func (p *printer) dayText(d *flow.Day) string {
	switch {
	case d == nil && p.out.Terminal:
		return "never"
	case d == nil:
		return ""
	case p.out.Terminal:
		return d.Date().Format("Mon 2 Jan 2006")
	}
	return d.String()
}
