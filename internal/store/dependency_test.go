package store_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// The dependencies of a page are those of its tasks, whatever lies between
// them: neighbours, tasks far apart, and with hundreds of edges in the middle.
func TestDependenciesOfAPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var tasks []plan.Task
		needs := map[plan.Key][]plan.Key{}
		for n := range 90 {
			k := plan.Key{Epic: 1, Feature: n/30 + 1, Task: n%30 + 1}
			tasks = append(tasks, plan.Task{Key: k, Title: "t", Status: plan.Todo, Priority: 5, CreatedAt: modelStart, UpdatedAt: modelStart})
			for _, on := range tasks[:n] {
				if n%30 > 8 && (n+on.Key.Task)%3 == 0 {
					needs[k] = append(needs[k], on.Key)
				}
			}
		}
		(&model{tasks: tasks, needs: needs}).fill(t, db)
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		pages := [][]plan.Task{nil, tasks, tasks[:1], tasks[29:30], tasks[20:50], {tasks[0], tasks[89]}, {tasks[89], tasks[45], tasks[0]}}
		for range 30 {
			page := slices.Clone(tasks)
			random.Shuffle(len(page), func(i, j int) { page[i], page[j] = page[j], page[i] })
			pages = append(pages, page[:random.IntN(len(page))])
		}
		for _, page := range pages {
			page = slices.Clone(page)
			for i := range page {
				page[i].ID = page[i].Key.Ordinal()
			}
			_, err := store.Read(t.Context(), db, func(tx *store.Tx) (int, error) { return 0, tx.LoadDependencies(page) })
			if err != nil {
				t.Fatal(err)
			}
			for _, task := range page {
				if !slices.Equal(task.DependsOn, needs[task.Key]) {
					t.Errorf("of a page of %d, %s depends on %v, not %v", len(page), task.Key, task.DependsOn, needs[task.Key])
				}
			}
		}
	})
}
