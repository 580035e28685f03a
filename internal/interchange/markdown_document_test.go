package interchange

import (
	"fmt"
	"strings"
	"testing"

	"pm/internal/plan"
)

// readOne reads one task's file, T-E04-F01-001-some-words.md.
func readOne(t *testing.T, text string) (TaskDoc, *Documents) {
	t.Helper()
	d := inFeature(t, map[string]string{"T-E04-F01-001-some-words.md": text})
	if len(d.Tasks) != 1 {
		t.Fatalf("%d tasks; report:\n%s", len(d.Tasks), reportText(d))
	}
	return d.Tasks[0], d
}

const one = tasks + "T-E04-F01-001-some-words.md"

func TestTheTwoDialectsOfFrontMatter(t *testing.T) {
	a, d := readOne(t, "\n\ufeff"[1:]+"\n---\r\ntask_key: T-E04-F01-001\r\nstatus: completed\r\nfeature: /home/x/plan/E04-x/E04-F01-y\r\n"+
		"created: 2025-12-14\r\nassigned_agent: api-developer\r\ndependencies: []\r\nestimated_time: 16 hours\r\n"+
		"file_path: /home/x/tasks/T-E04-F01-001.md\r\n---\r\n\r\n# PRP: Repository Layer\r\n\r\n## Goal\r\n\r\nText.\r\n\r\n")
	if a.Title != "Repository Layer" || a.Status != plan.Completed || a.AgentType != "api-developer" || a.AssignedAgent != "api-developer" ||
		a.Priority != 5 || a.CreatedAt.String() != "2025-12-14 00:00:00 +0000 UTC" || a.Path != one ||
		a.Description != "estimated_time: 16 hours\n\n## Goal\n\nText." {
		t.Errorf("first dialect: %+v\n%s", a, reportText(d))
	}
	b, d := readOne(t, "---\nagent: backend\ncreated_at: 2026-01-01T03:54:39+01:00\nepic: E04\nfeature: E04-F01\nkey: T-E04-F01-001\n"+
		"priority: 7\nstatus: created\ntitle: Add a flag\ndepends_on:\n---\n\n\n# Task: Add a flag\n\nText.\n")
	if b.Title != "Add a flag" || b.Status != plan.Todo || b.AgentType != "backend" || b.AssignedAgent != "" || b.Priority != 7 ||
		b.CreatedAt.String() != "2026-01-01 02:54:39 +0000 UTC" || b.Description != "Text." {
		t.Errorf("second dialect: %+v\n%s", b, reportText(d))
	}
	if len(d.Report) != 0 {
		t.Errorf("a tidy file has findings:\n%s", reportText(d))
	}
}

func TestAssignedAgentIsATradeUntilWorkBegins(t *testing.T) {
	for _, c := range []struct{ front, agentType, assigned, description string }{
		{"assigned_agent: api", "api", "", ""},
		{"status: in_progress\nassigned_agent: api", "api", "api", ""},
		{"status: in_progress\nagent: backend\nassigned_agent: ann", "backend", "ann", ""},
		{"agent: backend\nassigned_agent: ann", "backend", "", "assigned_agent: ann"},
		{"agent: " + strings.Repeat("x", 65), "", "", "agent: " + strings.Repeat("x", 65)},
	} {
		task, _ := readOne(t, "---\n"+c.front+"\n---\n# T\n")
		if task.AgentType != c.agentType || task.AssignedAgent != c.assigned || task.Description != c.description {
			t.Errorf("%q: type %q, assigned %q, description %q", c.front, task.AgentType, task.AssignedAgent, task.Description)
		}
	}
}

func TestBoldLinesUnderTheHeading(t *testing.T) {
	task, d := readOne(t, "# Task: Add context\n\n**Task ID**: E04-F01-T001\n**Priority**: P0 (Critical)\n- **Status:** ✅ Completed (commit 3849a39)\n"+
		"**Created**: 2025-12-14\n\n## Notes\n\n**Status**: Blocked\n")
	if task.Status != plan.Completed || task.Priority != 1 || task.CreatedAt == nil || !strings.HasPrefix(task.Description, "**Task ID**") {
		t.Errorf("%+v\n%s", task, reportText(d))
	}
	task, d = readOne(t, "---\nstatus: todo\n---\n# T\n\n**Status**: Completed\n")
	if task.Status != plan.Completed {
		t.Errorf("what one place calls completed is %s", task.Status)
	}
	wantFinding(t, d, one, 2, Warning, `status says "todo": Status "Completed" in line 6 is used, imported as completed`)
	task, d = readOne(t, "---\nstatus: completed\n---\n# T\n\n**Status**: In progress\n")
	if task.Status != plan.Completed {
		t.Errorf("the bold line won: %s", task.Status)
	}
	wantFinding(t, d, one, 6, Warning, `Status says "In progress": status "completed" in line 2 is used`)
	for _, text := range []string{
		"# T\n\n```\n**Status**: Completed\n```\n",
		"# T\n" + strings.Repeat("\n", maxHead) + "**Status**: Completed\n",
		"text\n" + strings.Repeat("\n", maxHead) + "**Status**: Completed\n",
		"# T\n## A\n**Status**: Completed\n",
		"text\n\n## A\n\n## B\n\n**Status**: Completed\n",
	} {
		if task, _ = readOne(t, text); task.Status != plan.Todo {
			t.Errorf("a bold line in code, or below the head, was read: %q", text)
		}
	}
}

