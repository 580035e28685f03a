package interchange

import (
	"strings"
	"unicode"
)

// fieldNames maps the words that plans use for a field to the one used here.
var fieldNames = onceMap(`
key: key
task_key: task_key task_id
id: id
feature: feature feature_key
epic: epic epic_key
title: title
description: description
status: status state task_status task_state current_status workflow_status workflow_state
priority: priority
business_value: business_value
created_at: created created_at created_on created_date date_created opened opened_at
started_at: started started_at started_on date_started
completed_at: completed completed_at completed_on completed_date completion_date date_completed done_at done_date done_on finished_at
completed_at: finished_on finish_date closed_at closed_on closed_date date_closed resolved_at merged_at
updated_at: updated updated_at updated_on last_updated updated_date modified modified_at last_modified
defer: defer defer_until deferred_until defer_to defer_date postponed_until snooze snooze_until snoozed_until wait wait_until hidden_until
defer: hold_until on_hold_until blocked_until not_before start start_date start_on start_after earliest_start scheduled scheduled_for
defer: available_from
depends_on: depends_on dependencies dependency depends deps dependson depends_upon task_dependencies blocked_by blockedby blocker blockers
depends_on: requires needs prerequisite prerequisites prereqs predecessor predecessors after waits_for waiting_for waiting_on wait_for
depends_on: upstream
blocks: blocks is_blocking blocking enables unblocks required_by needed_by dependents successors successor downstream
agent_type: agent agent_type
assigned_agent: assigned_agent
assignee: assigned_to assignee assignees assigned owner claimed_by
blocked_reason: blocked_reason block_reason hold_reason deferred_reason
file_path: file_path
`)

func newField(label string, values ...string) *field {
	label = strings.TrimSpace(label)
	name := nameOf(label)
	if known, ok := fieldNames()[name]; ok {
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
