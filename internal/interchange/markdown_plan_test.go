package interchange

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pm/internal/plan"
)

// TestARealPlan reads a plan that nobody tidied, where it is at hand.
func TestARealPlan(t *testing.T) {
	dir, err := filepath.Abs("../../../shared/data/plan")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the plan is not here:", err)
	}
	d, err := ReadMarkdown(context.Background(), os.DirFS(dir), MarkdownOptions{Root: dir, Zone: time.UTC, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	inReport := map[string]bool{}
	severities := map[string]int{}
	for _, f := range d.Report {
		inReport[f.Path] = true
		severities[string(f.Severity)]++
	}
	isTask := map[string]bool{}
	statuses := map[string]int{}
	for _, task := range d.Tasks {
		isTask[task.Path] = true
		statuses[task.Key.EpicKey().String()+" "+string(task.Status)]++
		if err := plan.CheckTitle(task.Title); err != nil {
			t.Errorf("%s: %v", task.Key, err)
		}
	}
	files := 0
	var others []string
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if path.Base(path.Dir(name)) == "tasks" && path.Ext(name) == ".md" {
			files++
			if !isTask[name] && !inReport[name] {
				t.Errorf("%s is neither a task nor in the report", name)
			}
			if !isTask[name] {
				others = append(others, path.Base(name))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, "files in tasks folders that are no tasks", others, "README.md", "T-E04-F07-002-QA-REPORT.md",
		"T-E04-F07-006-COMPLETION-SUMMARY.md", "README.md", "README.md", "E05-F01-TASK-INDEX.md")
	if len(d.Tasks) != 149 || files != 155 || severities["error"] != 0 {
		t.Errorf("%d tasks of %d files, %d errors:\n%s", len(d.Tasks), files, severities["error"], reportText(d))
	}
	graph := map[plan.Key][]plan.Key{}
	for _, task := range d.Tasks {
		graph[task.Key] = task.DependsOn
	}
	if c := plan.Cycle(graph); c != nil {
		t.Errorf("a cycle: %v", c)
	}
	t.Logf("%d files; %d epics, %d features, %d tasks of %d files in tasks folders", d.Files, len(d.Epics), len(d.Features), len(d.Tasks), files)
	for _, counts := range []map[string]int{statuses, severities} {
		for _, k := range slices.Sorted(maps.Keys(counts)) {
			t.Logf("%5d %s", counts[k], k)
		}
	}
}
