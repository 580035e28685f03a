package proof

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pm/internal/store"
	"pm/internal/tracker"
)

// TestDrain has many workers take the next task and complete it until there
// is none.
func TestDrain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		feature, keys := w.feature(t, load(40, 2000))
		chain(t, w, keys)
		completedBy := map[string]string{}
		var mu sync.Mutex
		f := newFigures()
		lanes(load(6, 64), func(lane int) {
			name := fmt.Sprint("worker", lane)
			for {
				key, fence := takeNext(t, w, f, name)
				if key == "" {
					return
				}
				a := w.pm(t, name, "complete", key, "--fence", fmt.Sprint(fence), "--json")
				f.add(a.took)
				if a.code != 0 {
					f.fail(t, "%s cannot complete what it has claimed: %s", name, a)
					return
				}
				mu.Lock()
				if other, twice := completedBy[key]; twice {
					f.fail(t, "%s was given to %s and to %s", key, other, name)
				}
				completedBy[key] = name
				mu.Unlock()
			}
		})
		f.set("tasks", len(keys))
		f.log(t)
		drained(t, w, feature, keys, completedBy)
		w.clean(t)
	})
}

// chain makes every tenth task wait for the two before it.
func chain(t *testing.T, w *world, keys []string) {
	tr := w.open(t, store.Options{})
	for i := 9; i < len(keys); i += 10 {
		in := tracker.Depend{Task: keys[i], DependsOn: []string{keys[i-1], keys[i-2]}}
		if _, err := tr.AddDependencies(as(t.Context(), "setup"), in); err != nil {
			t.Fatal(err)
		}
	}
	tr.DB().Close()
}

// takeNext claims the next task. Without one it is done, unless others still
// hold tasks, which more may wait for.
func takeNext(t *testing.T, w *world, f *figures, name string) (key string, fence int64) {
	args := []string{"next", "--claim", "--json"}
	for {
		a := w.pm(t, name, args...)
		var out tracker.NextTask
		if a.code == 0 {
			a.into(t, &out)
		} else {
			f.fail(t, "%s gets no task: %s", name, a)
			return "", 0
		}
		if len(args) == 3 {
			f.add(a.took)
		}
		switch {
		case out.Task != nil:
			return out.Task.Key.String(), out.Task.Fence
		case out.Why == nil || out.Why.Held == 0:
			return "", 0
		}
		args = []string{"next", "--claim", "--json", "--wait", "1s"}
	}
}

// drained checks that each task was completed once, by who had claimed it,
// that its history says so in two rows, and that progress is exact.
func drained(t *testing.T, w *world, feature string, keys []string, completedBy map[string]string) {
	history := map[string][]string{}
	for _, row := range w.strings(t, `select t.key, h.old_status, h.new_status, h.agent from task_history h join tasks t on t.id = h.task_id
		where h.old_status is not null and h.old_status <> h.new_status order by h.id`) {
		key, rest, _ := strings.Cut(row, "|")
		history[key] = append(history[key], rest)
	}
	for _, key := range keys {
		by := completedBy[key]
		if want := []string{"todo|in_progress|" + by, "in_progress|completed|" + by}; by == "" || !slices.Equal(history[key], want) {
			t.Errorf("%s: completed by %q, its history is %q", key, by, history[key])
		}
	}
	want := fmt.Sprintf("%d|%d|100", len(keys), len(keys))
	if got := w.strings(t, "select tasks_total, tasks_completed, progress_pct from features where key = $1", feature); got[0] != want {
		t.Errorf("progress is %s, want %s", got[0], want)
	}
}
