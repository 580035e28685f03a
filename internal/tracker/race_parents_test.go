package tracker_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// The statuses of an epic and of its feature decide together what is offered.
// On PostgreSQL each change once looked at the other as it was before.
func TestParentsThatChangeAtOnce(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "x")
		for i := range 20 {
			set := func(epic, feature string) {
				together(2, func(i int) {
					var err error
					if i == 0 {
						_, err = r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: "E01", Status: &epic})
					} else {
						_, err = r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: f.String(), Status: &feature})
					}
					if err != nil {
						t.Error(err)
					}
				})
			}
			set("draft", "active")
			set("active", "draft")
			if r.show(k).Offered {
				t.Fatalf("round %d: a task of a draft feature is offered", i)
			}
			set("active", "active")
		}
	})
}

// A task that is created while its feature is deleted is either in the trash
// or was refused: it never gets lost.
func TestADeletionLosesNothingThatWasAcknowledged(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		for range 10 {
			f := r.plan()
			r.feature(f.EpicKey(), "stays")
			r.tasks(f, 2)
			made := make([]plan.Key, 4)
			var gone tracker.Deleted
			together(len(made)+1, func(i int) {
				if i == len(made) {
					d, err := r.delete(f, false)
					if gone = d; err != nil {
						t.Error(err)
					}
					return
				}
				task, err := r.CreateTask(as("ann"), tracker.CreateTask{Feature: f.String(), Title: "x"})
				if made[i] = task.Key; err != nil && code(err) != "not_found" {
					t.Error(err)
				}
			})
			ok[tracker.Restored](t)(r.restore(gone))
			total := 2
			for _, k := range made {
				if !k.IsZero() {
					r.show(k)
					total++
				}
			}
			if e := ok[plan.Epic](t)(r.ShowEpic(as("ann"), tracker.ShowEpic{Key: f.EpicKey().String()})); e.TasksTotal != total {
				t.Errorf("the epic counts %d tasks, want %d", e.TasksTotal, total)
			}
		}
	})
}

// An import reads the status of a parent long before it ends.
func TestAnImportOffersByTheStatusAtItsEnd(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		if r.DB().Engine() == "sqlite" {
			t.Skip("an import has the database for itself")
		}
		f := r.plan()
		k := r.task(f, "x")
		header, _, _ := bytes.Cut(r.export(), []byte("\n"))
		b := []byte(sealed(string(header), strings.TrimSpace(linesUnder(r.export(), k)[0])))
		ok[tracker.Deleted](t)(r.delete(k, false))
		ok[tracker.Trash](t)(r.EmptyTrash(as("ann"), tracker.EmptyTrash{}))
		opened := 0
		in := tracker.ImportLines{Source: tracker.Source{Name: "x", Open: func() (io.ReadCloser, error) {
			atEnd := func() {}
			if opened++; opened == 2 {
				atEnd = func() {
					_, err := r.UpdateFeature(as("bob"), tracker.UpdateFeature{Key: f.String(), Status: ptr("draft")})
					if err != nil {
						t.Error(err)
					}
				}
			}
			return io.NopCloser(io.MultiReader(bytes.NewReader(b), trigger{atEnd})), nil
		}}}
		ok[tracker.Imported](t)(r.ImportLines(as("ann"), in))
		if task := r.show(f.Child(1)); task.Offered {
			t.Error("a task of a feature that became a draft meanwhile is offered")
		}
	})
}

// A trigger is a reader that does something when it is read, and is empty.
type trigger struct{ do func() }

func (t trigger) Read([]byte) (int, error) {
	t.do()
	return 0, io.EOF
}
