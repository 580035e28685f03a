package tui

import (
	"context"
	"fmt"
	"time"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// inboxMost is how many tasks of one kind the inbox lists.
const inboxMost = 50

// waiting are the tasks that wait for a person: a heading, a query, and what
// is said of each.
func waiting() []struct {
	heading, query string
	why            func(plan.Task, time.Time) string
} {
	return []struct {
		heading, query string
		why            func(plan.Task, time.Time) string
	}{
		{"To review", "is:review sort:updated", func(t plan.Task, _ time.Time) string { return "by " + t.AssignedAgent }},
		{"Blocked", "is:blocked sort:updated", func(t plan.Task, _ time.Time) string { return t.BlockedReason }},
		{"Expired leases", "is:expired sort:updated", func(t plan.Task, now time.Time) string { return t.AssignedAgent + ", " + lease(t, now) }},
		{"Rejected twice or more", "is:rejected sort:updated", func(t plan.Task, _ time.Time) string { return t.AssignedAgent }},
		{"Overdue", "is:overdue sort:due", func(t plan.Task, _ time.Time) string { return "due " + string(t.Due) }},
	}
}

// readInbox reads what waits for a person: open questions, then tasks.
func readInbox(ctx context.Context, t *tracker.Tracker, filter string, now time.Time) (all []row, err error) {
	most := inboxMost
	asked, err := t.ListQuestions(ctx, tracker.ListQuestions{Limit: &most})
	if err != nil {
		return nil, err
	}
	if len(asked.Items) > 0 {
		all = append(all, row{heading: true, title: "Questions", more: term.Count(len(asked.Items) + asked.More)})
	}
	for _, q := range asked.Items {
		all = append(all, row{key: q.Key, mark: "?", style: term.Yellow, title: q.Text, more: fmt.Sprintf("%d, asked by %s %s", q.N, q.By, term.Ago(now, q.At))})
	}
	for _, w := range waiting() {
		found, err := tasks(ctx, t, filter+" "+w.query, "", inboxMost)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			all = append(all, row{heading: true, title: w.heading, more: atLeast(len(found))})
		}
		for _, task := range found {
			r := rowOf(task, w.why(task, now))
			r.urgent = task.Status == plan.Blocked || task.LeaseExpired(now) || w.heading == "Overdue"
			all = append(all, r)
		}
	}
	return all, nil
}

func atLeast(n int) string {
	if n == inboxMost {
		return term.Count(n) + " and more"
	}
	return term.Count(n)
}
