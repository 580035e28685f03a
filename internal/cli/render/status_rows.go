package render

import (
	"strconv"

	"pm/internal/plan"
	"pm/internal/tracker"
)

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
	for _, h := range s.Last[:min(len(s.Last), mostLast)] {
		p.row(append([]string{"last_changes"}, historyRow(h)...)...)
	}
	p.besideLines(s.Trash, s.Backup)
}

// mostLast is how many changes the rows end with: an agent that wants more asks
// pm log.
const mostLast = 3

// besideRows writes since when something is in the trash and when it leaves, when
// the last backup was made and when one was proved.
func (p *printer) besideRows(t *tracker.InTrash, b *tracker.Backup) {
	if t != nil {
		p.row("trash", utc(t.DeletedAt), utc(t.LeavesAt))
	}
	if b == nil {
		return
	}
	proved := ""
	if b.ProvedAt != nil {
		proved = utc(*b.ProvedAt)
	}
	p.row("backup", utc(b.At), proved, strconv.Itoa(b.Problems), b.Path)
}

func (p *printer) countRows(c plan.Counts) {
	for _, one := range []struct {
		name string
		n    int
	}{
		{"todo", c.Todo}, {"ready", c.Ready}, {"expired", c.Expired}, {"waiting", c.Waiting}, {"deferred", c.Deferred}, {"inactive", c.Inactive}, {"in_progress", c.InProgress},
		{"blocked", c.Blocked}, {"ready_for_review", c.ReadyForReview}, {"completed", c.Completed}, {"archived", c.Archived},
	} {
		if one.n == 0 && one.name != "ready" { // which is what one looks for
			continue
		}
		p.row("counts", one.name, strconv.Itoa(one.n))
	}
}
