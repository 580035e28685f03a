package interchange

import (
	"strings"
	"testing"

	"pm/internal/plan"
)

// Nothing becomes ready that its source calls blocked, deferred, finished,
// dropped or something unknown, wherever it does.
func TestWhatIsNotReadyStaysSo(t *testing.T) {
	for text, want := range map[string]plan.TaskStatus{
		"---\nstate: done\n---\n# T\n":                                            plan.Completed,
		"---\ndone: true\n---\n# T\n":                                             plan.Completed,
		"---\ncompleted: yes\n---\n# T\n":                                         plan.Completed,
		"---\ndone: 3/3\n---\n# T\n":                                              plan.Completed,
		"---\nprogress: 100%\n---\n# T\n":                                         plan.Completed,
		"---\nstatus: deferred\n---\n# T\n":                                       plan.Blocked,
		"---\nstatus: Won't do\n---\n# T\n":                                       plan.Archived,
		"---\nstatus: Closed as not planned\n---\n# T\n":                          plan.Archived,
		"---\nstate: closed\nstate_reason: not_planned\n---\n# T\n":               plan.Archived,
		"---\nstatus: resolved\nresolution: duplicate\n---\n# T\n":                plan.Archived,
		"---\nstatus: todo\nblocked: true\n---\n# T\n":                            plan.Blocked,
		"---\nstatus: todo\nblocked_reason: no keys\n---\n# T\n":                  plan.Blocked,
		"---\nstatus: todo\ncancelled: 2026-01-01\n---\n# T\n":                    plan.Archived,
		"---\nsuperseded_by: T-E04-F01-009\n---\n# T\n":                           plan.Archived,
		"---\nstatus: todo\ncompleted_at: 2026-01-01\n---\n# T\n":                 plan.Completed,
		"---\nstatus: todo\ndefer_until: 2027-01-01\n---\n# T\n":                  plan.Blocked,
		"---\nstatus: todo\ndeferUntil: launch\n---\n# T\n":                       plan.Blocked,
		"---\nstatus: todo\nlabels: [backend, blocked]\n---\n# T\n":               plan.Blocked,
		"---\nstatus: todo\nready: false\n---\n# T\n":                             plan.Blocked,
		"---\nstatus: todo\nphase: cancelled\n---\n# T\n":                         plan.Archived,
		"---\ncolumn: In Progress\n---\n# T\n":                                    plan.InProgress,
		"---\nstatus: Frobnicated\n---\n# T\n":                                    plan.Blocked,
		"---\nstatus: {name: x}\n---\n# T\n":                                      plan.Blocked,
		"---\ndraft: true\n---\n# T\n":                                            plan.Blocked,
		"+++\nstatus = \"done\"\n+++\n# T\n":                                      plan.Completed,
		"+++\ndone = true\n[extra]\nx = 1\n+++\n# T\n":                            plan.Completed,
		"{\n  \"status\": \"done\"\n}\n# T\n":                                     plan.Completed,
		"{\n\t\"status\": \"blocked\"\n}\n# T\n":                                  plan.Blocked,
		"# T\n\nStatus: done\n":                                                   plan.Completed,
		"# T\n\n- Status: on hold\n":                                              plan.Blocked,
		"# T\n\n> **Status:** ✅ Done\n":                                           plan.Completed,
		"# T\n\n**Priority**: High | **Status**: Blocked\n":                       plan.Blocked,
		"# T\n\n| Status | Done |\n|---|---|\n| Priority | High |\n":              plan.Completed,
		"# T\n\n| Priority | Status |\n|---|---|\n| High | Cancelled |\n":         plan.Archived,
		"# Story 1.1: T\n\n## Status\n\nDone\n\n## Story\n":                       plan.Completed,
		"# Story 1.1: T\n\n## Status\nReady for Review\n\n## Story\n":             plan.ReadyForReview,
		"# Story 1.1: T\n\n## Status\n\nDraft - Awaiting PM Review\n\n## Story\n": plan.Blocked,
		"# T\n\n## Status\n\n- [x] Draft\n- [x] In progress\n- [ ] Done\n":        plan.InProgress,
		"# [DONE] T\n":       plan.Completed,
		"# ✅ T\n":            plan.Completed,
		"# T (deferred)\n":   plan.Blocked,
		"# ~~T~~\n":          plan.Blocked,
		"# T\n\n- [x] one\n": plan.ReadyForReview,
		// Ready is what is called so, or nothing.
		"# T\n": plan.Todo,
		"---\nstatus: todo\ndone: false\nblocked: no\nprogress: 0%\nblocked_reason:\n---\n# T\n": plan.Todo,
		"---\nstatus: todo\nready: true\nphase: 2\n---\n# T\n":                                   plan.Todo,
		"---\nstatus: todo\ndefer: 2026-01-01\nstart_date: 2026-05-05\n---\n# T\n":               plan.Todo,
		"---\nstatus: todo\nlabels: [backend, review, later-stage]\n---\n# T\n":                  plan.Todo,
		"# Story 1.1: T\n\n## Status\n\nApproved\n\n## Story\n":                                  plan.Todo,
		"# Story 1.1: T\n\nStatus: ready-for-dev\n":                                              plan.Todo,
		"# Add a field (optional)\n\n- [x] one\n- [ ] two\n":                                     plan.Todo,
		"---\nstatus: todo\n---\n# T\n\n## Design\n\n### Status\n\nAn enum of three values.\n":   plan.Todo,
	} {
		task, d := readOne(t, text)
		if task.Status != want {
			t.Errorf("%q: %s (%s), want %s\n%s", text, task.Status, task.BlockedReason, want, reportText(d))
		}
	}
}

