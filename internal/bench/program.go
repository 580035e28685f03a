package bench

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// copyProgram copies the program into a directory of its own, and returns the
// path of the copy and what removes it. A file that the linker has just
// written runs up to 1.4 times slower than a copy of it, and what is installed
// is a copy: the linker writes through a mapping, so the kernel caches the file
// page by page, and each page costs a fault of its own. Where programs cannot
// run in the temporary directory, it returns the program itself.
func (w *world) copyProgram(ctx context.Context, program string) (copied string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "pm-bench-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			remove()
		}
	}()
	copied = filepath.Join(dir, filepath.Base(program))
	if err = copyFile(ctx, copied, program); err != nil {
		return "", nil, err
	}
	_, err = w.process(ctx, "", copied, "version")
	if errors.Is(err, fs.ErrPermission) {
		remove()
		return program, func() {}, nil
	}
	return copied, remove, err
}

func copyFile(ctx context.Context, to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close(), ctx.Err())
}
