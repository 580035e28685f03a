package tracker

import (
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/store"
)

// Counts collects what a transaction adds to the numbers of tasks by feature,
// so that each feature and epic is written once, in the order of their keys,
// at the end.
type counts map[plan.Key]tally

type tally = store.Sums

// add takes in that one task changed from before to after.
func (c counts) add(before, after plan.Task) {
	c.addTally(after.FeatureKey, store.SumsOf(after).Minus(store.SumsOf(before)))
}

func (c counts) addTally(feature plan.Key, d tally) { c[feature] = c[feature].Plus(d) }

// sumsUnder are the sums that a feature keeps.
func sumsUnder(f plan.Feature) tally {
	return tally{Total: f.TasksTotal, Completed: f.TasksCompleted, Estimate: f.EstimateTotal, EstimateDone: f.EstimateDone}
}

// flush writes all features and then all epics: with an epic between two
// features, two transactions could wait for each other.
func (c counts) flush(tx *store.Tx) error {
	epics := counts{}
	for _, f := range slices.SortedFunc(maps.Keys(c), plan.Key.Compare) {
		d := c[f]
		if d == (tally{}) {
			continue
		}
		if err := tx.AddFeatureCounts(f, d); err != nil {
			return err
		}
		epics.addTally(f.EpicKey(), d)
	}
	for _, e := range slices.SortedFunc(maps.Keys(epics), plan.Key.Compare) {
		if _, err := tx.AddEpicCounts(e, epics[e]); err != nil {
			return err
		}
	}
	return nil
}