func TestFoldersOfAStatus(t *testing.T) {
	const todo = "---\nstatus: todo\n---\n# T\n"
	d := readTree(t, "/p", map[string]string{
		"E04-x/E04-F01-y/prd.md":                              "# Y\n",
		"E04-x/E04-F01-y/tasks/done/T-E04-F01-001.md":         todo,
		"E04-x/E04-F01-y/tasks/deferred/T-E04-F01-002.md":     "# T\n",
		"E04-x/E04-F01-y/tasks/03-cancelled/T-E04-F01-003.md": todo,
		"E04-x/E04-F01-y/tasks/in-progress/T-E04-F01-004.md":  "# T\n",
		"E04-x/E04-F01-y/completed/T-E04-F01-005.md":          "# T\n",
		"E04-x/E04-F01-y/tasks/done/T-E04-F01-006.md":         "---\nstatus: in_progress\n---\n# T\n",
		"E04-x/E04-F01-y/tasks/todo/T-E04-F01-007.md":         "# T\n",
		"E04-x/E04-F01-y/code_review/T-E04-F01-007-notes.md":  "# Notes\n",
		"archive/E05-x/E05-F01-y/tasks/T-E05-F01-001.md":      todo,
		"archive/E05-x/E05-F01-y/tasks/T-E05-F01-002.md":      "# T\n",
		"drafts/E06-x/E06-F01-y/tasks/T-E06-F01-001.md":       todo,
		"E04-x/archive/E04-F02-z/tasks/T-E04-F02-001.md":      todo,
		"archive/E04-x/E04-F03-z/tasks/T-E04-F03-001.md":      todo,
		"E04-x/E04-F03-z/tasks/T-E04-F03-002.md":              todo,
		"E04-x/E04-F03-z/tasks/T-E04-F03-003.md":              todo,
	})
	var got []string
	for _, task := range d.Tasks {
		got = append(got, task.Key.String()+" "+string(task.Status)+" "+task.BlockedReason)
	}
	wantLines(t, "tasks", got,
		"T-E04-F01-001 completed ", "T-E04-F01-002 blocked in the directory deferred", "T-E04-F01-003 archived ", "T-E04-F01-004 in_progress ",
		"T-E04-F01-005 completed ", "T-E04-F01-006 in_progress ", "T-E04-F01-007 todo ", "T-E04-F02-001 todo ",
		"T-E04-F03-001 archived ", "T-E04-F03-002 todo ", "T-E04-F03-003 todo ",
		"T-E05-F01-001 todo ", "T-E05-F01-002 archived ", "T-E06-F01-001 todo ")
	got = nil
	for _, e := range d.Epics {
		got = append(got, e.Key.String()+" "+string(e.Status))
	}
	for _, f := range d.Features {
		got = append(got, f.Key.String()+" "+string(f.Status))
	}
	wantLines(t, "epics and features", got, "E04 active", "E05 archived", "E06 draft",
		"E04-F01 active", "E04-F02 archived", "E04-F03 active", "E05-F01 archived", "E06-F01 draft")
	wantFinding(t, d, "E04-x/E04-F01-y/tasks/done/T-E04-F01-001.md", 2, Warning, `status says "todo": folder "done" is used, imported as completed`)
	wantFinding(t, d, "E04-x/E04-F01-y/tasks/done/T-E04-F01-006.md", 0, Warning, `folder says "done"`)
	wantFinding(t, d, "archive/E04-x/E04-F03-z/tasks/T-E04-F03-001.md", 0, Warning, "is in the directory archive")

	// The folder that is imported may be one itself.
	for root, want := range map[string]plan.PlanStatus{"/p/archive": plan.PlanArchived, "/p/archive/plan": plan.PlanActive, "/done/p": plan.PlanActive} {
		d := readTree(t, root, map[string]string{"E05-x/epic.md": "# X\n"})
		if d.Epics[0].Status != want {
			t.Errorf("%s: %s, want %s", root, d.Epics[0].Status, want)
		}
	}
}

