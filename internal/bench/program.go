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
// path of the copy and what removes it. How long a program takes to start
// depends on how the kernel came to keep its file in memory: in large pieces
// where it was read from the disk, as an installed one is; page by page, each
// costing a fault, where it was written through a mapping, as linkers do it, or
// while memory was short. That makes up to 1.4 times the time of a command. So
// the copy is read anew. Where programs cannot run in the temporary directory,
// it returns the program itself.
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
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o700)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = readAnew(out)
	}
	return errors.Join(err, out.Close(), ctx.Err())
}
