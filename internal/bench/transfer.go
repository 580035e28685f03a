package bench

import (
	"bufio"
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"pm/internal/db"
	"pm/internal/store"
	"pm/internal/tracker"
)

// A Transfer is how fast a plan comes out of a database and into an empty
// one, with all its notes and history.
type Transfer struct {
	Tasks  int     `json:"tasks"`
	Bytes  int64   `json:"bytes"`
	Export float64 `json:"export_tasks_per_second"`
	Import float64 `json:"import_tasks_per_second"`
}

// mostTransferred bounds the plan that is exported and imported.
const mostTransferred = 100_000

func measureTransfer(ctx context.Context, w *world, o Options) (*Transfer, error) {
	if w.tasks > mostTransferred {
		smaller, err := newWorld(ctx, o.Server, mostTransferred, func(done, total int) { o.Progress("filling", done, total) })
		if err != nil {
			return nil, err
		}
		defer smaller.close(ctx)
		w = smaller
	}
	dir, err := os.MkdirTemp("", "pm-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "plan.jsonl")
	t := &Transfer{Tasks: w.tasks}
	began := time.Now()
	if t.Bytes, err = exportTo(ctx, w, file, func(done, total int) { o.Progress("exporting", done, total) }); err != nil {
		return nil, err
	}
	t.Export = perSecond(w.tasks, time.Since(began))
	took, err := importFrom(ctx, o, file)
	t.Import = perSecond(w.tasks, took)
	return t, err
}

func exportTo(ctx context.Context, w *world, file string, progress func(done, total int)) (int64, error) {
	f, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	b := bufio.NewWriterSize(f, 1<<16)
	if err := firstError(w.track.Export(ctx, b, progress), b.Flush()); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func importFrom(ctx context.Context, o Options, file string) (time.Duration, error) {
	address, remove, err := db.Scratch(o.Server)
	if err != nil {
		return 0, err
	}
	defer remove(context.WithoutCancel(ctx))
	db, _, err := store.Create(ctx, address, store.Options{})
	if err != nil {
		return 0, err
	}
	defer db.Close()
	source := tracker.Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }}
	began := time.Now()
	_, err = tracker.New(db).ImportLines(ctx, tracker.ImportLines{Source: source,
		Progress: func(done, total int) { o.Progress("importing", done, total) }})
	return time.Since(began), err
}

func perSecond(n int, d time.Duration) float64 { return math.Round(float64(n) / d.Seconds()) }
