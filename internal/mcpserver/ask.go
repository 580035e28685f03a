package mcpserver

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pm/internal/mcp"
	"pm/internal/ops"
	"pm/internal/plan"
)

// progressPace is how often a client is told how long it has waited.
const progressPace = 5 * time.Second

// tellProgress tells a client that asks for it how long its call has waited,
// until all of the wait is over or ctx ends. The function that it returns waits for
// the end of that.
func tellProgress(ctx context.Context, from mcp.Caller, wait, what string) (told func()) {
	total, known := plan.ParseDuration(wait)
	if from.Progress == nil || !known {
		return func() {}
	}
	ended := make(chan struct{})
	tell := func(waited time.Duration) {
		from.Progress(waited.Seconds(), total.Seconds(), fmt.Sprintf("waiting for %s: %s of %s", what, waited, total))
	}
	tell(0)
	go func() {
		defer close(ended)
		beat := time.NewTicker(progressPace)
		defer beat.Stop()
		for waited := time.Duration(0); waited < total; { // each message says more than the one before
			select {
			case <-beat.C:
				waited = min(waited+progressPace, total)
				tell(waited)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { <-ended }
}

// askFor asks the user, where the client lets a server do so, for the reason
// that a change lacks, and puts it into the input. It reports whether there is
// one now.
func (s *server) askFor(ctx context.Context, from mcp.Caller, failed error, in any) (given bool) {
	if failed == nil || from.Ask == nil || plan.Describe(failed).Code != "reason_required" {
		return false
	}
	params := ops.Params(in)
	at := slices.IndexFunc(params, func(p ops.Param) bool { return p.Name == "reason" && p.Text() == "" })
	if at < 0 {
		return false
	}
	values, err := from.Ask(ctx, plan.Describe(failed).Message+": why?", map[string]any{
		"type": "object", "required": []string{"reason"},
		"properties": map[string]any{"reason": map[string]any{"type": "string", "title": "Reason", "minLength": 1}},
	})
	if err != nil {
		s.Log.Debug("the user was not asked", "error", err)
		return false
	}
	return values["reason"] != nil && params[at].Decode(values["reason"]) == nil && params[at].Text() != ""
}
