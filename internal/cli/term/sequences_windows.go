package term

import "golang.org/x/sys/windows"

// enableSequences makes the console fd obey control sequences, which older
// consoles do only on request, and reports whether it does.
func enableSequences(fd uintptr) bool {
	var mode uint32
	if err := windows.GetConsoleMode(windows.Handle(fd), &mode); err != nil {
		return false
	}
	mode |= windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	return windows.SetConsoleMode(windows.Handle(fd), mode) == nil
}
