package forms

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// TestVariants reads what people and other versions of the tools write: which of
// it can be begun, and nothing else.
func TestVariants(t *testing.T) {
	for _, c := range []struct{ name, file, text, begun string }{
		{"words before and behind", "TODO.md", "- [ ] a\n- [ ] BLOCKED: b\n- [ ] [deferred] c\n- [ ] d (waiting on ops)\n- [ ] e #blocked\n- [ ] f @done\n- [ ] ~~g~~\n- [ ]h\n- [ ] i 🚫\n- [ ]\n- [ ] Blocked users page\n- [ ] Insert (duplicate key)\n- [ ] Duplicate detection: find them\n", "Blocked users page, Duplicate detection: find them, Insert (duplicate key), a, h"},
		{"words of other languages", "TODO.md", "- [ ] 支付\n- [ ] 登录(被阻塞:等待设计)\n- [ ] 显示等待: 页面\n- [ ] Suche (zurückgestellt)\n- [ ] Exporter (annulé)\n## 进行中\n- [ ] 导入\n## Más tarde\n- [ ] Buscar\n", "支付, 显示等待: 页面"},
		{"full-width signs", "TODO.md", "- [ ] 支付\n- [ ] 登录\uff08被阻塞\uff1a等待设计\uff09\n- [ ] 阻塞\uff1a导入\n- [ ] 【暂停】导出\n", "支付"},
		{"full-width signs of spec-kit", "specs/001-a/tasks.md", "- [ ] T001 a\n- [ ] T002 b\uff08依赖于\uff1aT001\uff09\n- [x] T003 c\n- [ ] T004 d\uff08依赖于 T003\uff0cT002\uff09\n- [ ] T005 [BLOCKED\uff1a等待] e\n", "a"},
		{"full-width signs of Kiro", ".kiro/specs/a/tasks.md", "- [ ] 1. a\n- [ ] 2. b\uff08依赖 1\uff09\n- [x] 3. c\n- [ ] 4. d\n  - 依赖\uff1a3, 2\n", "a"},
		{"headings that are states", "TODO.md", "## In progress 🚧\n- [ ] a\n## Done ✅\n- [ ] b\n- [x] c\n## Done when\n- [ ] d\n", "d"},
		{"spaces in boxes", "TODO.md", "- [ x ] a\n- [  ] b\n- [](#c) c\n- [link](x) d\n", "b"},
		{"titles with commas, and short names of columns", "plan.csv", "Name,State,Prio,Who,Depends\n\"Write, docs\",done,1,,\nShip it,todo,2,bob,\"Write, docs\"\nSend,todo,,,\"Ship it, Print\"\nPrint,todo,,,\n", "Print, Ship it"},
		{"underlined headings", "TODO.md", "Plan\n====\n\nNow\n---\n- [ ] a\n\nLater\n-----\n- [ ] b\n", "a"},
		{"tags of spec-kit", "specs/001-a/tasks.md", "- [ ] T001 a\n- [ ] T002 [BLOCKED] b\n- [ ] T003 c (blocked)\n- [ ] T004 d after T001\n- [ ] T005 needs T001, T002\n- [ ] [T006] f\n- [ ] T001.1 g\n", "a, f, g"},
		{"reasons of spec-kit", "specs/001-a/tasks.md", "- [ ] T001 a\n- [ ] T002 [US1] [BLOCKED: vendor] b\n- [ ] T003 c(依赖于 T001、T002)\n- [ ] T004 [P] d\n- [ ] T004 e\n- [ ] T005 after T004\n- [x] T006 f\n- [ ] T006 g\n- [ ] T007 needs T006\n", "a, d, e, g"},
		{"order of OpenSpec", "openspec/changes/x/tasks.md", "- [ ] A.1 a\n- [ ] A.2 b (after A.1)\n- [ ] 2.1 c\n- [ ] 2.2 d (depends on 2.1)\n", "a, c"},
		{"words of Ralph", "prd.json", `{"userStories":[{"id":"1","title":"a","blockedBy":["3"]},{"id":"2","title":"b","blocked":"no key"},{"id":"3","title":"c","skipped":false},{"id":"4","title":"d","skipped":true}]}`, "c"},
		{"an answer of bd", "list.json", `{"schema_version":1,"data":[{"id":"x-1","title":"a","status":"open","issue_type":"task"},{"id":"x-2","title":"b","status":"blocked","issue_type":"task"}]}`, "a"},
		{"two statuses of BMAD", "_bmad-output/implementation-artifacts/sprint-status.yaml", "development_status:\n  1-1-a: ready-for-dev\n  1-2-b: ready-for-dev\n", "a, b"},
		{"one plan of a phase of GSD", ".planning/phases/01-x/PLAN.md", "<objective>\na\n</objective>\n", "a"},
		{"words of OpenSpec", "openspec/changes/x/tasks.md", "## 1. X\n- [ ] 1.1 a\n- [ ] 1.2 b (deferred to v2)\n- [ ] 1.3 ~~c~~\n", "a"},
		{"sections of OpenSpec", "openspec/changes/x/tasks.md", "## 1. Work\n- [ ] 1.1 a\n- [ ] 1.2 [deferred] b\n  - [ ] 1.2.1 c\n## 2. Deferred (next release)\n- [ ] 2.1 d\n## 3. Out of scope\n- [ ] 3.1 e\n## 4. Waiting list\n- [ ] 4.1 f\n## Later: mobile\n- [ ] 5.1 g\n", "a, f"},
		{"sections of spec-kit", "specs/001-a/tasks.md", "## Phase 1: Setup\n- [ ] T001 a\n## Deferred\n- [ ] T002 b\n", "a"},
		{"dependencies of spec-kit", "specs/001-a/tasks.md", "- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d\n- [ ] T005 e\n- [ ] T006 f\n## Dependencies\n- T002 depends on T001\n- **T003** blocks T004-T005\n- Tests (T001) before code (T003)\n- Phase 2 needs phase 1\n- T006 depends on T099\n", "a, f"},
		{"numbers of Kiro", ".kiro/specs/x/tasks.md", "- [ ] Task 1: a\n- [ ]2. b _Depends: 1_\n- [ ] 3) c\n", "a, c"},
		{"hashes of Conductor", "conductor/tracks/x/plan.md", "- [ ] Task: a\n- [x] Task: b 9bf0ea4\n- [ ] Task: c (blocked)\n", "a"},
		{"phases of Conductor", "conductor/tracks/x/plan.md", "# Plan\n## Phase 1: A\n- [ ] Task: a\n- [x] Task: b\n## Phase 2: B (depends on Phase 1)\n- [ ] Task: c\n## Phase 3: C\n- [ ] Task: d (after phases 1 and 2)\n- [ ] Task: e\n- [ ] Task: f (requires phase 9)\n", "a, e, f (requires phase 9)"},
		{"answers of bd", "issues.json", `[{"id":"a-1","title":"a","status":"in-progress","issue_type":"task"},{"id":"a-2","title":"b","status":"open","issue_type":"task","blocked_by":["a-1"]},{"id":"a-3","title":"c","status":"open","issue_type":"task"}]`, "c"},
		{"children of bd", "issues.jsonl", `{"id":"a-1","title":"a","status":"deferred","issue_type":"task"}
{"id":"a-1.1","title":"b","status":"open","issue_type":"task"}
{"id":"a-2","title":"c","status":"open","issue_type":"task"}
{"id":"a-2.1","title":"d","status":"open","issue_type":"task"}
{"id":"a-3","title":"e","status":"blocked","issue_type":"task","defer_until":"2020-01-01"}
{"id":"a-3.1","title":"f","status":"open","issue_type":"task"}
`, "d"},
		{"Task Master without tags", "tasks.json", `{"tasks":[{"id":1,"title":"a","status":"done","dependencies":[]},{"id":2,"title":"b","status":"pending","dependencies":[1],"subtasks":[{"id":1,"title":"c","status":"pending","dependencies":["1"]}]}]}`, "c"},
		{"parts of Task Master that wait for a later task", "tasks.json", `{"master":{"tasks":[{"id":1,"title":"a","status":"pending","dependencies":[],"subtasks":[{"id":1,"title":"b","status":"pending","dependencies":["7"]},{"id":2,"title":"c","status":"pending","dependencies":["1"]}]},{"id":7,"title":"d","status":"pending","dependencies":[]}]}}`, "d"},
		{"a broken task of Task Master", "tasks.json", `{"a":{"tasks":[{"id":1,"title":"a","status":"pending","dependencies":[]},{"id":2 "title":"b"},{"id":3,"title":"c","status":"pending","dependencies":[2]},{"id":4,"title":"d","status":"pending","dependencies":[],"subtasks":[{"id":1,"title":"e","status":"pending","dependencies":[3]}]}]}}`, "a, c"},
		{"a tombstone by its date", "issues.jsonl", `{"id":"a","title":"a","status":"open","issue_type":"task","deleted_at":"2026-01-02T00:00:00Z"}
{"id":"b","title":"b","status":"open","issue_type":"task","dependencies":[{"depends_on_id":"a","type":"blocks"}]}
`, "b"},
		{"a story that is ready in an epic of the backlog", "_bmad-output/sprint-status.yaml", "development_status:\n  epic-1: backlog\n  1-1-a: ready-for-dev\n  1-2-b: backlog\n", "a"},
		{"GitHub without states", "issues.json", `[{"number":1,"title":"a","url":"https://github.com/o/r/issues/1"},{"number":2,"title":"b","closedAt":null,"url":"https://github.com/o/r/issues/2"},{"number":3,"title":"c","closedAt":null,"labels":["status: blocked"]}]`, "b"},
		{"boards and summaries of GitHub", "issues.json", `[{"number":1,"title":"a","state":"OPEN","projectItems":[{"title":"B","status":{"name":"Blocked"}}]},{"number":2,"title":"b","state":"OPEN","projectItems":[{"title":"B","status":{"name":"Done"}}]},{"number":3,"title":"c","state":"OPEN","projectItems":[{"title":"B","status":{"name":"This sprint"}}]},{"number":4,"title":"d","state":"open","issue_dependencies_summary":{"blocked_by":1}},{"number":5,"title":"e","state":"open","issue_dependencies_summary":{"blocked_by":0},"parent_issue_url":"https://api.github.com/repos/o/r/issues/6"},{"number":6,"title":"f","state":"open"}]`, "c, e"},
		{"words behind dashes", "TODO.md", "- [ ] a — DEFERRED\n- [ ] b - blocked by ops\n- [ ] (later) c\n- [ ] d - BLOCKED: vendor\n- [ ] e – deferred to v2\n- [ ] f - blocked users\n- [ ] g - waiting room\n- [ ] h — later today's list\n## In Progress (2)\n- [ ] i\n## Done [3/4]\n- [ ] j\n", "f - blocked users, g - waiting room, h — later today's list"},
		{"escaped stars of Kiro", ".kiro/specs/a/tasks.md", "- [ ]\\* 1. a\n- [ ] 2. (BLOCKED) b\n- [ ]* 3. c\n", "a, c"},
		{"labels of GitHub that are statuses", "issues.json", `[{"number":1,"title":"a","state":"OPEN","labels":[{"name":"status/in-progress"}]},{"number":2,"title":"b","state":"OPEN","labels":["needs-triage"]},{"number":3,"title":"c","state":"OPEN","labels":["testing","good first issue","status: ready"]},{"number":4,"title":"d","state":"OPEN","labels":["In Review"]},{"number":5,"title":"e","state":"OPEN","labels":["state: done"]},{"number":6,"title":"f","state":"OPEN","labels":["new feature","area/blocked-users"]}]`, "c, f"},
		{"issues that texts of GitHub wait for", "issues.json", `[{"number":1,"title":"a","state":"OPEN"},{"number":2,"title":"b","state":"OPEN","url":"https://github.com/o/r/issues/2","body":"Blocked by https://github.com/o/r/issues/1"},{"number":3,"title":"c","state":"OPEN","url":"https://github.com/o/r/issues/3","body":"depends on o/r#4"},{"number":4,"title":"d","state":"CLOSED"}]`, "a, c"},
		{"a line below a phase of Conductor", "conductor/tracks/x/plan.md", "# Plan\n## Phase 1: A\n- [ ] Task: a\n## Phase 2: B\n**Depends on:** Phase 1\n- [ ] Task: b\n", "a"},
		{"headings that are struck through", "TODO.md", "## ~~Old~~\n- [ ] a\n## New\n- [ ] b\n", "b"},
		{"an id that occurs twice, in prose of spec-kit", "specs/001-a/tasks.md", "- [x] T001 a\n- [ ] T001 b\n- [ ] T002 c\n## Dependencies\n- T001 before T002\n", "b"},
		{"words behind tags", "specs/001-a/tasks.md", "- [ ] T001 [US1] ~~a~~\n- [ ] T002 [P] [US1] DEFERRED: b\n- [ ] T003 [US1] c\n", "c"},
		{"what templates of GitHub say", "issues.json", `[{"number":1,"title":"a","state":"OPEN"},{"number":2,"title":"b","state":"OPEN","body":"<!-- such as: blocked by #1 -->\n` + "```\\ndepends on #1\\n```" + `"},{"number":3,"title":"c","state":"OPEN","body":"depends on #1"}]`, "a, b"},
		{"a board of GitHub", "items.json", `{"items":[{"content":{"number":5,"title":"a","type":"Issue","url":"https://github.com/o/r/issues/5"},"id":"P1","status":"Todo","title":"a"},{"content":{"title":"b","type":"DraftIssue"},"id":"P2","status":"Ready","title":"b"},{"content":{"title":"c","type":"DraftIssue"},"id":"P3","title":"c"},{"content":{"number":6,"title":"d","type":"Issue"},"id":"P4","status":"In review","title":"d"},{"content":{"number":7,"title":"e","type":"PullRequest"},"id":"P5","status":"Todo","title":"e"}],"totalCount":5}`, "a, b"},
		{"gates of bd", "issues.jsonl", `{"id":"a-1","title":"g","status":"closed","issue_type":"gate"}
{"id":"a-2","title":"h","status":"open","issue_type":"gate"}
{"id":"a-3","title":"a","status":"open","issue_type":"task","dependencies":[{"depends_on_id":"a-1","type":"blocks"}]}
{"id":"a-4","title":"b","status":"open","issue_type":"task","dependencies":[{"depends_on_id":"a-2","type":"blocks"}]}
`, "a, b"},
		{"blocks of Jira that are elsewhere", "jira.csv", "Issue key,Summary,Status,Outward issue link (Blocks),Outward issue link (Blocks)\nA-1,a,To Do,A-2,B-7\nA-2,b,To Do,,\n", "a"},
		{"Asana", "asana.csv", "Task ID,Completed At,Name,Section/Column,Notes,Blocked By (Dependencies),Blocking (Dependencies)\n1,,a,To do,,,b\n2,,b,Marketing,,,\n3,,c,In progress,,,\n4,2026-01-02,d,Done,,,\n5,,e,Marketing,,d,\n6,,f,On hold,,,\n7,,g,,,a,\n", "a, e"},
		{"words of Jira in Spanish", "jira.csv", "Issue key,Summary,Status\nA-1,a,Tareas por hacer\nA-2,b,En curso\nA-3,c,Listo\nA-4,d,En espera\n", "a"},
		{"short rows", "plan.csv", "id,title,status,due\n1,a,todo,\n2,b\n3,c,,\n", "a, c"},
		{"labels of tables", "plan.csv", "id,title,status,labels\n1,a,todo,ui\n2,b,todo,\"ui, on hold\"\n", "a"},
		{"Jira in German", "jira.csv", "Issue key,Summary,Status,Status Category,Resolution\nA-1,a,Umgesetzt,Fertig,Fertig\nA-2,b,Simmering,In Arbeit,\nA-3,c,Zu erledigen,Zu erledigen,\nA-4,d,To Do,Zu erledigen,\n", "c, d"},
		{"tags of Taskwarrior", "tasks.json", `[{"uuid":"a","description":"a","status":"pending","entry":"20260101T000000Z","tags":["ui"]},{"uuid":"b","description":"b","status":"pending","entry":"20260101T000000Z","tags":["someday"]}]`, "a"},
		{"a long first line of GitHub", "issues.jsonl", `{"number":1,"title":"a","state":"OPEN","body":"` + strings.Repeat("x", 70_000) + "\"}\n{\"number\":2,\"title\":\"b\",\"state\":\"OPEN\"}\n", "a, b"},
		{"a bracket too many", "issues.json", `[{"number":1,"title":"a","state":"open"}},{"number":2,"title":"b","state":"open"}]`, "b"},
		{"GraphQL", "issues.json", `{"data":{"repository":{"issues":{"nodes":[{"number":5,"title":"a","state":"OPEN"}]}}}}`, "a"},
		{"a flagged issue of Jira", "jira.csv", "Issue key,Summary,Status,Custom field (Flagged)\nA-1,a,To Do,\nA-2,b,To Do,Impediment\n", "a"},
		{"Backlog.md without front matter", "backlog/tasks/deep/task-9 - Nine.md", "# Task: Nine\n\n**Status:** Done\n", ""},
		{"Backlog.md without a status", "backlog/tasks/task-9 - Nine.md", "# Nine\n", ""},
		{"numbers of BMAD", "docs/stories/1.3.pay.md", "# 1.3 Pay by card\n\nStatus: Approved\n\n## 1.1 A section\n", "Pay by card"},
		{"other numbers of BMAD", "_bmad-output/implementation-artifacts/1-3-pay.md", "# Story 1-3 Pay by card\n\nStatus: ready-for-dev\n", "Pay by card"},
		{"BMAD of several words", "_bmad-output/sprint-status.yaml", "development_status:\n  auth-1-login: backlog\n  1-1: ready-for-dev\n  1-2-b: drafted\n", "1.1"},
		{"a phase that waits", ".planning/ROADMAP.md", "- [ ] **Phase 1: A**\n- [ ] **Phase 2: B**\n\n### Phase 2: B\n**Depends on**: Phase 1\nPlans:\n- [ ] 02-01: b\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			write(t, filepath.Join(root, c.file), []byte(c.text))
			o := outlineOf(t, source{root: root})
			var begun []string
			for _, i := range o.Items {
				if i.Level == plan.LevelTask && i.Status == plan.Todo && !slices.ContainsFunc(i.Needs, func(on *form.Item) bool { return !on.Over() }) {
					begun = append(begun, i.Title)
				}
			}
			if slices.Sort(begun); strings.Join(begun, ", ") != c.begun {
				t.Errorf("%q can be begun, not %q", strings.Join(begun, ", "), c.begun)
			}
		})
	}
}

