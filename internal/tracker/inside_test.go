package tracker_test

import (
	"fmt"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// An epic is shown with what is open in it, what is blocked and who holds what;
// several items are shown in the order they are named, or none.
func TestWhatGoesOnInAnEpic(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		e := r.epic("Payments")
		empty := ok[tracker.Item](t)(r.Show(as("ann"), tracker.Show{Key: e.String()}))
		if len(empty.Features)+len(empty.Blocked)+len(empty.Held) > 0 {
			t.Errorf("an empty epic has %+v", empty.Inside)
		}
		f, done := r.feature(e, "Cards"), r.feature(e, "Done")
		ok[tracker.SavedFeature](t)(r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: done.String(), Status: ptr("completed")}))
		tasks := r.tasks(f, 14)
		for _, k := range tasks[:12] {
			ok[tracker.Changed](t)(r.verb("ann", plan.Block, tracker.ChangeStatus{Keys: []string{k.String()}, Reason: "no access"}))
		}
		r.do("bob", plan.Claim, tasks[12])
		for _, k := range []plan.Key{e, f} {
			in := ok[tracker.Item](t)(r.Show(as("ann"), tracker.Show{Key: k.String()})).Inside
			if len(in.Blocked) != 10 || in.MoreBlocked != 2 || in.Blocked[0].Reason != "no access" || len(in.Held) != 1 || in.Held[0].Agent != "bob" || in.Held[0].LeaseUntil == nil {
				t.Errorf("in %s: %+v", k, in)
			}
			if k == e && (len(in.Features) != 1 || in.Features[0].Key != f || in.Features[0].Total != 14) || k == f && len(in.Features) > 0 {
				t.Errorf("in %s there are the features %+v", k, in.Features)
			}
		}
		for i := range 22 {
			r.feature(e, fmt.Sprint("feature ", i))
		}
		in := ok[tracker.Item](t)(r.Show(as("ann"), tracker.Show{Key: e.String()})).Inside
		if len(in.Features) != 20 || in.MoreFeatures != 3 {
			t.Errorf("%d features are shown, %d more", len(in.Features), in.MoreFeatures)
		}
		shown := ok[tracker.Shown](t)(r.ShowItems(as("ann"), tracker.ShowItems{Keys: []string{tasks[0].String(), e.String(), tasks[0].String()}}))
		if len(shown.Items) != 2 || shown.Items[0].Key() != tasks[0] || shown.Items[1].Key() != e || len(shown.Items[1].Features) != 20 {
			t.Errorf("shown are %+v", shown)
		}
		_, err := r.ShowItems(as("ann"), tracker.ShowItems{Keys: []string{e.String(), "E77"}})
		refused(t, err, "not_found")
		_, err = r.ShowItems(as("ann"), tracker.ShowItems{})
		refused(t, err, "bad_key")
		many := make([]string, 101)
		for i := range many {
			many[i] = fmt.Sprintf("T-E01-F01-%03d", i+1)
		}
		_, err = r.ShowItems(as("ann"), tracker.ShowItems{Keys: many})
		refused(t, err, "too_many_keys")
	})
}
