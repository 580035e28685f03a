package tracker

import (
	"context"

	"pm/internal/depgraph"
	"pm/internal/plan"
	"pm/internal/store"
)

// ShowGraph is the input of Tracker.Graph.
type ShowGraph struct {
	Key  string `json:"key,omitempty" jsonschema:"an epic, a feature or a task; the whole plan if not given" arg:"key?"`
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Graph returns what waits for what.
func (t *Tracker) Graph(ctx context.Context, in ShowGraph) (out depgraph.Graph, err error) {
	var key plan.Key
	if in.Key != "" {
		if key, err = plan.ParseKey(in.Key); err != nil {
			return out, err
		}
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (depgraph.Graph, error) {
		if err := itemExists(tx, key); err != nil {
			return depgraph.Graph{}, err
		}
		return depgraph.Read(tx, key, func() (string, error) { return estimateUnit(tx) })
	})
}

// estimateUnit returns the unit of estimates: that of the project, or the usual one.
func estimateUnit(tx *store.Tx) (string, error) {
	set, err := settingsOf(tx)
	if unit := set[plan.EstimateUnit]; unit != "" || err != nil {
		return unit, err
	}
	s, _ := plan.FindSetting(plan.EstimateUnit)
	return s.Default, nil
}
