package db

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// holders names the other processes that have locks on a file, as the end of a sentence;
// empty where that cannot be told.
func holders(path string) string {
	var at syscall.Stat_t
	locks, err := os.ReadFile("/proc/locks")
	if err != nil || syscall.Stat(path, &at) != nil {
		return ""
	}
	var all []string
	for line := range strings.Lines(string(locks)) {
		// 1: FLOCK  ADVISORY  WRITE 4711 fd:01:1234 0 EOF
		words := strings.Fields(line)
		if len(words) < 6 || words[1] == "->" || words[4] == strconv.Itoa(os.Getpid()) || !strings.HasSuffix(words[5], fmt.Sprintf(":%d", at.Ino)) {
			continue
		}
		name, _ := os.ReadFile("/proc/" + words[4] + "/comm")
		if is := strings.TrimSpace(words[4] + " " + string(name)); !slices.Contains(all, is) {
			all = append(all, is)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return " (process " + strings.Join(all, ", ") + ")"
}