func TestEveryFieldThatIsNotTakenOverIsNamedOnce(t *testing.T) {
	d := inFeature(t, map[string]string{
		"T-E04-F01-001.md": "---\nkey: T-E04-F01-001\nlabels: [a]\ndue: 2026-12-01\nassignee: ann\nempty:\n---\n# One\n\n**Estimate**: 3 days\n",
		"T-E04-F01-002.md": "---\nkey: T-E04-F01-002\nlabels: [b]\nfeature: The feature\nfile_path: /x/y.md\n---\n# Two\n",
		"T-E04-F01-003.md": "+++\nsprint = 3\n[nested]\na = 1\n+++\n# Three\n",
	})
	one, three := tasks+"T-E04-F01-001.md", tasks+"T-E04-F01-003.md"
	wantFinding(t, d, one, 3, Warning, `field "labels" is not imported: pm has no place for it, so it stays in the description (2 documents)`)
	wantFinding(t, d, one, 4, Warning, `field "due" is not imported`)
	wantFinding(t, d, one, 5, Warning, `field "assignee" is not imported`)
	wantFinding(t, d, one, 10, Info, `"Estimate" is not imported as a field: it stays in the text (1 document)`)
	wantFinding(t, d, three, 2, Warning, `field "sprint" is not imported`)
	wantFinding(t, d, three, 3, Warning, `field "nested" is not imported`)
	if len(d.Report) != 6 {
		t.Errorf("%d findings:\n%s", len(d.Report), reportText(d))
	}
	if got := d.Tasks[0].Description; !strings.HasPrefix(got, "labels: [a]\ndue: 2026-12-01\nassignee: ann\n") {
		t.Errorf("description %q", got)
	}
	if got := d.Tasks[2].Description; got != "sprint = 3\n[nested]\na = 1" {
		t.Errorf("description %q", got)
	}
}

func TestAPersonIsNoTrade(t *testing.T) {
	for _, c := range []struct{ front, agentType, assigned string }{
		{"assignee: ann", "", ""},
		{"assigned_to: backend", "", ""},
		{"assigned_agent: ann", "", ""},
		{"agent: Ann Smith", "", ""},
		{"agent: \"@ann\"", "", ""},
		{"agent: ann@example.org", "", ""},
		{"agent: Backend Developer", "Backend Developer", ""},
		{"agent: unassigned", "", ""},
		{"assigned_agent: general-purpose", "general-purpose", ""},
		{"status: in_progress\nassignee: \"@ann\"", "", "ann"},
		{"status: in_progress\nassigned_agent: ann", "", "ann"},
		{"status: done\nowner: Ann Smith", "", "Ann Smith"},
		{"status: in_progress\nagent: backend\nassignee: ann", "backend", "ann"},
	} {
		task, d := readOne(t, "---\n"+c.front+"\n---\n# T\n")
		if task.AgentType != c.agentType || task.AssignedAgent != c.assigned {
			t.Errorf("%q: type %q, assigned %q\n%s", c.front, task.AgentType, task.AssignedAgent, reportText(d))
		}
	}
}
