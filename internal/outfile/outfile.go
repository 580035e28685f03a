// Package outfile writes the files that a user names: exports, charts,
// backups, the notes for agents.
//
// The policy: a regular file is replaced by rename, once all of it has been
// written and synced, and its directory is synced after that, so the name
// always leads to a whole file. Links are followed, and the mode and owner of
// the file that was there are kept (access control lists are not). A pipe, a
// socket or a device is written to as it stands. A database and the files
// beside it are never overwritten, whatever name leads to them.
package outfile

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// Options say how a file is made.
type Options struct {
	// Mode is that of a new file, before the umask.
	Mode fs.FileMode

	// Keep lists files that must not be overwritten, whether they exist or not.
	Keep []string

	// Database says that what is written is itself a database: it may replace
	// another one, unless that one is in use.
	Database bool

	// InUse says that the caller has made sure that even a database in use can
	// be replaced.
	InUse bool
}

// A File is being written. Nothing shows under its name until Commit, except
// where it is a pipe or a device.
type File struct {
	*os.File
	target string   // where Commit moves it; empty: it is written to as it stands
	beside []string // what a writer that fails may leave beside a database
	ended  bool
}

// Create opens the file at path for writing. It fails, before anything is
// touched, where the file must not or cannot be overwritten. Opening a pipe
// waits for its reader, or for the end of ctx.
func Create(ctx context.Context, path string, o Options) (*File, error) {
	p, err := find(path)
	if err != nil {
		return nil, err
	}
	if err := p.check(o); err != nil {
		return nil, err
	}
	if p.straight() {
		f, err := p.open(ctx)
		if err != nil {
			return nil, err
		}
		return &File{File: f}, nil
	}
	mode := o.Mode
	if p.info != nil {
		mode = 0o600 // until the owner is right
	}
	f, err := temporary(filepath.Dir(p.path), mode)
	if err != nil {
		return nil, err
	}
	if p.info != nil {
		err = likeBefore(f, p.info)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	out := &File{File: f, target: p.path}
	if o.Database {
		out.beside = Beside(f.Name())
	}
	return out, nil
}

// temporary makes a new file in dir. Unlike os.CreateTemp it leaves the mode to
// the caller and the umask.
func temporary(dir string, mode fs.FileMode) (*os.File, error) {
	for {
		name := filepath.Join(dir, ".pm-"+strconv.FormatUint(rand.Uint64(), 36))
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, mode)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// Straight reports whether the file is written to as it stands, being a pipe
// or a device: then there is no temporary file under Name.
func (f *File) Straight() bool { return f.target == "" }

// Finish ends the writing and leaves the file under its temporary Name, for the
// caller to move. It does not sync it.
func (f *File) Finish() error {
	f.ended = true
	return f.Close()
}

// Commit ends the writing: the file is under its name, and stays there after a
// power cut.
func (f *File) Commit() error {
	if f.ended = true; f.Straight() {
		return f.Close()
	}
	err := errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), f.target)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return SyncDir(filepath.Dir(f.target))
}

// Discard gives the writing up. After Commit it does nothing.
func (f *File) Discard() {
	if f.ended {
		return
	}
	f.ended = true
	if f.Close(); !f.Straight() {
		os.Remove(f.Name())
	}
	for _, path := range f.beside {
		os.Remove(path)
	}
}

// Write replaces the file at path by data, all or nothing.
func Write(ctx context.Context, path string, data []byte, o Options) error {
	f, err := Create(ctx, path, o)
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}
