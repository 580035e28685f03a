package mcpserver

import (
	"context"
	"slices"
	"strings"
	"time"

	"pm/internal/mcp"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// How often the plan is looked at for a client that wants to know what changes,
// and after an error.
const (
	watchPace  = 500 * time.Millisecond
	watchIdle  = 2 * time.Second // where all it did was to list what there is
	watchRetry = 10 * time.Second
)

// watch returns what tells a client of the items that change from now on,
// whoever changes them.
func (s *server) watch(ctx context.Context, from mcp.Caller, eager func() bool, tell func(mcp.Change)) (run func(), err error) {
	ctx = s.act(ctx, from)
	p, err := s.plan.get(ctx)
	if err != nil {
		return nil, err
	}
	feed, err := p.OpenFeed(ctx, "")
	if err != nil {
		return nil, err
	}
	return func() { s.follow(ctx, feed, eager, tell) }, nil
}

func (s *server) follow(ctx context.Context, feed *tracker.Feed, eager func() bool, tell func(mcp.Change)) {
	pause := time.NewTicker(watchPace)
	defer pause.Stop()
	for {
		waits := watchIdle
		err := feed.Each(ctx, func(events []tracker.Event) error {
			tell(changeOf(events))
			return nil
		})
		if err != nil {
			if ctx.Err() == nil {
				s.Log.Warn("cannot check for changes", "error", err)
			}
			waits = watchRetry
		}
		for waited := time.Duration(0); waited < waits; {
			select {
			case <-pause.C:
				waited += watchPace
			case <-ctx.Done():
				return
			}
			if err == nil && eager() {
				break
			}
		}
	}
}

// changeOf says which resources some events change: an item with all that lies
// above it, whose progress it is part of, or was before it moved, and the page that
// an agent begins with.
func changeOf(events []tracker.Event) mcp.Change {
	lists := false
	keys := make([]plan.Key, 0, len(events))
	for _, e := range events {
		keys = append(keys, e.Record.Key)
		if from, moved := e.Record.Change["key"][0].(string); moved {
			if was, err := plan.ParseKey(from); err == nil {
				keys = append(keys, was)
			}
		}
		lists = lists || e.Record.Key.Level() == plan.LevelEpic && !e.Record.Key.IsZero()
	}
	return mcp.Change{Lists: lists, Concerns: func(uri string) bool {
		name, isItem := strings.CutPrefix(uri, itemURI)
		if !isItem {
			return uri == primeURI
		}
		item, err := plan.ParseKey(name)
		if err != nil {
			return false
		}
		return slices.ContainsFunc(keys, item.Contains)
	}}
}
