package bench

import (
	"os"
	"testing"

	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func TestAPlotIsASoundDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newPlot(1234)
		last := 0
		if err := fill(t.Context(), db, p, func(done int) { last = done }); err != nil {
			t.Fatal(err)
		}
		s, err := tracker.New(db).Stats(t.Context(), tracker.ShowStats{})
		if err != nil || len(s.Drifts) > 0 {
			t.Errorf("progress drifts: %+v, %v", s.Drifts, err)
		}
		for _, table := range s.Tables {
			want := map[string]int{"tasks": p.tasks, "features": p.features(), "epics": p.epics()}[table.Name]
			if want != 0 && table.Rows != int64(want) {
				t.Errorf("%d %s, want %d", table.Rows, table.Name, want)
			}
		}
		if last != p.tasks {
			t.Errorf("progress ended at %d", last)
		}
	})
}
