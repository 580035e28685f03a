//go:build unix

package tui

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// sizes tells when the terminal may have another size.
func sizes(context.Context) (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGWINCH)
	return c, func() { signal.Stop(c) }
}

// pauses are the signals by which a shell stops the board and has it go on.
type pauses struct{ stopped, on chan os.Signal }

func watchPauses() pauses {
	p := pauses{make(chan os.Signal, 1), make(chan os.Signal, 1)}
	signal.Notify(p.stopped, syscall.SIGTSTP)
	signal.Notify(p.on, syscall.SIGCONT)
	return p
}

func (p pauses) end() {
	signal.Stop(p.stopped)
	signal.Stop(p.on)
}

// stop stops the processes that a shell stops together with this one, and
// returns when they go on. Where no shell could make them go on it stops none,
// as the kernel does for SIGTSTP, which Go takes for good once it is watched.
func (p pauses) stop() {
	parent := os.Getppid()
	session, err := unix.Getsid(parent)
	if own, _ := unix.Getsid(0); err != nil || session != own {
		return
	}
	if group, err := unix.Getpgid(parent); err != nil || group == unix.Getpgrp() {
		return
	}
	unix.Kill(0, unix.SIGSTOP)
	<-p.on
}
