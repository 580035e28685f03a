package bench

import (
	"context"
	"fmt"
	"time"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/tracker"
)

// A row is one operation that is measured. Prepare makes it ready, untimed,
// and returns what is timed; after, where given, clears up, untimed.
type row struct {
	name  string
	limit time.Duration // of the specification
	share int           // runs once in so many rounds; 0 means in each

	prepare func(ctx context.Context, w *world) (timed, after func() error, err error)
}

// table are the rows of the specification's table.
func table() []row {
	return []row{
		{name: "database initialization", limit: 500 * time.Millisecond, share: 10, prepare: initialize},
		{name: "single task insert", limit: 50 * time.Millisecond, prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.CreateTask(ctx, tracker.CreateTask{Feature: w.smallFeature(), Title: "Validate the card numbers", Description: "As in the guide."})
		})},
		{name: "single task update", limit: 50 * time.Millisecond, prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{w.any()}, Title: w.newTitle()})
		})},
		{name: "status change", limit: 50 * time.Millisecond, prepare: changeStatus(false)},
		{name: "get by key", limit: 10 * time.Millisecond, prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.ShowTask(ctx, tracker.ShowTask{Key: w.any()})
		})},
		{name: "filtered list, a page of 50", limit: 100 * time.Millisecond, prepare: list(tracker.ListTasks{Status: []string{"todo"}, Priority: ptr(3), Sort: "priority"})},
		{name: "filtered list, all todo", limit: 100 * time.Millisecond, share: 10, prepare: list(tracker.ListTasks{Status: []string{"todo"}, Limit: ptr(0)})},
		{name: "list 1,000 tasks", limit: 100 * time.Millisecond, share: 4, prepare: list(tracker.ListTasks{Limit: ptr(1000)})},
		{name: "feature progress", limit: 200 * time.Millisecond, prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.ShowFeature(ctx, tracker.ShowFeature{Key: w.smallFeature()})
		})},
		{name: "progress, epic of 50 features", limit: 200 * time.Millisecond, prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.ShowEpic(ctx, tracker.ShowEpic{Key: "E02"})
		})},
		{name: "the same, recounted", limit: 200 * time.Millisecond, prepare: call(countAnew)},
		{name: "batch insert of 100", limit: 2 * time.Second, share: 4, prepare: insertBatch},
		{name: "cascade delete of an epic", limit: 500 * time.Millisecond, share: 20, prepare: deleteEpic},
		{name: "the same, without the trash", limit: 500 * time.Millisecond, share: 20, prepare: deleteEpicAlone},
		{name: "text search, a common word", limit: 200 * time.Millisecond, share: 2, prepare: search(CommonWord)},
		{name: "text search, a rare word", limit: 200 * time.Millisecond, prepare: search(RareWord)},
		{name: "insights of the plan", limit: 100 * time.Millisecond, share: 10, prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.Insights(ctx, tracker.ShowInsights{})
		})},
		{name: "forecast of an epic of 500 tasks", limit: 600 * time.Millisecond, share: 10, prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.Forecast(ctx, tracker.ShowForecast{Query: "E02"})
		})},
		{name: "graph of an epic of 500 tasks", limit: 100 * time.Millisecond, share: 10, prepare: call(func(ctx context.Context, w *world) (any, error) {
			return w.track.Graph(ctx, tracker.ShowGraph{Key: "E02"})
		})},
	}
}

func ptr[T any](v T) *T { return &v }

// call measures a use case that needs no preparation.
func call(f func(context.Context, *world) (any, error)) func(context.Context, *world) (func() error, func() error, error) {
	return func(ctx context.Context, w *world) (func() error, func() error, error) {
		return func() error { return w.answer(f(ctx, w)) }, nil, nil
	}
}

func list(in tracker.ListTasks) func(context.Context, *world) (func() error, func() error, error) {
	return call(func(ctx context.Context, w *world) (any, error) { return w.track.ListTasks(ctx, in) })
}

func search(word string) func(context.Context, *world) (func() error, func() error, error) {
	return call(func(ctx context.Context, w *world) (any, error) {
		return w.track.Search(ctx, tracker.Search{Text: word})
	})
}

func (w *world) smallFeature() string {
	k, _, _ := w.feature(1 + w.rand.IntN(w.features()-1))
	return k.String()
}

func (w *world) newTitle() *string {
	return ptr(fmt.Sprintf("Validate the card numbers, take %d", w.rand.IntN(1<<30)))
}

