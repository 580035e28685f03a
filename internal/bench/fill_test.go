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
	t.Run("plain", func(t *testing.T) { isSound(t, newPlot(1234)) })
	t.Run("in use", func(t *testing.T) {
		p := newPlot(1234)
		p.used = true
		isSound(t, p)
	})
}

func isSound(t *testing.T, p plot) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := p.declare(t.Context(), tracker.New(db)); err != nil {
			t.Fatal(err)
		}
		last := 0
		if err := fill(t.Context(), db, p, func(done int) { last = done }); err != nil {
			t.Fatal(err)
		}
		s, err := tracker.New(db).Stats(t.Context(), tracker.ShowStats{})
		if err != nil || len(s.Drifts) > 0 {
			t.Errorf("progress drifts: %+v, %v", s.Drifts, err)
		}
		if d, err := tracker.New(db).Doctor(t.Context(), tracker.Doctor{}); err != nil || d.Flaws > 0 {
			t.Errorf("doctor found %+v, %v", d.Findings, err)
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
