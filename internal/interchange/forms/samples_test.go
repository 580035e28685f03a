package forms

import (
	"context"
	"encoding/json"
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
)

// samplesDir returns where plans lie as they were found: beside the repository.
// Without them these tests are skipped.
func samplesDir(t *testing.T) string {
	t.Helper()
	for _, up := range []string{"../../../..", "../../../../.."} {
		if dir, err := filepath.Abs(up + "/shared/data/forms"); err == nil {
			if _, err := os.Stat(dir); err == nil {
				return dir
			}
		}
	}
	t.Skip("there are no samples")
	return ""
}

// A wanted is what an independent reading of a record says.
type wanted struct {
	id, title, status, created string
	deps, labels, comments     []string
}

// outlineOf reads a sample.
func outlineOf(t *testing.T, root string) *form.Outline {
	t.Helper()
	s, err := form.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Zone, s.Now = time.UTC, time.Now()
	found, err := Detect(context.Background(), s, "")
	if err != nil {
		t.Fatal(err)
	}
	o, err := Read(s, found, filepath.Base(root), form.Fit{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// compare counts the fields of records that are the same in an outline, and
// reports those that are not.
func compare(t *testing.T, o *form.Outline, all []wanted) (equal int) {
	t.Helper()
	same := func(id, field, got, want string) {
		if got != want {
			t.Errorf("%s: %s of %s is %q, not %q", o.Form, field, id, got, want)
			return
		}
		equal++
	}
	list := func(words []string) string {
		words = slices.Clone(words)
		slices.Sort(words)
		return strings.Join(words, " | ")
	}
	for _, w := range all {
		i := o.ByID(w.id)
		if i == nil {
			t.Errorf("%s: %s is no item", o.Form, w.id)
			continue
		}
		same(w.id, "title", i.Title, w.title)
		same(w.id, "status", string(i.Status), w.status)
		if w.deps != nil {
			var deps []string
			for _, on := range i.Needs {
				if on.Up != i {
					deps = append(deps, on.ID)
				}
			}
			same(w.id, "dependencies", list(append(deps, i.Others...)), list(w.deps))
		}
		if w.labels != nil {
			same(w.id, "labels", list(i.Labels), list(w.labels))
		}
		if w.created != "" && i.Created != nil {
			same(w.id, "created", plan.Stamp(*i.Created), w.created)
		}
		for _, c := range w.comments {
			ok := slices.ContainsFunc(i.Notes, func(n form.Note) bool { return n.Body == strings.TrimSpace(c) })
			same(w.id, "comment", fmt.Sprint(ok), "true")
		}
	}
	return equal
}

func readSample(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func moment(s string) string {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return ""
	}
	return plan.Stamp(t.Truncate(time.Millisecond))
}

// beadsWanted reads issues with encoding/json.
func beadsWanted(t *testing.T, file string) (all []wanted) {
	statuses := map[string]string{"open": "todo", "in_progress": "in_progress", "closed": "completed", "deferred": "blocked", "blocked": "blocked"}
	for line := range strings.Lines(string(readSample(t, file))) {
		var r struct {
			ID, Title, Status, CreatedAt, Kind string
			Labels                             []string
			Dependencies                       []struct {
				On   string `json:"depends_on_id"`
				Kind string `json:"type"`
			}
			Comments []struct{ Text string }
		}
		var raw map[string]any
		if json.Unmarshal([]byte(line), &r) != nil || json.Unmarshal([]byte(line), &raw) != nil || r.ID == "" {
			continue
		}
		created, _ := raw["created_at"].(string)
		w := wanted{id: r.ID, title: r.Title, status: statuses[r.Status], created: moment(created), deps: []string{}, labels: append([]string{}, r.Labels...)}
		for _, d := range r.Dependencies {
			if d.Kind == "blocks" {
				w.deps = append(w.deps, d.On)
			}
		}
		for _, c := range r.Comments {
			w.comments = append(w.comments, c.Text)
		}
		if raw["issue_type"] != "epic" {
			all = append(all, w)
		}
	}
	return all
}

// taskmasterWanted reads tasks with encoding/json.
func taskmasterWanted(t *testing.T, file string) (all []wanted) {
	var doc map[string]struct {
		Tasks []struct {
			ID            int
			Title, Status string
			Dependencies  []int
		}
	}
	if err := json.Unmarshal(readSample(t, file), &doc); err != nil {
		t.Fatal(err)
	}
	for tag, v := range doc {
		for _, k := range v.Tasks {
			w := wanted{id: fmt.Sprintf("%s/%d", tag, k.ID), title: k.Title, status: map[string]string{"done": "completed", "pending": "todo"}[k.Status], deps: []string{}}
			for _, d := range k.Dependencies {
				w.deps = append(w.deps, fmt.Sprintf("%s/%d", tag, d))
			}
			all = append(all, w)
		}
	}
	return all
}

// boxes reads the boxes of all tasks.md below a root with one expression, whose
// groups are the box, the id and the text; id makes the id of the slug and that.
func boxes(t *testing.T, root string, line *regexp.Regexp, id func(dir, number string) string) (all []wanted) {
	filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.Name() != "tasks.md" {
			return err
		}
		fence := false
		for l := range strings.Lines(string(readSample(t, path))) {
			if strings.HasPrefix(strings.TrimSpace(l), "```") {
				fence = !fence
			}
			m := line.FindStringSubmatch(strings.TrimRight(l, "\r\n"))
			if m == nil || fence {
				continue
			}
			status := map[string]string{"x": "completed", "X": "completed", "-": "in_progress", "~": "in_progress"}[m[1]]
			if status == "" {
				status = "todo"
			}
			all = append(all, wanted{id: id(filepath.Base(filepath.Dir(path)), m[2]), title: form.Emphasis(m[3]), status: status})
		}
		return nil
	})
	return all
}

var dateBefore = regexp.MustCompile(`^\d{4}-\d\d-\d\d-`)

// backlogWanted reads the front matter of tasks line by line.
func backlogWanted(t *testing.T, root string) (all []wanted) {
	field := func(text, name string) string {
		m := regexp.MustCompile(`(?m)^` + name + `: *(.*)$`).FindStringSubmatch(text)
		if m == nil {
			return ""
		}
		v := strings.TrimSpace(m[1])
		if len(v) > 1 && (v[0] == '\'' || v[0] == '"') {
			v = strings.ReplaceAll(v[1:len(v)-1], "''", "'")
		}
		return v
	}
	filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		dir := filepath.Base(filepath.Dir(path))
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".md") || dir == "milestones" || e.Name() == "readme.md" {
			return err
		}
		head := strings.SplitN(string(readSample(t, path)), "\n---", 2)[0]
		title := field(head, "title")
		if strings.HasPrefix(title, ">") {
			title = strings.TrimSpace(regexp.MustCompile(`(?m)^title: *>-?\n((?:  .*\n)+)`).FindStringSubmatch(head)[1])
			title = strings.Join(strings.Fields(title), " ")
		}
		status := map[string]string{"Done": "completed", "In Progress": "in_progress", "To Do": "todo", "Won't Do": "archived"}[field(head, "status")]
		switch {
		case strings.Contains(path, "/archive/"):
			status = "archived"
		case dir == "drafts":
			status = "blocked"
		case dir == "completed":
			if status != "archived" {
				status = "completed"
			}
		}
		prefix, number, _ := strings.Cut(strings.ToLower(field(head, "id")), "-")
		parts := strings.Split(number, ".")
		for n := range parts {
			parts[n] = strings.TrimLeft(parts[n], "0")
		}
		w := wanted{id: prefix + "-" + strings.Join(parts, "."), title: title, status: status}
		if c, err := time.Parse("2006-01-02 15:04", field(head, "created_date")); err == nil {
			w.created = plan.Stamp(c)
		}
		all = append(all, w)
		return nil
	})
	return all
}

