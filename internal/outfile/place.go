package outfile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"pm/internal/plan"
)

// maxLinks is how many links are followed, as many as Linux does.
const maxLinks = 40

// A place is where a file is to be written, behind all links.
type place struct {
	named      string // by the user
	path       string
	info       fs.FileInfo // of what is there; nil: nothing
	descriptor int         // of this process, such as 1 for /dev/stdout; -1: none
}

// find follows the links of path. What it leads to need not exist, but its
// directory must.
func find(path string) (p place, err error) {
	p = place{named: path, path: path, descriptor: -1}
	for range maxLinks {
		dir, base := filepath.Split(p.path) // nothing is cleaned: a/.. is not . where a is a link
		if base == "" || base == "." || base == ".." {
			return p, directory(path)
		}
		if dir == "" {
			dir = "."
		}
		if dir, err = filepath.EvalSymlinks(dir); err != nil {
			return p, err
		}
		p.path = filepath.Join(dir, base)
		if p.descriptor = ownDescriptor(dir, base); p.descriptor >= 0 {
			p.info, err = statDescriptor(p.descriptor)
			return p, err
		}
		link, err := os.Readlink(p.path)
		if err != nil {
			return p.look()
		}
		if strings.HasPrefix(dir, "/proc/") {
			return p.look() // of another process: such a link does not lead where its text says
		}
		if p.path = link; !filepath.IsAbs(link) {
			p.path = dir + string(filepath.Separator) + link
		}
	}
	return p, fmt.Errorf("%s: too many links", path)
}

// Follow returns what path leads to behind its links. That need not exist, but
// its directory must.
func Follow(path string) (string, error) {
	p, err := find(path)
	return p.path, err
}

// look looks at what is there.
func (p place) look() (place, error) {
	info, err := os.Stat(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, nil
	case err != nil:
		return p, err
	case info.IsDir():
		return p, directory(p.named)
	}
	p.info = info
	return p, nil
}

func directory(path string) error {
	return plan.Errorf(plan.Invalid, "cannot write to %s: it is a directory", path).WithCode("is_directory").
		WithHint("name a file in it, such as %s", filepath.Join(path, "NAME"))
}

// ownDescriptor returns the number in the name of a file descriptor of this
// process, such as /dev/fd/63, else -1. Opening such a name would fail for a
// socket, and would write over what a shell's >> means to append to.
func ownDescriptor(dir, base string) int {
	if dir != "/dev/fd" && dir != "/proc/self/fd" && dir != "/proc/"+strconv.Itoa(os.Getpid())+"/fd" {
		return -1
	}
	n, err := strconv.Atoi(base)
	if err != nil {
		return -1
	}
	return n
}

// straight reports whether it is written to as it stands.
func (p place) straight() bool {
	return p.descriptor >= 0 || p.info != nil && !p.info.Mode().IsRegular()
}

// open opens what is written to as it stands. The kernel's wait for the reader
// of a pipe cannot be called off: past the end of ctx nobody waits for it.
func (p place) open(ctx context.Context) (*os.File, error) {
	if p.descriptor >= 0 {
		return duplicate(p.descriptor, p.named)
	}
	type result struct {
		f   *os.File
		err error
	}
	done := make(chan result, 1)
	go func() {
		f, err := os.OpenFile(p.path, os.O_WRONLY, 0)
		done <- result{f, err}
	}()
	select {
	case r := <-done:
		return r.f, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
