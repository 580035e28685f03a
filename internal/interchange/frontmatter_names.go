package interchange

import (
	"strings"
	"unicode"
)

// fieldNames maps the words that plans use for a field to the one used here.
var fieldNames = map[string]string{
	"key": "key", "task_key": "task_key", "task_id": "task_key", "id": "id",
	"feature": "feature", "feature_key": "feature", "epic": "epic", "epic_key": "epic",
	"title": "title", "description": "description",
	"status": "status", "state": "status", "task_status": "status", "task_state": "status", "current_status": "status",
	"workflow_status": "status", "workflow_state": "status",
	"priority": "priority", "business_value": "business_value",
	"created": "created_at", "created_at": "created_at", "created_on": "created_at", "created_date": "created_at", "date_created": "created_at",
	"opened": "created_at", "opened_at": "created_at",
	"started": "started_at", "started_at": "started_at", "started_on": "started_at", "date_started": "started_at",
	"completed": "completed_at", "completed_at": "completed_at", "completed_on": "completed_at", "completed_date": "completed_at",
	"completion_date": "completed_at", "date_completed": "completed_at", "done_at": "completed_at", "done_date": "completed_at",
	"done_on": "completed_at", "finished_at": "completed_at", "finished_on": "completed_at", "finish_date": "completed_at",
	"closed_at": "completed_at", "closed_on": "completed_at", "closed_date": "completed_at", "date_closed": "completed_at",
	"resolved_at": "completed_at", "merged_at": "completed_at",
	"updated": "updated_at", "updated_at": "updated_at", "updated_on": "updated_at", "last_updated": "updated_at", "updated_date": "updated_at",
	"modified": "updated_at", "modified_at": "updated_at", "last_modified": "updated_at",
	"defer": "defer", "defer_until": "defer", "deferred_until": "defer", "defer_to": "defer", "defer_date": "defer", "postponed_until": "defer",
	"snooze": "defer", "snooze_until": "defer", "snoozed_until": "defer", "wait": "defer", "wait_until": "defer", "hidden_until": "defer",
	"hold_until": "defer", "on_hold_until": "defer", "blocked_until": "defer", "not_before": "defer", "start": "defer", "start_date": "defer",
	"start_on": "defer", "start_after": "defer", "earliest_start": "defer", "scheduled": "defer", "scheduled_for": "defer", "available_from": "defer",
	"depends_on": "depends_on", "dependencies": "depends_on", "dependency": "depends_on", "depends": "depends_on", "deps": "depends_on",
	"dependson": "depends_on", "depends_upon": "depends_on", "task_dependencies": "depends_on", "blocked_by": "depends_on", "blockedby": "depends_on",
	"blocker": "depends_on", "blockers": "depends_on", "requires": "depends_on",
	"needs": "depends_on", "prerequisite": "depends_on", "prerequisites": "depends_on", "prereqs": "depends_on", "predecessor": "depends_on",
	"predecessors": "depends_on", "after": "depends_on", "waits_for": "depends_on", "waiting_for": "depends_on", "waiting_on": "depends_on",
	"wait_for": "depends_on", "upstream": "depends_on",
	"blocks": "blocks", "is_blocking": "blocks", "blocking": "blocks", "enables": "blocks", "unblocks": "blocks", "required_by": "blocks",
	"needed_by": "blocks", "dependents": "blocks", "successors": "blocks", "successor": "blocks", "downstream": "blocks",
	"agent": "agent_type", "agent_type": "agent_type", "assigned_agent": "assigned_agent",
	"assigned_to": "assignee", "assignee": "assignee", "assignees": "assignee", "assigned": "assignee", "owner": "assignee", "claimed_by": "assignee",
	"blocked_reason": "blocked_reason", "block_reason": "blocked_reason", "hold_reason": "blocked_reason", "deferred_reason": "blocked_reason",
	"file_path": "file_path",
}

func newField(label string, values ...string) *field {
	label = strings.TrimSpace(label)
	name := nameOf(label)
	if known, ok := fieldNames[name]; ok {
		name = known
	}
	return &field{name: name, label: label, values: values}
}

// nameOf returns a label as names are written: dependsOn and Depends On are depends_on.
func nameOf(label string) string {
	var b strings.Builder
	var before rune
	for _, r := range label {
		switch {
		case r == ' ' || r == '-' || r == '.':
			r = '_'
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteRune('_')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return b.String()
}
