package forms

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Each form is read here once more, by a small reader that has nothing in common
// with pm's own but the file: lines by regular expressions, JSON and CSV by the
// standard library. What both say of a record is compared.

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
func beadsWanted(t *testing.T, root string) (all []wanted) {
	statuses := map[string]string{"open": "todo", "in_progress": "in_progress", "hooked": "in_progress", "closed": "completed", "deferred": "blocked", "blocked": "blocked", "pinned": "blocked", "tombstone": "archived"}
	for line := range strings.Lines(string(readSample(t, filepath.Join(root, ".beads", "issues.jsonl")))) {
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
func taskmasterWanted(t *testing.T, root string) (all []wanted) {
	type task struct {
		ID            int
		Title, Status string
		Dependencies  []any
		Subtasks      []task
	}
	var doc map[string]struct{ Tasks []task }
	if err := json.Unmarshal(readSample(t, filepath.Join(root, ".taskmaster", "tasks", "tasks.json")), &doc); err != nil {
		t.Fatal(err)
	}
	statuses := map[string]string{"done": "completed", "pending": "todo", "in-progress": "in_progress", "deferred": "blocked", "cancelled": "archived", "review": "ready_for_review", "simmering": "blocked"}
	for tag, v := range doc {
		top := map[string]bool{}
		for _, k := range v.Tasks {
			top[fmt.Sprint(k.ID)] = true
		}
		for _, k := range v.Tasks {
			w := wanted{id: fmt.Sprintf("%s/%d", tag, k.ID), title: k.Title, status: statuses[k.Status], deps: []string{}}
			for _, d := range k.Dependencies {
				w.deps = append(w.deps, fmt.Sprintf("%s/%v", tag, d))
			}
			all = append(all, w)
			for _, sub := range k.Subtasks {
				w := wanted{id: fmt.Sprintf("%s/%d.%d", tag, k.ID, sub.ID), title: sub.Title, status: statuses[sub.Status], deps: []string{}}
				for _, d := range sub.Dependencies {
					word := fmt.Sprint(d)
					sibling := false
					for _, s := range k.Subtasks {
						sibling = sibling || fmt.Sprint(s.ID) == word
					}
					switch {
					case strings.Contains(word, "."), !sibling && top[word]:
						w.deps = append(w.deps, tag+"/"+word)
					default:
						w.deps = append(w.deps, fmt.Sprintf("%s/%d.%s", tag, k.ID, word))
					}
				}
				all = append(all, w)
			}
		}
	}
	return all
}

// eachText calls f with the text of each file below a root whose path matches,
// by its path below that.
func eachText(t *testing.T, root, pattern string, f func(path, text string)) {
	t.Helper()
	match := regexp.MustCompile(pattern)
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if rel, err := filepath.Rel(root, path); err == nil && match.MatchString(filepath.ToSlash(rel)) {
			f(filepath.ToSlash(rel), string(readSample(t, path)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var anyBoxLine = regexp.MustCompile(`^\s*(?:[-*+]|\d+[.)])\s+\[([^\pL\pN]|[xX])?\](\*?)\s+(.*)$`)

// brokenLine is the second line of a text that an editor broke.
var brokenLine = regexp.MustCompile(`^  +[\pL` + "`" + `(][^:]*$`)

// A boxLine is a line with a box that is not in a fence.
type boxLine struct {
	at, mark, text string
	heading        string // above it
}

// boxLines reads the lines with boxes of the files whose paths match.
func boxLines(t *testing.T, root, pattern string, f func(path string, b boxLine)) {
	eachText(t, root, pattern, func(path, text string) {
		fence, heading := false, ""
		lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
		for n, l := range lines {
			if strings.HasPrefix(strings.TrimSpace(l), "```") {
				fence = !fence
			}
			if h, is := strings.CutPrefix(l, "## "); is && !fence {
				heading = h
			}
			if m := anyBoxLine.FindStringSubmatch(l); m != nil && !fence {
				text := strings.TrimSpace(m[3])
				for k := n + 1; k < len(lines) && len(lines[k-1]) > 72 && !strings.ContainsAny(text[len(text)-1:], ".:") && brokenLine.MatchString(lines[k]); k++ {
					text += " " + strings.TrimSpace(lines[k])
				}
				f(path, boxLine{fmt.Sprintf("%s:%d", path, n+1), m[1], text, heading})
			}
		}
	})
}

// boxStatus is what a box says, in the words of pm; what marks say beside those
// is the form's.
func boxStatus(mark string, marks map[string]string) string {
	if s := marks[mark]; s != "" {
		return s
	}
	if s := map[string]string{"x": "completed", "X": "completed", " ": "todo", "": "todo"}[mark]; s != "" {
		return s
	}
	return "blocked"
}

// boxes reads the boxes of all tasks.md below a root. The groups of number are
// the number and the title of a task.
func boxes(t *testing.T, root string, number *regexp.Regexp, marks map[string]string) (all []wanted) {
	boxLines(t, root, `(^|/)tasks\.md$`, func(_ string, b boxLine) {
		w := wanted{at: b.at, title: form.Emphasis(b.text), status: boxStatus(b.mark, marks)}
		if m := number.FindStringSubmatch(b.text); m != nil {
			w.title = form.Emphasis(m[2])
		}
		all = append(all, w)
	})
	return all
}

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
		status := map[string]string{"Done": "completed", "In Progress": "in_progress", "To Do": "todo", "Won't Do": "archived", "Simmering": "blocked"}[field(head, "status")]
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
