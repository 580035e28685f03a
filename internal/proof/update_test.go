package proof

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// TestLostUpdate has edits of one task meet.
func TestLostUpdate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wide := 8
		keys := w.tasks(t, wide+1)
		a, b := w.open(t, store.Options{}), w.open(t, store.Options{})
		t.Run("different_fields", func(t *testing.T) { differentFields(t, w, a, b, keys[:wide]) })
		t.Run("same_field", func(t *testing.T) { sameField(t, a, b, keys[:wide]) })
		t.Run("stale_save", func(t *testing.T) { staleSave(t, a, keys[wide]) })
		w.clean(t)
	})
}

// An edit changes one field of a task to something that only it writes.
type edit struct {
	field string
	set   func(in *tracker.UpdateTask, i int)
	has   func(task plan.Task, i int) bool
	flag  func(i int) []string
}

func edits() []edit {
	word := func(field string, i int) string { return field + " " + strconv.Itoa(i) }
	text := func(field, flag string, in func(*tracker.UpdateTask) **string, is func(plan.Task) string) edit {
		return edit{field,
			func(u *tracker.UpdateTask, i int) { s := word(field, i); *in(u) = &s },
			func(task plan.Task, i int) bool { return is(task) == word(field, i) },
			func(i int) []string { return []string{flag, word(field, i)} }}
	}
	return []edit{
		text("title", "--title", func(u *tracker.UpdateTask) **string { return &u.Title }, func(t plan.Task) string { return t.Title }),
		text("description", "--description", func(u *tracker.UpdateTask) **string { return &u.Description }, func(t plan.Task) string { return t.Description }),
		text("type", "--agent-type", func(u *tracker.UpdateTask) **string { return &u.AgentType }, func(t plan.Task) string { return t.AgentType }),
		{"priority",
			func(u *tracker.UpdateTask, i int) { p := 1 + i%10; u.Priority = &p },
			func(task plan.Task, i int) bool { return task.Priority == 1+i%10 },
			func(i int) []string { return []string{"--priority", strconv.Itoa(1 + i%10)} }},
	}
}

// differentFields makes pairs of edits of one task at once: both last.
func differentFields(t *testing.T, w *world, a, b *tracker.Tracker, keys []string) {
	pairs, byProcess := load(160, 12000)/len(keys), load(80, 60)
	f := newFigures()
	lanes(len(keys), func(lane int) {
		random := random(t, lane)
		for i := range pairs {
			in := edits()
			random.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
			lanes(2, func(side int) {
				var err error
				began := time.Now()
				if i%byProcess == 1 {
					answer := w.pm(t, fmt.Sprint("p", side), append([]string{"update", keys[lane], "--json"}, in[side].flag(i)...)...)
					if answer.code != 0 {
						err = fmt.Errorf("%s", answer)
					}
				} else {
					u := tracker.UpdateTask{Keys: []string{keys[lane]}}
					in[side].set(&u, i)
					_, err = []*tracker.Tracker{a, b}[side].UpdateTask(as(t.Context(), fmt.Sprint("g", side)), u)
				}
				f.add(time.Since(began))
				if err != nil {
					f.fail(t, "%s: edit %d of %s: %v", keys[lane], i, in[side].field, err)
				}
			})
			out, err := a.ShowTask(t.Context(), tracker.ShowTask{Key: keys[lane]})
			if err != nil {
				f.fail(t, "%v", err)
				return
			}
			for side := range 2 {
				if !in[side].has(out, i) {
					f.fail(t, "%s: edit %d of %s is lost", keys[lane], i, in[side].field)
				}
			}
		}
	})
	f.set("pairs", pairs*len(keys))
	f.log(t)
}

// sameField makes pairs of edits of one field, both from the same version:
// one is done, the other told.
func sameField(t *testing.T, a, b *tracker.Tracker, keys []string) {
	pairs := load(80, 2000) / len(keys)
	f := newFigures()
	lanes(len(keys), func(lane int) {
		for i := range pairs {
			before, err := a.ShowTask(t.Context(), tracker.ShowTask{Key: keys[lane]})
			if err != nil {
				f.fail(t, "%v", err)
				return
			}
			var mu sync.Mutex
			var done, conflicts []int
			lanes(2, func(side int) {
				title := fmt.Sprintf("same %d %d", i, side)
				u := tracker.UpdateTask{Keys: []string{keys[lane]}, Title: &title, IfVersion: &before.Version}
				began := time.Now()
				_, err := []*tracker.Tracker{a, b}[side].UpdateTask(as(t.Context(), fmt.Sprint("g", side)), u)
				f.add(time.Since(began))
				mu.Lock()
				defer mu.Unlock()
				switch codeOf(err) {
				case "":
					done = append(done, side)
				case "stale_version":
					conflicts = append(conflicts, side)
				default:
					f.fail(t, "%s: pair %d: %v", keys[lane], i, err)
				}
			})
			if len(done) != 1 || len(conflicts) != 1 {
				f.fail(t, "%s: pair %d: %d done, %d conflicts", keys[lane], i, len(done), len(conflicts))
				continue
			}
			after, err := b.ShowTask(t.Context(), tracker.ShowTask{Key: keys[lane]})
			if want := fmt.Sprintf("same %d %d", i, done[0]); err != nil || after.Title != want || after.Version != before.Version+1 {
				f.fail(t, "%s: pair %d: %q at version %d, %v", keys[lane], i, after.Title, after.Version, err)
			}
		}
	})
	f.set("pairs", pairs*len(keys))
	f.log(t)
}

// staleSave writes back a task that was read in an earlier transaction: the
// store's own guard refuses it, whoever may have forgotten a lock.
func staleSave(t *testing.T, tr *tracker.Tracker, key string) {
	ctx, k := as(t.Context(), "stale"), plan.MustKey(key)
	old, err := store.Read(ctx, tr.DB(), func(tx *store.Tx) (plan.Task, error) { return tx.Task(k) })
	if err != nil {
		t.Fatal(err)
	}
	title := "newer"
	if _, err := tr.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{key}, Title: &title}); err != nil {
		t.Fatal(err)
	}
	changes := map[string]func(*plan.Task){
		"fields": func(t *plan.Task) { t.Title = "stale" }, "status": func(t *plan.Task) { t.Status = plan.Blocked }, "nothing": func(*plan.Task) {},
	}
	for name, change := range changes {
		_, err := store.Write(ctx, tr.DB(), func(tx *store.Tx) (int, error) {
			task := old
			change(&task)
			return 0, tx.SaveTask(old, &task, plan.History{})
		})
		if codeOf(err) != "stale_version" {
			t.Errorf("saving the %s of a stale task says %v", name, err)
		}
	}
}
