package tracker

import (
	"errors"

	"pm/internal/plan"
)

// A long answer comes in parts, each of the answer's own type: a method with
// the ending InParts reads it in one transaction, so that it is of one moment,
// and calls emit with each part as it is read. An error of emit ends it. What
// does not read the parts as they come, and need not, uses the method without
// the ending.
//
// Whoever writes the parts must not be slow, because the transaction is open
// meanwhile; package spill sees to that.

// IsLong reports whether an input asks for an answer that may be much longer
// than a page.
func IsLong(in any) bool {
	long := func(limit *int) bool { return limit != nil && (*limit == 0 || *limit > longPage) }
	switch in := in.(type) {
	case *ListTasks:
		return long(in.Limit)
	case *ListEpics:
		return long(in.Limit)
	case *ListFeatures:
		return long(in.Limit)
	case *Search:
		return long(in.Limit)
	case *Log:
		return long(in.Limit)
	case *ShowTree:
		return long(in.Limit)
	}
	return false
}

// A pager makes the parts of a page from what is read of a list. The last part
// says what comes after the page.
type pager[T, C any] struct {
	limit int // 0: all
	place func(T) C
	count func(last T) (n int, exact bool, err error) // what comes after the page; without exact there may be more than n
	emit  func(Page[T]) error

	held  []T  // what may be the last part
	taken int  // items so far
	over  bool // there was more than the limit
}

// fetch is how many items are to be read of the list: one more than the page
// has, to know whether there are more; 0 for all.
func (p *pager[T, C]) fetch() int {
	if p.limit == 0 {
		return 0
	}
	return p.limit - p.taken + 1
}

// add takes the next items of the list.
func (p *pager[T, C]) add(items []T) error {
	if p.over {
		return errFull
	}
	if p.limit > 0 && p.taken+len(items) > p.limit {
		items, p.over = items[:p.limit-p.taken], true
	}
	if len(items) == 0 {
		return nil
	}
	p.taken += len(items)
	before := p.held
	p.held = items
	if before == nil {
		return nil
	}
	return p.emit(Page[T]{Items: before})
}

// all takes the items of the list, and ends the page.
func (p *pager[T, C]) all(each func(add func([]T) error) error) error {
	if err := each(p.add); err != nil && !errors.Is(err, errFull) {
		return err
	}
	return p.end()
}

// errFull ends the reading of a list that is longer than the page.
var errFull = errors.New("the page is full")

// end emits the last part.
func (p *pager[T, C]) end() error {
	last := Page[T]{Items: p.held, Complete: p.limit == 0 || p.limit > longPage}
	if p.held == nil {
		last.Items = []T{}
	}
	if p.over {
		item := p.held[len(p.held)-1]
		n, exact, err := p.count(item)
		if err != nil {
			return err
		}
		last.Uncounted = !exact || n > countTo
		last.More = min(max(n, 1), countTo) // what was read beyond the page is there
		last.NextCursor = encodeCursor(p.place(item))
	}
	return p.emit(last)
}

// whole puts the parts of a page together.
func whole[T any](parts func(emit func(Page[T]) error) error) (all Page[T], err error) {
	err = parts(func(p Page[T]) error {
		if all.Items != nil {
			p.Items = append(all.Items, p.Items...)
		}
		all = p
		return nil
	})
	if err != nil {
		return Page[T]{}, err
	}
	return all, nil
}

// Join writes a part of a page behind those before it, as JSON.
func (p Page[T]) Join(j *plan.Joiner) {
	if j.Depth() == 0 {
		j.Object()
		j.List("items")
	}
	for i := range p.Items {
		j.Item(&p.Items[i])
	}
	if p.More > 0 || p.Complete {
		j.To(1)
		j.Members(pageEnd{p.More, p.NextCursor, p.Complete})
	}
}

// A pageEnd is what comes behind the items of a page.
type pageEnd struct {
	More       int    `json:"more,omitempty"`
	NextCursor string `json:"next_cursor,omitempty"`
	Complete   bool   `json:"complete,omitempty"`
}

// Next returns the cursor of the next page; empty on the last one.
func (p Page[T]) Next() string { return p.NextCursor }
