package db

import (
	"strings"
	"syscall"
)

// networkSystem returns the name of the network file system of a directory;
// empty for any other.
func networkSystem(dir string) string {
	const local = 0x1000 // MNT_LOCAL of mount(2)
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil || s.Flags&local != 0 {
		return ""
	}
	var name strings.Builder
	for _, c := range s.Fstypename {
		if c == 0 {
			break
		}
		name.WriteByte(byte(c))
	}
	return name.String()
}
