package httpapi

import (
	"context"
	"sync"
)

// A budget is the memory, in bytes, that requests share for one purpose.
type budget struct {
	whole int

	mu    sync.Mutex
	used  int
	freed chan struct{} // closed when something is given back
}

func newBudget(whole int) *budget { return &budget{whole: whole, freed: make(chan struct{})} }

// try takes n bytes if they are left.
func (b *budget) try(n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used+n > b.whole {
		return false
	}
	b.used += n
	return true
}

// take waits until n bytes are left, or all for more than there ever are, and
// returns how many it took.
func (b *budget) take(ctx context.Context, n int) (taken int, err error) {
	n = min(n, b.whole)
	for {
		b.mu.Lock()
		if b.used+n <= b.whole {
			b.used += n
			b.mu.Unlock()
			return n, nil
		}
		freed := b.freed
		b.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// give gives n bytes back.
func (b *budget) give(n int) {
	if n == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used -= n
	close(b.freed)
	b.freed = make(chan struct{})
}
