package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"pm/internal/plan"
)

// A table is a plan as CSV, a row for each item.
type table struct{ w *csv.Writer }

var columns = []string{"level", "key", "title", "status", "priority", "kind", "labels", "assignee", "held_by", "parent", "depends_on", "refs", "due", "defer", "estimate",
	"checks", "resolution", "blocked_reason", "created_at", "started_at", "completed_at", "updated_at", "description"}

func newTable(w io.Writer) *table {
	t := &table{csv.NewWriter(w)}
	t.w.Write(columns) // its error is that of the next write
	return t
}

// inert keeps a value from being a formula in a spreadsheet.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n'", rune(s[0])) || strings.HasPrefix(s, "\uff1d") {
		return "'" + s
	}
	return s
}

func (t *table) row(fields ...string) error {
	for n := range fields {
		fields[n] = inert(fields[n])
	}
	return t.w.Write(fields)
}

func (t *table) epic(e plan.Epic) error {
	return t.row("epic", e.Key.String(), e.Title, string(e.Status), string(e.Priority), "", strings.Join(e.Labels, ","), "", "", "", plan.JoinKeys(e.DependsOn, ","), strings.Join(e.Refs, ","),
		string(e.Due), string(e.Defer), "", "", "", "", plan.Stamp(e.CreatedAt), "", "", plan.Stamp(e.UpdatedAt), e.Description)
}

func (t *table) feature(f plan.Feature) error {
	return t.row("feature", f.Key.String(), f.Title, string(f.Status), "", "", strings.Join(f.Labels, ","), "", "", f.EpicKey.String(), plan.JoinKeys(f.DependsOn, ","), strings.Join(f.Refs, ","),
		string(f.Due), string(f.Defer), "", "", "", "", plan.Stamp(f.CreatedAt), "", "", plan.Stamp(f.UpdatedAt), f.Description)
}

func (t *table) task(k plan.Task) error {
	estimate := ""
	if k.Estimate != 0 {
		estimate = k.Estimate.String()
	}
	return t.row("task", k.Key.String(), k.Title, string(k.Status), strconv.Itoa(k.Priority), k.Kind, strings.Join(k.Labels, ","), k.Assignee, k.AssignedAgent, k.FeatureKey.String(), plan.JoinKeys(k.DependsOn, ","), strings.Join(k.Refs, ","),
		string(k.Due), string(k.Defer), estimate, plan.CheckProgress(k.Checks), string(k.ToldResolution()), k.BlockedReason, plan.Stamp(k.CreatedAt), stamp(k.StartedAt), stamp(k.CompletedAt), plan.Stamp(k.UpdatedAt), k.Description)
}

func (t *table) end() error {
	t.w.Flush()
	return t.w.Error()
}
