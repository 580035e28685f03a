package interchange

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pm/internal/plan"
)

const tasks = "E04-x/E04-F01-y/tasks/"

// inFeature reads a feature whose tasks folder has the given files.
func inFeature(t *testing.T, files map[string]string) *Documents {
	t.Helper()
	all := map[string]string{"E04-x/epic.md": "# X\n", "E04-x/E04-F01-y/prd.md": "# Y\n"}
	for name, text := range files {
		all[tasks+name] = text
	}
	return readTree(t, "/p", all)
}

// edges renders the tasks with what they depend on.
func edges(d *Documents) (lines []string) {
	for _, t := range d.Tasks {
		lines = append(lines, fmt.Sprintf("%s %s %v%v", t.Key, t.Title, t.DependsOn, t.UnknownDependsOn))
	}
	return lines
}

func TestNamesOfTaskFiles(t *testing.T) {
	feature := plan.MustKey("E04-F01")
	for stem, want := range map[string]string{
		"T-E04-F01-003":                  "T-E04-F01-003||true",
		"t-e04-f01-003-repository-layer": "T-E04-F01-003|repository-layer|true",
		"E05-F01-T01-data-structures":    "T-E05-F01-001|data-structures|true",
		"T023-update-cli":                "T-E04-F01-023|update-cli|false",
		"T-E04-F01-003 - copy":           "T-E04-F01-003|copy|true",
		"T-E04-F01-1000":                 "T-E04-F01-1000||true",
	} {
		n, ok := parseTaskName(stem, feature)
		if got := fmt.Sprintf("%s|%s|%t", n.key, n.slug, n.full); !ok || got != want {
			t.Errorf("%s: %s (%t), want %s", stem, got, ok, want)
		}
	}
	for _, stem := range []string{"README", "E05-F01-TASK-INDEX", "T1-x", "TASK-INDEX-E04-F02", "T002-T005", "", "E04-F01", "T-E04-F01-1-x"} {
		if n, ok := parseTaskName(stem, feature); ok {
			t.Errorf("%q is taken for the task %s", stem, n.key)
		}
	}
}

func TestReportsBesideATaskAreNoTasks(t *testing.T) {
	d := inFeature(t, map[string]string{
		"T-E04-F01-001.md":                    "# Task: One\n",
		"T-E04-F01-001-QA-REPORT.md":          "# QA\n\n**Status:** APPROVED\n",
		"T-E04-F01-001-COMPLETION-SUMMARY.md": "---\ntask_key: T-E04-F01-001\n---\n# Done\n",
		"T-E04-F01-001-thoughts.md":           "# Thoughts\n",
		"T-E04-F01-002-repository-layer.md":   "# Task: Two\n",
		"T-E04-F01-003-QA-REPORT.md":          "# QA\n\n**Status**: PASS\n",
		"T-E04-F01-004-IMPLEMENTATION.md":     "---\nkey: T-E04-F01-004\ntitle: Four\nstatus: todo\n---\n",
		"implement-five.md":                   "---\nkey: T-E04-F01-005\ntitle: Five\nstatus: todo\n---\n",
		"implement-six.md":                    "---\ntitle: Six\nstatus: todo\n---\n",
	})
	wantLines(t, "tasks", brief(d)[2:], "T-E04-F01-001 One", "T-E04-F01-002 Two", "T-E04-F01-004 Four", "T-E04-F01-005 Five")
	for _, name := range []string{"T-E04-F01-001-QA-REPORT.md", "T-E04-F01-001-COMPLETION-SUMMARY.md", "T-E04-F01-001-thoughts.md"} {
		wantFinding(t, d, tasks+name, 0, Skipped, "a report next to task T-E04-F01-001, not a task")
	}
	wantFinding(t, d, tasks+"T-E04-F01-003-QA-REPORT.md", 0, Skipped, "which has no file")
	wantFinding(t, d, tasks+"implement-six.md", 0, Failed, "neither the file's name nor its front matter gives a task's key")
}

