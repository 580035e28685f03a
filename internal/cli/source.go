package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"pm/internal/plan"
	"pm/internal/spill"
	"pm/internal/tracker"
)

// What a command reads besides the plan. Nothing is read from a pipe while a
// transaction is open: texts and batches are in memory before it begins, an
// import in a file.

// source makes an export readable more than once, and from the middle of a
// transaction. Only a regular file is read there as it is; a pipe, a device or
// stdin is read to its end first.
func (a *app) source(ctx context.Context, path string) (s tracker.Source, done func(), err error) {
	if path == "-" {
		if err := a.refuseTerminal("an export", "name a file"); err != nil {
			return tracker.Source{}, nil, err
		}
		return kept(a.stdin, "stdin")
	}
	f, err := a.openInput(ctx, path)
	if err != nil {
		return tracker.Source{}, nil, openError(err, path)
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		return tracker.Source{Name: path, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.NewSectionReader(f, 0, info.Size())), nil
		}}, func() { f.Close() }, nil
	}
	defer f.Close()
	if err != nil {
		return tracker.Source{}, nil, openError(err, path)
	}
	return kept(interruptible{ctx, f}, path)
}

// kept is a source that was read from a pipe.
func kept(r io.Reader, name string) (tracker.Source, func(), error) {
	in, err := spill.Keep(r, name, spill.MostInput, "")
	if err != nil {
		return tracker.Source{}, nil, err
	}
	return tracker.Source{Name: name, Open: in.Open}, func() { in.Close() }, nil
}

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
