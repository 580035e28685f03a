package reference

import (
	"os"

	"pm/internal/cli"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// Man writes a manual page of section 1 for every command into the folder,
// which it makes if it is not there: pm.1, pm-next.1, pm-task-create.1. It
// returns how many. Their date is that of SOURCE_DATE_EPOCH, else today.
func Man(dir string) (pages int, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	root := cli.Commands()
	root.DisableAutoGenTag = true
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "pm " + cli.Version, Manual: "pm"}, dir); err != nil {
		return 0, err
	}
	return count(root), nil
}

func count(c *cobra.Command) (n int) {
	if !c.IsAvailableCommand() && c.HasParent() {
		return 0
	}
	for _, sub := range c.Commands() {
		n += count(sub)
	}
	return n + 1
}
