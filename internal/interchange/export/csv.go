package export

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
)

// A table is a plan as CSV, a row for each item.
type table struct {
	w     *csv.Writer
	names []string // of the columns, once they are written
	own   []string // the fields that the project has declared
}

// columns are those of every plan. The project's own fields follow, and then the
// descriptions.
var columns = []string{"level", "key", "title", "status", "priority", "kind", "labels", "assignee", "held_by", "parent", "depends_on", "refs", "due", "defer", "estimate",
	"checks", "resolution", "blocked_reason", "created_at", "started_at", "completed_at", "updated_at",
	"agent_type", "stage", "repeat", "file_path", "links", "business_value", "blocked_at", "tasks_total", "tasks_completed", "estimate_total", "estimate_done"}

func newTable(w io.Writer) *table { return &table{w: csv.NewWriter(w)} }

// project takes the fields that the project has declared: each gets a column.
func (t *table) project(p plan.Project) error {
	for _, d := range p.Definitions {
		if d.Kind == plan.FieldDefinition {
			t.own = append(t.own, d.Name)
		}
	}
	return nil
}

// header writes the names of the columns, once.
func (t *table) header() {
	if t.names != nil {
		return
	}
	t.names = slices.Concat(columns, t.own, []string{"description"})
	names := slices.Clone(t.names)
	for i, name := range t.own {
		if slices.Contains(columns, name) {
			names[len(columns)+i] = "field." + name
		}
	}
	t.w.Write(names) // its error is that of the next write
}

// inert keeps a value from being a formula in a spreadsheet.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n'", rune(s[0])) || strings.HasPrefix(s, "\uff1d") {
		return "'" + s
	}
	return s
}

// row writes the cells of an item, by their columns, and its own fields.
func (t *table) row(cells map[string]string, own plan.Fields) error {
	t.header()
	row := make([]string, len(t.names))
	for n, name := range t.names {
		if n >= len(columns) && n < len(columns)+len(t.own) {
			row[n] = inert(own[name].String())
		} else {
			row[n] = inert(cells[name])
		}
	}
	return t.w.Write(row)
}

func (t *table) epic(e plan.Epic) error {
	return t.row(map[string]string{"level": "epic", "key": e.Key.String(), "title": e.Title, "status": string(e.Status), "priority": string(e.Priority), "labels": strings.Join(e.Labels, ","),
		"depends_on": plan.JoinKeys(e.DependsOn, ","), "refs": strings.Join(e.Refs, ","), "due": string(e.Due), "defer": string(e.Defer),
		"created_at": plan.Stamp(e.CreatedAt), "updated_at": plan.Stamp(e.UpdatedAt), "links": linked(e.Links, "\n"), "business_value": string(e.BusinessValue),
		"tasks_total": strconv.Itoa(e.TasksTotal), "tasks_completed": strconv.Itoa(e.TasksCompleted), "estimate_total": estimate(e.EstimateTotal), "estimate_done": estimate(e.EstimateDone), "description": e.Description}, e.Fields)
}

func (t *table) feature(f plan.Feature) error {
	return t.row(map[string]string{"level": "feature", "key": f.Key.String(), "title": f.Title, "status": string(f.Status), "labels": strings.Join(f.Labels, ","), "parent": f.EpicKey.String(),
		"depends_on": plan.JoinKeys(f.DependsOn, ","), "refs": strings.Join(f.Refs, ","), "due": string(f.Due), "defer": string(f.Defer),
		"created_at": plan.Stamp(f.CreatedAt), "updated_at": plan.Stamp(f.UpdatedAt), "links": linked(f.Links, "\n"),
		"tasks_total": strconv.Itoa(f.TasksTotal), "tasks_completed": strconv.Itoa(f.TasksCompleted), "estimate_total": estimate(f.EstimateTotal), "estimate_done": estimate(f.EstimateDone), "description": f.Description}, f.Fields)
}

func (t *table) task(k plan.Task) error {
	cells := map[string]string{"level": "task", "key": k.Key.String(), "title": k.Title, "status": string(k.Status), "priority": strconv.Itoa(k.Priority), "labels": strings.Join(k.Labels, ","), "parent": k.FeatureKey.String(),
		"depends_on": plan.JoinKeys(k.DependsOn, ","), "refs": strings.Join(k.Refs, ","), "due": string(k.Due), "defer": string(k.Defer), "estimate": estimate(k.Estimate),
		"created_at": plan.Stamp(k.CreatedAt), "updated_at": plan.Stamp(k.UpdatedAt), "links": linked(k.Links, "\n"), "description": k.Description}
	maps.Copy(cells, map[string]string{"kind": k.Kind, "assignee": k.Assignee, "held_by": k.AssignedAgent, "checks": checks(k.Checks), "resolution": string(k.ToldResolution()), "blocked_reason": k.BlockedReason,
		"started_at": stamp(k.StartedAt), "completed_at": stamp(k.CompletedAt), "blocked_at": stamp(k.BlockedAt), "agent_type": k.AgentType, "stage": k.Stage, "repeat": k.Repeat, "file_path": k.FilePath})
	return t.row(cells, k.Fields)
}

// estimate writes an estimate or a sum of them; empty for none.
func estimate(e plan.Estimate) string {
	if e == 0 {
		return ""
	}
	return e.String()
}

// linked writes what an item is linked to, and how where that says something. An address
// may hold a comma: only between lines none can be mistaken.
func linked(all []plan.Link, between string) string {
	words := make([]string, len(all))
	for i, l := range all {
		if words[i] = l.To; l.As != plan.Relates {
			words[i] = string(l.As) + " " + l.To
		}
	}
	return strings.Join(words, between)
}

// checks writes a checklist as Markdown has it, a line for each.
func checks(all []plan.Check) string {
	lines := make([]string, len(all))
	for i, c := range all {
		lines[i] = "[" + map[bool]string{true: "x", false: " "}[c.Done] + "] " + c.Text
	}
	return strings.Join(lines, "\n")
}

func (t *table) end() error {
	t.header()
	t.w.Flush()
	return t.w.Error()
}
