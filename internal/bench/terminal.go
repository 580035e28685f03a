package bench

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A TerminalOptions says what board on a terminal to measure, and how.
type TerminalOptions struct {
	Tasks    int
	Rounds   int
	Program  string        // the pm executable
	Writers  []int         // how many work beside an open board, one number after the other
	Window   time.Duration // in which it is counted what they write
	Progress func(label string, done, total int)
}

// A TerminalCost is what a board that is open takes: of memory, and of what
// others write.
type TerminalCost struct {
	Memory   float64   `json:"memory_mb"` // the most that its process used
	Beside   []Slowing `json:"beside"`
	MostMB   float64   `json:"memory_limit_mb"`
	MostSlow float64   `json:"writers_slowed_limit_pct"`
}

// A Slowing is by how much fewer changes writers make while a board is open.
type Slowing struct {
	Writers int     `json:"writers"`
	Alone   float64 `json:"writes_alone"` // in a second, without the board
	Slowed  float64 `json:"writers_slowed_pct"`
}

// The limits of the board on a terminal: milliseconds, megabytes, percent.
const (
	frameLimit  = 16
	startLimit  = 40
	memoryLimit = 40
	slowedLimit = 5

	windows = 6 // with and without the board, in turn
)

// RunTerminal measures the board on a terminal of 120 by 40 characters, on a
// plan that it makes and removes.
func RunTerminal(ctx context.Context, o TerminalOptions) (r Report, err error) {
	w, err := newWorld(ctx, "", o.Tasks, func(done, total int) { o.Progress("filling", done, total) })
	if err != nil {
		return r, err
	}
	defer w.close(ctx)
	program, remove, err := w.copyProgram(ctx, o.Program)
	if err != nil {
		return r, err
	}
	defer remove()
	o.Program = program
	r = Report{Engine: "terminal", Tasks: w.tasks, Rows: []Row{}, Terminal: &TerminalCost{MostMB: memoryLimit, MostSlow: slowedLimit}}
	b := &terminalBench{w: w, o: o, report: &r}
	for _, step := range []func(context.Context) error{b.frames, b.starts, b.slowed} {
		if err := step(ctx); err != nil {
			return r, err
		}
	}
	if r.Terminal.Memory > memoryLimit {
		r.Missed++
	}
	for _, s := range r.Terminal.Beside {
		if s.Slowed > slowedLimit {
			r.Missed++
		}
	}
	return r, nil
}

type terminalBench struct {
	w      *world
	o      TerminalOptions
	report *Report
}

// frames measures how long it takes from a key until the frame that it leads
// to has been written: a step, another column, a page.
func (b *terminalBench) frames(ctx context.Context) error {
	board, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer board.close()
	var all []time.Duration
	const pageDown, pageUp = "\x1b[6~", "\x1b[5~"
	keys := []string{"j", "k", "l", "h", pageDown, pageUp} // each changes what is seen
	for i := range max(b.o.Rounds, len(keys)) {
		b.o.Progress("a frame after a key", i, b.o.Rounds)
		took, err := board.press(ctx, keys[i%len(keys)])
		if err != nil {
			return err
		}
		all = append(all, took)
	}
	b.report.add("a frame after a key", sample(all), 99, frameLimit)
	memory, err := board.memory()
	b.report.Terminal.Memory = math.Round(memory*10) / 10
	return err
}

// starts measures by how much longer the board takes to its first card than pm
// list takes to its end, in pairs.
func (b *terminalBench) starts(ctx context.Context) error {
	var boards, beyond []time.Duration
	n := max(b.o.Rounds/10, 3)
	for i := range n + 1 {
		b.o.Progress("start", i, n)
		board, err := b.open(ctx)
		if err != nil {
			return err
		}
		board.close()
		list, err := b.w.process(ctx, "", b.o.Program, "list")
		if err != nil {
			return err
		}
		if i > 0 { // the first warms the file cache
			boards, beyond = append(boards, board.started), append(beyond, board.started-list)
		}
	}
	b.report.add("start, to the first card", sample(boards), 95, 1000)
	b.report.add("start, beyond that of pm list", sample(beyond), 95, startLimit)
	return nil
}

// slowed measures by how much fewer changes others make in the same time while
// a board is open: some others, and many.
func (b *terminalBench) slowed(ctx context.Context) error {
	for _, writers := range b.o.Writers {
		s, err := b.slowing(ctx, writers)
		if err != nil {
			return err
		}
		b.report.Terminal.Beside = append(b.report.Terminal.Beside, s)
	}
	return nil
}

func (b *terminalBench) slowing(ctx context.Context, writers int) (Slowing, error) {
	var alone, beside []float64
	out := Slowing{Writers: writers}
	for i := range windows {
		b.o.Progress(fmt.Sprintf("%d writers", writers), i, windows)
		alone = append(alone, b.writes(ctx, writers))
		board, err := b.open(ctx)
		if err != nil {
			return out, err
		}
		beside = append(beside, b.writes(ctx, writers))
		board.close()
	}
	slices.Sort(alone)
	slices.Sort(beside)
	middle := func(all []float64) float64 { return (all[len(all)/2-1] + all[len(all)/2]) / 2 }
	out.Alone = math.Round(middle(alone) / b.o.Window.Seconds())
	if middle(alone) > 0 {
		out.Slowed = math.Round(1000*(1-middle(beside)/middle(alone))) / 10
	}
	return out, nil
}

// writes counts the changes that the writers make in a window, without pause.
func (b *terminalBench) writes(ctx context.Context, n int) float64 {
	ctx, cancel := context.WithTimeout(ctx, b.o.Window)
	defer cancel()
	counts := make([]int, n)
	var writers sync.WaitGroup
	for i := range counts {
		writers.Go(func() {
			ctx := plan.WithActor(ctx, plan.Actor{Name: fmt.Sprintf("w%02d", i), Surface: "cli"})
			for n := 0; ctx.Err() == nil; n++ {
				title := fmt.Sprintf("written %d times by %d", n, i)
				if _, err := b.w.track.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{b.w.key((i*997 + n) % b.w.tasks).String()}, Title: &title}); err == nil {
					counts[i]++
				}
			}
		})
	}
	writers.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return float64(sum)
}
