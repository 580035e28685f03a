// Package pty opens pseudo-terminals, on which a program runs as it does on a
// person's terminal. It works on Linux.
package pty

import "errors"

// ErrUnsupported says that there are none here.
var ErrUnsupported = errors.New("pseudo-terminals are supported on Linux only")
