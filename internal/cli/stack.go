package cli

import "os"

// growStack makes the goroutine's stack large enough for SQLite at once. Left
// to itself it grows by doubling, in the deepest calls of the first statement,
// and each time all frames are looked up and copied: a tenth of a millisecond.
//
//go:noinline
func growStack(use bool) byte {
	if !use { // always: the room is wanted, not what is in it
		return 0
	}
	var room [96 << 10]byte
	return room[len(os.Args)]
}
