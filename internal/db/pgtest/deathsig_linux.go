package pgtest

import "syscall"

// dieWithUs makes the server end when the thread that starts it does: SIGQUIT
// is its immediate shutdown.
func dieWithUs(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGQUIT }
