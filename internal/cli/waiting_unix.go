//go:build unix

package cli

import (
	"context"
	"os"

	"golang.org/x/sys/unix"
)

// unreadLook is how long, in milliseconds, a look at the output lasts before
// the context is looked at.
const unreadLook = 250

// awaitUnread waits until the other end of a pipe, a socket or a terminal is
// closed; false if the context ends first. A file is never unread.
func awaitUnread(ctx context.Context, f *os.File) bool {
	for ctx.Err() == nil {
		fds := []unix.PollFd{{Fd: int32(f.Fd())}} // errors and hang-ups are always told
		n, err := unix.Poll(fds, unreadLook)
		if err == nil && n > 0 && fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0 {
			return true
		}
		if err != nil && err != unix.EINTR {
			return false
		}
	}
	return false
}
