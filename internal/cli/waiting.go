package cli

import (
	"context"
	"os"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// whileRead returns a context for an operation that may wait for a task. It
// ends when nobody can read the answer any more, since a tool that gives up
// may leave pm behind: what it waits for must not be claimed then.
func (a *app) whileRead(ctx context.Context, in any) (context.Context, context.CancelFunc) {
	wait, what := tracker.WaitOf(in)
	out, isFile := a.stdout.(*os.File)
	if wait == "" || !isFile {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		if awaitUnread(ctx, out) {
			cancel(plan.Errorf(plan.Unavailable, "stopped waiting for %s: nobody reads the output any more", what).WithCode("client_gone"))
		}
	}()
	return ctx, func() { cancel(nil) }
}
