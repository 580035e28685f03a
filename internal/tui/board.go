package tui

import (
	"cmp"
	"context"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// cardHeight is how many lines a card takes, with the empty one below it: all
// are alike, so that a column can be windowed.
const cardHeight = 4

// atFirst is how many cards of a column are read to begin with, and once more
// each time that the cursor comes near the last one. They are read anew whenever
// the plan changes, so that few are enough.
const atFirst = 40

// A board is the columns and where the cursor is.
type board struct {
	columns []column
	col     int
	wanted  int
}

// A column is the tasks of one status or, where the project has stages, of one
// stage: as many as were read, and how many there are.
type column struct {
	name    string
	status  plan.TaskStatus // of all its tasks; empty for a stage
	stage   string
	terms   string // of the query that finds its tasks
	count   int
	tasks   []plan.Task
	at, top int
}

// columns is what a board reads.
type columns []column

// statusColumns are the columns of a project without stages, in the order of
// work. Of what is completed those of the last two weeks are shown, the newest
// first.
func statusColumns() columns {
	var all columns
	for _, s := range []plan.TaskStatus{plan.Todo, plan.InProgress, plan.ReadyForReview, plan.Blocked, plan.Completed} {
		c := column{name: s.Words(), status: s, terms: "status:" + string(s) + " sort:position"}
		if s == plan.Completed {
			c.terms = "status:completed completed:>=-14d sort:-updated"
		}
		all = append(all, c)
	}
	return all
}

// boardColumns are the columns of the plan: the stages where there are any,
// with what is in none before them, and the statuses behind the last one.
func boardColumns(ctx context.Context, t *tracker.Tracker) (columns, error) {
	stages, err := t.ListStages(ctx, tracker.ListStages{})
	usual := statusColumns()
	if err != nil || len(stages.Items) == 0 {
		return usual, err
	}
	const open = " status:todo,in_progress,blocked sort:position"
	all := columns{{name: "no stage", terms: "-has:stage" + open}}
	for _, s := range stages.Items {
		name := s.Name
		if s.Limit > 0 {
			name += ", limit " + term.Count(s.Limit)
		}
		all = append(all, column{name: name, stage: s.Name, terms: `stage:"` + s.Name + `"` + open})
	}
	return append(all, usual[2], usual[4]), nil
}

func newBoard() board { return board{wanted: atFirst, columns: statusColumns()} }

// readBoard reads the columns: how many tasks each has, and of those the first.
func readBoard(ctx context.Context, t *tracker.Tracker, filter string, want int) (columns, error) {
	all, err := boardColumns(ctx, t)
	if err != nil {
		return nil, err
	}
	filter, order := splitSort(filter)
	if filter != "" {
		filter = "(" + filter + ") "
	}
	for i := range all {
		if err := all[i].read(ctx, t, filter, order, want); err != nil {
			return nil, err
		}
	}
	if all[0].name == "no stage" && all[0].count == 0 {
		all = all[1:]
	}
	return all, nil
}

// read reads the first tasks of a column, in the order asked for or its own,
// and how many there are.
func (c *column) read(ctx context.Context, t *tracker.Tracker, filter, order string, want int) (err error) {
	terms, own := splitSort(c.terms)
	if c.tasks, err = tasks(ctx, t, filter+terms, cmp.Or(order, own), want); err != nil {
		return err
	}
	if c.count = len(c.tasks); c.count < want {
		return nil
	}
	counted, err := t.CountTasks(ctx, tracker.CountTasks{Query: filter + terms})
	c.count = counted.Count
	return err
}

// splitSort parts a query from the order that it asks for.
func splitSort(query string) (rest, order string) {
	var terms []string
	for _, word := range strings.Fields(query) {
		if by, is := strings.CutPrefix(word, "sort:"); is {
			order = by
		} else {
			terms = append(terms, word)
		}
	}
	return strings.Join(terms, " "), order
}

// want is how many cards of a column are read: no fewer than fit on so many lines.
func (b *board) want(lines int) int { return max(b.wanted, lines/cardHeight+atFirst/2) }

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
	b.columns, b.col = new, max(0, min(b.col, len(new)-1))
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
	if c.at+10 >= len(c.tasks) && len(c.tasks) >= b.wanted {
		b.wanted = len(c.tasks) + atFirst
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
