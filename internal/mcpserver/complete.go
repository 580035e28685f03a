package mcpserver

import (
	"context"
	"strings"

	"pm/internal/mcp"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// mostOffered is how many keys are read to complete one: one more than an answer
// can have, so that it says where there are more.
const mostOffered = 101

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
		all, err = epicKeys(ctx, p)
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

// keysLike lists the keys that may begin like the one that is typed: tasks
// where one is begun, for there are many of them.
func keysLike(ctx context.Context, p *tracker.Tracker, typed string) (keys []string, err error) {
	most := mostOffered
	under, within := plan.KeyBegun(typed)
	if strings.HasPrefix(typed, "T") {
		in := tracker.ListTasks{Limit: &most, Sort: "key"}
		if within && under.Level() == plan.LevelFeature {
			in.Feature = under.String()
		} else if within {
			in.Epic = under.String()
		}
		page, err := p.ListTasks(ctx, in)
		for _, t := range page.Items {
			keys = append(keys, t.Key.String())
		}
		return keys, err
	}
	if keys, err = epicKeys(ctx, p); err != nil {
		return nil, err
	}
	in := tracker.ListFeatures{Limit: &most}
	if within {
		in.Epic = under.EpicKey().String()
	}
	features, err := p.ListFeatures(ctx, in)
	for _, f := range features.Items {
		keys = append(keys, f.Key.String())
	}
	return keys, err
}

func epicKeys(ctx context.Context, p *tracker.Tracker) (keys []string, err error) {
	most := mostOffered
	epics, err := p.ListEpics(ctx, tracker.ListEpics{Limit: &most})
	for _, e := range epics.Items {
		keys = append(keys, e.Key.String())
	}
	return keys, err
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
