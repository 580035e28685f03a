package ops

import (
	"context"
	"slices"
	"sync"

	"pm/internal/tracker"
)

// Table lists every operation. It is made once, and not to be changed.
func Table() []Op { return table() }

var table = sync.OnceValue(func() []Op {
	return slices.Concat(epics(), features(), tasks(), verbs(), dependencies(), notes(), overview())
})

func epics() []Op {
	return []Op{
		define(Op{Name: "epic create", Effect: Writes, Route: "POST /v1/epics", Summary: "Create an epic",
			Detail:   "It gets the next free key, such as E04, and is active unless another status is given.",
			Examples: []string{`epic create "Payments"`, `epic create "Payments" --priority high --status draft`}},
			(*tracker.Tracker).CreateEpic),
		define(Op{Name: "epic show", Effect: Reads, Route: "GET /v1/epics/{key}", Summary: "Show an epic",
			Detail:   "With its progress over all tasks in it. pm tree shows what lies under it.",
			Examples: []string{"epic show E01", "epic show E01 --json"}},
			(*tracker.Tracker).ShowEpic),
		define(Op{Name: "epic list", Effect: Reads, Route: "GET /v1/epics", Summary: "List epics",
			Detail:   "In the order of their keys.",
			Examples: []string{"epic list", "epic list --status active --json"}},
			(*tracker.Tracker).ListEpics),
		define(Op{Name: "epic update", Effect: Writes, Route: "PATCH /v1/epics/{key}", Summary: "Change an epic",
			Detail:   "Only the fields that are given change. Tasks of an epic that is not active are not offered as work.",
			Examples: []string{`epic update E01 --title "Payments and refunds"`, "epic update E01 --status active"}},
			(*tracker.Tracker).UpdateEpic),
	}
}

func features() []Op {
	return []Op{
		define(Op{Name: "feature create", Effect: Writes, Route: "POST /v1/features", Summary: "Create a feature in an epic",
			Detail:   "It gets the epic's next free key, such as E04-F01, and is active unless another status is given.",
			Examples: []string{`feature create E01 "Card payments"`, `feature create E01 "Invoices" --status draft`}},
			(*tracker.Tracker).CreateFeature),
		define(Op{Name: "feature show", Effect: Reads, Route: "GET /v1/features/{key}", Summary: "Show a feature",
			Detail:   "With its progress. pm tree shows the tasks in it.",
			Examples: []string{"feature show E01-F01", "feature show E01-F01 --json"}},
			(*tracker.Tracker).ShowFeature),
		define(Op{Name: "feature list", Effect: Reads, Route: "GET /v1/features", Summary: "List features",
			Detail:   "Of one epic or of all, in the order of their keys.",
			Examples: []string{"feature list E01", "feature list --status draft"}},
			(*tracker.Tracker).ListFeatures),
		define(Op{Name: "feature update", Effect: Writes, Route: "PATCH /v1/features/{key}", Summary: "Change a feature",
			Detail:   "Only the fields that are given change. Tasks of a feature that is not active are not offered as work.",
			Examples: []string{`feature update E01-F01 --title "Card payments, 3-D Secure"`, "feature update E01-F01 --status completed"}},
			(*tracker.Tracker).UpdateFeature),
	}
}

