package tracker_test

import (
	"context"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// rehearse runs f on a database that takes everything back, and explains it.
func rehearse(t *testing.T, address string, f func(context.Context, *tracker.Tracker) error) tracker.Explanation {
	t.Helper()
	var seen []db.Statement
	db, err := store.Open(t.Context(), address, store.Options{Rehearse: true, Observe: func(s db.Statement) { seen = append(seen, s) }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	track := tracker.New(db)
	ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ada", Surface: "cli"})
	if err := f(ctx, track); err != nil {
		t.Fatal(err)
	}
	out, err := track.Explain(ctx, seen)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func planOf(t *testing.T, e tracker.Explanation, name string) db.Plan {
	t.Helper()
	for _, p := range e.Statements {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no statement %s in %+v", name, e.Statements)
	return db.Plan{}
}

func TestExplainNamesTheIndexOfEachStatement(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		e := rehearse(t, address, func(ctx context.Context, track *tracker.Tracker) error {
			if _, err := track.CreateEpic(ctx, tracker.CreateEpic{Title: "Payments"}); err != nil {
				return err
			}
			_, err := track.ListTasks(ctx, tracker.ListTasks{Status: []string{"todo"}})
			return err
		})
		if p := planOf(t, e, "epic.insert"); p.Verdict != "adds a row" || p.Scans {
			t.Errorf("epic.insert: %q", p.Verdict)
		}
		list := planOf(t, e, "task.list")
		if len(list.Reads) != 1 || list.Reads[0].Table != "tasks" || len(list.Lines) == 0 {
			t.Errorf("task.list reads %+v: %q", list.Reads, list.Lines)
		}
		// An empty table PostgreSQL reads whole, whatever its indexes.
		if e.Engine == "sqlite" && (list.Reads[0].Whole || list.Reads[0].Index != "idx_tasks_status" || e.Scans != 0) {
			t.Errorf("list --status todo: %+v, %q", list.Reads, list.Verdict)
		}
	})
}

func TestExplainSpeaksOfEachTextOnce(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		e := rehearse(t, address, func(ctx context.Context, track *tracker.Tracker) error {
			for range 3 {
				if _, err := track.CreateEpic(ctx, tracker.CreateEpic{Title: "Payments"}); err != nil {
					return err
				}
			}
			return nil
		})
		if p := planOf(t, e, "epic.insert"); p.Calls != 3 {
			t.Errorf("epic.insert was called %d times, want 3", p.Calls)
		}
		names := map[string]int{}
		for _, p := range e.Statements {
			if names[p.Name]++; names[p.Name] > 1 {
				t.Errorf("%s stands there twice", p.Name)
			}
		}
	})
}

func TestStatsListProgressThatIsNotWhatTheTasksSay(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		db, err := store.Open(t.Context(), address, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		track := tracker.New(db)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ada", Surface: "cli"})
		must := func(_ any, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(track.CreateEpic(ctx, tracker.CreateEpic{Title: "Payments"}))
		must(track.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "Cards"}))
		must(track.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "Empty"}))
		for range 3 {
			must(track.CreateTask(ctx, tracker.CreateTask{Feature: "E01-F01", Title: "t"}))
		}
		must(track.Complete(ctx, tracker.Complete{Keys: []string{"T-E01-F01-001"}}))
		must(track.Complete(ctx, tracker.Complete{Keys: []string{"T-E01-F01-002"}}))
		must(track.Archive(ctx, tracker.Archive{Keys: []string{"T-E01-F01-002", "T-E01-F01-003"}}))
		s, err := track.Stats(ctx, tracker.ShowStats{Sizes: true})
		if err != nil || len(s.Drifts) != 0 {
			t.Fatalf("a sound database drifts: %+v, %v", s.Drifts, err)
		}
		checkSizes(t, s)

		feature := plan.Key{Epic: 1, Feature: 1}
		must(store.Write(ctx, db, func(tx *store.Tx) (store.Above, error) {
			if err := tx.AddFeatureCounts(feature, store.Sums{Total: 3, Completed: -1}); err != nil {
				return store.Above{}, err
			}
			return tx.AddEpicCounts(feature.EpicKey(), store.Sums{Total: 3, Completed: -1})
		}))
		s, err = track.Stats(ctx, tracker.ShowStats{})
		if err != nil || len(s.Drifts) != 2 {
			t.Fatalf("drifts: %+v, %v", s.Drifts, err)
		}
		if d := s.Drifts[0]; d.Key != feature || d.Total != 5 || d.Completed != 1 || d.CountedTotal != 2 || d.CountedCompleted != 2 || *d.ProgressPct != 20 {
			t.Errorf("the feature's: %+v", d)
		}
		if d := s.Drifts[1]; d.Key != feature.EpicKey() || d.Total != 5 || d.CountedTotal != 2 || d.ProgressPct != nil {
			t.Errorf("the epic's: %+v", d)
		}
	})
}

func checkSizes(t *testing.T, s tracker.Stats) {
	t.Helper()
	rows := map[string]db.TableSize{}
	for _, one := range s.Tables {
		rows[one.Name] = one
	}
	for name, want := range map[string]int64{"epics": 1, "features": 2, "tasks": 3, "notes": 0} {
		if rows[name].Rows != want {
			t.Errorf("%s has %d rows, want %d", name, rows[name].Rows, want)
		}
	}
	if s.Bytes == 0 || s.Pages == 0 || s.PageBytes == 0 || rows["tasks"].Bytes == 0 || len(s.Indexes) < 20 {
		t.Errorf("%+v", s.Stats)
	}
}
