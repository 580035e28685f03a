package interchange

import (
	"strings"
	"testing"
)

// Large files, each of one thing: none of them may
// take more than time in proportion.
func TestLargeFilesOfOneThing(t *testing.T) {
	for name, part := range map[string]string{
		"a word": "a-", "keys": "T-E04-F01-001, ", "items": "- T-E04-F01-001\n", "other items": "- T-E04-F01-1\n", "headings": "## Dependencies\n", "statuses": "## Status\n",
		"boxes": "- [x] a\n", "bold": "**Status**: done ", "table": "| Status | Done |\n", "brackets": "[(", "emphasis": "**", "quotes": "> ",
	} {
		for _, head := range []string{"# T\n\n## Dependencies\n\n", "# T\n\n", "---\ndepends_on: "} {
			text := head + strings.Repeat(part, (1<<16)/len(part))
			d := inFeature(t, map[string]string{"T-E04-F01-001.md": text})
			if len(d.Tasks) != 1 {
				t.Errorf("%s behind %q: %d tasks", name, head, len(d.Tasks))
			}
		}
	}
}