func TestValuesThatAreNotUnderstoodAreKeptAndReported(t *testing.T) {
	task, d := readOne(t, "---\nstatus: Partial implementation (3 tasks)\npriority: 77\ncreated: last week\ntags:\n  - a\n  - b\nowner: {name: Ann}\n---\n# T\n\nBody.\n")
	if task.Status != plan.Blocked || task.BlockedReason != "Partial implementation (3 tasks)" || task.Priority != 5 || task.CreatedAt != nil {
		t.Errorf("%+v", task)
	}
	want := "status: Partial implementation (3 tasks)\npriority: 77\ncreated: last week\ntags:\n  - a\n  - b\nowner: {name: Ann}\n\nBody."
	if task.Description != want {
		t.Errorf("description %q\nwant %q", task.Description, want)
	}
	wantFinding(t, d, one, 2, Warning, `status "Partial implementation (3 tasks)" is not understood: imported as blocked`)
	wantFinding(t, d, one, 5, Warning, `field "tags" is not imported`)
	wantFinding(t, d, one, 8, Warning, `field "owner" is not imported`)
	wantFinding(t, d, one, 3, Warning, `priority "77" is not understood: 5 is assumed`)
	wantFinding(t, d, one, 4, Warning, `created "last week" is not understood`)
}

func TestABlockedTaskSaysWhy(t *testing.T) {
	for front, want := range map[string]string{
		"status: blocked":                             "",
		"status: Blocked - waiting for keys":          "waiting for keys",
		"status: \"⛔ **BLOCKED** (no access)\"":       "no access",
		"status: blocked\nblocked_reason: no machine": "no machine",
		"status: on hold, until May":                  "until May",
	} {
		task, d := readOne(t, "---\n"+front+"\n---\n# T\n")
		if task.Status != plan.Blocked || task.BlockedReason != want {
			t.Errorf("%q: %s, %q\n%s", front, task.Status, task.BlockedReason, reportText(d))
		}
	}
}

func TestTitles(t *testing.T) {
	for text, want := range map[string]string{
		"# Task: E04-F01-T01 - Do it":                         "Do it",
		"# PRP: T-E04-F01-001: Do it ##":                      "Do it",
		"# Feature PRD: E04-F01 Do it":                        "Do it",
		"# Task T-E04-F01-001 Do it":                          "Do it",
		"# Task management redesign":                          "Task management redesign",
		"# E09-F02 comes first":                               "E09-F02 comes first",
		"# Task:":                                             "Task:",
		"## Goal\n\nText":                                     "Some words",
		"text\n\n# Late\n":                                    "Late",
		"```\n# comment\n```\n":                               "Some words",
		"":                                                    "Some words",
		"---\ntitle: \"\"\n---\n# Heading":                    "Heading",
		"---\ntitle: \"a\\tb\\nc\"\n---\n# Heading\n":         "a b c",
		"---\ntitle: From: the front\n---\n# Heading\n":       "From: the front",
		"---\nname\n---\n# Rules around a word are no fields": "Rules around a word are no fields",
	} {
		if task, _ := readOne(t, text); task.Title != want {
			t.Errorf("%q: title %q, want %q", text, task.Title, want)
		}
	}
}

func TestAHeadingStaysUnlessItIsTheTitle(t *testing.T) {
	for text, want := range map[string]string{
		"# Task: Heading\n\nText":                         "Text",
		"---\ntitle: Heading\n---\n# Task: Heading\nText": "Text",
		"---\ntitle: Other\n---\n# Task: Heading\nText":   "# Task: Heading\nText",
		"text\n\n# Late\n\nmore":                          "text\n\n# Late\n\nmore",
		"## Goal\n\nText":                                 "## Goal\n\nText",
	} {
		if task, _ := readOne(t, text); task.Description != want {
			t.Errorf("%q: description %q, want %q", text, task.Description, want)
		}
	}
}

func TestALongTitleIsCutAndKept(t *testing.T) {
	long := strings.Repeat("é", 600)
	for _, text := range []string{"# " + long, "---\ntitle: " + long + "\n---\n"} {
		task, d := readOne(t, text)
		if task.Title != long[:2*500] || !strings.Contains(task.Description, long) {
			t.Errorf("title of %d bytes, description of %d", len(task.Title), len(task.Description))
		}
		if !strings.Contains(reportText(d), "600 characters long: cut after 500") {
			t.Errorf("report:\n%s", reportText(d))
		}
	}
}

