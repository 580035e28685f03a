package tracker_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A bounded tree is the whole one cut short: no more items than the limit, each
// branch from its beginning, and what is left out counted where it is missing.
func TestABoundedTreeIsTheWholeOneCutShort(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		grow(t, r)
		all := 0
		whole := ok[tracker.Tree](t)(r.Tree(as("ann"), tracker.ShowTree{Limit: &all}))
		open := ok[tracker.Tree](t)(r.Tree(as("ann"), tracker.ShowTree{Limit: &all, Open: true}))
		for limit := 1; limit <= 40; limit++ {
			checkCut(t, limit, ok[tracker.Tree](t)(r.Tree(as("ann"), tracker.ShowTree{Limit: &limit})), whole)
			checkCut(t, limit, ok[tracker.Tree](t)(r.Tree(as("ann"), tracker.ShowTree{Limit: &limit, Open: true})), open)
		}
		one := whole.Epics[1]
		for _, c := range []struct {
			in   tracker.ShowTree
			want tracker.Tree
		}{
			{tracker.ShowTree{Key: one.Key.String()}, tracker.Tree{Epics: []tracker.EpicTree{one}}},
			{tracker.ShowTree{Key: one.Features[0].Key.String()}, tracker.Tree{Epics: []tracker.EpicTree{{Epic: one.Epic, Features: one.Features[:1]}}}},
			{tracker.ShowTree{}, whole},
		} {
			got := ok[tracker.Tree](t)(r.Tree(as("ann"), c.in))
			checkCut(t, 50, got, c.want)
		}
		minus := -1
		_, err := r.Tree(as("ann"), tracker.ShowTree{Limit: &minus})
		refused(t, err, "bad_limit")
	})
}

// A tree has the tasks of a feature in the order of the plan, as a list by position
// has, bounded or not, and as of a moment in the order of then.
func TestATreeIsInTheOrderOfThePlan(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.feature(r.epic("Payments"), "Cards")
		other := r.feature(f.EpicKey(), "Later")
		keys := r.tasks(f, 5)
		first := r.tasks(other, 1)[0]
		tree := func(asOf string, limit int) string {
			t.Helper()
			got := ok[tracker.Tree](t)(r.Tree(as("ann"), tracker.ShowTree{Key: f.String(), Limit: &limit, AsOf: asOf}))
			var all []plan.Key
			for _, task := range got.Epics[0].Features[0].Tasks {
				all = append(all, task.Key)
			}
			return strings.Join(names(all), " ")
		}
		key := strings.Join(names(keys), " ")
		if tree("", 0) != key || tree("", 50) != key {
			t.Errorf("by key: %s, %s", tree("", 0), tree("", 50))
		}
		ok[tracker.Changed](t)(r.Order(as("ann"), tracker.Order{Key: keys[3].String(), Before: keys[0].String()}))
		asOf := ok[tracker.Operations](t)(r.ListOperations(as("ann"), tracker.ListOperations{})).Items[0].ID
		ok[tracker.Changed](t)(r.Order(as("ann"), tracker.Order{Key: keys[0].String(), After: keys[4].String()}))
		ok[tracker.Changed](t)(r.Order(as("ann"), tracker.Order{Key: keys[2].String(), After: first.String()}))
		moved := ok[tracker.Items](t)(r.Move(as("ann"), tracker.Move{Keys: []string{first.String()}, To: f.String()})).Items[0].Key()
		want := strings.Join(names([]plan.Key{keys[3], keys[1], keys[4], keys[0], moved, keys[2]}), " ")
		if list := strings.Join(r.listed("feature:"+f.String()+" sort:position"), " "); list != want {
			t.Fatalf("the list is %s", list)
		}
		if tree("", 0) != want || tree("", 50) != want || tree("", 4) != strings.Join(strings.Fields(want)[:2], " ") {
			t.Errorf("%s\n%s\n%s", tree("", 0), tree("", 50), tree("", 4))
		}
		then := strings.Join(names([]plan.Key{keys[3], keys[0], keys[1], keys[2], keys[4]}), " ")
		if tree(asOf, 0) != then || tree(asOf, 50) != then {
			t.Errorf("as of then: %s, %s", tree(asOf, 0), tree(asOf, 50))
		}
		r.tasks(f, 1000) // more than are sorted at once
		if all := tree("", 0); !strings.HasPrefix(all, strings.Join(strings.Fields(want)[:5], " ")) || len(strings.Fields(all)) != 1006 {
			t.Errorf("%d tasks: %.200s", len(strings.Fields(all)), all)
		}
	})
}

// grow plans three epics: one large, one small, one without features.
func grow(t *testing.T, r *rig) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	for epic := range 3 {
		e := ok[plan.Epic](t)(r.CreateEpic(as("ann"), tracker.CreateEpic{Title: fmt.Sprint("epic ", epic)}))
		for feature := range []int{3, 1, 0}[epic] {
			f := ok[tracker.SavedFeature](t)(r.CreateFeature(as("ann"), tracker.CreateFeature{Epic: e.Key.String(), Title: fmt.Sprint("feature ", feature)}))
			for range []int{9, 0, 4}[feature] {
				task := ok[plan.Task](t)(r.CreateTask(as("ann"), tracker.CreateTask{Feature: f.Key.String(), Title: "task", Description: "text"}))
				if random.IntN(3) == 0 {
					ok[tracker.Changed](t)(r.Complete(as("ann"), tracker.Complete{Keys: []string{task.Key.String()}}))
				}
			}
		}
	}
}

func checkCut(t *testing.T, limit int, got, whole tracker.Tree) {
	t.Helper()
	items := len(got.Epics)
	if len(got.Epics)+got.More != len(whole.Epics) {
		t.Errorf("limit %d: %d epics and %d more of %d", limit, len(got.Epics), got.More, len(whole.Epics))
	}
	for i, e := range got.Epics {
		all := whole.Epics[i]
		items += len(e.Features)
		if e.Key != all.Key || len(e.Features)+e.More != len(all.Features) {
			t.Errorf("limit %d: %s with %d features and %d more of %d", limit, e.Key, len(e.Features), e.More, len(all.Features))
		}
		for j, f := range e.Features {
			of := all.Features[j]
			items += len(f.Tasks)
			if f.Key != of.Key || len(f.Tasks)+f.More != len(of.Tasks) {
				t.Errorf("limit %d: %s with %d tasks and %d more of %d", limit, f.Key, len(f.Tasks), f.More, len(of.Tasks))
			}
			for k, task := range f.Tasks {
				if task.Key != of.Tasks[k].Key || task.Description != "" {
					t.Errorf("limit %d: %s in the place of %s, description %q", limit, task.Key, of.Tasks[k].Key, task.Description)
				}
			}
		}
	}
	if items > limit {
		t.Errorf("limit %d: %d items", limit, items)
	}
}
