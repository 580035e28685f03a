package tracker

import (
	"cmp"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// Counts collects what a transaction adds to the numbers of tasks by feature,
// so that each feature and epic is written once, in the order of their keys,
// at the end.
type counts map[plan.Key]tally

type tally struct{ total, completed int }

// add takes in that one task changed from before to after.
func (c counts) add(before, after plan.Task) {
	t0, c0 := before.Counts()
	t1, c1 := after.Counts()
	c.addTally(after.FeatureKey, tally{t1 - t0, c1 - c0})
}

func (c counts) addTally(feature plan.Key, d tally) {
	sum := c[feature]
	c[feature] = tally{sum.total + d.total, sum.completed + d.completed}
}

func (c counts) flush(tx *store.Tx) error {
	features := make([]plan.Key, 0, len(c))
	for f, d := range c {
		if d != (tally{}) {
			features = append(features, f)
		}
	}
	slices.SortFunc(features, byOrdinal)
	for _, f := range features {
		if _, err := tx.AddCounts(f, c[f].total, c[f].completed); err != nil {
			return err
		}
	}
	return nil
}

func byOrdinal(a, b plan.Key) int { return cmp.Compare(a.Ordinal(), b.Ordinal()) }
