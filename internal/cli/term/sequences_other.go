//go:build !windows

package term

// enableSequences reports whether the terminal fd obeys control sequences.
func enableSequences(uintptr) bool { return true }
