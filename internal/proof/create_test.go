package proof

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pm/internal/db/pgtest"
	"pm/internal/plan"
)

// TestCreateRace has processes create tasks in one feature at once. Numbers
// are given once, without gaps, and never again.
func TestCreateRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wide, each := load(6, 16), load(3, 25)
		feature, _ := w.feature(t, 0)
		f := newFigures()
		keys := make([][]string, wide)
		create := func(lane int) string {
			a := w.pm(t, fmt.Sprint("a", lane), "task", "create", feature, "task", "--json")
			f.add(a.took)
			var task plan.Task
			if a.code != 0 {
				f.fail(t, "lane %d: %s", lane, a)
			} else {
				a.into(t, &task)
			}
			return task.Key.String()
		}
		lanes(wide, func(lane int) {
			for range each {
				keys[lane] = append(keys[lane], create(lane))
			}
		})
		f.log(t)
		got := slices.Sorted(slices.Values(slices.Concat(keys...)))
		for i, key := range got {
			if want := fmt.Sprintf("T-%s-%03d", feature, i+1); key != want {
				t.Errorf("number %d is %s, want %s", i+1, key, want)
			}
		}
		last := got[len(got)-1]
		if a := w.pm(t, "a", "delete", last, "--yes", "--json"); a.code != 0 {
			t.Errorf("delete %s: %s", last, a)
		}
		if next, want := create(0), fmt.Sprintf("T-%s-%03d", feature, len(got)+1); next != want {
			t.Errorf("after the deletion of %s the next is %s, want %s", last, next, want)
		}
		w.clean(t)
	})
}

// TestInitRace has processes make the database at once: one makes it, all
// find it made.
func TestInitRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := newFigures()
		for round := range load(2, 10) {
			fresh := world{engine: w.engine, dir: t.TempDir()}
			fresh.address = filepath.Join(fresh.dir, ".pm", "pm.db")
			args := []string{"init", "--json"}
			if w.engine == "postgres" {
				fresh.address = pgtest.DSN(t) + "&search_path=shop"
				args = append(args, "--db", fresh.address)
			}
			answers := make([]answer, load(6, 16))
			lanes(len(answers), func(i int) {
				cmd := fresh.command(t, "a", args...)
				if fresh.engine == "sqlite" { // where pm init puts it by itself
					cmd.Env = slices.DeleteFunc(cmd.Env, func(s string) bool { return s == "PM_DB="+fresh.address })
				}
				answers[i] = finish(t, cmd, nil)
			})
			made := 0
			for i, a := range answers {
				f.add(a.took)
				var out struct{ Created bool }
				if a.code != 0 {
					f.fail(t, "round %d, process %d: %s", round, i, a)
					continue
				}
				if a.into(t, &out); out.Created {
					made++
				}
			}
			if made != 1 {
				f.fail(t, "round %d: %d processes made the database", round, made)
			}
			if a := fresh.pm(t, "a", "epic", "create", "first", "--json"); a.code != 0 {
				f.fail(t, "round %d: %s", round, a)
			}
			fresh.clean(t)
			if info, err := os.Stat(fresh.address); w.engine == "sqlite" && (err != nil || info.Mode().Perm() != 0o600) {
				t.Errorf("round %d: %v, %v", round, info, err)
			}
		}
		f.log(t)
	})
}
