package forms

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/interchange/form"
	"pm/internal/plan"

	"github.com/rogpeppe/go-internal/txtar"
)

// A wanted is what an independent reading of a record says. What is nil or empty
// is not compared.
type wanted struct {
	id, at                                 string // its id in the form, or its file and line
	title, status, created, completed, due string
	deps, labels, comments                 []string
}

// A source is a plan of a form, and how it is read independently.
type source struct {
	name, root string
	mine       bool // it is in testdata, named as its form
	options    form.Options
	as         string
	want       func(t *testing.T, root string) []wanted
	edit       [3]string // a file of it, a text in that, and what is written instead
	changed    []string  // by that: "ref field,field"
}

var (
	speckitBox  = regexp.MustCompile(`^\**T\d+[a-z]?\**()\s+((?:.*))$`)
	openspecBox = regexp.MustCompile(`^(\d+\.\d+[\d.]*)\s+(.*)$`)
	kiroBox     = regexp.MustCompile(`^(\d+(?:\.\d+)*)\.?\s+(.*)$`)
)

func readSpeckit(t *testing.T, r string) []wanted {
	all := boxes(t, r, speckitBox, map[string]string{"~": "in_progress"})
	for n := range all {
		all[n].title = regexp.MustCompile(`^(\[[^\]]+\]\s*)+`).ReplaceAllString(all[n].title, "")
	}
	return all
}

func readOpenspec(t *testing.T, r string) []wanted {
	return boxes(t, r, openspecBox, map[string]string{"-": "todo", "~": "todo", "/": "todo"})
}

func readKiro(t *testing.T, r string) []wanted {
	return boxes(t, r, kiroBox, map[string]string{"-": "in_progress", "~": "in_progress"})
}

// own are the readings of the forms, for the repository's own plans.
func own() map[string]func(*testing.T, string) []wanted {
	return map[string]func(*testing.T, string) []wanted{
		"speckit": readSpeckit, "openspec": readOpenspec, "kiro": readKiro, "beads": beadsWanted, "taskmaster": taskmasterWanted, "backlog": backlogWanted,
		"checklist": checklistWanted, "ralph": ralphWanted, "conductor": conductorWanted, "bmad": bmadWanted, "gsd": gsdWanted,
		"github": githubWanted, "jira": jiraWanted, "linear": linearWanted, "taskwarrior": taskwarriorWanted, "csv": csvWanted,
	}
}

