package store

import (
	"pm/internal/db"
	"pm/internal/plan"
)

// Part returns the first tasks of the list up to the filter's limit, without
// their dependencies, or those before it of which the text is enough for a
// part: then the list goes on behind the last of them.
func (l *Listing) Part() (tasks []plan.Task, cut bool, err error) {
	for part := l; part != nil; part = part.then {
		part.bytes = PartBytes
	}
	tasks, err = l.Tasks()
	return tasks, l.cut, err
}

// Each calls f with all tasks of the list, without their dependencies, in
// parts. The ids are collected first, which are a few bytes each, whatever the
// order and the filter: a page after the other would have to find its place in
// the order each time.
func (l *Listing) Each(f func([]plan.Task) error) error {
	if l.then != nil {
		return l.eachInTurn(f)
	}
	blocks, err := l.ids()
	for _, ids := range blocks {
		for err == nil && len(ids) > 0 {
			var tasks []plan.Task
			if tasks, err = l.first(ids[:min(PartRows, len(ids))]); err == nil {
				ids = ids[len(tasks):]
				err = f(tasks)
			}
		}
	}
	return err
}

// idBlock is how many ids are kept together: one slice of all would be copied
// each time that it has to grow.
const idBlock = 16 * PartRows

// ids returns the ids of all tasks of the list, in its order.
func (l *Listing) ids() (blocks [][]int64, err error) {
	if l.s.empty {
		return nil, nil
	}
	var w where
	text := l.s.every(&w, "t.id") + " order by " + l.s.order()
	if l.limit > 0 {
		text += " limit " + w.arg(l.limit)
	}
	_, err = db.Walk(l.tx.Tx, db.Varying("task.list_ids", text), func(id *int64) []any { return []any{id} },
		func(id int64) { blocks = inBlocks(blocks, id) }, w.args...)
	return blocks, err
}

// inBlocks adds an id to the last block, or to a new one.
func inBlocks[T any](blocks [][]T, id T) [][]T {
	last := len(blocks) - 1
	if last < 0 || len(blocks[last]) == idBlock {
		blocks = append(blocks, make([]T, 0, idBlock))
		last++
	}
	blocks[last] = append(blocks[last], id)
	return blocks
}

// first returns the tasks with these ids, which are in the order of the list,
// or of these the first that make a part.
func (l *Listing) first(ids []int64) ([]plan.Task, error) {
	text := "select " + taskColumns + " from tasks where id in (" + l.tx.engine.Marks(len(ids)) + ") order by " + l.s.order()
	var p part[plan.Task]
	_, err := db.WalkWhile(l.tx.Tx, db.Varying("task.list_part", text), taskFields, func(t plan.Task) bool {
		derive(&t)
		return p.add(t, taskSize(&t))
	}, anyIDs(ids)...)
	return p.rows, err
}
