package tracker

import (
	"cmp"
	"maps"
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

// flush writes all features and then all epics: with an epic between two
// features, two transactions could wait for each other.
func (c counts) flush(tx *store.Tx) error {
	epics := counts{}
	for _, f := range slices.SortedFunc(maps.Keys(c), byOrdinal) {
		d := c[f]
		if d == (tally{}) {
			continue
		}
		if err := tx.AddFeatureCounts(f, d.total, d.completed); err != nil {
			return err
		}
		epics.addTally(f.EpicKey(), d)
	}
	for _, e := range slices.SortedFunc(maps.Keys(epics), byOrdinal) {
		if _, err := tx.AddEpicCounts(e, epics[e].total, epics[e].completed); err != nil {
			return err
		}
	}
	return nil
}

func byOrdinal(a, b plan.Key) int { return cmp.Compare(a.Ordinal(), b.Ordinal()) }
