package spill

import (
	"errors"
	"io"
	"os"
	"syscall"

	"pm/internal/plan"
)

// An Input is all that a reader gave, kept in a temporary file: what comes from
// a pipe is read before a transaction begins, since nobody knows how long that
// takes, and can be read more than once.
type Input struct {
	f       *os.File
	unnamed bool
	size    int64
}

// MostInput is how much of an input is kept: several times the export of a
// million tasks.
const MostInput = 8 << 30

// Keep reads r to its end. The input is called name in errors; one that is
// longer than most bytes is refused. What is kept is readable by this user
// only, and is gone with the process where the system has files without names.
func Keep(r io.Reader, name string, most int64, dir string) (*Input, error) {
	f, unnamed, err := tempFile(dir)
	if err != nil {
		return nil, keepError(err, name)
	}
	in := &Input{f: f, unnamed: unnamed}
	if in.size, err = Copy(f, r, name, most); err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// Copy copies r to its end into a temporary file, and refuses one that is longer than
// most bytes, as Keep does.
func Copy(to io.Writer, r io.Reader, name string, most int64) (int64, error) {
	w := &failing{w: to}
	n, err := io.Copy(w, io.LimitReader(r, most+1))
	switch {
	case w.err != nil:
		err = keepError(w.err, name)
	case err == nil && n > most:
		err = plan.Errorf(plan.Invalid, "%s is longer than %d MiB", name, most>>20).WithCode("too_large").
			WithHint("save it to a file, and name the file")
	}
	return n, err
}

// Open returns a reader of all of it. Several can be open at a time.
func (in *Input) Open() (io.ReadCloser, error) {
	return io.NopCloser(io.NewSectionReader(in.f, 0, in.size)), nil
}

// Close gives the file back.
func (in *Input) Close() error {
	err := in.f.Close()
	if !in.unnamed {
		err = errors.Join(err, os.Remove(in.f.Name()))
	}
	return err
}

// A failing writer remembers its error: that of a copy may be the reader's.
type failing struct {
	w   io.Writer
	err error
}

func (f *failing) Write(p []byte) (n int, err error) {
	n, err = f.w.Write(p)
	f.err = err
	return n, err
}

func keepError(err error, name string) error {
	e := plan.Errorf(plan.Storage, "cannot keep %s in a temporary file: %w", name, err)
	if errors.Is(err, syscall.ENOSPC) {
		e = e.WithCode("disk_full")
	}
	return e.WithHint("set TMPDIR to a directory with room for it, or save it to a file and name that")
}
