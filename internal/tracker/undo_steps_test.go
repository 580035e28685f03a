package tracker_test

import (
	"context"
	"fmt"
	"strings"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// random makes one of the changes that an undo has to take back.
func (u *undoRun) random(ctx context.Context) (name string, err error) {
	task, item, n := u.pick("task"), u.pick("task", "feature", "epic"), u.rand.IntN(4)
	long := strings.Repeat(fmt.Sprintf("word%d ", u.rand.IntN(5)), 20)
	word := fmt.Sprintf("w%d", n)
	verb := tracker.ChangeStatus{Keys: []string{task}, Reason: "why " + word}
	changes := []struct {
		name string
		run  func() error
	}{
		{"create", func() error {
			_, err := u.CreateTask(ctx, tracker.CreateTask{Feature: u.pick("feature"), Title: word, Description: long, Labels: []string{word}, DependsOn: []string{task}})
			return err
		}},
		{"create feature", func() error {
			_, err := u.CreateFeature(ctx, tracker.CreateFeature{Epic: u.pick("epic"), Title: word})
			return err
		}},
		{"update", func() error {
			_, err := u.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Title: &word, Description: &long, Priority: ptr(n + 1), Due: ptr("+" + fmt.Sprint(n) + "d"), Assignee: &word})
			return err
		}},
		{"update many", func() error {
			_, err := u.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task, u.pick("task")}, Priority: ptr(n + 2), Kind: &word})
			return err
		}},
		{"estimate", func() error {
			e := plan.Typed(fmt.Sprint(n + 1))
			_, err := u.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Estimate: &e})
			return err
		}},
		{"defer", func() error {
			_, err := u.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Defer: ptr([]string{"", "2999-01-01"}[n%2])})
			return err
		}},
		{"field", func() error {
			_, err := u.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Fields: plan.Fields{"size": plan.TextValue(word)}})
			return err
		}},
		{"delete field", func() error { _, err := u.DeleteField(ctx, tracker.DeleteField{Name: "size", Force: true}); return err }},
		{"create field", func() error {
			_, err := u.CreateField(ctx, tracker.CreateField{Name: "size", Type: "text"})
			return err
		}},
		{"label", func() error {
			_, err := u.AddLabels(ctx, tracker.Label{Keys: []string{item, task}, Labels: []string{word, "x"}})
			return err
		}},
		{"unlabel", func() error {
			_, err := u.RemoveLabels(ctx, tracker.Label{Keys: []string{item}, Labels: []string{"x"}})
			return err
		}},
		{"rename label", func() error { _, err := u.RenameLabel(ctx, tracker.RenameLabel{Label: "x", To: word}); return err }},
		{"ref", func() error {
			_, err := u.AddRefs(ctx, tracker.Ref{Key: item, Refs: []string{"gh#" + fmt.Sprint(n)}})
			return err
		}},
		{"dep", func() error {
			_, err := u.AddDependencies(ctx, tracker.Depend{Task: task, DependsOn: []string{u.pick("task")}})
			return err
		}},
		{"level dep", func() error {
			_, err := u.AddDependencies(ctx, tracker.Depend{Task: task, DependsOn: []string{u.pick("feature")}})
			return err
		}},
		{"note", func() error { _, err := u.AddNote(ctx, tracker.AddNote{Key: item, Body: long}); return err }},
		{"edit note", func() error {
			_, err := u.EditNote(ctx, tracker.EditNote{Key: item, N: 1, Body: long + word})
			return err
		}},
		{"remove note", func() error { _, err := u.RemoveNote(ctx, tracker.RemoveNote{Key: item, N: 1}); return err }},
		{"ask", func() error {
			_, err := u.Ask(ctx, tracker.Ask{Key: task, Body: "which " + word, Hold: n > 1})
			return err
		}},
		{"check", func() error {
			_, err := u.AddChecks(ctx, tracker.AddChecks{Key: task, Checks: []string{word, long}})
			return err
		}},
		{"tick", func() error { _, err := u.TickChecks(ctx, tracker.Checks{Key: task, N: []int{1}}); return err }},
		{"remove check", func() error { _, err := u.RemoveChecks(ctx, tracker.Checks{Key: task, N: []int{1 + n%2}}); return err }},
		{"link", func() error {
			_, err := u.Link(ctx, tracker.Link{Key: item, To: []string{u.pick("task", "epic"), "docs/" + word + ".md"}})
			return err
		}},
		{"unlink", func() error {
			_, err := u.Unlink(ctx, tracker.Link{Key: item, To: []string{"docs/" + word + ".md"}})
			return err
		}},
		{"move", func() error {
			_, err := u.Move(ctx, tracker.Move{Keys: []string{task}, To: u.pick("feature")})
			return err
		}},
		{"order", func() error { _, err := u.Order(ctx, tracker.Order{Key: task, Before: u.pick("task")}); return err }},
		{"claim", func() error { _, err := u.Claim(ctx, tracker.Claim{Keys: []string{task}}); return err }},
		{"start", func() error { _, err := u.Start(ctx, verb); return err }},
		{"release", func() error { _, err := u.Release(ctx, verb); return err }},
		{"submit", func() error { _, err := u.Submit(ctx, verb); return err }},
		{"approve", func() error { _, err := u.Approve(ctx, verb); return err }},
		{"reject", func() error { _, err := u.Reject(ctx, verb); return err }},
		{"complete", func() error { _, err := u.Complete(ctx, completing(verb)); return err }},
		{"block", func() error { _, err := u.Block(ctx, verb); return err }},
		{"unblock", func() error { _, err := u.Unblock(ctx, verb); return err }},
		{"reopen", func() error { _, err := u.Reopen(ctx, verb); return err }},
		{"archive", func() error {
			_, err := u.Archive(ctx, tracker.Archive{Keys: []string{task}, Reason: "no"})
			return err
		}},
		{"delete", func() error { _, err := u.Delete(ctx, tracker.Delete{Key: item, Force: true}); return err }},
		{"feature status", func() error {
			_, err := u.UpdateFeature(ctx, tracker.UpdateFeature{Key: u.pick("feature"), Status: ptr([]string{"draft", "active", "completed", "archived"}[n])})
			return err
		}},
		{"epic", func() error {
			_, err := u.UpdateEpic(ctx, tracker.UpdateEpic{Key: u.pick("epic"), Title: &word, Description: &long, Due: ptr([]string{"", "2027-03-01"}[n%2]), Defer: ptr([]string{"", "2999-01-01"}[n%2])})
			return err
		}},
		{"setting", func() error {
			_, err := u.SetProject(ctx, tracker.SetProject{Name: plan.RequireChecks, Value: []string{"true", "false"}[n%2]})
			return err
		}},
		{"time zone", func() error {
			_, err := u.SetProject(ctx, tracker.SetProject{Name: plan.TimeZone, Value: []string{"UTC", "Asia/Tokyo"}[n%2]})
			return err
		}},
	}
	c := changes[u.rand.IntN(len(changes))]
	err = c.run()
	return c.name + " " + item + " " + task, err
}
