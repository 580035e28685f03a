//go:build unix

package outfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// statDescriptor describes an open file of this process.
func statDescriptor(n int) (fs.FileInfo, error) {
	f, err := duplicate(n, "descriptor")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// duplicate returns a file of its own for a descriptor of this process.
func duplicate(n int, name string) (*os.File, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	own, err := syscall.Dup(n)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	syscall.CloseOnExec(own)
	return os.NewFile(uintptr(own), name), nil
}

// likeBefore gives a new file the owner and the mode of the one that it
// replaces. A group that cannot be kept loses what others had not.
func likeBefore(f *os.File, before fs.FileInfo) error {
	mode := before.Mode().Perm()
	if s, ok := before.Sys().(*syscall.Stat_t); ok && f.Chown(int(s.Uid), int(s.Gid)) != nil && f.Chown(-1, int(s.Gid)) != nil {
		mode = mode&^0o070 | mode&0o007<<3
	}
	return f.Chmod(mode)
}

// writable reports whether this user may write to the file.
func writable(path string, _ fs.FileInfo) bool {
	const write = 2 // W_OK
	err := syscall.Access(path, write)
	return !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS)
}

// SyncDir makes what was renamed into a directory last through a power cut.
// Not all file systems can, and these are left to themselves.
func SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil // it may be written to and not read
		}
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
