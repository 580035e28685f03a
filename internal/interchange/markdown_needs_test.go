package interchange

import (
	"context"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pm/internal/plan"
)

func TestDependenciesUnderEveryName(t *testing.T) {
	for text, want := range map[string]string{
		"---\nblocked_by: [T001]\n---\n# T\n":                                                                        "1",
		"---\nblockedBy:\n  - T-E04-F01-001\n---\n# T\n":                                                             "1",
		"---\nblocked: T001\n---\n# T\n":                                                                             "1",
		"---\nrequires: T001 and T002\n---\n# T\n":                                                                   "1 2",
		"---\nDepends On: Task T001; T002.md\n---\n# T\n":                                                            "1 2",
		"---\nprerequisites: [T001-T003]\n---\n# T\n":                                                                "1 2 3",
		"---\ndepends_on: T001 to T003\n---\n# T\n":                                                                  "1 2 3",
		"---\ndepends_on:\n  - task: T-E04-F01-001\n    type: hard\n---\n# T\n":                                      "1",
		"+++\ndepends_on = [\"T001\", \"T002\"]\n+++\n# T\n":                                                         "1 2",
		"# T\n\n**Requires**: T001\n":                                                                                "1",
		"# T\n\nBlocked by: T001\n":                                                                                  "1",
		"# T\n\n## Dependencies\n\n- T001\n- [x] T-E04-F01-002: the second (done)\n":                                 "1 2",
		"# T\n\n## Dependencies\n\n### Depends On\n- E04-F01-T001: first\n\n### Other\n- T002\n\n## Risks\n- T003\n": "2 1",
		"# T\n\nBlocked by T001.\n":                                                                                  "1",
		"# T\n\nWaiting for T001 and T-E04-F01-002\n":                                                                "1 2",
		"# T\n\nRequires Go 1.26\n":                                                                                  "",
		"---\ntitle: T\n---\n## Dependencies\n- T001\n":                                                              "1",
		"---\ntitle: T\n---\n# Depends on\n- T001\n":                                                                 "1",
		"## Blocked by\n- T001\n":                                                                                    "1",
		"# T\n\n## Depends on\n\nT001, T002\n":                                                                       "1 2",
		"# T\n\n## Blocked by\n\n1. [The first](T-E04-F01-001.md)\n":                                                 "1",
		"# T\n\n## Dependencies\n\nNeeds T001 to be done first.\n":                                                   "1",
		"---\ndepends_on: [T001]\n---\n# T\n\n## Dependencies\n- T002\n":                                             "1 2",
		"# T\n\n## Dependencies\n- None (independent of T001)\n- Go 1.26\n- can run in parallel with T002\n":         "",
		"# T\n\n## Dependencies\n\n```\nT001\n```\n":                                                                 "",
		"---\ndepends_on: none\n---\n# T\n":                                                                          "",
		"---\ndepends_on: E04-F02\n---\n# T\n":                                                                       "F2 1",
		"---\ndepends_on: E04-F03\n---\n# T\n":                                                                       "", // is done
	} {
		d := readTree(t, "/p", map[string]string{
			tasks + "T-E04-F01-001.md": "# One\n", tasks + "T-E04-F01-002.md": "# Two\n", tasks + "T-E04-F01-003.md": "# Three\n", tasks + "T-E04-F01-009.md": text,
			"E04-x/E04-F02-z/T-E04-F02-001.md": "# A\n", "E04-x/E04-F02-z/T-E04-F02-002.md": "---\nstatus: done\n---\n# B\n",
			"E04-x/E04-F03-d/prd.md": "---\nstatus: completed\n---\n# D\n",
		})
		var got []string
		for _, k := range d.Tasks[3].DependsOn {
			if k.Feature != 1 {
				got = append(got, "F2")
			}
			got = append(got, itoa(k.Task))
		}
		if strings.Join(got, " ") != want || d.Tasks[3].Status != plan.Todo {
			t.Errorf("%q: depends on %v, want %s; %s\n%s", text, got, want, d.Tasks[3].Status, reportText(d))
		}
	}
}

func itoa(n int) string { return string(rune('0' + n)) }

