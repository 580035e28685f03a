package mcpserver

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// How often a session that lives is looked after: when it holds nothing, since
// a review may give something back to it; at most; and after a first failure,
// from which on the time doubles.
const (
	keepLook  = 5 * time.Minute
	keepLeast = 50 * time.Millisecond
	keepRetry = time.Second
)

// A keeper renews the leases of sessions while they live.
type keeper struct {
	log  *slog.Logger
	runs sync.WaitGroup
	mu   sync.Mutex
	look map[plan.Actor]chan struct{} // of each session that is looked after
}

// watch looks after the leases of the context's actor until alive ends. A call
// for one that is looked after already makes the keeper look at once.
func (k *keeper) watch(ctx context.Context, p *tracker.Tracker, alive context.Context) {
	if alive == nil || alive.Err() != nil {
		return
	}
	actor := plan.ActorOf(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	if look, is := k.look[actor]; is {
		select {
		case look <- struct{}{}:
		default: // it is going to look anyway
		}
		return
	}
	look := make(chan struct{}, 1)
	if k.look == nil {
		k.look = map[plan.Actor]chan struct{}{}
	}
	k.look[actor] = look
	k.runs.Go(func() {
		k.keep(plan.WithActor(alive, actor), p, look)
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.look, actor)
	})
}

func (k *keeper) keep(ctx context.Context, p *tracker.Tracker, look <-chan struct{}) {
	for retry := keepRetry; ; {
		wait, err := p.KeepLeases(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			k.log.Warn("leases were not renewed", "error", err)
			wait, retry = retry, min(2*retry, keepLook)
		case wait == 0 || wait > keepLook:
			wait, retry = keepLook, keepRetry
		default:
			retry = keepRetry
		}
		timer := time.NewTimer(max(wait, keepLeast))
		select {
		case <-timer.C:
		case <-look:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}
