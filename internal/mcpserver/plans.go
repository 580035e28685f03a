package mcpserver

import (
	"context"
	"sync"

	"pm/internal/tracker"
)

// plans opens the plan when it is first needed, and keeps it open.
type plans struct {
	open func(context.Context) (*tracker.Tracker, error)

	mu sync.Mutex
	t  *tracker.Tracker
}

func (p *plans) get(ctx context.Context) (*tracker.Tracker, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.t != nil {
		return p.t, nil
	}
	t, err := p.open(context.WithoutCancel(ctx))
	if err == nil {
		p.t = t
	}
	return t, err
}
