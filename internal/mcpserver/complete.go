package mcpserver

import (
	"context"
	"strings"

	"pm/internal/mcp"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// mostOffered is how many keys are offered: one more than an answer can have, so
// that it says where there are more. mostPages bounds what is read to find them.
const (
	mostOffered = 101
	mostPages   = 20
	pageOfKeys  = 200
)

// complete returns the values that an argument of a prompt, or the key in the
// URI of an item, may have.
func (s *server) complete(ctx context.Context, from mcp.Caller, of mcp.Completion) ([]string, error) {
	ctx = s.act(ctx, from)
	p, err := s.plan.get(ctx)
	if err != nil {
		return nil, err
	}
	var all []string
	switch of.Argument {
	case "key":
		all, err = keysLike(ctx, p, strings.ToUpper(of.Value))
	case "epic":
		all, err = epicKeys(ctx, p, strings.ToUpper(of.Value))
	case "agent_type":
		all, err = trades(ctx, p)
	}
	values := []string{}
	for _, value := range all {
		if len(value) >= len(of.Value) && strings.EqualFold(value[:len(of.Value)], of.Value) {
			values = append(values, value)
		}
	}
	return values, err
}

// keysLike lists the keys that begin like the one that is typed: tasks where one
// is begun, for there are many of them.
func keysLike(ctx context.Context, p *tracker.Tracker, typed string) (keys []string, err error) {
	if strings.HasPrefix(typed, "T") {
		return taskKeys(ctx, p, typed)
	}
	epics, err := epicKeys(ctx, p, typed)
	if err != nil {
		return nil, err
	}
	under, within := plan.KeyBegun(typed)
	in := tracker.ListFeatures{}
	if within {
		in.Epic = under.EpicKey().String()
	}
	features, err := featureKeys(ctx, p, in, func(key string) bool { return strings.HasPrefix(key, typed) })
	return append(epics, features...), err
}

// taskKeys looks for tasks only in the features whose keys go with what is typed.
func taskKeys(ctx context.Context, p *tracker.Tracker, typed string) (keys []string, err error) {
	under, within := plan.KeyBegun(typed)
	if within && under.Level() == plan.LevelFeature {
		return tasksIn(ctx, p, tracker.ListTasks{Feature: under.String()}, typed)
	}
	in := tracker.ListFeatures{}
	if within {
		in.Epic = under.String()
	}
	features, err := featureKeys(ctx, p, in, func(key string) bool {
		return strings.HasPrefix("T-"+key+"-", typed) || strings.HasPrefix(typed, "T-"+key+"-")
	})
	for _, feature := range features {
		if err != nil || len(keys) >= mostOffered {
			break
		}
		var some []string
		some, err = tasksIn(ctx, p, tracker.ListTasks{Feature: feature}, typed)
		keys = append(keys, some...)
	}
	return keys[:min(len(keys), mostOffered)], err
}

func tasksIn(ctx context.Context, p *tracker.Tracker, in tracker.ListTasks, typed string) ([]string, error) {
	most := pageOfKeys
	in.Limit, in.Sort = &most, "key"
	return begun(func(cursor string) (keys []string, next string, err error) {
		in.Cursor = cursor
		page, err := p.ListTasks(ctx, in)
		for _, t := range page.Items {
			keys = append(keys, t.Key.String())
		}
		return keys, page.NextCursor, err
	}, func(key string) bool { return strings.HasPrefix(key, typed) })
}

func featureKeys(ctx context.Context, p *tracker.Tracker, in tracker.ListFeatures, fits func(string) bool) ([]string, error) {
	most := pageOfKeys
	in.Limit = &most
	return begun(func(cursor string) (keys []string, next string, err error) {
		in.Cursor = cursor
		page, err := p.ListFeatures(ctx, in)
		for _, f := range page.Items {
			keys = append(keys, f.Key.String())
		}
		return keys, page.NextCursor, err
	}, fits)
}

func epicKeys(ctx context.Context, p *tracker.Tracker, typed string) ([]string, error) {
	most := pageOfKeys
	return begun(func(cursor string) (keys []string, next string, err error) {
		page, err := p.ListEpics(ctx, tracker.ListEpics{Limit: &most, Cursor: cursor})
		for _, e := range page.Items {
			keys = append(keys, e.Key.String())
		}
		return keys, page.NextCursor, err
	}, func(key string) bool { return strings.HasPrefix(key, typed) })
}

// begun goes through the pages of a list until enough keys fit, or it ends.
func begun(page func(cursor string) (keys []string, next string, err error), fits func(key string) bool) (found []string, err error) {
	cursor := ""
	for range mostPages {
		keys, next, err := page(cursor)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			if fits(key) && len(found) < mostOffered {
				found = append(found, key)
			}
		}
		if cursor = next; cursor == "" || len(found) >= mostOffered {
			break
		}
	}
	return found, nil
}

// trades are the types of agents that tasks ask for.
func trades(ctx context.Context, p *tracker.Tracker) (names []string, err error) {
	counted, err := p.CountTasks(ctx, tracker.CountTasks{Group: "type"})
	for _, g := range counted.Items {
		if g.Value != "" {
			names = append(names, g.Value)
		}
	}
	return names, err
}
