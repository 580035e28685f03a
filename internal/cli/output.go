package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"pm/internal/config"
	"pm/internal/db"
	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/spill"
)

// writeOutput has fill write the file that the user named as an output, or
// stdout for - and for none. The file is opened first, so that fill holds
// nothing while a pipe waits for its reader; the files of the plan are not
// overwritten.
func (a *app) writeOutput(ctx context.Context, path string, o outfile.Options, fill func(io.Writer) error) error {
	if path == "" || path == "-" {
		return a.pass(ctx, a.stdout, fill)
	}
	o.Keep = a.ownFiles()
	f, err := outfile.Create(ctx, a.path(path), o)
	if err != nil {
		return writeError(err, path)
	}
	defer f.Discard()
	if err = a.pass(ctx, f, fill); err == nil { // it may be a pipe
		err = f.Commit()
	}
	return writeError(err, path)
}

// pass has a long answer written to w, which may be slower than its maker.
func (a *app) pass(ctx context.Context, w io.Writer, fill func(io.Writer) error) error {
	out := spill.New(w, a.spill)
	if err := fill(out); err != nil {
		out.Abort(ctx.Done())
		return err
	}
	return out.Close(ctx.Done())
}

// ownFiles lists the files that the plan consists of, as far as they are known.
func (a *app) ownFiles() (paths []string) {
	if p, err := a.find(); err == nil && !db.IsPostgres(p.address) {
		path := a.path(p.address)
		paths = append(outfile.Beside(path), path)
	}
	if w, err := config.Find(a.dir); err == nil {
		paths = append(paths, w.Path(config.File), w.Path(".gitignore"))
	}
	return paths
}

// writeError says why a file that the user named cannot be written.
func writeError(err error, path string) error {
	var pe *plan.Error
	if err == nil || errors.As(err, &pe) || errors.Is(err, context.Canceled) || isClosedPipe(err) {
		return err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return plan.Errorf(plan.NotFound, "cannot write to %s: directory not found", path).WithCode("no_file").WithHint("check the path")
	case errors.Is(err, fs.ErrPermission):
		return plan.Errorf(plan.Permission, "cannot write to %s: permission denied", path).
			WithHint("check the permissions of the file and its directory")
	}
	return plan.Errorf(plan.Storage, "cannot write to %s: %w", path, systemError(err))
}

// systemError leaves out the name of the file, which may be a temporary one.
func systemError(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