func TestWhatATaskBlocksDependsOnIt(t *testing.T) {
	d := inFeature(t, map[string]string{
		"T-E04-F01-001.md": "# One\n\n**Enables**: T002\n\n## Dependencies\n\n- Blocks: T003\n\n### Blocks\n- T-E04-F01-004: Four\n",
		"T-E04-F01-002.md": "# Two\n", "T-E04-F01-003.md": "# Three\n", "T-E04-F01-004.md": "# Four\n",
		"T-E04-F01-005.md": "---\nblocks: [T004, T-E09-F01-001]\n---\n# Five\n",
	})
	wantLines(t, "dependencies", edges(d),
		"T-E04-F01-001 One [][]",
		"T-E04-F01-002 Two [T-E04-F01-001][]",
		"T-E04-F01-003 Three [T-E04-F01-001][]",
		"T-E04-F01-004 Four [T-E04-F01-001 T-E04-F01-005][]",
		"T-E04-F01-005 Five [][]")
	wantFinding(t, d, tasks+"T-E04-F01-005.md", 2, Info, `blocks "T-E09-F01-001", which is not in this`)
}

// What pm cannot hold as a dependency must not make ready work.
func TestADependencyThatIsNotUnderstoodBlocks(t *testing.T) {
	for text, reason := range map[string]string{
		"---\ndepends_on: the moon\n---\n# T\n":                          "depends on the moon",
		"---\nblocked_by: [legal, T-E04-F01-001]\n---\n# T\n":            "depends on legal",
		"---\nrequires:\n  - phase: none\n---\n# T\n":                    "depends on requires: - phase: none",
		"---\nwaiting_for: the bank\n---\n# T\n":                         "depends on the bank",
		"---\ndepends_on: lost.md\n---\n# T\n":                           "depends on lost.md",
		"---\ndepends_on: E07\n---\n# T\n":                               "depends on E07",
		"---\nstatus: todo\nblocked: waiting for keys\n---\n# T\n":       "waiting for keys",
		"---\nstatus: blocked\ndepends_on: the moon\n---\n# T\n":         "",
		"---\nstatus: deferred, until May\ndepends_on: lost\n---\n# T\n": "deferred, until May",
	} {
		task, d := readOne(t, text)
		if task.Status != plan.Blocked || task.BlockedReason != reason {
			t.Errorf("%q: %s, %q, want %q\n%s", text, task.Status, task.BlockedReason, reason, reportText(d))
		}
	}
	for _, text := range []string{"---\ndepends_on: Story 2.4 (✅ Complete)\n---\n# T\n", "---\nstatus: done\ndepends_on: the moon\n---\n# T\n"} {
		if task, d := readOne(t, text); task.Status == plan.Blocked {
			t.Errorf("%q is blocked\n%s", text, reportText(d))
		}
	}
}

func TestEpicsAndFeaturesThatDependAreDrafts(t *testing.T) {
	files := map[string]string{
		"E04-x/epic.md":                          "# X\n\n**Depends On**: E05\n",
		"E05-y/epic.md":                          "# Y\n",
		"E05-y/E05-F01-z/prd.md":                 "---\ndepends_on: the board\n---\n# Z\n",
		"E05-y/E05-F02-z/prd.md":                 "---\ndepends_on: E06\n---\n# Z\n",
		"E06-z/epic.md":                          "# Z\n\n**Status**: Done\n",
		"E05-y/E05-F02-z/tasks/T-E05-F02-001.md": "# T\n",
	}
	d := readTree(t, "/p", files)
	active := d.active()
	for key, want := range map[string]bool{"E04": false, "E05": true, "E05-F01": false, "E05-F02": true} {
		if active[plan.MustKey(key)] != want {
			t.Errorf("%s is active: %t\n%s", key, !want, reportText(d))
		}
	}
	wantFinding(t, d, "E04-x/epic.md", 3, Warning, `depends on "E05": only tasks can have dependencies, so it is imported as a draft`)
}