// TestPhasesOfConductor: tasks that have their names in several phases wait for those
// of the phase that is meant, in no circle. What is nested in a task of a phase that
// waits is a line of its checklist, or waits itself where a line cannot hold it.
func TestPhasesOfConductor(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "conductor/tracks/x/plan.md"), []byte("# Plan\n## Phase 1: A\n- [ ] Task: Test\n## Phase 2: B (depends on phase 1)\n- [ ] Task: Test\n  - [ ] a line\n- [ ] Task: Build\n## Phase 3: C (depends on phase 2)\n- [ ] Task: Test\n## The rest (after phase 3)\n- [ ] Task: Ship\n  - [ ] Part\n\n    Its text.\n"))
	var got []string
	for _, i := range outlineOf(t, source{root: root}).Items {
		if i.Level == plan.LevelTask {
			line := fmt.Sprintf("%d %s %d:", i.Line, i.Status, len(i.Checks))
			for _, on := range i.Needs {
				line += fmt.Sprint(" ", on.Line)
			}
			got = append(got, line)
		}
	}
	if want := "3 todo 0:; 5 todo 1: 3; 7 todo 0: 3; 9 todo 0: 5 7; 11 todo 0: 9 12; 12 todo 0: 9"; strings.Join(got, "; ") != want {
		t.Errorf("%s, not %s", strings.Join(got, "; "), want)
	}
}

