package sqlite

import "syscall"

// noRoom is false: SQLite reports a full disk by itself.
func noRoom(syscall.Errno) bool { return false }