// samples are plans as they were found, which lie beside the repository.
func samples() []source {
	return []source{
		{name: "spec-kit", root: "spec-kit/made-up", want: readSpeckit, edit: [3]string{"specs/001-card-payments/tasks.md", "- [ ] T006", "- [x] T006"}, changed: []string{"speckit:001-card-payments/T006 completed_at,resolution,status"}},
		{name: "OpenSpec", root: "openspec/Fission-AI__OpenSpec", want: readOpenspec, edit: [3]string{"openspec/changes/unify-template-generation-pipeline/tasks.md", "- [ ] 1.1", "- [x] 1.1"}, changed: []string{"openspec:unify-template-generation-pipeline/1.1 completed_at,resolution,status"}},
		{name: "Kiro", root: "kiro/Homas__RpiDNS", want: readKiro, edit: [3]string{".kiro/specs/custom-period/tasks.md", "- [ ]* 1.1", "- [x]* 1.1"}, changed: []string{"kiro:custom-period/1.1 completed_at,resolution,status"}},
		{name: "beads (1)", root: "beads/jmf-pobox__quarry-mcp", want: beadsWanted, edit: [3]string{".beads/issues.jsonl", `"title":"quarry install must`, `"title":"quarry install should`}, changed: []string{"beads:quarry-02hj title"}},
		{name: "beads (2)", root: "beads/45ck__content-machine", want: beadsWanted, edit: [3]string{".beads/issues.jsonl", `"title":"Phase 6 `, `"title":"Phase six `}, changed: []string{"beads:content-machine-7tf.7 title"}},
		{name: "Task Master", root: "task-master/AAStarCommunity__AAStar_SDK", want: taskmasterWanted, edit: [3]string{".taskmaster/tasks/tasks.json", "Setup Core SDK Architecture", "Set up the architecture"}, changed: []string{"taskmaster:master/1 title"}},
		{name: "Backlog.md (1)", root: "backlog-md/MrLesk__Backlog.md", want: backlogWanted, edit: [3]string{"backlog/tasks/back-547 - Make-TUI-live-refresh-resilient-to-atomic-writes.md", "title: Make TUI", "title: Make the TUI"}, changed: []string{"backlog:back-547 title"}},
		{name: "Backlog.md (2)", root: "backlog-md/AIToolsLab__writing-tools", want: backlogWanted, edit: [3]string{"backlog/tasks/task-25 - Tune-minimum-screen-size-device-gate-thresholds.md", "status: To Do", "status: In Progress"}, changed: []string{"backlog:task-25 status"}},
		{name: "checklist", root: "checklist", want: checklistWanted, edit: [3]string{"made-up/TODO.md", "- [~] Refunds", "- [x] Refunds"}, changed: []string{"checklist:made-up/TODO/payments/refunds-under-way completed_at,resolution,status"}},
		{name: "Ralph", root: "ralph", want: ralphWanted, edit: [3]string{"made-up/prd.json", `"passes":false,"notes":`, `"passes":true,"notes":`}, changed: []string{"ralph:US-002 checks,completed_at,resolution,status"}},
		{name: "Conductor", root: "conductor", want: conductorWanted, edit: [3]string{"24601__agent-deep-research/conductor/tracks/core_deep_research_20251220/plan.md", "- [x] Task: Set up TypeScript", "- [~] Task: Set up TypeScript"}, changed: []string{"conductor:core_deep_research_20251220/set-up-typescript-project-structure-package-json-tsconfig completed_at,resolution,status"}},
		{name: "BMAD (1)", root: "bmad-v4", want: bmadWanted, edit: [3]string{"BOHICA-LABS__writescore/docs/stories/6.5.dependabot-security-settings.story.md", "# Story 6.5: Dependabot and", "# Story 6.5: Dependabot with"}, changed: []string{"bmad:6.5 title"}},
		{name: "BMAD (2)", root: "bmad-v6/Alberto-Codes__docvet", want: bmadWanted, edit: [3]string{"_bmad-output/implementation-artifacts/sprint-status.yaml", "29-1-core-mcp-server-implementation: done", "29-1-core-mcp-server-implementation: review"}, changed: []string{"bmad:29.1 completed_at,resolution,status"}},
		{name: "BMAD (3)", root: "bmad-v6/Alberto-Codes__adk-secure-sessions", want: bmadWanted, edit: [3]string{"_bmad-output/implementation-artifacts/sprint-status.yaml", "5-2-aws-kms-backend: backlog", "5-2-aws-kms-backend: ready-for-dev"}, changed: []string{"bmad:5.2 blocked_reason,status"}},
		{name: "GSD", root: "gsd-planning", want: gsdWanted, edit: [3]string{"ahmetb__kubectl-fields/.planning/phases/01-foundation-input-pipeline/01-01-PLAN.md", "Set up the Go project", "Lay out the Go project"}, changed: []string{"gsd:01-01 description"}},
		{name: "GitHub", root: "github-issues", want: githubWanted, edit: [3]string{"made-up/issues.json", `"title":"Dig the bed"`, `"title":"Dig the beds"`}, changed: []string{"github:7 title"}},
		{name: "Jira", root: "jira-csv/native-shape", want: jiraWanted, edit: [3]string{"jira.csv", "Buy a spade,GRD-3", "Buy two spades,GRD-3"}, changed: []string{"jira:GRD-3 title"}},
		{name: "CSV", root: "jira-csv/rueedlinger__agile-project-dataset/data/jira.csv", as: "csv", options: form.Options{Map: map[string]string{"title": "task"}}, want: csvWanted, edit: [3]string{"jira.csv", `"P0-T326",0,326`, `"P0-T326",0,327`}, changed: []string{"csv:P0-T326 title"}},
		{name: "Linear", root: "linear-csv", want: linearWanted, edit: [3]string{"made-up/linear.csv", "GRD-11,Garden,Buy a spade,'=not a formula,Done", "GRD-11,Garden,Buy a spade,'=not a formula,Canceled"}, changed: []string{"linear:GRD-11 completed_at,resolution,status"}},
		{name: "Taskwarrior", root: "taskwarrior", want: taskwarriorWanted, edit: [3]string{"made-up/export.json", `"description":"Charge the card"`, `"description":"Charge all cards"`}, changed: []string{"taskwarrior:0b9d1c8e-3f53-4f0e-9a63-6d0c1c2f1a02 title"}},
	}
}