func tasks() []Op {
	return []Op{
		define(Op{Name: "task create", Effect: Writes, Route: "POST /v1/tasks", Summary: "Create a task in a feature",
			Detail:   "It gets the feature's next free key, such as T-E04-F01-001. With --from - it reads many, as JSON lines, and creates all of them or none.",
			Examples: []string{`task create E01-F01 "Validate card numbers" --priority 2 --agent-type backend`, `task create E01-F01 "Show the receipt" --depends-on T-E01-F01-001`}},
			createTask),
		define(Op{Name: "task create-many", Effect: Writes, Route: "POST /v1/tasks/batch", Summary: "Create many tasks, all or none",
			Detail: "On the command line this is pm task create --from -."},
			(*tracker.Tracker).CreateTasks),
		define(Op{Name: "task show", Effect: Reads, Route: "GET /v1/tasks/{key}", Summary: "Show a task",
			Detail:   "pm show --context adds its notes, its neighbours and why it was rejected.",
			Examples: []string{"task show T-E01-F01-001", "task show e01-f01-001 --json"}},
			(*tracker.Tracker).ShowTask),
		define(Op{Name: "task list", Daily: "list", Effect: Reads, Route: "GET /v1/tasks", Summary: "List tasks",
			Detail:   "QUERY is made of terms such as status:todo,blocked -type:docs priority:1..3 epic:E01 is:ready agent:a1 updated:-3d.. sort:-updated, and of words to look for in titles and descriptions; docs/query.md has them all. Terms and flags narrow the list together. In a shell, < and > want quotes. The list stops at 50 unless --limit says otherwise, and says how many are left.",
			Examples: []string{"list status:todo 'priority:<=3' -type:docs sort:priority", "list is:open updated:-3d.. receipt", "list --epic E01 --sort priority --limit 0 --json"}},
			(*tracker.Tracker).ListTasks),
		define(Op{Name: "task update", Effect: Writes, Route: "PATCH /v1/tasks/{key}", Also: "PATCH /v1/tasks", Summary: "Change tasks",
			Detail:   "Only the fields that are given change, of all tasks named or of none. The status changes by the verbs: pm claim, pm complete and the others.",
			Examples: []string{`task update T-E01-F01-001 --title "Validate card numbers and dates"`, "task update T-E01-F01-001 T-E01-F01-002 --priority 1"}},
			(*tracker.Tracker).UpdateTask),
		define(Op{Name: "task next", Daily: "next", Effect: Writes, Route: "POST /v1/tasks/next", Summary: "Give the next task to work on",
			Detail:   "The ready task with the lowest priority number, then the oldest. With --claim it is taken in the same step, and nobody else gets it. With --wait it waits for one to become ready. Having none to give is no error: the answer says why.",
			Examples: []string{"next", "next --claim --agent-type backend --json"}},
			(*tracker.Tracker).Next),
		define(Op{Name: "task mine", Daily: "mine", Effect: Reads, Route: "GET /v1/tasks/mine", Summary: "List the tasks that you hold",
			Detail:   "In progress under your name, with the end of each lease. Others' are in pm list --status in_progress.",
			Examples: []string{"mine", "mine --agent a1 --json"}},
			(*tracker.Tracker).Mine),
		define(Op{Name: "task search", Daily: "search", Effect: Reads, Route: "GET /v1/tasks/search", Summary: "Search tasks by text",
			Detail:   "Finds the tasks that contain all words: in the title or key (these come first), in title, key, description and current reason together, or in one note. A word finds what begins with it, a word in double quotes only itself, a key its task or all tasks under it. Chinese, Japanese, Thai and the like are found anywhere in a text. Case and accents do not matter.",
			Examples: []string{`search card`, `search "receipt page" --status todo`}},
			(*tracker.Tracker).Search),
		define(Op{Name: "task context", Effect: Reads, Route: "GET /v1/tasks/{key}/context", Summary: "Show a task with all that is needed to begin",
			Detail: "On the command line this is pm show KEY --context."},
			(*tracker.Tracker).ShowContext),
	}
}

