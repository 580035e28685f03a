//go:build unix

package db

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func writable(path string) bool { return unix.Access(path, unix.W_OK) == nil }

// ownerOf returns the id of the user that a file belongs to.
func ownerOf(path string) uint32 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	is, _ := info.Sys().(*syscall.Stat_t)
	return is.Uid
}