// TestPartsOfPhases: with phases that block, what has no id in a task waits as the task
// does: it is a line of its checklist, or a task that waits where a line cannot hold it.
func TestPartsOfPhases(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "specs/001-a/tasks.md"), []byte("# Tasks\n## Phase 1: Setup\n- [ ] T001 a\n  - [ ] a line\n## Phase 2: Foundation\n- [ ] T002 b\n  - [ ] a line\n  - [ ] a task\n\n    Its text.\n## Phase 3: User Story 1\n- [ ] T003 c\n"))
	var got []string
	for _, i := range outlineOf(t, source{root: root, options: form.Options{PhasesBlock: true}}).Items {
		if i.Level == plan.LevelTask {
			line := fmt.Sprintf("%d %d:", i.Line, len(i.Checks))
			for _, on := range i.Needs {
				line += fmt.Sprint(" ", on.Line)
			}
			got = append(got, line)
		}
	}
	if want := "3 1:; 6 1: 3 8; 8 0: 3; 12 0: 6"; strings.Join(got, "; ") != want {
		t.Errorf("%s, not %s", strings.Join(got, "; "), want)
	}
}

// TestLargePhases: a phase of many tasks that waits for one of many waits for the last
// open one of it, which waits for the others: one dependency for each task.
func TestLargePhases(t *testing.T) {
	root := t.TempDir()
	text := "# Plan\n## Phase 1: A\n" + strings.Repeat("- [ ] Task: first\n", 60) + "- [x] Task: over\n## Phase 2: B (depends on phase 1)\n" + strings.Repeat("- [ ] Task: second\n", 60)
	write(t, filepath.Join(root, "conductor/tracks/x/plan.md"), []byte(text))
	needs := map[int]int{} // how many tasks have so many dependencies
	for _, i := range outlineOf(t, source{root: root}).Items {
		if i.Level != plan.LevelTask {
			continue
		}
		if needs[len(i.Needs)]++; i.Line > 64 && (len(i.Needs) != 1 || i.Needs[0].Line != 62) {
			t.Errorf("line %d waits for %d, the first in line %d", i.Line, len(i.Needs), i.Needs[0].Line)
		}
	}
	if want := (map[int]int{0: 60, 59: 1, 1: 60}); !maps.Equal(needs, want) {
		t.Errorf("%v, not %v", needs, want)
	}
}

