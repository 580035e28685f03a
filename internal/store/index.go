package store

import "slices"

// held are the columns of tasks that an index holds beside those it is found
// by: what reads no others looks at no row.
var held = map[string][]string{
	"":                            {"id", "status", "priority", "created_at", "updated_at", "agent_type", "assigned_agent", "started_at", "completed_at", "blocked_at", "file_path", "description", "session", "kind", "due", "estimate", "assignee", "not_before", "deferred", "resolution", "position", "stage"},
	"idx_tasks_status":            {"id", "status"},
	"idx_tasks_agent_type":        {"id", "agent_type", "priority", "created_at"},
	"idx_tasks_status_priority":   {"id", "status", "priority", "created_at", "agent_type", "assigned_agent"},
	"idx_tasks_status_created_at": append([]string{"started_at"}, everyFilter...),
	"idx_tasks_status_updated_at": everyFilter,
	"idx_tasks_feature_id":        everyFilter,
	"idx_tasks_assigned_agent":    append([]string{"session"}, everyFilter...),
	"idx_tasks_started_at":        {"id", "started_at", "status", "priority", "created_at", "agent_type", "assigned_agent"},
	"idx_tasks_completed_at":      append([]string{"completed_at", "started_at"}, everyFilter...),
	"idx_tasks_blocked_at":        append([]string{"blocked_at"}, everyFilter...),
	"idx_tasks_resolution":        append([]string{"resolution", "completed_at"}, everyFilter...),
	"idx_tasks_kind":              {"id", "kind", "status", "priority", "created_at", "updated_at"},
	"idx_tasks_due":               append([]string{"due"}, everyFilter...),
	"idx_tasks_estimate":          {"id", "estimate", "status", "priority", "agent_type", "assigned_agent"},
	"idx_tasks_assignee":          {"id", "assignee", "priority", "status", "agent_type"},
	"idx_tasks_assignee_id":       append([]string{"assignee"}, everyFilter...),
	"idx_tasks_stage":             {"id", "stage", "priority", "status", "agent_type"},
	"idx_tasks_position":          {"id", "priority", "position", "assignee", "agent_type", "status"},
	"idx_tasks_not_before":        {"id", "not_before", "deferred", "status", "priority", "open_dependencies", "offered", "assignee", "agent_type", "created_at", "updated_at"},
	"idx_tasks_has":               {"id"},
	"idx_tasks_file_path":         {"id", "file_path", "status"},
	"idx_tasks_ready":             {"id", "priority", "created_at"},
	"idx_tasks_waiting":           {"id", "priority", "created_at", "updated_at", "agent_type"},
	"idx_tasks_lease_until":       {"id", "lease_until"},
}

// everyFilter are the columns that a list is mostly filtered and sorted by.
var everyFilter = []string{"id", "status", "priority", "created_at", "updated_at", "agent_type", "assigned_agent"}

// holds reports whether the index, or for "" the table itself, holds the columns.
func holds(index string, columns []string) bool {
	return index == "" || !slices.ContainsFunc(columns, func(c string) bool { return !slices.Contains(held[index], c) })
}

// hasFile and isDescribed are the columns of idx_tasks_has, word for word.
const (
	hasFile     = "(case when file_path is null then 0 else 1 end)"
	isDescribed = "(case when description = '' then 0 else 1 end)"
)
