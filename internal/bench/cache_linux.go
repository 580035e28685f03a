package bench

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// readAnew has the kernel forget what it keeps of a file, and read it from the
// disk, in large pieces, as it reads an installed program.
func readAnew(f *os.File) error {
	if err := f.Sync(); err != nil {
		return err
	}
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, f)
	return err
}