// verbs are the rows of the status table.
func verbs() []Op {
	status := func(op Op) Op {
		op.Name, op.Effect = "task "+op.Daily, Writes
		op.Route, op.Also = "POST /v1/tasks/{key}/"+op.Daily, "POST /v1/tasks/"+op.Daily
		return op
	}
	return []Op{
		define(status(Op{Daily: "claim", Summary: "Take ready tasks for yourself alone",
			Detail:   "Under a lease, 30 minutes unless asked otherwise, which pm renew and every change of yours renews. When it has run out, others may take the task. A task that is held already is a conflict, also under your own name.",
			Examples: []string{"claim T-E01-F01-001", "claim T-E01-F01-001 --lease 2h --agent a1"}}),
			(*tracker.Tracker).Claim),
		define(status(Op{Daily: "renew", Summary: "Renew your leases",
			Detail:   "From now on, for as long as the task was claimed for. It is no change of the task.",
			Examples: []string{"renew T-E01-F01-001", "renew T-E01-F01-001 --lease 2h"}}),
			(*tracker.Tracker).Renew),
		define(status(Op{Daily: "release", Summary: "Give tasks back",
			Detail:   "They are todo again, held by nobody. Others than the holder need --force and a reason.",
			Examples: []string{"release T-E01-F01-001", `release T-E01-F01-001 --force --reason "its agent is gone"`}}),
			(*tracker.Tracker).Release),
		define(status(Op{Daily: "start", Summary: "Start tasks, without a lease",
			Detail:   "For people: the task stays theirs until they end or release it.",
			Examples: []string{"start T-E01-F01-001", "start T-E01-F01-001 T-E01-F01-002"}}),
			(*tracker.Tracker).Start),
		define(status(Op{Daily: "submit", Summary: "Hand tasks in for review",
			Detail:   "pm approve completes them, pm reject sends them back.",
			Examples: []string{"submit T-E01-F01-001", `submit T-E01-F01-001 --reason "see the tests"`}}),
			(*tracker.Tracker).Submit),
		define(status(Op{Daily: "approve", Summary: "Complete tasks that were reviewed",
			Detail:   "Only what is ready for review.",
			Examples: []string{"approve T-E01-F01-001", "approve T-E01-F01-001 T-E01-F01-002"}}),
			(*tracker.Tracker).Approve),
		define(status(Op{Daily: "reject", Summary: "Send tasks back from review",
			Detail:   "The reason is required, and shown first to whoever takes the task up again.",
			Examples: []string{`reject T-E01-F01-001 --reason "no test for expired cards"`, `reject T-E01-F01-001 -r "does not build"`}}),
			(*tracker.Tracker).Reject),
		define(status(Op{Daily: "complete", Alias: "done", Summary: "Complete tasks",
			Detail:   "What is todo, in progress or ready for review. Tasks that waited for them may become ready.",
			Examples: []string{"complete T-E01-F01-001", "done T-E01-F01-001 T-E01-F01-002"}}),
			(*tracker.Tracker).Complete),
		define(status(Op{Daily: "block", Summary: "Stop tasks for a reason",
			Detail:   "The reason is required. pm unblock puts them back where they were. Waiting for another task is not this: see pm dep add.",
			Examples: []string{`block T-E01-F01-001 --reason "waits for the bank's answer"`, `block T-E01-F01-001 -r "no access"`}}),
			(*tracker.Tracker).Block),
		define(status(Op{Daily: "unblock", Summary: "Put blocked tasks back where they were",
			Detail:   "The reason of the block is cleared; the history keeps it.",
			Examples: []string{"unblock T-E01-F01-001", `unblock T-E01-F01-001 --reason "the bank has answered"`}}),
			(*tracker.Tracker).Unblock),
		define(status(Op{Daily: "reopen", Summary: "Make completed or archived tasks todo again",
			Detail:   "The reason is required. Tasks that depend on them wait again.",
			Examples: []string{`reopen T-E01-F01-001 --reason "fails on leap days"`, `reopen T-E01-F01-001 -r "came back"`}}),
			(*tracker.Tracker).Reopen),
		define(status(Op{Daily: "archive", Summary: "Take tasks out of the plan",
			Detail:   "They stay, and so does their history; what depends on them waits no more. pm reopen brings them back. pm delete removes.",
			Examples: []string{"archive T-E01-F01-001", `archive T-E01-F01-001 --reason "not needed any more"`}}),
			(*tracker.Tracker).Archive),
	}
}

func dependencies() []Op {
	return []Op{
		define(Op{Name: "dep add", Effect: Writes, Route: "POST /v1/tasks/{task}/dependencies", Summary: "Make a task wait for others",
			Detail:   "It is not ready before they are done. A cycle is refused, and printed.",
			Examples: []string{"dep add T-E01-F01-002 T-E01-F01-001", "dep add T-E01-F01-003 T-E01-F01-001 T-E01-F01-002"}},
			(*tracker.Tracker).AddDependencies),
		define(Op{Name: "dep remove", Effect: Writes, Route: "DELETE /v1/tasks/{task}/dependencies/{depends_on}", Also: "DELETE /v1/tasks/{task}/dependencies", Summary: "Make a task wait no more for others",
			Detail:   "All dependencies named, or none.",
			Examples: []string{"dep remove T-E01-F01-002 T-E01-F01-001", "dep remove T-E01-F01-003 T-E01-F01-001 T-E01-F01-002"}},
			(*tracker.Tracker).RemoveDependencies),
		define(Op{Name: "dep list", Effect: Reads, Route: "GET /v1/tasks/{task}/dependencies", Summary: "List what a task waits for, and what waits for it",
			Detail:   "With the status of each.",
			Examples: []string{"dep list T-E01-F01-002", "dep list T-E01-F01-002 --json"}},
			(*tracker.Tracker).ListDependencies),
	}
}

