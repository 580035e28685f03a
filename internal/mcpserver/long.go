package mcpserver

import (
	"context"
	"errors"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// maxLeft is how many lines are counted, at most, that an answer has no room for.
const maxLeft = 1000

var errEnough = errors.New("enough of the answer was read")

// longText is text of an answer that comes in parts: what there is no room for
// is not read.
func longText(ctx context.Context, p *tracker.Tracker, op ops.Op, in any) (string, error) {
	l, notes := &lines{}, noteList{}
	err := op.Parts(ctx, p, in, func(part ops.Part) error {
		if n, are := part.(tracker.Notes); are {
			return notes.add(n)
		}
		l.answer(part)
		if l.left > maxLeft {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return "", err
	}
	if notes.Items != nil {
		return text(notes, "")
	}
	return l.String(), nil
}

// A noteList is the first notes of a task, up to maxText, and how many more
// there are.
type noteList struct {
	Items    []plan.Note `json:"items"`
	More     int         `json:"more,omitempty"`
	Complete bool        `json:"complete,omitempty"`
	bytes    int
}

func (l *noteList) add(part tracker.Notes) error {
	if l.Items == nil {
		l.Items = []plan.Note{}
	}
	for _, n := range part.Items {
		if l.More > 0 || l.bytes > 0 && l.bytes+len(n.Body) > maxText {
			l.More++
			continue
		}
		l.Items = append(l.Items, n)
		l.bytes += len(n.Body)
	}
	l.Complete = part.Complete && l.More == 0
	return nil
}
