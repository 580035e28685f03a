package tracker

import (
	"fmt"

	"pm/internal/plan"
	"pm/internal/store"
)

// mostReady is how many tasks that became ready an answer names at most.
const mostReady = 20

// becameReady returns the tasks, other than those that a command changed, that
// became ready by it: the first of them, and how many more.
func becameReady(tx *store.Tx, changed []plan.Key) (first []plan.Key, more int, err error) {
	all, err := tx.Readied()
	if err != nil || len(all) == 0 {
		return nil, 0, err
	}
	own := make(map[plan.Key]bool, len(changed))
	for _, k := range changed {
		own[k] = true
	}
	for _, k := range all {
		switch {
		case own[k]:
		case len(first) < mostReady:
			first = append(first, k)
		default:
			more++
		}
	}
	return first, more, nil
}

// ReadyLine names the tasks that became ready; empty if none did.
func (b Beside) ReadyLine() string {
	line := "now ready: " + plan.JoinKeys(b.Ready, ", ")
	switch {
	case len(b.Ready) == 0:
		return ""
	case b.MoreReady > 0:
		line += fmt.Sprintf(" and %d more", b.MoreReady)
	}
	return line
}