func TestBrokenFrontMatterIsReadLineByLine(t *testing.T) {
	for name, c := range map[string]struct {
		text, message string
		line          int
	}{
		"a colon":  {"---\ntitle: Test: it\nstatus: blocked\n---\n# H\n", "is not YAML", 2},
		"a tab":    {"---\ntitle: 'Test: it'\nstatus: blocked\nx:\n\t- y\n---\n# H\n", "is not YAML", 5},
		"a list":   {"---\ntitle: 'Test: it'\nstatus: blocked\nx: [1, 2\ny: 3\n---\n# H\n", "is not YAML", 4}, // where it begins
		"a dash":   {"---\n- x\nstatus: blocked\ntitle: 'Test: it'\n---\n# H\n", "is not YAML", 3},
		"a sign":   {"---\ntitle: 'Test: it'\nstatus: blocked\nx: @y\n---\n# H\n", "is not YAML", 4},
		"an alias": {"---\na: &a [x]\nb: *a\ntitle: 'Test: it'\nstatus: blocked\n---\n", "refers to an anchor", 3},
		"no end":   {"---\ntitle: 'Test: it'\nstatus: blocked\n\n# H\n", "no closing ---", 1},
		"too deep": {"---\ntitle: 'Test: it'\nstatus: blocked\nx: " + strings.Repeat("[", 20_000) + "\n---\n", "is not YAML", 4},
		"twice":    {"---\ntitle: 'Test: it'\ntitle: Twice\nstatus: blocked\n---\n", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			task, d := readOne(t, c.text)
			if task.Title != "Test: it" || task.Status != plan.Blocked {
				t.Errorf("%q, %s", task.Title, task.Status)
			}
			if c.message != "" {
				wantFinding(t, d, one, c.line, Warning, c.message)
			}
		})
	}
}

func TestHostileFiles(t *testing.T) {
	task, d := readOne(t, "# A\x1b[31m\x00 title\xff\n\nText\x00 \xc3\x28\n")
	if task.Title != "A[31m title\ufffd" || task.Description != "Text \ufffd(" {
		t.Errorf("%q, %q", task.Title, task.Description)
	}
	wantFinding(t, d, one, 0, Warning, "not valid UTF-8")
	wantFinding(t, d, one, 0, Warning, "2 zero bytes removed")
	wantFinding(t, d, one, 1, Warning, "control characters removed")

	task, d = readOne(t, "---\nbig: "+strings.Repeat("x", maxFrontMatter)+"\nstatus: done\n---\n# T\n")
	if task.Status != plan.Completed || !strings.Contains(task.Description, "status: done") {
		t.Errorf("a huge front matter: %s, description of %d bytes", task.Status, len(task.Description))
	}
	wantFinding(t, d, one, 1, Warning, "it is not parsed, and stays in the text")

	_, d = readOne(t, "---\n"+strings.Repeat("status: odd\n", 1000)+"---\n")
	if len(d.Report) != maxFindings+1 {
		t.Errorf("%d findings about one file", len(d.Report))
	}
	wantFinding(t, d, one, 0, Warning, "the rest is not shown")

	task, d = readOne(t, "# T\n\n"+strings.Repeat("é", plan.MaxText/2+1))
	if plan.CheckText("description", task.Description) != nil || len(task.Description) < plan.MaxText-1 {
		t.Errorf("a huge text: %d bytes", len(task.Description))
	}
	wantFinding(t, d, one, 0, Failed, "only the first")

	d = inFeature(t, map[string]string{"T-E04-F01-001.md": strings.Repeat("x", maxFile+1), "T-E04-F01-002.md": "# T\n",
		"bad\x01name/T-E04-F01-003.md": "", "todo/T-E04-F01-004\x01.md": "# T\n"})
	if len(d.Tasks) != 1 {
		t.Errorf("%d tasks", len(d.Tasks))
	}
	wantFinding(t, d, tasks+"T-E04-F01-001.md", 0, Failed, "larger than 4 MiB")
	wantFinding(t, d, tasks+"todo/T-E04-F01-004\x01.md", 0, Failed, "control character")
}

func TestDeepFolders(t *testing.T) {
	deep := strings.Repeat("d/", 10_000)
	d := readTree(t, "/p", map[string]string{deep + "E01-x/epic.md": "# X\n", strings.Repeat("d/", 20) + "E02-y/epic.md": "# Y\n"})
	wantLines(t, "documents", brief(d), "E02 Y")
	wantFinding(t, d, strings.TrimSuffix(strings.Repeat("d/", maxDepth+1), "/"), 0, Skipped, fmt.Sprintf("more than %d levels deep", maxDepth))
}