// samplesDir returns where the samples lie; empty without them.
func samplesDir() string {
	for _, up := range []string{"../../../..", "../../../../.."} {
		if dir, err := filepath.Abs(up + "/shared/data/forms"); err == nil {
			if _, err := os.Stat(dir); err == nil {
				return dir
			}
		}
	}
	return ""
}

// eachSource calls f with every plan: those of the repository itself, which are
// written into a folder, and those that were found, which are copied there.
func eachSource(t *testing.T, f func(t *testing.T, s source)) {
	for name, want := range own() {
		t.Run(name, func(t *testing.T) {
			archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			s := source{name: name, mine: true, root: t.TempDir(), want: want}
			for _, file := range archive.Files {
				switch text := strings.TrimSpace(string(file.Data)); file.Name {
				case "plan.csv":
					s.root = filepath.Join(s.root, file.Name)
					write(t, s.root, file.Data)
				case "EDIT":
					copy(s.edit[:], strings.Split(text, " | "))
				case "CHANGED":
					s.changed = strings.Split(text, "\n")
				default:
					write(t, filepath.Join(s.root, file.Name), file.Data)
				}
			}
			f(t, s)
		})
	}
	t.Run("samples", func(t *testing.T) {
		dir := samplesDir()
		if dir == "" {
			t.Skip("the plans as they were found are not here: only those of the repository were read")
		}
		for _, s := range samples() {
			t.Run(s.name, func(t *testing.T) {
				to := t.TempDir()
				from := filepath.Join(dir, s.root)
				if info, err := os.Stat(from); err == nil && !info.IsDir() {
					s.root = filepath.Join(to, filepath.Base(from))
					write(t, s.root, readSample(t, from))
				} else {
					s.root = filepath.Join(to, filepath.Base(from))
					if err := os.CopyFS(s.root, os.DirFS(from)); err != nil {
						t.Fatal(err)
					}
				}
				f(t, s)
			})
		}
	})
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// outlineOf reads a source.
func outlineOf(t *testing.T, from source) *form.Outline {
	t.Helper()
	s, err := form.Open(from.root)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Zone, s.Now, s.Options = time.UTC, time.Now(), from.options
	found, err := Detect(context.Background(), s, from.as)
	if err != nil {
		t.Fatal(err)
	}
	o, err := readWhole(t, s, found)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// itemOf returns the item of a record; nil if it is none.
func itemOf(o *form.Outline, w wanted) *form.Item {
	if w.id != "" {
		return o.ByID(w.id)
	}
	n := slices.IndexFunc(o.Items, func(i *form.Item) bool { return w.at == fmt.Sprintf("%s:%d", i.File, i.Line) })
	if n < 0 {
		return nil
	}
	return o.Items[n]
}

// isLine reports whether a record became a line of a checklist.
func isLine(o *form.Outline, w wanted) bool {
	return slices.ContainsFunc(o.Items, func(i *form.Item) bool {
		return slices.ContainsFunc(i.Checks, func(c plan.Check) bool { return c.Text == w.title && c.Done == (w.status == "completed") })
	})
}

// isFinding reports whether the report has a line about a record.
func isFinding(o *form.Outline, w wanted) bool {
	for _, f := range o.Findings {
		if w.at == fmt.Sprintf("%s:%d", f.Path, f.Line) || w.id != "" && strings.Contains(f.Message, w.id) {
			return true
		}
	}
	return false
}

// compare counts the fields of records that are the same in an outline, and
// reports those that are not.
func compare(t *testing.T, o *form.Outline, all []wanted) (equal int) {
	t.Helper()
	for _, w := range all {
		i := itemOf(o, w)
		switch {
		case i != nil:
			equal += compareItem(t, o, i, w)
		case isLine(o, w):
			equal += 2
		case !isFinding(o, w):
			t.Errorf("%s: %s%s (%s) is no item, no line of a checklist and no finding", o.Form, w.id, w.at, w.title)
		}
	}
	return equal
}

func compareItem(t *testing.T, o *form.Outline, i *form.Item, w wanted) (equal int) {
	t.Helper()
	same := func(field, got, want string) {
		if got != want {
			t.Errorf("%s: %s of %s%s is %q, not %q", o.Form, field, w.id, w.at, got, want)
			return
		}
		equal++
	}
	list := func(words []string) string {
		words = slices.Clone(words)
		slices.Sort(words)
		return strings.Join(words, " | ")
	}
	stamp := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return plan.Stamp(*t)
	}
	same("title", i.Title, w.title)
	same("status", string(i.Status), w.status)
	if w.deps != nil {
		var deps []string
		for _, on := range i.Needs {
			if on.Up != i || slices.Contains(w.deps, on.ID) {
				deps = append(deps, on.ID)
			}
		}
		same("dependencies", list(append(deps, i.Others...)), list(w.deps))
	}
	if w.labels != nil {
		same("labels", list(i.Labels), list(w.labels))
	}
	if w.created != "" {
		same("created", stamp(i.Created), w.created)
	}
	if w.completed != "" {
		same("completed", stamp(i.Completed), w.completed)
	}
	if w.due != "" {
		same("due", string(i.Due), w.due)
	}
	for _, c := range w.comments {
		ok := slices.ContainsFunc(i.Notes, func(n form.Note) bool { return n.Body == strings.TrimSpace(c) })
		same("comment", fmt.Sprint(ok), "true")
	}
	return equal
}

// TestReadings compares plans with independent readings; of those that were
// found, the figures with those in docs/import.md, too.
func TestReadings(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	eachSource(t, func(t *testing.T, s source) {
		o, all := outlineOf(t, s), s.want(t, s.root)
		if len(all) == 0 {
			t.Fatal("nothing was read")
		}
		equal := compare(t, o, all)
		if s.mine {
			return
		}
		row := fmt.Sprintf("| %s | %d | %d | %d | %d | %d |", s.name, o.Records, len(o.Items), o.Lines, equal, len(o.Findings))
		if !strings.Contains(string(doc), row) {
			t.Errorf("docs/import.md lacks the row\n%s", row)
		}
	})
}

// TestNamesOfForms: no word means two forms, and each has a plan in testdata.
func TestNamesOfForms(t *testing.T) {
	seen := map[string]string{}
	for _, f := range Table() {
		for _, word := range append([]string{f.Name}, f.Aliases...) {
			if other := seen[form.Fold(word)]; other != "" && other != f.Name {
				t.Errorf("%s means %s and %s", word, other, f.Name)
			}
			seen[form.Fold(word)] = f.Name
		}
		if f.Mark == "" || f.Docs == "" || f.Title == "" {
			t.Errorf("%s is not described", f.Name)
		}
		if f.Read != nil && own()[f.Name] == nil {
			t.Errorf("%s has no independent reading, and no plan in testdata", f.Name)
		}
	}
}
