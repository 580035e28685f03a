package render

import (
	"bytes"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// leastLines is how many lines the status takes for those of a terminal that
// does not tell, or has fewer.
const leastLines = 24

// status writes the dashboard. On a terminal its parts share one screen, with
// a line left for the prompt.
func (p *printer) status(s tracker.Status) {
	if !p.out.Terminal {
		p.statusRows(s)
		return
	}
	if len(s.Epics)+s.TasksTotal == 0 && s.Counts == (plan.Counts{}) {
		p.para(0, 0, "nothing planned yet: pm epic create TITLE")
		return
	}
	p.para(term.Bold, 0, p.progressWords(branch{completed: s.TasksCompleted, total: s.TasksTotal, pct: s.ProgressPct}))
	p.para(0, 0, countWords(s.Counts))
	p.besideLines(s.Trash, s.Backup)
	parts := p.parts(s)
	var lengths []int
	for _, part := range parts {
		lengths = append(lengths, len(part.rows))
	}
	lines := max(p.out.Height, leastLines) - 1
	for i, n := range allot(lines-bytes.Count(p.Bytes(), []byte("\n"))-len(parts), lengths) {
		p.part(parts[i], n)
	}
}

// besideLines says what has been in the trash longest and when it leaves, how old
// the last backup is and when one was proved.
func (p *printer) besideLines(t *tracker.InTrash, b *tracker.Backup) {
	if !p.out.Terminal {
		p.besideRows(t, b)
		return
	}
	if t != nil {
		words := "trash: the oldest item was deleted " + term.Ago(p.now, t.DeletedAt)
		if !t.LeavesAt.IsZero() {
			words += ", leaves " + term.Ago(p.now, t.LeavesAt)
		}
		p.para(term.Dim, 0, words)
	}
	if b == nil {
		return
	}
	style, words := term.Dim, "last backup "+term.Ago(p.now, b.At)
	switch {
	case b.ProvedAt == nil:
		words += ", never checked"
	case b.Problems > 0:
		style, words = term.Red, words+", "+term.Plural(b.Problems, "problem")+" when checked "+term.Ago(p.now, *b.ProvedAt)
	default:
		words += ", checked " + term.Ago(p.now, *b.ProvedAt)
	}
	p.para(style, 0, words)
}

func countWords(c plan.Counts) string {
	ready := term.Count(c.Ready) + " ready"
	if c.Expired > 0 {
		ready += " (" + term.Plural(c.Expired, "expired lease") + ")"
	}
	words := []string{
		ready, term.Count(c.Waiting) + " waiting", term.Count(c.InProgress) + " in progress",
		term.Count(c.Blocked) + " blocked", term.Count(c.ReadyForReview) + " in review", term.Count(c.Completed) + " completed",
	}
	if c.Deferred > 0 {
		words = append(words, term.Count(c.Deferred)+" deferred")
	}
	if c.Inactive > 0 {
		words = append(words, term.Count(c.Inactive)+" in inactive or waiting epics and features")
	}
	return strings.Join(words, ", ")
}
