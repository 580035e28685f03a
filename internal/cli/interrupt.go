package cli

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
)

// longAfter is how long a command runs before it counts as one that takes
// long: it gets all processors, and listens for interrupts.
const longAfter = 50 * time.Millisecond

// untilInterrupt returns a context that ends with an interrupt (Ctrl-C), so
// that a command takes back what it is in the middle of, removes its scratch
// files and ends with exitInterrupted. A second interrupt ends the process.
//
// To listen takes two threads and a third of a millisecond, much for a
// command that only looks something up. So it begins when one has turned
// out to take longer; before that an interrupt ends the process as the system
// does it, which a shell reports as the same 130, and which loses nothing: a
// transaction is committed or it is not.
func untilInterrupt(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	late := time.AfterFunc(longAfter, func() {
		useAllProcessors()
		interrupts := make(chan os.Signal, 1)
		signal.Notify(interrupts, os.Interrupt)
		defer signal.Stop(interrupts) // so that a second one is the system's
		select {
		case <-interrupts:
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		late.Stop()
		cancel()
	}
}

// usualHeap is what the memory of a command may grow to before it is collected as
// ever.
const usualHeap = 96 << 20

// collectSeldom lets more garbage lie until it is called back, unless the user
// asked for something in GOGC: for a command that makes much of it and holds
// little, an import above all. Beyond so many bytes it is collected as ever.
func collectSeldom(most int64) (back func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	percent, limit := debug.SetGCPercent(400), debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, most))
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// collectOften keeps little garbage, unless the user asked for something in GOGC:
// for a command that runs for hours and holds little, as a board.
func collectOften() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}

// useAllProcessors takes back what package startup has done. What the user
// asked for in GOMAXPROCS holds, which the runtime's default passes over.
func useAllProcessors() {
	if n, err := strconv.Atoi(os.Getenv("GOMAXPROCS")); err == nil && n > 0 {
		runtime.GOMAXPROCS(n)
		return
	}
	runtime.SetDefaultGOMAXPROCS()
}
