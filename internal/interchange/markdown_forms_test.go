package interchange

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
)

var (
	frontStatus   = regexp.MustCompile(`(?m)\A\s*---\n(?:.*\n)*?status: *(.+)\n(?:.*\n)*?---`)
	lineStatus    = regexp.MustCompile(`(?m)\A# .*\n+\**Status:?\**:? *(.+)$`)
	sectionStatus = regexp.MustCompile(`(?m)^## Status\n+(.+)$`)
)

// TestTheFieldsOwnDocuments reads stories and tasks of other tools as if they
// were a plan's tasks, where they are at hand: whatever they call themselves,
// only what is plainly to be done becomes todo.
func TestTheFieldsOwnDocuments(t *testing.T) {
	root, err := filepath.Abs("../../../shared/data/forms")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("the documents are not here:", err)
	}
	ready := []string{"to do", "todo", "approved", "ready for development", "ready-for-dev"}
	seen := 0
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		said := ""
		for _, p := range []*regexp.Regexp{frontStatus, lineStatus, sectionStatus} {
			if m := p.FindSubmatch(raw); m != nil && said == "" {
				said = strings.ToLower(strings.Trim(string(m[1]), "✅*'\" "))
			}
		}
		if said == "" {
			return nil
		}
		seen++
		task, d := readOne(t, string(raw))
		if task.Status == plan.Todo && !slices.Contains(ready, said) {
			t.Errorf("%s says %q and is todo\n%s", name, said, reportText(d))
		}
		if said == "done" && task.Status != plan.Completed {
			t.Errorf("%s says %q and is %s\n%s", name, said, task.Status, reportText(d))
		}
		return nil
	})
	if err != nil || seen < 100 {
		t.Errorf("%d documents with a status: %v", seen, err)
	}
}
