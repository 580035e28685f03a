// Package startup makes a program start on one processor. It is for package
// main to import, and for no other.
//
// On several processors the goroutines that packages start while they are
// initialised wake up threads, which look for work that is not there. And the
// first write to a page of the program's data has to wait for each processor
// that runs a thread of it to forget the page: of the start of pm that was a
// twentieth (docs/adr/0007). A program that runs for longer wants them all:
// runtime.SetDefaultGOMAXPROCS gives them back.
//
// It must come before the packages that it is for. It does, because it
// imports none but runtime: packages are initialised in the order of their
// import paths as soon as what they import has been
// (https://go.dev/ref/spec#Program_initialization), and "pm/…" is before
// "strings", "sync" and "time", which nearly all others wait for.
package startup

import "runtime"

func init() { runtime.GOMAXPROCS(1) }