// TestLargePhasesLater: what was the last open task of a phase can be over at the next
// import, and another task of the phase can wait for it.
func TestLargePhasesLater(t *testing.T) {
	ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		root, pm := t.TempDir(), tracker.New(db)
		text := "# Tasks\n## Phase 1: Setup\n"
		for n := 1; n <= 120; n++ {
			if n == 61 {
				text += "## Phase 2: Foundation\n"
			}
			text += fmt.Sprintf("- [ ] T%03d a%s\n", n, map[int]string{30: " (depends on T060)"}[n])
		}
		for _, done := range []string{"", "T059", "T060", "T058"} {
			text = strings.Replace(text, "[ ] "+done+" a", "[x] "+done+" a", 1)
			write(t, filepath.Join(root, "specs/001-a/tasks.md"), []byte(text))
			o := outlineOf(t, source{root: root, options: form.Options{PhasesBlock: true}})
			out, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: o, Update: true})
			if err != nil {
				t.Fatalf("%q is over: %v", done, err)
			}
			for _, f := range out.Findings {
				if f.Severity != interchange.Info {
					t.Errorf("%q is over: %v", done, f)
				}
			}
		}
	})
}

// TestDatesOfTables: where one date of a table shows which number is the day, the
// others follow it; where none does, they are left out.
func TestDatesOfTables(t *testing.T) {
	for text, want := range map[string]string{
		"02/25/2026 10:17 AM": "2026-02-25T10:17:00Z", "25/02/2026 10:17": "2026-02-25T10:17:00Z", "25.02.2026 10:17": "2026-02-25T10:17:00Z",
		"25/Feb/26 10:17 PM": "2026-02-25T22:17:00Z", `"Feb 25, 2026, 10:17 AM"`: "2026-02-25T10:17:00Z", "2026-02-25 10:17:33.0": "2026-02-25T10:17:33Z",
		"2026-02-25T10:17:33.000+0100": "2026-02-25T09:17:33Z", "Wed Feb 25 2026 10:17:33 GMT+0000 (GMT)": "2026-02-25T10:17:33Z", "02/03/2026": "",
	} {
		path := filepath.Join(t.TempDir(), "jira.csv")
		write(t, path, []byte("Issue key,Summary,Status,Created\nA-1,a,To Do,"+text+"\n"))
		i := outlineOf(t, source{root: path}).ByID("A-1")
		got := ""
		if i.Created != nil {
			got = i.Created.Format("2006-01-02T15:04:05Z07:00")
		}
		if got != want {
			t.Errorf("%s is %q, not %q", text, got, want)
		}
	}
}

