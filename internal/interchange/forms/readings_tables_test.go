package forms

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
)

// rows reads a table: of each row a function that returns the values of the
// columns of a name.
func rows(t *testing.T, root string, comma rune) (all []func(name string) []string) {
	dir, pattern := root, `\.csv$`
	if strings.HasSuffix(root, ".csv") {
		dir, pattern = filepath.Dir(root), filepath.Base(root)+"$"
	}
	eachText(t, dir, pattern, func(_, text string) {
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord, r.Comma = -1, comma
		table, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range table[1:] {
			all = append(all, func(name string) (out []string) {
				for n, v := range row {
					if table[0][n] == name && v != "" {
						out = append(out, v)
					}
				}
				return out
			})
		}
	})
	return all
}

func only(values []string) string { return strings.Join(values, "") }

func day(layout, text string) string {
	d, err := time.Parse(layout, text)
	if err != nil {
		return ""
	}
	return plan.Stamp(d)
}

func jiraWanted(t *testing.T, root string) (all []wanted) {
	const layout = "02/Jan/06 3:04 PM"
	blocks := map[string][]string{}
	table := rows(t, root, ',')
	for _, row := range table {
		for _, other := range row("Outward issue link (Blocks)") {
			blocks[other] = append(blocks[other], only(row("Issue key")))
		}
	}
	for _, row := range table {
		key := only(row("Issue key"))
		w := wanted{id: key, title: only(row("Summary")), created: day(layout, only(row("Created"))), completed: day(layout, only(row("Resolved"))), labels: append([]string{}, row("Labels")...), deps: []string{}}
		w.status = map[string]string{"To Do": "todo", "In Progress": "in_progress", "Done": "completed", "Closed": "completed", "Handed over": "completed"}[only(row("Status"))]
		if w.status == "" {
			w.status = "blocked"
		}
		if only(row("Resolution")) == "Won't Do" {
			w.status, w.completed = "archived", ""
		}
		for _, c := range row("Comment") {
			w.comments = append(w.comments, strings.SplitN(c, ";", 3)[2])
		}
		if due, err := time.Parse("02/Jan/06", only(row("Due date"))); err == nil {
			w.due = due.Format(time.DateOnly)
		}
		seen := map[string]bool{}
		for _, on := range append(row("Inward issue link (Blocks)"), blocks[key]...) {
			if !seen[on] {
				seen[on], w.deps = true, append(w.deps, on)
			}
		}
		if only(row("Issue Type")) == "Epic" {
			w.deps, w.labels = nil, nil
		}
		all = append(all, w)
	}
	return all
}

func linearWanted(t *testing.T, root string) (all []wanted) {
	for _, row := range rows(t, root, ',') {
		w := wanted{id: only(row("ID")), title: only(row("Title")), created: moment(only(row("Created"))), completed: moment(only(row("Completed"))), due: only(row("Due Date")), deps: append([]string{}, row("Blocked by")...), labels: []string{},
			status: map[string]string{"Todo": "todo", "Backlog": "todo", "In Progress": "in_progress", "Done": "completed", "Canceled": "archived", "Triage": "blocked"}[only(row("Status"))]}
		for _, l := range strings.Split(only(row("Labels")), ", ") {
			if l != "" {
				w.labels = append(w.labels, l)
			}
		}
		all = append(all, w)
	}
	return all
}

// csvWanted reads the tables of nobody's form in testdata and among the samples.
func csvWanted(t *testing.T, root string) (all []wanted) {
	if filepath.Base(root) != "plan.csv" {
		for _, row := range rows(t, root, ',') {
			all = append(all, wanted{id: only(row("id")), title: only(row("task")), status: map[bool]string{true: "completed", false: "todo"}[row("finished_date") != nil],
				created: day(time.DateOnly, only(row("created_date"))), completed: day(time.DateOnly, only(row("finished_date")))})
		}
		return all
	}
	for _, row := range rows(t, root, ';') {
		w := wanted{id: only(row("Key")), title: only(row("Task")), created: day(time.DateOnly, only(row("Created at"))), deps: append([]string{}, row("Depends on")...), labels: []string{},
			status: map[string]string{"open": "todo", "doing": "in_progress", "done": "completed", "on ice": "blocked"}[only(row("State"))]}
		if tags := only(row("Tags")); tags != "" {
			w.labels = strings.Split(tags, ",")
		}
		all = append(all, w)
	}
	return all
}

// taskwarriorWanted reads tasks with encoding/json.
func taskwarriorWanted(t *testing.T, root string) (all []wanted) {
	const layout = "20060102T150405Z"
	eachText(t, root, `\.json$`, func(_, text string) {
		var tasks []struct {
			UUID, Description, Status, Entry, End, Due, Start string
			Tags, Depends                                     []string
			Annotations                                       []struct{ Description string }
		}
		if err := json.Unmarshal([]byte(text), &tasks); err != nil {
			t.Fatal(err)
		}
		for _, k := range tasks {
			w := wanted{id: k.UUID, title: k.Description, created: day(layout, k.Entry), completed: day(layout, k.End), deps: append([]string{}, k.Depends...), labels: append([]string{}, k.Tags...),
				status: map[string]string{"pending": "todo", "waiting": "todo", "completed": "completed", "deleted": "archived", "recurring": "blocked"}[k.Status]}
			if k.Status == "pending" && k.Start != "" {
				w.status = "in_progress"
			}
			if due, err := time.Parse(layout, k.Due); err == nil {
				w.due = string(plan.DateOf(due))
			}
			for _, a := range k.Annotations {
				w.comments = append(w.comments, a.Description)
			}
			all = append(all, w)
		}
	})
	return all
}