// Of two folders with one key the one that holds tasks counts; what the other
// one says is in the report.
func TestTwoFoldersWithOneKey(t *testing.T) {
	d := readTree(t, "/p", map[string]string{
		"E12-alpha/epic.md":                              "# Epic: Alpha\n",
		"E12-beta/epic.md":                               "# Epic: Beta\n",
		"E12-beta/E12-F01-one/tasks/T-E12-F01-001.md":    "# One\n",
		"E12-gamma/README.md":                            "# Epic: Gamma\n",
		"E12-gamma/E12-F02-two/prd.md":                   "# Feature: Two\n",
		"E13-old/epic.md":                                "# Epic: Old\n",
		"E13-new/E13-F01-x/tasks/T-E13-F01-001.md":       "# One\n",
		"E14/epic.md":                                    "# Epic: Fourteen\n",
		"E14-rest/E14-F01-x/tasks/T-E14-F01-001.md":      "# One\n",
		"plan/E15-same/epic.md":                          "# Epic: Same\n",
		"work/E15-Same/E15-F01-x/tasks/T-E15-F01-1.md":   "# No task\n",
		"work/E15-Same/E15-F01-x/tasks/T-E15-F01-001.md": "# One\n",
	})
	wantLines(t, "documents", brief(d)[:4], "E12 Beta", "E13 New", "E14 Fourteen", "E15 Same")
	wantFinding(t, d, "E12-alpha/epic.md", 0, Failed, "not imported: another epic with the key E12, which is that of E12-beta")
	wantFinding(t, d, "E12-gamma/README.md", 0, Failed, "not imported: another epic with the key E12")
	wantFinding(t, d, "E12-gamma", 0, Warning, "E12 is also the key of E12-beta, which is used (no tasks here, 1 task there)")
	wantFinding(t, d, "E13-old/epic.md", 0, Failed, "not imported")
	wantFinding(t, d, "E14", 0, Warning, "a second directory of E14: merged")
}

func TestDatesAreOfTheZone(t *testing.T) {
	saoPaulo, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	d, err := ReadMarkdown(context.Background(), tree(map[string]string{
		"E04-x/E04-F01-y/tasks/T-E04-F01-001.md": "---\ncreated: 2018-11-04\nstarted: 2018-11-05 10:00\ncompleted: 2018-11-06T10:00:00Z\nstatus: done\n---\n# T\n",
	}), MarkdownOptions{Root: "/p", Zone: saoPaulo, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	task := d.Tasks[0]
	for _, c := range []struct {
		got  *time.Time
		want string
	}{{task.CreatedAt, "2018-11-04T03:00:00Z"}, {task.StartedAt, "2018-11-05T12:00:00Z"}, {task.CompletedAt, "2018-11-06T10:00:00Z"}} {
		if c.got == nil || c.got.Format(time.RFC3339) != c.want {
			t.Errorf("%v, want %s", c.got, c.want)
		}
	}
}

func TestTheDayOfCompletionIsTheSources(t *testing.T) {
	for front, want := range map[string]string{
		"status: done\ncompleted_at: 2026-01-05":                 "2026-01-05",
		"status: done\nclosed: 2026-01-05":                       "2026-01-05",
		"done: 2026-01-05":                                       "2026-01-05",
		"status: Completed (2026-01-05, commit abc)":             "2026-01-05",
		"status: done\nclosedAt: 2026-01-05T00:00:00Z":           "2026-01-05",
		"status: done\ncreated: 2026-01-01\nupdated: 2026-01-05": "2026-01-05",
		"status: done\ncreated: 2026-01-05":                      "2026-01-05",
		"status: archived\ncompleted_at: 2026-01-05":             "2026-01-05",
		"status: cancelled\nclosed_at: 2026-01-05":               "",
		"status: done": "",
		"status: in_progress\nupdated: 2026-01-05":                       "",
		"status: done\ncreated: 2026-01-01\nlast_updated: Jan 5, 2026":   "2026-01-05",
		"status: done\ncompletion_date: 2026-01-05\nupdated: 2026-02-01": "2026-01-05",
	} {
		task, d := readOne(t, "---\n"+front+"\n---\n# T\n")
		got := ""
		if task.CompletedAt != nil {
			got = task.CompletedAt.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: completed on %q, want %q\n%s", front, got, want, reportText(d))
		}
	}
}
