//go:build unix

package tui

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// sizes tells when the terminal may have another size.
func sizes(context.Context) (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGWINCH)
	return c, func() { signal.Stop(c) }
}
