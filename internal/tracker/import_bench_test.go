package tracker_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// importTasks is how many tasks BenchmarkImport brings in at a time.
const importTasks = 20_000

// BenchmarkImport brings an export of 20,000 tasks into an empty database.
func BenchmarkImport(b *testing.B) {
	lines := exportOf(b, importTasks)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		path := filepath.Join(b.TempDir(), "pm.db")
		db, _, err := store.Create(b.Context(), path, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		source := tracker.Source{Name: "bench", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(lines)), nil }}
		if _, err := tracker.New(db).ImportLines(b.Context(), tracker.ImportLines{Source: source}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		db.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(importTasks)*float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}

// BenchmarkCreateBatch creates 100 tasks in one transaction.
func BenchmarkCreateBatch(b *testing.B) {
	t, feature := benchPlan(b)
	for b.Loop() {
		if _, err := t.CreateTasks(b.Context(), batch(feature, 100)); err != nil {
			b.Fatal(err)
		}
	}
}

func benchPlan(b *testing.B) (*tracker.Tracker, string) {
	b.Helper()
	db, err := store.Open(b.Context(), storetest.SQLite(b), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	t := tracker.New(db)
	ctx := plan.WithActor(context.Background(), plan.Actor{Name: "bench", Surface: "cli"})
	e, err := t.CreateEpic(ctx, tracker.CreateEpic{Title: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	f, err := t.CreateFeature(ctx, tracker.CreateFeature{Epic: e.Key.String(), Title: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	return t, f.Key.String()
}

func batch(feature string, n int) (in tracker.CreateTasks) {
	for i := range n {
		in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: feature, Title: fmt.Sprintf("task number %d of the batch", i),
			Description: "what is to be done, in a sentence or two, as people write it", AgentType: "backend"})
	}
	return in
}

func exportOf(b *testing.B, n int) []byte {
	b.Helper()
	t, feature := benchPlan(b)
	if _, err := t.CreateTasks(b.Context(), batch(feature, n)); err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	if err := t.Export(b.Context(), &out, nil); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}