// initialize makes a database where there is none.
func initialize(ctx context.Context, w *world) (func() error, func() error, error) {
	address, remove, err := db.Scratch(w.server)
	if err != nil {
		return nil, nil, err
	}
	var db *store.DB
	timed := func() (err error) {
		db, _, err = store.Create(ctx, address, store.Options{})
		return err
	}
	return timed, func() error { return firstError(db.Close(), remove(ctx)) }, nil
}

// changeStatus starts a ready task, and gives it back after.
func changeStatus(large bool) func(context.Context, *world) (func() error, func() error, error) {
	return func(ctx context.Context, w *world) (func() error, func() error, error) {
		keys := []string{w.ready(large)}
		return func() error { return w.answer(w.track.Complete(ctx, tracker.Complete{Keys: keys})) },
			func() error {
				_, err := w.track.Reopen(ctx, tracker.ChangeStatus{Keys: keys, Reason: "measured"})
				return err
			}, nil
	}
}

func countAnew(ctx context.Context, w *world) (any, error) {
	return store.Read(ctx, w.db, func(tx *store.Tx) (int, error) {
		sums, err := tx.CountTasks(plan.Key{Epic: 2})
		return sums.Total, err
	})
}

func insertBatch(ctx context.Context, w *world) (func() error, func() error, error) {
	var in tracker.CreateTasks
	feature := w.smallFeature()
	for i := range 100 {
		in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: feature, Title: fmt.Sprintf("Check the invoice %d", i), Description: "Line by line."})
	}
	return func() error { _, err := w.track.CreateTasks(ctx, in); return err }, nil, nil
}

// The cascade of the specification: 100 features, 1,000 tasks, 5,000 records.
const (
	cascadeFeatures = 100
	cascadeTasks    = 10 // of each feature
	cascadeRecords  = 5  // of each task
)

// deleteEpic deletes an epic that was made for it, and the file in the trash.
func deleteEpic(ctx context.Context, w *world) (func() error, func() error, error) {
	key, err := store.Write(ctx, w.db, putCascade)
	if err != nil {
		return nil, nil, err
	}
	timed := func() error {
		_, err := w.track.Delete(ctx, tracker.Delete{Key: key.String()})
		return err
	}
	after := func() error {
		_, err := w.track.EmptyTrash(ctx, tracker.EmptyTrash{})
		return err
	}
	return timed, after, nil
}

// deleteEpicAlone deletes an epic as deleteEpic does, and keeps nothing of it.
func deleteEpicAlone(ctx context.Context, w *world) (func() error, func() error, error) {
	key, err := store.Write(ctx, w.db, putCascade)
	timed := func() error {
		_, err := store.Write(ctx, w.db, func(tx *store.Tx) (struct{}, error) { return struct{}{}, tx.DeleteEpic(key) })
		return err
	}
	return timed, nil, err
}

func putCascade(tx *store.Tx) (plan.Key, error) {
	k, err := tx.NextEpicKey()
	if err != nil {
		return k, err
	}
	p := plot{tasks: cascadeFeatures * cascadeTasks}
	e := plan.Epic{UID: uid(k), Key: k, Title: "To be deleted", Status: plan.PlanActive, Priority: plan.Low, CreatedAt: epoch,
		TasksTotal: p.tasks, LastChild: cascadeFeatures}
	h, _ := e.Append(plan.Epic{}, imported(epoch))
	if err := firstError(tx.PutEpic(&e), tx.PutHistory(k, h)); err != nil {
		return k, err
	}
	for n := range cascadeFeatures {
		f := plan.Feature{UID: uid(k.Child(n + 1)), Key: k.Child(n + 1), Title: "To be deleted", Status: plan.PlanActive, CreatedAt: epoch,
			TasksTotal: cascadeTasks, LastChild: cascadeTasks}
		h, _ := f.Append(plan.Feature{}, imported(epoch))
		if err := firstError(tx.PutFeature(&f), tx.PutHistory(f.Key, h)); err != nil {
			return k, err
		}
		for i := range cascadeTasks {
			t := plan.Task{Key: f.Key.Child(i + 1), Title: "To be deleted", Description: "With all that belongs to it.", Status: plan.Todo,
				Priority: plan.DefaultPriority, CreatedAt: epoch, Offered: true}
			if err := putWithRecords(tx, t); err != nil {
				return k, err
			}
		}
	}
	return k, nil
}

func putWithRecords(tx *store.Tx, t plan.Task) error {
	t.UID = uid(t.Key)
	first, _ := t.Append(plan.Task{}, imported(epoch))
	records := []plan.History{first}
	for len(records) < cascadeRecords {
		before := t
		t.Priority = 1 + len(records)
		h, _ := t.Append(before, imported(epoch))
		records = append(records, h)
	}
	return tx.PutTask(&t, records...)
}