// Two tasks with one key were found in a real plan: the short names of one
// folder and the full name of the feature's other one.
func TestTwoTasksWithOneKeyAreBothKept(t *testing.T) {
	files := map[string]string{
		"E04-x/E04-F01-a/tasks/T-E04-F01-002.md": "---\nkey: T-E04-F01-002\ntitle: Flag\nstatus: todo\n---\n",
		"E04-x/E04-F01-b/tasks/T001-base.md":     "# Task: Base\n\n**Task ID**: E04-F01-T001\n",
		"E04-x/E04-F01-b/tasks/T002-context.md":  "# Task: Context\n\n**Task ID**: E04-F01-T002\n\n**Depends on**: T001\n",
		"E04-x/E04-F01-b/tasks/T003-use.md":      "---\nstatus: created\ndependencies: [T002-context.md]\n---\n# Use\n",
		"E04-x/E04-F01-b/tasks/T004-also.md":     "---\ndepends_on: [E04-F01-T02, T-E04-F01-002]\n---\n# Also\n",
		"E04-x/E04-F01-b/tasks/T005-last.md":     "---\ndepends_on: T-E04-F01-030\n---\n# Last\n",
	}
	d := readTree(t, "/p", files)
	wantLines(t, "tasks", edges(d),
		"T-E04-F01-001 Base [][]",
		"T-E04-F01-002 Flag [][]",
		"T-E04-F01-003 Use [T-E04-F01-031][]",
		"T-E04-F01-004 Also [T-E04-F01-031 T-E04-F01-002][]",
		"T-E04-F01-005 Last [][T-E04-F01-030]",
		"T-E04-F01-031 Context [T-E04-F01-001][]") // 031: 030 is spoken of, and somebody's already
	if got := d.Tasks[5].Named; got != plan.MustKey("T-E04-F01-002") {
		t.Errorf("named %s", got)
	}
	if got := d.Tasks[5].Owner; got != "E04-x/E04-F01-a/tasks/T-E04-F01-002.md" {
		t.Errorf("the key is that of %q", got)
	}
	if again := readTree(t, "/p", files); !reflect.DeepEqual(again.Tasks, d.Tasks) {
		t.Error("the second reading gives other keys")
	}
}

func TestASecondCopyOfATaskIsNotImported(t *testing.T) {
	d := readTree(t, "/p", map[string]string{
		"E04-x/E04-F01-y/tasks/T-E04-F01-001.md": "# Task: Same\n",
		"old/todo/T-E04-F01-001.md":              "---\nkey: T-E04-F01-001\ntitle: same\n---\n",
		"old/todo/T-E04-F02-007.md":              "---\nkey: T-E04-F02-007\ntitle: Only here\n---\n",
		"old/todo/T-E04-F02-008.md":              "no fields\n",
	})
	wantLines(t, "documents", brief(d), "E04 X", "E04-F01 Y", "E04-F02 E04-F02", "T-E04-F01-001 Same", "T-E04-F02-007 Only here")
	wantFinding(t, d, "old/todo/T-E04-F01-001.md", 0, Failed, "the same key and title as E04-x/E04-F01-y/tasks/T-E04-F01-001.md")
	wantFinding(t, d, "old/todo/T-E04-F02-007.md", 0, Info, "E04-F02 has no directory here")
	wantFinding(t, d, "old/todo/T-E04-F02-008.md", 0, Skipped, "without a task's fields")
}

func TestKeysThatDisagree(t *testing.T) {
	d := inFeature(t, map[string]string{
		"T-E04-F01-001.md": "---\nkey: T-E04-F01-001\ntask_key: T-E04-F01-009\ntitle: A\n---\n",
		"T-E04-F01-002.md": "---\nkey: T-E04-F01-008\ntitle: B\n---\n",
		"T-E04-F01-003.md": "---\nkey: someday\ntitle: C\nfeature: /docs/plan/E04/E04-F07-z\nepic: E05\n---\n",
		"T-E09-F01-001.md": "---\ntitle: D\n---\n",
	})
	wantLines(t, "tasks", brief(d)[4:], "T-E04-F01-001 A", "T-E04-F01-002 B", "T-E04-F01-003 C", "T-E09-F01-001 D")
	wantFinding(t, d, tasks+"T-E04-F01-001.md", 3, Info, "task_key T-E04-F01-009 is stale: T-E04-F01-001 is used")
	wantFinding(t, d, tasks+"T-E04-F01-002.md", 2, Warning, "key says T-E04-F01-008: the file name is used")
	wantFinding(t, d, tasks+"T-E04-F01-003.md", 2, Warning, `key "someday" is not a task's key`)
	wantFinding(t, d, tasks+"T-E04-F01-003.md", 4, Warning, "feature says E04-F07: the location of the file is used, which is E04-F01")
	wantFinding(t, d, tasks+"T-E04-F01-003.md", 5, Warning, "epic says E05")
	wantFinding(t, d, tasks+"T-E09-F01-001.md", 0, Warning, "is in the directory of E04-F01")
	if !strings.Contains(d.Tasks[2].Description, "key: someday") {
		t.Errorf("the unreadable key is lost: %q", d.Tasks[2].Description)
	}
}

