package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"pm/internal/plan"
)

// What a command reads besides the plan. Nothing is read from a pipe while a
// transaction is open: texts and batches are in memory before it begins, an
// import in a file.

// openInput opens a file that the user named for reading. Opening a pipe waits for its writer, or
// for the end of ctx.
func (a *app) openInput(ctx context.Context, path string) (*os.File, error) {
	if path == "" {
		return nil, usageError("missing the name of a file").WithHint("name one, or - for stdin")
	}
	type result struct {
		f   *os.File
		err error
	}
	done := make(chan result, 1)
	go func() {
		f, err := os.Open(a.path(path))
		done <- result{f, err}
	}()
	select {
	case r := <-done:
		return r.f, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// openError says what is wrong with a file that the user named.
func openError(err error, path string) error {
	var pe *plan.Error
	switch {
	case errors.As(err, &pe), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return plan.Errorf(plan.NotFound, "%s does not exist", path).WithCode("no_file").WithHint("check the path")
	case errors.Is(err, fs.ErrPermission):
		return plan.Errorf(plan.Permission, "%s cannot be opened", path).WithHint("check its permissions")
	}
	return plan.Errorf(plan.Storage, "%s: %w", path, err)
}
