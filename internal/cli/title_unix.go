//go:build unix

package cli

import (
	"slices"
	"strings"
	"unsafe"

	"pm/internal/plan"
)

// hideTitle takes passwords out of what other users of the machine see of the
// command line of this process (ps, /proc/PID/cmdline), and returns it as it
// was. That is the memory in which the strings of os.Args lie.
func hideTitle(args []string) []string {
	kept := slices.Clone(args)
	for i, arg := range args {
		if shown := plan.HideSecrets(arg); shown != arg {
			kept[i] = strings.Clone(arg)
			seen := unsafe.Slice(unsafe.StringData(arg), len(arg))
			clear(seen[copy(seen, shown):])
		}
	}
	return kept
}