func notes() []Op {
	return []Op{
		define(Op{Name: "note add", Effect: Writes, Route: "POST /v1/tasks/{key}/notes", Summary: "Write a note down with a task",
			Detail:   "A handoff is shown first to the next holder.",
			Examples: []string{`note T-E01-F01-001 "the test data is in testdata/cards"`, `note T-E01-F01-001 "use the Luhn check" --kind decision`}},
			(*tracker.Tracker).AddNote),
		define(Op{Name: "task handoff", Daily: "handoff", Effect: Writes, Route: "POST /v1/tasks/{key}/handoff", Summary: "Write down how far a task is, for the next holder",
			Detail:   "A note of the kind handoff, which pm show --context and pm next --claim show first. The task stays yours; --release gives it back in the same step.",
			Examples: []string{`handoff T-E01-F01-001 "parser done; left: error messages" --release`, `handoff T-E01-F01-001 "the schema changed, see docs/schema.md"`}},
			(*tracker.Tracker).HandOff),
		define(Op{Name: "note list", Effect: Reads, Route: "GET /v1/tasks/{key}/notes", Summary: "List the notes of a task",
			Detail:   "Oldest first.",
			Examples: []string{"note list T-E01-F01-001", "note list T-E01-F01-001 --json"}},
			(*tracker.Tracker).ListNotes),
	}
}

// createTask answers as every operation does that changes tasks.
func createTask(t *tracker.Tracker, ctx context.Context, in tracker.CreateTask) (tracker.Changed, error) {
	task, err := t.CreateTask(ctx, in)
	return tracker.Created(task), err
}

func overview() []Op {
	return []Op{
		define(Op{Name: "item show", Daily: "show", Effect: Reads, Route: "GET /v1/items/{key}", Summary: "Show an epic, a feature or a task",
			Detail:   "The key says which. With --context a task comes with all that is needed to begin: what it depends on, notes, why it was rejected, its siblings.",
			Examples: []string{"show T-E01-F01-001", "show T-E01-F01-001 --context --json"}},
			(*tracker.Tracker).Show),
		define(Op{Name: "item delete", Daily: "delete", Effect: Deletes, Route: "DELETE /v1/items/{key}", Summary: "Delete an epic, a feature or a task",
			Detail:   "With all that lies under it. Everything is written to the trash first: pm restore brings it back. On a terminal it asks first. It does not delete what tasks elsewhere depend on, unless --force is given.",
			Examples: []string{"delete T-E01-F01-002 --dry-run", "delete T-E01-F01-002 --yes"}},
			(*tracker.Tracker).Delete),
		define(Op{Name: "plan log", Daily: "log", Effect: Reads, Route: "GET /v1/history", Summary: "Show the history, newest first",
			Detail:   "Of an item with what lies under it, or of the whole project.",
			Examples: []string{"log", "log T-E01-F01-001 --json"}},
			(*tracker.Tracker).Log),
		define(Op{Name: "plan tree", Daily: "tree", Effect: Reads, Route: "GET /v1/tree", Summary: "Show the plan as it is nested",
			Detail:   "Epics, features and tasks with their progress. --open leaves out what is done.",
			Examples: []string{"tree", "tree E01 --depth feature"}},
			(*tracker.Tracker).Tree),
		define(Op{Name: "plan status", Daily: "status", Effect: Reads, Route: "GET /v1/status", Summary: "Show where the project stands, on one screen",
			Detail:   "Progress by epic, who holds what, what is blocked and why, what waits for review, the last changes.",
			Examples: []string{"status", "status --json"}},
			(*tracker.Tracker).Status),
	}
}
