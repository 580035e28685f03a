package bench

import (
	"os"
	"pm/internal/store"
	"pm/internal/tracker"
	"strconv"
	"testing"
	"time"
)

func TestTmpFill(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	if n == 0 {
		t.Skip()
	}
	addr, rm, _ := store.Scratch("")
	if os.Getenv("KEEP") == "" {
		defer rm(t.Context())
	}
	db, _, err := store.Create(t.Context(), addr, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := fill(t.Context(), db, newPlot(n), func(d int) {
		if d%100000 == 0 {
			t.Log(d, time.Since(began))
		}
	}); err != nil {
		t.Fatal(err)
	}
	t.Log(addr, time.Since(began), float64(n)/time.Since(began).Seconds())
	tm := time.Now()
	s, err := tracker.New(db, "/tmp").Stats(t.Context(), tracker.ShowStats{Sizes: true})
	t.Log(err, time.Since(tm))
	t.Logf("%+v", s.Stats)
}
