package proof

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"
)

// A disk is a file system of its own that can lose its power.
type disk struct {
	image string // a file with the whole file system
	dir   string // where it is mounted
}

// newDisk makes a disk of so many MiB, or skips the test.
func newDisk(t *testing.T, megabytes int64) *disk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount the file system whose power is cut")
	}
	d := &disk{filepath.Join(t.TempDir(), "image"), filepath.Join(t.TempDir(), "disk")}
	err := os.Mkdir(d.dir, 0o700)
	if err == nil {
		err = os.WriteFile(d.image, nil, 0o600)
	}
	if err == nil {
		err = os.Truncate(d.image, megabytes<<20)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfs.ext4", "-q", "-F", d.image).CombinedOutput(); err != nil {
		t.Skipf("no ext4 can be made here: %v %s", err, out)
	}
	if err := d.mount(); err != nil {
		t.Skipf("no loop device can be mounted here: %v", err)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", d.dir).Run() })
	return d
}

func (d *disk) mount() error {
	if out, err := exec.Command("mount", "-o", "loop", d.image, d.dir).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// cut cuts the power: from now on nothing reaches the disk, neither what was
// written and not synced nor the file system's own journal (FS_IOC_SHUTDOWN,
// as the tests of the kernel's file systems do it). A sync that is under way
// may report success and be lost: the kernel's race, which a program that only
// appends and syncs shows too. A disk that loses what it was told to sync is not
// part of it.
func (d *disk) cut() error {
	f, err := os.Open(d.dir)
	if err != nil {
		return err
	}
	defer f.Close()
	const shutdown, noLogFlush = 0x8004587d, 2
	flags := uint32(noLogFlush)
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), shutdown, uintptr(unsafe.Pointer(&flags))); errno != 0 {
		return errno
	}
	return nil
}

// restart is what happens when the power is back.
func (d *disk) restart() error {
	if out, err := exec.Command("umount", d.dir).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return d.mount()
}