// TestSamples compares plans as they were found with independent readings, and
// the figures with those in docs/import.md.
func TestSamples(t *testing.T) {
	samples := samplesDir(t)
	doc, err := os.ReadFile("../../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	speckit := regexp.MustCompile(`^\s*- \[([ xX])\] (T\d+[a-z]?) (?:\[[^\]]+\] )*(.*)$`)
	openspec := regexp.MustCompile(`^\s*- \[(.)\] (\d+\.\d+[\d.]*) (.*)$`)
	kiro := regexp.MustCompile(`^\s*- \[(.)\]\*? (\d+(?:\.\d+)*)\.? (.*)$`)
	for _, c := range []struct {
		name, root string
		want       func(root string) []wanted
	}{
		{"spec-kit", "spec-kit/made-up", func(r string) []wanted {
			return boxes(t, r, speckit, func(d, n string) string { return d + "/" + n })
		}},
		{"OpenSpec", "openspec/Fission-AI__OpenSpec", func(r string) []wanted {
			return boxes(t, r, openspec, func(d, n string) string { return dateBefore.ReplaceAllString(d, "") + "/" + n })
		}},
		{"Kiro", "kiro/Homas__RpiDNS", func(r string) []wanted {
			return boxes(t, r, kiro, func(d, n string) string { return d + "/" + n })
		}},
		{"beads (1)", "beads/jmf-pobox__quarry-mcp", func(r string) []wanted { return beadsWanted(t, r+"/.beads/issues.jsonl") }},
		{"beads (2)", "beads/45ck__content-machine", func(r string) []wanted { return beadsWanted(t, r+"/.beads/issues.jsonl") }},
		{"Task Master", "task-master/AAStarCommunity__AAStar_SDK", func(r string) []wanted { return taskmasterWanted(t, r+"/.taskmaster/tasks/tasks.json") }},
		{"Backlog.md (1)", "backlog-md/MrLesk__Backlog.md", func(r string) []wanted { return backlogWanted(t, r) }},
		{"Backlog.md (2)", "backlog-md/AIToolsLab__writing-tools", func(r string) []wanted { return backlogWanted(t, r) }},
		{"checklist", "checklist", nil}, {"Ralph", "ralph", nil}, {"Conductor", "conductor", nil},
		{"BMAD (1)", "bmad-v4", nil}, {"BMAD (2)", "bmad-v6/Alberto-Codes__docvet", nil}, {"GSD", "gsd-planning", nil},
		{"GitHub", "github-issues", nil}, {"Jira", "jira-csv/native-shape", nil}, {"Linear", "linear-csv", nil}, {"Taskwarrior", "taskwarrior", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			abs := filepath.Join(samples, c.root)
			o := outlineOf(t, abs)
			equal := 0
			if c.want != nil {
				all := c.want(abs)
				if len(all) == 0 {
					t.Fatal("nothing was read")
				}
				equal = compare(t, o, all)
			}
			row := fmt.Sprintf("| %s | %d | %d | %d | %d | %d |", c.name, o.Records, len(o.Items), o.Lines, equal, len(o.Findings))
			if !strings.Contains(string(doc), row) {
				t.Errorf("docs/import.md lacks the row\n%s", row)
			}
		})
	}
}

// TestNamesOfForms: no word means two forms.
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
	}
}
