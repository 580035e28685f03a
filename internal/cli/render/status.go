package render

import (
	"bytes"
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// screen is how many lines of a terminal the status fills at most: 24, with
// one for the prompt.
const screen = 23

// status writes the dashboard. On a terminal its parts share one screen.
func (p *printer) status(s tracker.Status) {
	if !p.out.Terminal {
		p.statusRows(s)
		return
	}
	if len(s.Epics)+s.TasksTotal == 0 && s.Counts == (store.Counts{}) {
		p.para(0, 0, "nothing planned yet: pm epic create TITLE")
		return
	}
	p.para(term.Bold, 0, p.progressWords(branch{completed: s.TasksCompleted, total: s.TasksTotal, pct: s.ProgressPct}))
	p.para(0, 0, countWords(s.Counts))
	parts := p.parts(s)
	var lengths []int
	for _, part := range parts {
		lengths = append(lengths, len(part.rows))
	}
	for i, n := range allot(screen-bytes.Count(p.Bytes(), []byte("\n"))-len(parts), lengths) {
		p.part(parts[i], n)
	}
}

func countWords(c store.Counts) string {
	words := []string{
		term.Count(c.Ready) + " ready", term.Count(c.Waiting) + " waiting", term.Count(c.InProgress) + " in progress",
		term.Count(c.Blocked) + " blocked", term.Count(c.ReadyForReview) + " in review", term.Count(c.Completed) + " completed",
	}
	if c.Inactive > 0 {
		words = append(words, term.Count(c.Inactive)+" not active")
	}
	return strings.Join(words, ", ")
}

// A part is one list of the dashboard: some rows of a total.
type part struct {
	name  string
	total int
	rows  [][]term.Cell
	give  []int // the columns that shrink
}

// parts returns the lists that are not empty.
func (p *printer) parts(s tracker.Status) []part {
	epics := part{name: "epics", total: len(s.Epics) + s.MoreEpics, give: []int{2}}
	for _, e := range s.Epics {
		epics.rows = append(epics.rows, p.branchRow("  ", ofEpic(e), 0))
	}
	held := part{name: "in progress", total: s.Counts.InProgress, give: []int{1, 2}}
	for _, t := range s.Held {
		held.rows = append(held.rows, []term.Cell{keyCell(t.Key), {Text: t.Title}, {Text: t.AssignedAgent}, p.leaseCell(t)})
	}
	blocked := part{name: "blocked", total: s.Counts.Blocked, give: []int{1, 2}}
	for _, t := range s.Blocked {
		blocked.rows = append(blocked.rows, []term.Cell{keyCell(t.Key), {Text: t.Title}, {Text: t.BlockedReason, Style: term.Red}})
	}
	review := part{name: "in review", total: s.Counts.ReadyForReview, give: []int{1, 2}}
	for _, t := range s.InReview {
		review.rows = append(review.rows, []term.Cell{keyCell(t.Key), {Text: t.Title}, {Text: t.AssignedAgent}})
	}
	last := part{name: "last changes", give: []int{1}}
	for _, h := range s.Last {
		last.rows = append(last.rows, []term.Cell{keyCell(h.Key), whatCell(h), {Text: h.Agent}, {Text: term.Ago(p.now, h.Timestamp), Style: term.Dim}})
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
		return term.Cell{Text: "lease ran out", Style: term.Red}
	}
	return term.Cell{Text: strings.TrimPrefix(term.Ago(p.now, *t.LeaseUntil), "in ") + " left", Style: term.Dim}
}

// part writes the first n rows of a list under its name, which says so if
// there are more.
func (p *printer) part(one part, n int) {
	name := one.name
	if n < one.total {
		name += " (" + term.Count(n) + " of " + term.Count(one.total) + ")"
	}
	p.WriteString(p.out.Paint(term.Bold, name) + "\n")
	table := &term.Table{Columns: make([]term.Column, len(one.rows[0]))}
	for _, i := range one.give {
		table.Columns[i].Shrink = true
	}
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

// statusRows writes the whole status, each line with the name of its part first.
func (p *printer) statusRows(s tracker.Status) {
	p.row("progress", number(s.ProgressPct), strconv.Itoa(s.TasksCompleted), strconv.Itoa(s.TasksTotal))
	p.countRows(s.Counts)
	for _, e := range s.Epics {
		p.row("epics", e.Key.String(), string(e.Status), number(e.ProgressPct), strconv.Itoa(e.TasksCompleted), strconv.Itoa(e.TasksTotal), e.Title)
	}
	if s.MoreEpics > 0 {
		p.row("more_epics", strconv.Itoa(s.MoreEpics))
	}
	for _, t := range s.Held {
		until := ""
		if t.LeaseUntil != nil {
			until = utc(*t.LeaseUntil)
		}
		p.row("held", t.Key.String(), t.AssignedAgent, until, t.Title)
	}
	for _, t := range s.Blocked {
		p.row("blocked", t.Key.String(), t.BlockedReason, t.Title)
	}
	for _, t := range s.InReview {
		p.row("in_review", t.Key.String(), t.AssignedAgent, t.Title)
	}
	for _, h := range s.Last {
		p.row(append([]string{"last_changes"}, historyRow(h)...)...)
	}
}

func (p *printer) countRows(c store.Counts) {
	for _, one := range []struct {
		name string
		n    int
	}{
		{"todo", c.Todo}, {"ready", c.Ready}, {"waiting", c.Waiting}, {"inactive", c.Inactive}, {"in_progress", c.InProgress},
		{"blocked", c.Blocked}, {"ready_for_review", c.ReadyForReview}, {"completed", c.Completed}, {"archived", c.Archived},
	} {
		p.row("counts", one.name, strconv.Itoa(one.n))
	}
}
