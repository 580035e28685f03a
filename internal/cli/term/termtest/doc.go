// Package termtest runs programs on a pseudo-terminal of the kernel and looks at
// its screen, for tests. It works on Linux.
package termtest
