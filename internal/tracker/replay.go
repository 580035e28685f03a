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

type operationKey struct{}

// WithOperation returns a context in which a call that changes something sets
// *id to the operation that it is: what pm ops lists, and pm undo takes back.
// It is set once the call is over, and empty for one that changed nothing.
func WithOperation(ctx context.Context, id *string) context.Context {
	return context.WithValue(ctx, operationKey{}, id)
}

// tellOperation sets what WithOperation names.
func tellOperation(ctx context.Context, operation string) {
	if id, ok := ctx.Value(operationKey{}).(*string); ok && operation != "" {
		*id = operation
	}
}
