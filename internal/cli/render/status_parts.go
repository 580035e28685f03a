package render

import (
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// A part is one list of the dashboard: some rows of a total.
type part struct {
	name    string
	total   int
	rest    string // the command that shows all of them
	columns []term.Column
	rows    [][]term.Cell
}

// parts returns the lists that are not empty.
func (p *printer) parts(s tracker.Status) []part {
	title := term.Column{Shrink: true}
	epics := part{name: "epics", total: len(s.Epics) + s.MoreEpics, rest: "pm epic list", columns: p.branchColumns()}
	for _, e := range s.Epics {
		epics.rows = append(epics.rows, p.branchRow("  ", ofEpic(e), 0))
	}
	held := part{name: "in progress", total: s.Counts.InProgress, rest: "pm list is:held", columns: []term.Column{{}, title, {Drop: 1}, {Drop: 2}}}
	for _, t := range s.Held {
		held.rows = append(held.rows, []term.Cell{keyCell(t.Key), {Text: t.Title}, {Text: t.AssignedAgent}, p.leaseCell(t)})
	}
	blocked := part{name: "blocked", total: s.Counts.Blocked, rest: "pm list is:blocked", columns: []term.Column{{}, title, {Shrink: true, Drop: 1}}}
	for _, t := range s.Blocked {
		blocked.rows = append(blocked.rows, []term.Cell{keyCell(t.Key), {Text: t.Title}, {Text: t.BlockedReason, Style: term.Red}})
	}
	review := part{name: "in review", total: s.Counts.ReadyForReview, rest: "pm list is:review", columns: []term.Column{{}, title, {Drop: 1}}}
	for _, t := range s.InReview {
		review.rows = append(review.rows, []term.Cell{keyCell(t.Key), {Text: t.Title}, {Text: t.AssignedAgent}})
	}
	last := part{name: "last changes", rest: "pm log", columns: []term.Column{{}, title, {Drop: 1}, {Drop: 2}}}
	for _, h := range s.Last {
		last.rows = append(last.rows, []term.Cell{keyCell(h.Key), p.whatCell(h), {Text: h.Agent}, {Text: term.Ago(p.now, h.Timestamp), Style: term.Dim}})
	}
	var out []part
	for _, one := range []part{epics, held, blocked, review, last} {
		if len(one.rows) > 0 {
			out = append(out, one)
		}
	}
	return out
}

func keyCell(k plan.Key) term.Cell { return term.Cell{Text: "  " + k.String()} }

// leaseCell says how long the lease of a held task lasts.
func (p *printer) leaseCell(t plan.Task) term.Cell {
	switch {
	case t.LeaseUntil == nil:
		return term.Cell{}
	case t.LeaseExpired(p.now):
		return term.Cell{Text: "lease expired", Style: term.Red}
	}
	return term.Cell{Text: strings.TrimPrefix(term.Ago(p.now, *t.LeaseUntil), "in ") + " left", Style: term.Dim}
}

// part writes the first n rows of a list under its name. Where there are
// more, it says how many and which command shows them.
func (p *printer) part(one part, n int) {
	name, more := one.name, ""
	if n < one.total {
		name += " (" + term.Count(n) + " of " + term.Count(one.total) + ")"
		more = one.rest
	}
	if one.total == 0 { // which nobody has counted
		more = one.rest
	}
	head := p.out.Paint(term.Bold, name)
	if more != "" && term.Width(name)+2+term.Width(more) <= p.out.Width {
		head += "  " + p.out.Paint(term.Dim, more)
	}
	p.WriteString(head + "\n")
	table := &term.Table{Columns: one.columns}
	for _, row := range one.rows[:n] {
		table.Cells(row...)
	}
	p.table(table)
}

// allot shares lines among lists: one each in turn until all are spent or
// every list is whole. Each gets one line at least.
func allot(lines int, lengths []int) []int {
	got := make([]int, len(lengths))
	for given := true; given; {
		given = false
		for i, n := range lengths {
			if got[i] < n && (lines > 0 || got[i] == 0) {
				got[i]++
				lines--
				given = true
			}
		}
	}
	return got
}