// TestDaysOfJira: the day on which an issue is due has no time.
func TestDaysOfJira(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jira.csv")
	write(t, path, []byte("Issue key,Summary,Status,Due date\nA-1,a,To Do,20/Jan/26 12:00 AM\nA-2,b,To Do,20/Jan/26 3:00 PM\n"))
	o := outlineOf(t, source{root: path})
	if a, b := o.ByID("A-1").Due, o.ByID("A-2").Due; a != "2026-01-20" || b != "2026-01-20T15:00:00.000Z" {
		t.Errorf("they are due on %s and %s", a, b)
	}
}

// TestUnclosedQuotes: a quote that swallows the rest of a table is told; one that
// is part of a text is not.
func TestUnclosedQuotes(t *testing.T) {
	for text, told := range map[string]bool{
		"\"a,todo\nb,todo\nc,done\n": true, "a,todo\n\"b,todo\r\nc,done": true,
		"a,todo\n\"b\nc\",todo\n": false, "a,todo\na 5\" pipe,todo\n": false, "a 5\" pipe,todo\nb,todo\n": false, "\"a\",todo\n\n\n": false,
	} {
		path := filepath.Join(t.TempDir(), "plan.csv")
		write(t, path, []byte("title,status\n"+text))
		o, got := outlineOf(t, source{root: path}), false
		for _, f := range o.Findings {
			got = got || f.Severity == interchange.Warning && strings.Contains(f.Message, "a quote is not closed")
		}
		if got != told {
			t.Errorf("%q: told is %t: %v", text, got, o.Findings)
		}
	}
}

