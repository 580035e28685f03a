package tracker

import "context"

type replayKey struct{}

// WithReplay returns a context in which a call that is answered from what its
// idempotency key remembers, and so has no second effect, sets *replayed.
func WithReplay(ctx context.Context, replayed *bool) context.Context {
	return context.WithValue(ctx, replayKey{}, replayed)
}

func markReplayed(ctx context.Context) {
	if replayed, ok := ctx.Value(replayKey{}).(*bool); ok {
		*replayed = true
	}
}