func TestDependenciesInAllTheirForms(t *testing.T) {
	d := inFeature(t, map[string]string{
		"T-E04-F01-001.md":       "# One\n\n**Dependencies**: None (the first)\n",
		"T-E04-F01-002.md":       "---\ndependencies: [\"T-E04-F01-001.md\", t001]\n---\n# Two\n",
		"T-E04-F01-003.md":       "---\ndepends_on:\n  - docs/plan/tasks/T-E04-F01-001.md\n  - E04-F01-T02\n---\n# Three\n",
		"T-E04-F01-004.md":       "# Four\n\n- **Depends On**: T-E04-F01-001 (the schema), [T-E04-F01-002](./T-E04-F01-002.md) and `T03`\n",
		"T-E04-F01-005.md":       "---\ndepends_on: T-E04-F01-005, T-E77-F01-001\n---\n# Five\n",
		"T-E04-F01-006.md":       "---\ndependencies: [E04-F01-y, the moon, T001]\n---\n# Six\n",
		"T-E04-F01-007.md":       "---\ndependencies: [lost.md]\n---\n# Seven\n",
		"T-E04-F01-008.md":       "---\ndependencies: [T001]\n---\n# Eight\n\n**Depends on**: T002\n",
		"T-E04-F01-009.md":       "---\ndependencies: \"-\"\n---\n# Nine\n",
		"T-E04-F01-010-other.md": "---\ndependencies: [{task: T001}]\n---\n# Ten\n",
	})
	wantLines(t, "dependencies", edges(d),
		"T-E04-F01-001 One [][]",
		"T-E04-F01-002 Two [T-E04-F01-001][]",
		"T-E04-F01-003 Three [T-E04-F01-001 T-E04-F01-002][]",
		"T-E04-F01-004 Four [T-E04-F01-001 T-E04-F01-002 T-E04-F01-003][]",
		"T-E04-F01-005 Five [][T-E77-F01-001]",
		"T-E04-F01-006 Six [T-E04-F01-001][]",
		"T-E04-F01-007 Seven [][]",
		"T-E04-F01-008 Eight [T-E04-F01-001 T-E04-F01-002][]",
		"T-E04-F01-009 Nine [][]",
		"T-E04-F01-010 Ten [T-E04-F01-001][]")
	wantFinding(t, d, tasks+"T-E04-F01-005.md", 2, Warning, "depends on itself: dropped")
	wantFinding(t, d, tasks+"T-E04-F01-005.md", 2, Info, "depends on T-E77-F01-001, which is not in this import")
	wantFinding(t, d, tasks+"T-E04-F01-006.md", 2, Warning, `depends on E04-F01, which contains it: dropped`)
	wantFinding(t, d, tasks+"T-E04-F01-006.md", 2, Warning, `"the moon" is not understood`)
	wantFinding(t, d, tasks+"T-E04-F01-007.md", 2, Warning, `depends on "lost.md", which is not a task`)
	wantFinding(t, d, tasks+"T-E04-F01-008.md", 6, Info, `also depends on "T002"`)
	wantFinding(t, d, tasks+"T-E04-F01-010-other.md", 2, Warning, "not a plain list: the keys in it are used")
	for i, line := range map[int]string{5: "dependencies: [E04-F01-y, the moon, T001]", 6: "dependencies: [lost.md]", 9: "dependencies: [{task: T001}]"} {
		if d.Tasks[i].Description != line {
			t.Errorf("%s: description %q, want the line %q", d.Tasks[i].Key, d.Tasks[i].Description, line)
		}
	}
}
