package tracker_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

func (r *rig) links(k plan.Key) (out []string) {
	r.t.Helper()
	item := ok[tracker.Item](r.t)(r.Show(as("ann"), tracker.Show{Key: k.String()}))
	var links []plan.Link
	switch {
	case item.Epic != nil:
		links = item.Epic.Links
	case item.Feature != nil:
		links = item.Feature.Links
	default:
		links = item.Task.Links
	}
	for _, l := range links {
		out = append(out, string(l.As)+" "+l.To)
	}
	return out
}

// Whatever is linked, unlinked, moved, deleted and restored: both sides say the
// same, and histories, counters and exports hold.
func TestAnyLinksAreSeenFromBothSides(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		random := rand.New(rand.NewPCG(17, 19))
		epics := []plan.Key{r.epic("One"), r.epic("Two")}
		var features, tasks []plan.Key
		for i := range 4 {
			f := r.feature(epics[i%2], fmt.Sprint("feature ", i))
			features, tasks = append(features, f), append(tasks, r.tasks(f, 3)...)
		}
		all := func() []plan.Key { return slices.Concat(epics, features, tasks) }
		pick := func(of []plan.Key) plan.Key { return of[random.IntN(len(of))] }
		rename := func(was, now plan.Key) {
			for _, of := range [][]plan.Key{features, tasks} {
				for i, k := range of {
					switch {
					case k == was:
						of[i] = now
					case was.Contains(k):
						now := now
						now.Task = k.Task
						of[i] = now
					}
				}
			}
		}
		kinds := append(plan.LinkKinds(), "duplicated-by", "superseded-by")
		for i := range 120 {
			k, other := pick(all()), pick(all())
			switch random.IntN(10) {
			case 0:
				k = pick(tasks)
				rename(k, r.move(pick(features), k)[0])
			case 1:
				f := pick(features)
				rename(f, r.move(pick(epics), f)[0])
			case 2:
				r.deleteAndRestore(pick(tasks))
			case 3:
				if links := r.links(k); len(links) > 0 {
					var kind, to string
					fmt.Sscan(links[random.IntN(len(links))], &kind, &to)
					ok[tracker.Item](t)(r.Unlink(as("ann"), tracker.Link{Key: k.String(), To: []string{to}}))
				}
			case 4:
				ok[tracker.Item](t)(r.Link(as("ann"), tracker.Link{Key: k.String(), To: []string{fmt.Sprintf("docs/%d/a-file-whose-name-is-longer-than-a-record-holds-itself-%d.md", i, i)}}))
			default:
				if k != other {
					ok[tracker.Item](t)(r.Link(as("ann"), tracker.Link{Key: k.String(), To: []string{other.String()}, As: string(kinds[random.IntN(len(kinds))])}))
				}
			}
			if i%30 == 29 {
				r.sound(fmt.Sprint("after ", i))
			}
		}
		for _, k := range all() {
			for _, l := range r.links(k) {
				var kind, to string
				fmt.Sscan(l, &kind, &to)
				other, err := plan.ParseKey(to)
				if err == nil && !slices.Contains(r.links(other), string(plan.LinkKind(kind).Inverse())+" "+k.String()) {
					t.Errorf("%s says it %s, which the other side does not", k, l)
				}
			}
		}
		r.sound("at the end")
		r.carriesOver("at the end")
	})
}

// Both sides are deleted, and come back one after the other, in either order.
func TestLinksOfTwoThatWereDeleted(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.feature(r.epic("One"), "cards")
		for _, backwards := range []bool{false, true} {
			tasks := r.tasks(f, 2)
			ok[tracker.Item](t)(r.Link(as("ann"), tracker.Link{Key: tasks[0].String(), To: []string{tasks[1].String()}}))
			first, second := ok[tracker.Deleted](t)(r.delete(tasks[0], true)), ok[tracker.Deleted](t)(r.delete(tasks[1], true))
			r.sound("after both went")
			if backwards {
				first, second = second, first
			}
			ok[tracker.Restored](t)(r.restore(first))
			r.sound("after one came back")
			ok[tracker.Restored](t)(r.restore(second))
			r.sound("after both came back")
			if len(r.links(tasks[0])) != len(r.links(tasks[1])) {
				t.Errorf("one side has %v, the other %v", r.links(tasks[0]), r.links(tasks[1]))
			}
		}
	})
}

// Many link to one item while it is deleted and restored: no link dangles.
func TestLinksTogetherWithDeletions(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.feature(r.epic("One"), "cards")
		tasks, target := r.tasks(f, 8), r.tasks(f, 1)[0]
		var wg sync.WaitGroup
		for _, k := range tasks {
			wg.Go(func() {
				for range 4 {
					_, err := r.Link(as(k.String()), tracker.Link{Key: k.String(), To: []string{target.String(), "docs/" + k.String() + ".md"}})
					if err != nil && plan.KindOf(err) != plan.NotFound {
						t.Error(err)
					}
				}
			})
		}
		for range 4 {
			ok[tracker.Restored](t)(r.restore(ok[tracker.Deleted](t)(r.delete(target, true))))
		}
		wg.Wait()
		r.sound("after that")
	})
}

// The doctor counts links, and finds those that lead nowhere.
func TestDoctorFindsLinks(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		tasks := r.tasks(r.feature(r.epic("One"), "cards"), 2)
		ok[tracker.Item](t)(r.Link(as("ann"), tracker.Link{Key: tasks[0].String(), To: []string{tasks[1].String()}}))
		r.sound("before")
		r.sql(`update tasks set links = 7 where key = 'T-E01-F01-002'`)
		if d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{Fix: true})); d.Flaws != 0 {
			t.Errorf("%d flaws are left", d.Flaws)
		}
		r.sound("after the repair")
		r.sql(`update links set to_id = to_id + 50`)
		if d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{})); d.Flaws == 0 {
			t.Error("the doctor does not find a link that leads nowhere")
		}
	})
}

// A link is taken back after what it leads to was moved, and comes again.
func TestALinkToWhatWasMovedIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		from, to := r.task(f, "from"), r.task(f, "to")
		ok[tracker.Item](t)(r.Link(as("ann"), tracker.Link{Key: from.String(), To: []string{to.String()}}))
		linked := r.newest()
		now := r.move(r.feature(f.EpicKey(), "elsewhere"), to)[0]
		ok[tracker.Undone](t)(r.Undo(as("ann"), tracker.Undo{ID: linked}))
		if links := r.links(from); len(links) > 0 {
			t.Errorf("its links are %v", links)
		}
		ok[tracker.Undone](t)(r.Redo(as("ann"), tracker.Redo{}))
		if links := r.links(from); !slices.Equal(links, []string{"relates " + now.String()}) {
			t.Errorf("again its links are %v", links)
		}
		r.healthy()
	})
}
