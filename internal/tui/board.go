package tui

import (
	"context"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// cardHeight is how many lines a card takes, with the empty one below it: all
// are alike, so that a column can be windowed.
const cardHeight = 4

// atFirst is how many cards of a column are read to begin with, and once more
// each time that the cursor comes near the last one.
const atFirst = 100

// A board is the columns and where the cursor is.
type board struct {
	columns []column
	col     int
	wanted  int
}

// A column is the tasks of one status, as many as were read, and how many
// there are.
type column struct {
	status  plan.TaskStatus
	count   int
	tasks   []plan.Task
	at, top int
}

// columns is what a board reads.
type columns []column

// boardStatuses are the statuses of the columns, in the order of work.
func boardStatuses() []plan.TaskStatus {
	return []plan.TaskStatus{plan.Todo, plan.InProgress, plan.ReadyForReview, plan.Blocked, plan.Completed}
}

func newBoard() board {
	b := board{wanted: atFirst}
	for _, s := range boardStatuses() {
		b.columns = append(b.columns, column{status: s})
	}
	return b
}

// readBoard reads the columns: of each the first cards in the order of the
// plan, of what is completed those of the last two weeks, the newest first.
func readBoard(ctx context.Context, t *tracker.Tracker, filter string, want int) (columns, error) {
	counted, err := t.CountTasks(ctx, tracker.CountTasks{Query: filter, Group: "status"})
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, g := range counted.Items {
		counts[g.Value] = g.Count
	}
	var all columns
	for _, s := range boardStatuses() {
		c := column{status: s, count: counts[string(s)]}
		query, sort := filter, "position"
		if s == plan.Completed {
			query, sort = filter+" completed:>=-14d", "-updated"
		}
		if c.count > 0 {
			if c.tasks, err = tasks(ctx, t, query, sort, want, string(s)); err != nil {
				return nil, err
			}
		}
		all = append(all, c)
	}
	return all, nil
}

func (b *board) want() int { return b.wanted }

// take shows what was read. The cursor stays on its card, also where that has
// moved to another column; a card that is gone leaves it where it was.
func (b *board) take(new columns) {
	var on plan.Key
	if t := b.at(); t != nil {
		on = t.Key
	}
	for i := range new {
		if i < len(b.columns) {
			new[i].at, new[i].top = b.columns[i].at, b.columns[i].top
		}
	}
	b.columns = new
	b.find(on)
	for i := range b.columns {
		c := &b.columns[i]
		c.at = max(0, min(c.at, len(c.tasks)-1))
	}
}

// find puts the cursor on a card.
func (b *board) find(k plan.Key) {
	if k.IsZero() {
		return
	}
	for i, c := range b.columns {
		for j, t := range c.tasks {
			if t.Key == k {
				b.col, b.columns[i].at = i, j
				return
			}
		}
	}
}

// at is the card under the cursor, nil where the column is empty.
func (b *board) at() *plan.Task {
	c := &b.columns[b.col]
	if c.at >= len(c.tasks) {
		return nil
	}
	return &c.tasks[c.at]
}

// step moves the cursor, and reports whether more cards should be read.
func (b *board) step(dx, dy int) (more bool) {
	for ; dx != 0; dx -= sign(dx) {
		if next := b.col + sign(dx); next >= 0 && next < len(b.columns) {
			b.col = next
		}
	}
	c := &b.columns[b.col]
	c.at = max(0, min(c.at+dy, len(c.tasks)-1))
	if c.at+10 >= b.wanted && len(c.tasks) >= b.wanted {
		b.wanted += atFirst
		return true
	}
	return false
}

// neighbour is the card above (-1) or below (1) the current one.
func (b *board) neighbour(dy int) *plan.Task {
	c := &b.columns[b.col]
	if i := c.at + dy; i >= 0 && i < len(c.tasks) {
		return &c.tasks[i]
	}
	return nil
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}
