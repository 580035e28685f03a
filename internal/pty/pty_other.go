//go:build !linux

package pty

import "os"

// Open answers ErrUnsupported here.
func Open(columns, rows int) (master, tty *os.File, err error) { return nil, nil, ErrUnsupported }
