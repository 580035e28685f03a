package tracker_test

import (
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// TestDoctorNamesEachEdit edits a plan past pm, one thing at a time: each is
// found, and named.
func TestDoctorNamesEachEdit(t *testing.T) {
	const task = "T-E01-F01-001"
	type edit struct{ sql, undo, says string }
	triggers := map[string]edit{
		"sqlite":   {`create trigger foreign_one after update on tasks begin select 1; end`, `drop trigger foreign_one`, "trigger foreign_one"},
		"postgres": {`create trigger foreign_one before update on tasks for each row execute function suppress_redundant_updates_trigger()`, `drop trigger foreign_one on tasks`, "trigger foreign_one"},
	}
	edits := []edit{
		{`update notes set answer = 'x'`, `update notes set answer = null`, "note 1"},
		{`update tasks set resolution = 'done' where key = 'T-E01-F01-001'`, `update tasks set resolution = null where key = 'T-E01-F01-001'`, "resolution"},
		{`update task_history set change = change || 'x' where id = (select min(id) from task_history)`, ``, "hash"},
		{`update labels set folded = 'x'`, `update labels set folded = 'urgent'`, "looked up as"},
		{`update refs set folded = 'x'`, `update refs set folded = 'proj-7'`, "looked up as"},
		{`update tasks set title = 'x' where key = 'T-E01-F01-001'`, `update tasks set title = 'Task 1' where key = 'T-E01-F01-001'`, "title"},
		{`update tasks set description = 'x' where key = 'T-E01-F01-001'`, `update tasks set description = '' where key = 'T-E01-F01-001'`, "description"},
		{`update tasks set priority = 1 where key = 'T-E01-F01-001'`, `update tasks set priority = 5 where key = 'T-E01-F01-001'`, "priority"},
		{`update tasks set agent_type = 'x' where key = 'T-E01-F01-001'`, `update tasks set agent_type = null where key = 'T-E01-F01-001'`, "agent_type"},
		{`update tasks set file_path = 'x' where key = 'T-E01-F01-001'`, `update tasks set file_path = null where key = 'T-E01-F01-001'`, "file_path"},
		{`update tasks set blocked_reason = 'x' where key = 'T-E01-F01-001'`, `update tasks set blocked_reason = null where key = 'T-E01-F01-001'`, "blocked_reason"},
		{`update tasks set assigned_agent = 'eve' where key = 'T-E01-F01-001'`, `update tasks set assigned_agent = 'ann' where key = 'T-E01-F01-001'`, "assigned_agent"},
		{`update tasks set session = 'x' where key = 'T-E01-F01-001'`, `update tasks set session = null where key = 'T-E01-F01-001'`, "session"},
		{`update tasks set fence = fence + 1 where key = 'T-E01-F01-001'`, `update tasks set fence = fence - 1 where key = 'T-E01-F01-001'`, "fence"},
		{`update tasks set lease_until = '2099-01-01T00:00:00.000Z' where key = 'T-E01-F01-001'`, ``, "lease"},
		{`update tasks set version = version + 1 where key = 'T-E01-F01-001'`, `update tasks set version = version - 1 where key = 'T-E01-F01-001'`, "version"},
		{`update tasks set uid = 'x' || uid where key = 'T-E01-F01-001'`, `update tasks set uid = substr(uid, 2) where key = 'T-E01-F01-001'`, "hash"},
		{`update idempotency_keys set response = 'x' || response`, `update idempotency_keys set response = substr(response, 2)`, "stored answer"},
		{`update idempotency_keys set request = 'x' || request`, `update idempotency_keys set request = substr(request, 2)`, "stored answer"},
		{`update tasks set started_at = null where key = 'T-E01-F01-001'`, ``, "started_at"},
		{`update tasks set created_at = '2020-01-01T00:00:00.000Z' where key = 'T-E01-F01-002'`, ``, "created_at"},
		{`update tasks set status = 'completed' where key = 'T-E01-F01-002'`, ``, "status"},
		{`update tasks set last_note = 9 where key = 'T-E01-F01-001'`, ``, "last_note"},
		{`update notes set body = 'x'`, ``, "note 1"},
		{`delete from notes`, ``, "note 1"},
		{`update notes set kind = 'decision'`, ``, "note 1"},
		{`delete from task_dependencies`, ``, "dependency"},
		{`update tasks set open_dependencies = 7 where key = 'T-E01-F01-002'`, ``, "open dependencies"},
		{`update features set tasks_total = 9`, ``, "9"},
		{`update features set title = 'x'`, ``, "title"},
		{`update epics set priority = 'low'`, ``, "priority"},
		{`update task_history set notes = 'x' where id = (select min(id) from task_history)`, ``, "hash"},
		{`update task_history set change = '{broken' where id = (select min(id) from task_history)`, ``, "hash"},
		{`update operations set command = 'x' where id = (select min(id) from operations)`, ``, "operation"},
		{`update operations set agent = 'eve' where id = (select min(id) from operations)`, ``, "operation"},
		{`update operations set seq = seq + 1000000 where id = (select min(id) from operations)`, ``, "operation"},
		{`update contents set body = 'x'`, ``, "one of its former texts was altered"},
		{`update trash set title = 'x'`, ``, "trash"},
		{`update trash_parts set lines = replace(lines, 'Task 3', 'Task 4')`, ``, "trash"},
		{`delete from task_history where id = (select max(id) from task_history where task_id = (select item_id from trash))`, ``, "trash"},
		{`update task_history set agent = 'eve' where task_id = (select item_id from trash)`, ``, "trash"},
		{`update project set last_epic = 0`, ``, "highest number"},
		{`update epics set last_child = 0`, ``, "highest number"},
		{`update features set last_child = 2`, ``, "highest number"},
		{`update migrations set checksum = 'x' || checksum`, `update migrations set checksum = substr(checksum, 2)`, "schema"},
		{`delete from task_history where id = (select max(id) from task_history)`, ``, "history"},
		{`update tasks set key = 'T-E01-F01-009' where key = 'T-E01-F01-002'`, ``, "its id is that of T-E01-F01-002"},
		{`update tasks set lease_seconds = 9 where key = 'T-E01-F01-001'`, ``, "lease"},
		{`update tasks set lease_digest = 'x' where key = 'T-E01-F01-001'`, ``, "lease"},
		{`update tasks set updated_at = '2020-01-01T00:00:00.000Z' where key = 'T-E01-F01-001'`, ``, "updated_at"},
		{`update tasks set history_hash = 'x' where key = 'T-E01-F01-001'`, ``, "history_hash"},
		{`update tasks set blocked_from = 'todo' where key = 'T-E01-F01-001'`, ``, "blocked_from"},
		{`update tasks set offered = 0 where key = 'T-E01-F01-001'`, ``, "offered"},
		{`delete from tasks where key = 'T-E01-F01-002'`, ``, "neither exists nor is in the trash"},
		{`update notes set n = 7`, ``, "note 7"},
		{`update notes set item_id = 12345 where item_id > 0`, ``, "notes of items that no longer exist"},
		{`update epics set last_note = 9`, ``, "last_note"},
		{`update features set last_note = 9`, ``, "last_note"},
		{`update notes set agent = 'eve'`, ``, "note 1"},
		{`update notes set created_at = '2020-01-01T00:00:00.000Z'`, ``, "note 1"},
		{`insert into task_dependencies (task_id, depends_on_id) select b.id, a.id from tasks a, tasks b where a.key = 'T-E01-F01-002' and b.key = 'T-E01-F01-001'`, ``, "dependency on T-E01-F01-002"},
		{`update features set description = 'x'`, ``, "description"},
		{`update epics set status = 'draft'`, ``, "status"},
		{`update epics set business_value = 'low'`, ``, "business_value"},
		{`update epics set tasks_completed = 1`, ``, "completed"},
		{`update task_counts set todo = todo + 1 where id = (select min(id) from task_counts)`, ``, "todo"},
		{`update plan_history set key = 'E09' where epic_id is not null`, ``, "under the key E09"},
		{`update plan_history set agent = 'eve'`, ``, "hash"},
		{`update task_history set timestamp = '2020-01-01T00:00:00.000Z'`, ``, "hash"},
		{`update task_history set operation = 'x' where id = (select min(id) from task_history)`, ``, "hash"},
		{`update contents set digest = 'x'`, ``, "the text of a description in its history is missing"},
		{`delete from contents`, ``, "the text of a description in its history is missing"},
		{`insert into contents (item_id, digest, body) select id, 'x', 'y' from tasks where key = 'T-E01-F01-002'`, ``, "former text"},
		{`delete from operations where id = (select max(operation) from task_history)`, ``, "is missing"},
		{`update operations set items = 0`, ``, "changed 0 items"},
		{`update trash set uid = 'x'`, ``, "trash"},
		{`update trash set tasks = 7`, ``, "trash"},
		{`update trash set agent = 'eve'`, ``, "trash"},
		{`update trash set operation = 'x'`, ``, "trash"},
		{`update trash set deleted_at = '2020-01-01T00:00:00.000Z'`, ``, "trash"},
		{`update trash set history_hash = 'x'`, ``, "trash"},
		{`update trash set key = 'T-E01-F01-002'`, ``, "trash"},
		{`update trash_parts set lines = replace(lines, 'Task 3', 'Task 5')`, ``, "title does not match"},
		{`update trash_parts set lines = 'x'`, ``, "cannot be read"},
		{`delete from trash_parts`, ``, "items in the trash, but"},
		{`delete from trash`, ``, "neither exists nor is in the trash"},
	}
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.tasks(f, 3)
		ok[tracker.Changed](t)(r.depend(k[1], k[0]))
		for _, description := range []string{"a description that is longer than what a record holds itself, by far and away", ""} {
			ok[tracker.Changed](t)(r.UpdateTask(as("ann"), tracker.UpdateTask{Keys: names(k[1:2]), Description: &description}))
		}
		ok[tracker.Deleted](t)(r.delete(k[2], false))
		ok[plan.Note](t)(r.AddNote(tracker.WithIdempotencyKey(as("ann"), "k"), tracker.AddNote{Key: task, Body: "a note that is longer than what a record holds itself, by far and away"}))
		ok[tracker.Item](t)(r.AddRefs(as("ann"), tracker.Ref{Key: k[1].String(), Refs: []string{"PROJ-7"}}))
		ok[tracker.Items](t)(r.AddLabels(as("ann"), tracker.Label{Keys: names(k[1:2]), Labels: []string{"Urgent"}}))
		r.do("ann", plan.Claim, k[0])
		look := func() (says string) {
			d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{}))
			for _, c := range d.Checks {
				for _, flaw := range c.Flaws {
					says += flaw.Key.String() + ": " + flaw.Text + "\n"
				}
			}
			return says
		}
		if says := look(); says != "" {
			t.Fatalf("before any edit:\n%s", says)
		}
		saved := r.export()
		for _, e := range append(edits, triggers[r.DB().Engine()]) {
			r.sql(e.sql)
			if says := look(); !strings.Contains(says, e.says) {
				t.Errorf("%s: want %q in\n%s", e.sql, e.says, says)
			}
			if e.undo != "" {
				r.sql(e.undo)
				continue
			}
			for _, table := range []string{"epics", "labels", "refs", "notes", "task_history", "plan_history", "contents", "operations", "trash"} {
				r.sql(`delete from ` + table)
			}
			r.sql(`delete from task_counts`)
			r.sql(`update project set last_epic = 0`)
			ok[tracker.Imported](t)(r.load(saved))
		}
	})
}

// A change that is dated in the future says that a clock is wrong.
func TestDoctorNamesAClockThatIsBehind(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.task(r.plan(), "Pay")
		r.sound("as it is")
		r.sql(`update operations set at = replace(at, '20', '21')`)
		d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{}))
		if !slices.ContainsFunc(d.Findings, func(f tracker.Finding) bool { return f.Where == "clock" && f.Severity == "warning" }) {
			t.Errorf("%+v", d.Findings)
		}
	})
}
