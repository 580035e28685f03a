package store_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// groupOf is the value by which a task is counted.
func groupOf(t plan.Task, field string) string {
	switch field {
	case "status":
		return string(t.Status)
	case "epic":
		return t.Key.EpicKey().String()
	case "feature":
		return t.Key.FeatureKey().String()
	case "type":
		return t.AgentType
	case "agent":
		return t.AssignedAgent
	case "priority":
		return strconv.Itoa(t.Priority)
	}
	return plan.DefaultKind
}

// Whatever is asked for, as many tasks are counted as the plain model has, all
// together and by each field.
func TestCountsAreAsTheModelSays(t *testing.T) {
	queries := 60
	if testing.Short() {
		queries = 15
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seed := uint64(time.Now().UnixNano())
		r := rand.New(rand.NewPCG(seed, 0))
		m := newModel(r, 240)
		m.fill(t, db)
		texts := []string{"", "epic:E02", "status:todo,blocked", "epic:E01 -status:completed", "epic:E09", "feature:E01-F02", "key:E01,E03", "status:todo -status:todo"}
		for range queries {
			texts = append(texts, someQuery(r, 1))
		}
		for _, text := range texts {
			f := parsedFilter(t, text+" sort:-due,created")
			field := []string{"status", "epic", "feature", "type", "agent", "priority", "kind"}[r.IntN(7)]
			_, err := store.Read(t.Context(), db, func(tx *store.Tx) (int, error) {
				var err error
				if m.now, err = tx.Now(); err != nil {
					return 0, err
				}
				want, all := map[string]int{}, 0
				for _, one := range m.tasks {
					if m.meets(one, f.Condition) {
						want[groupOf(one, field)]++
						all++
					}
				}
				n, err := tx.CountAll(f)
				if err != nil || n != all {
					t.Errorf("%s: %d tasks, want %d", text, n, all)
				}
				groups, err := tx.CountBy(field, f)
				for _, g := range groups {
					if want[g.Value] != g.Count {
						t.Errorf("%s: %d tasks of %s %q, want %d", text, g.Count, field, g.Value, want[g.Value])
					}
				}
				if len(groups) != len(want) {
					t.Errorf("%s: %d groups by %s, want %d", text, len(groups), field, len(want))
				}
				return 0, err
			})
			if err != nil || t.Failed() {
				t.Fatalf("%s by %s, seed %d: %v", text, field, seed, err)
			}
		}
	})
}
