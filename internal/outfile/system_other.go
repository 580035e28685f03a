//go:build !unix

package outfile

import (
	"errors"
	"io/fs"
	"os"
)

// Other systems have no names for file descriptors.
func statDescriptor(int) (fs.FileInfo, error)         { return nil, errors.ErrUnsupported }
func duplicate(int, string) (*os.File, error)         { return nil, errors.ErrUnsupported }
func likeBefore(f *os.File, before fs.FileInfo) error { return f.Chmod(before.Mode().Perm()) }
func writable(_ string, info fs.FileInfo) bool        { return info.Mode().Perm()&0o200 != 0 }

// SyncDir does nothing where directories cannot be synced.
func SyncDir(string) error { return nil }