// TestFormsBeside: a folder with one form says which others lie at its top, and
// no more than that.
func TestFormsBeside(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "specs/001-a/tasks.md"), []byte("- [ ] T001 a\n"))
	write(t, filepath.Join(root, "specs/001-a/plan.md"), []byte("- [ ] a check\n"))
	write(t, filepath.Join(root, "PLAN.md"), []byte("# What we want\n"))
	write(t, filepath.Join(root, "package.json"), []byte("{\"name\": \"a\"}\n"))
	if also := detected(t, root).Also; len(also) > 0 {
		t.Errorf("nothing lies beside, and %v is named", also)
	}
	write(t, filepath.Join(root, "TODO.md"), []byte("- [ ] b\n"))
	write(t, filepath.Join(root, "export.csv"), []byte("Issue key,Issue id,Summary,Status\nA-1,1,a,To Do\n"))
	write(t, filepath.Join(root, "exports/issues.json"), []byte(`[{"number":1,"title":"a","state":"OPEN","url":"https://github.com/o/r/issues/1"}]`))
	if also := detected(t, root).Also; strings.Join(also, ", ") != "jira, github, checklist" {
		t.Errorf("a Jira export, issues and a checklist lie beside, and %v is named", also)
	}
}

func detected(t *testing.T, root string) Found {
	t.Helper()
	s, err := form.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	found, err := Detect(t.Context(), s, "")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestEpicsOfTables: the column of an epic leads to the row that is one, or that it
// names by its id, and not to a task that happens to have the same title.
func TestEpicsOfTables(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.csv")
	write(t, path, []byte("id,title,type,epic\n1,Payments,task,\n2,Card,task,Payments\n3,Search,epic,\n4,Index,task,Search\n5,Crawl,task,1\n"))
	o := outlineOf(t, source{root: path})
	for id, want := range map[string]string{"2": "group/payments", "4": "3", "5": "1"} {
		up := o.ByID(id).Up
		for up != nil && up.Worded {
			up = up.Up
		}
		if up == nil || !strings.HasSuffix(up.ID, want) {
			t.Errorf("%s lies under %v, not under %s", id, up, want)
		}
	}
	if o.ByID("3").Level != plan.LevelEpic {
		t.Errorf("a row of the type epic is %s", o.ByID("3").Level)
	}
}

// TestOneFile: one file of every form is recognized by itself, and what cannot be
// read is told with its line.
func TestOneFile(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "conductor/tracks.md"), []byte("- [~] **Track: A**\n*Link: [./tracks/a/](./tracks/a/)*\n"))
	write(t, filepath.Join(root, "conductor/tracks/a/plan.md"), []byte("- [ ] Task: one\n"))
	if o := outlineOf(t, source{root: filepath.Join(root, "conductor/tracks.md")}); o.Records != 1 || o.ByID("a/one") == nil {
		t.Errorf("tracks.md alone has %d records", o.Records)
	}
	bad := filepath.Join(root, "prd.json")
	write(t, bad, []byte("{\n\"userStories\": [\n{\"id\" \"x\"}]}"))
	o := outlineOf(t, source{root: bad})
	if len(o.Findings) != 1 || o.Findings[0].Line != 3 || o.Findings[0].Path != "prd.json" {
		t.Errorf("findings: %v", o.Findings)
	}
}
