//go:build unix

package sqlite

import "syscall"

// noRoom reports whether the system refused a write for want of room, where
// SQLite itself knows a full disk only.
func noRoom(e syscall.Errno) bool { return e == syscall.EDQUOT || e == syscall.EFBIG }
