package ops

import (
	"slices"
	"sync"

	"pm/internal/tracker"
)

// Table lists every operation. It is built once and must not be changed.
func Table() []Op { return table() }

var table = sync.OnceValue(func() []Op {
	return slices.Concat(epics(), features(), tasks(), verbs(), dependencies(), checks(), labels(), repeats(), stages(), moves(), applies(), notes(), fields(), project(), views(), operations(), replica(), flows(), pasts(), overview())
})

func epics() []Op {
	return []Op{
		define(Op{Name: "epic create", Effect: Writes, Route: "POST /v1/epics", Summary: "Create an epic",
			Detail:   "It gets the next free key, such as E04. Its status is active unless --status says otherwise.",
			Examples: []string{`epic create "Payments"`, `epic create "Payments" --priority high --status draft`}},
			(*tracker.Tracker).CreateEpic),
		define(Op{Name: "epic show", Effect: Reads, Route: "GET /v1/epics/{key}", Summary: "Show an epic",
			Detail:   "The progress covers all its tasks. To see its features and tasks, use pm tree.",
			Examples: []string{"epic show E01", "epic show E01 --json"}},
			(*tracker.Tracker).ShowEpic),
		defineLong(Op{Name: "epic list", Effect: Reads, Route: "GET /v1/epics", Summary: "List epics",
			Detail:   "Ordered by key.",
			Examples: []string{"epic list", "epic list --status active --json"}},
			(*tracker.Tracker).ListEpics, (*tracker.Tracker).ListEpicsInParts),
		define(Op{Name: "epic update", Effect: Writes, Route: "PATCH /v1/epics/{key}", Summary: "Update an epic",
			Detail:   "Only the given fields change. Tasks in an epic that is not active cannot be claimed. When an epic is completed or archived, tasks elsewhere stop waiting for its open tasks. pm warns about both.",
			Examples: []string{`epic update E01 --title "Payments and refunds"`, "epic update E01 --status active"}},
			(*tracker.Tracker).UpdateEpic),
	}
}

func features() []Op {
	return []Op{
		define(Op{Name: "feature create", Effect: Writes, Route: "POST /v1/features", Summary: "Create a feature in an epic",
			Detail:   "It gets the next free key in the epic, such as E04-F01. Its status is active unless --status says otherwise.",
			Examples: []string{`feature create E01 "Card payments"`, `feature create E01 "Invoices" --status draft`}},
			(*tracker.Tracker).CreateFeature),
		define(Op{Name: "feature show", Effect: Reads, Route: "GET /v1/features/{key}", Summary: "Show a feature",
			Detail:   "With its progress. Use pm tree to see its tasks.",
			Examples: []string{"feature show E01-F01", "feature show E01-F01 --json"}},
			(*tracker.Tracker).ShowFeature),
		defineLong(Op{Name: "feature list", Effect: Reads, Route: "GET /v1/features", Summary: "List features",
			Detail:   "Lists the features of one epic or of all epics, ordered by key.",
			Examples: []string{"feature list E01", "feature list --status draft"}},
			(*tracker.Tracker).ListFeatures, (*tracker.Tracker).ListFeaturesInParts),
		define(Op{Name: "feature update", Effect: Writes, Route: "PATCH /v1/features/{key}", Summary: "Update a feature",
			Detail:   "Only the given fields change. Tasks in a feature that is not active cannot be claimed. When a feature is completed or archived, tasks elsewhere stop waiting for its open tasks. pm warns about both.",
			Examples: []string{`feature update E01-F01 --title "Card payments, 3-D Secure"`, "feature update E01-F01 --status completed"}},
			(*tracker.Tracker).UpdateFeature),
	}
}

func tasks() []Op {
	return []Op{
		define(Op{Name: "task create", Effect: Writes, Route: "POST /v1/tasks", Summary: "Create a task in a feature",
			Detail:   "It gets the next free key in the feature, such as T-E04-F01-001. With inbox as the feature, the task is added to a feature named Inbox, which is created if it does not exist. With --from it reads many tasks as JSON lines, and creates all of them or none.",
			Examples: []string{`task create E01-F01 "Validate card numbers" --priority 2 --agent-type backend`, `task create E01-F01 "Show the receipt" --depends-on T-E01-F01-001`}},
			(*tracker.Tracker).AddTask),
		define(Op{Name: "task create-many", Effect: Writes, Route: "POST /v1/tasks/batch", Summary: "Create many tasks, all or none of them",
			Detail: "On the command line this is pm task create --from -."},
			(*tracker.Tracker).CreateTasks),
		define(Op{Name: "task show", Effect: Reads, Route: "GET /v1/tasks/{key}", Summary: "Show a task",
			Detail:   "Use pm show --context to add its notes, its siblings and why it was rejected or reopened.",
			Examples: []string{"task show T-E01-F01-001", "task show e01-f01-001 --json"}},
			(*tracker.Tracker).ShowTask),
		defineLong(Op{Name: "task list", Daily: "list", Effect: Reads, Route: "GET /v1/tasks", Summary: "List tasks",
			Detail:   "QUERY is made of terms such as status:todo,blocked -type:docs priority:1..3 epic:E01 is:ready agent:a1 updated:-3d.. sort:-updated, and of words to find in titles and descriptions; see docs/query.md. A task must match all terms and flags. In a shell, quote < and >. Lists the first 50 tasks unless --limit is given, and says how many more there are. With --count it prints only the number of tasks, with --group FIELD the number for each value of a field.",
			Examples: []string{"list status:todo 'priority:<=3' -type:docs sort:priority", "list is:open updated:-3d.. receipt", "list is:open --group epic", "list --epic E01 --sort priority --limit 0 --json"}},
			(*tracker.Tracker).ListTasks, (*tracker.Tracker).ListTasksInParts),
		define(Op{Name: "task count", Effect: Reads, Route: "GET /v1/tasks/count", Summary: "Count tasks, in all or for each value of a field",
			Detail: "Takes the same query and filters as pm list, and counts every match. Grouped by label, a task counts once for each label it has or inherits. On the command line this is pm list --count and pm list --group FIELD."},
			(*tracker.Tracker).CountTasks),
		define(Op{Name: "task update", Effect: Writes, Route: "PATCH /v1/tasks/{key}", Also: "PATCH /v1/tasks", Summary: "Update tasks",
			Detail:   "Only the given fields change, in all the named tasks or in none. To change the status, use a command such as pm claim or pm complete.",
			Examples: []string{`task update T-E01-F01-001 --title "Validate card numbers and dates"`, "task update T-E01-F01-001 T-E01-F01-002 --priority 1"}},
			(*tracker.Tracker).UpdateTask),
		define(Op{Name: "task next", Daily: "next", Effect: Writes, Route: "POST /v1/tasks/next", Summary: "Show or claim the next task to work on",
			Detail:   "Shows the most urgent ready task; among equals, the oldest. Tasks assigned to you come first; tasks assigned to others are never offered. With --claim the task is claimed in the same step, so that nobody else gets it. With --wait pm waits for a task to become ready. Finding none is not an error: the output says why.",
			Examples: []string{"next", "next --claim --context", "next --claim --agent-type backend --json"}},
			(*tracker.Tracker).Next),
		define(Op{Name: "task mine", Daily: "mine", Effect: Reads, Route: "GET /v1/tasks/mine", Summary: "List the tasks you hold",
			Detail:   "Shows the tasks in progress under your name in this session, with the time left on each lease. Tasks held by other sessions under your name are only counted; use pm list is:held to see everybody's.",
			Examples: []string{"mine", "mine --agent a1 --json"}},
			(*tracker.Tracker).Mine),
		defineLong(Op{Name: "task search", Daily: "search", Effect: Reads, Route: "GET /v1/tasks/search", Summary: "Search tasks by text",
			Detail:   "Finds tasks that contain all the words: in the title or key (listed first), in title, key, description and current reason together, or in a single note. A word also matches longer words that start with it; in double quotes it matches only itself. A key matches its task, or all tasks under it. In Chinese, Japanese, Thai and similar scripts, text is found anywhere. Case and accents are ignored.",
			Examples: []string{`search card`, `search "receipt page" --status todo`}},
			(*tracker.Tracker).Search, (*tracker.Tracker).SearchInParts),
		define(Op{Name: "task context", Effect: Reads, Route: "GET /v1/tasks/{key}/context", Summary: "Show a task with everything needed to start on it",
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
		define(status(Op{Daily: "claim", Summary: "Claim ready tasks, so that nobody else gets them",
			Detail:   "A claim is a lease: it lasts 30 minutes unless --lease is given, and pm renew or any change you make to the task renews it. Once it has expired, others can claim the task. Claiming a task that is already held is a conflict, even if you hold it yourself. --take-over moves a claim here from another session under your name, or claims a task that is assigned to somebody else.",
			Examples: []string{"claim T-E01-F01-001", "claim T-E01-F01-001 --lease 2h --agent a1", "claim T-E01-F01-001 --take-over"}}),
			(*tracker.Tracker).Claim),
		define(status(Op{Daily: "renew", Summary: "Renew your leases",
			Detail:   "The lease starts again now, with the same length as the claim unless --lease is given. The task does not change.",
			Examples: []string{"renew T-E01-F01-001", "renew T-E01-F01-001 --lease 2h"}}),
			(*tracker.Tracker).Renew),
		define(status(Op{Daily: "release", Summary: "Release tasks you hold",
			Detail:   "They become todo again and have no holder. To release somebody else's task, use --force with a reason.",
			Examples: []string{"release T-E01-F01-001", `release T-E01-F01-001 --force --reason "its agent is gone"`}}),
			(*tracker.Tracker).Release),
		define(status(Op{Daily: "start", Summary: "Start tasks without a lease",
			Detail:   "For people: you hold the task until you finish or release it.",
			Examples: []string{"start T-E01-F01-001", "start T-E01-F01-001 T-E01-F01-002"}}),
			(*tracker.Tracker).Start),
		define(status(Op{Daily: "submit", Summary: "Submit tasks for review, or to the next stage",
			Detail:   "A reviewer completes them with pm approve, or sends them back with pm reject. In a project with stages, a task moves to the next stage instead, where it is todo and has no holder; after the last stage it is ready for review.",
			Examples: []string{"submit T-E01-F01-001", `submit T-E01-F01-001 --reason "see the tests"`}}),
			(*tracker.Tracker).Submit),
		define(status(Op{Daily: "approve", Summary: "Approve reviewed tasks, which completes them",
			Detail:   "Only tasks that are ready for review can be approved. To approve a task that is still waiting for others, use --force with a reason.",
			Examples: []string{"approve T-E01-F01-001", "approve T-E01-F01-001 T-E01-F01-002"}}),
			(*tracker.Tracker).Approve),
		define(status(Op{Daily: "reject", Summary: "Reject reviewed tasks, which sends them back",
			Detail:   "They go back to whoever submitted them. In a project with stages, a task can also be rejected from the stage it was submitted to; with --to it becomes todo in an earlier stage, for anyone. A reason is required. It is the first thing shown to whoever works on the task next.",
			Examples: []string{`reject T-E01-F01-001 --reason "no test for expired cards"`, `reject T-E01-F01-002 --to build --reason "fails on leap days"`}}),
			(*tracker.Tracker).RejectTo),
		define(status(Op{Daily: "complete", Alias: "done", Summary: "Complete tasks",
			Detail:   "Tasks can be completed when they are todo, in progress or ready for review. Tasks that depend on them may become ready. To complete a task that is still waiting for others, complete those as well in the same command, or use --force with a reason. With any --resolution, a task counts as completed; pm archive leaves it out of the progress.",
			Examples: []string{"complete T-E01-F01-001", "done T-E01-F01-001 T-E01-F01-002", "complete T-E01-F01-001 --resolution cannot_reproduce"}}),
			(*tracker.Tracker).Complete),
		define(status(Op{Daily: "block", Summary: "Block tasks, with a reason",
			Detail:   "For what another person has to decide or fix. A reason is required. Use pm unblock to continue. To make a task wait for another task, use pm dep add.",
			Examples: []string{`block T-E01-F01-001 "waits for the bank's answer"`, `block T-E01-F01-001 -r "no access"`}}),
			(*tracker.Tracker).Block),
		define(status(Op{Daily: "unblock", Summary: "Unblock tasks",
			Detail:   "They return to the status they had before. The history keeps the reason.",
			Examples: []string{"unblock T-E01-F01-001", `unblock T-E01-F01-001 --reason "the bank has answered"`}}),
			(*tracker.Tracker).Unblock),
		define(status(Op{Daily: "reopen", Summary: "Reopen completed or archived tasks",
			Detail:   "They become todo again. A reason is required. Tasks that depend on them wait again.",
			Examples: []string{`reopen T-E01-F01-001 --reason "fails on leap days"`, `reopen T-E01-F01-001 -r "came back"`}}),
			(*tracker.Tracker).Reopen),
		define(status(Op{Daily: "archive", Summary: "Archive tasks",
			Detail:   "An archived task is kept, with its history. It counts towards progress only if it had been completed, and tasks that depend on it stop waiting. --resolution says how it ended; by default, a completed task keeps its resolution and any other gets wont_do. --duplicate-of links it to the original. Use pm reopen to bring it back, or pm delete to remove it.",
			Examples: []string{"archive T-E01-F01-001", `archive T-E01-F01-001 --reason "not needed any more" --resolution obsolete`, "archive T-E01-F01-002 --duplicate-of T-E01-F01-001"}}),
			(*tracker.Tracker).Archive),
	}
}

func dependencies() []Op {
	return []Op{
		define(Op{Name: "dep add", Effect: Writes, Route: "POST /v1/tasks/{task}/dependencies", Summary: "Add dependencies to an item",
			Detail:   "A task can depend on tasks, or on whole features and epics; a feature or an epic can depend on features and epics. It is not ready until all of them are completed or archived, or the feature or epic they are in is. While an item is waiting, everything in it waits, too. A dependency cycle is refused and shown.",
			Examples: []string{"dep add T-E01-F01-002 T-E01-F01-001", "dep add T-E01-F01-003 T-E01-F01-001 T-E01-F01-002", "dep add E01-F02 E01-F01"}},
			(*tracker.Tracker).AddDependencies),
		define(Op{Name: "dep remove", Effect: Writes, Route: "DELETE /v1/tasks/{task}/dependencies/{depends_on}", Also: "DELETE /v1/tasks/{task}/dependencies", Summary: "Remove dependencies from an item",
			Detail:   "Removes all the named dependencies, or none.",
			Examples: []string{"dep remove T-E01-F01-002 T-E01-F01-001", "dep remove T-E01-F01-003 T-E01-F01-001 T-E01-F01-002"}},
			(*tracker.Tracker).RemoveDependencies),
		define(Op{Name: "dep list", Effect: Reads, Route: "GET /v1/tasks/{task}/dependencies", Summary: "List the dependencies of an item, in both directions",
			Detail:   "Shows what it depends on and what depends on it, with the status of each.",
			Examples: []string{"dep list T-E01-F01-002", "dep list T-E01-F01-002 --json"}},
			(*tracker.Tracker).ListDependencies),
	}
}

func notes() []Op {
	return []Op{
		define(Op{Name: "note add", Effect: Writes, Route: "POST /v1/items/{key}/notes", Former: "POST /v1/tasks/{key}/notes", Summary: "Add a note to a task, a feature, an epic or the plan",
			Detail:   "A note of kind handoff is shown first to the next holder of the task. A note of kind memory on the plan (--plan --kind memory) is something the project has learned: pm prime shows the newest ones to every agent.",
			Examples: []string{`note T-E01-F01-001 "the test data is in testdata/cards"`, `note E01-F01 "use the Luhn check" --kind decision`, `note --plan "we deploy on Fridays" --kind memory`}},
			(*tracker.Tracker).AddNote),
		define(Op{Name: "note edit", Effect: Writes, Route: "PATCH /v1/items/{key}/notes/{n}", Summary: "Replace the text of a note",
			Detail:   "Its author, kind and time stay the same. The history keeps the old text; to remove a text from the history as well, use pm redact.",
			Examples: []string{`note edit T-E01-F01-001 1 "the test data is in testdata/cards.csv"`}},
			(*tracker.Tracker).EditNote),
		define(Op{Name: "note remove", Effect: Writes, Route: "DELETE /v1/items/{key}/notes/{n}", Summary: "Remove a note",
			Detail:   "The history keeps its text, and its number is not used again.",
			Examples: []string{"note remove T-E01-F01-001 1"}},
			(*tracker.Tracker).RemoveNote),
		define(Op{Name: "note accept", Effect: Writes, Route: "POST /v1/items/plan/notes/accept", Summary: "Accept memories that came with an import",
			Detail:   "pm prime does not show imported memories until somebody has read and accepted them. Use pm note list --plan to read them.",
			Examples: []string{"note accept 1", "note accept --all"}},
			(*tracker.Tracker).AcceptNotes),
		define(Op{Name: "question ask", Daily: "ask", Effect: Writes, Route: "POST /v1/items/{key}/questions", Summary: "Ask a question",
			Detail:   "With --hold the task is blocked until the question is answered: you keep it, and its lease starts again with the answer. With --wait the command waits for the answer; if none arrives in time it exits with 75, and the question stays open. pm show --context, pm prime and your next command on the task show you the answer.",
			Examples: []string{`ask T-E01-F01-001 "which bank first?" --to lead --choices Visa,Amex`, `ask T-E01-F01-001 "may I change the schema?" --hold`}},
			(*tracker.Tracker).Ask),
		define(Op{Name: "question list", Daily: "questions", Effect: Reads, Route: "GET /v1/questions", Summary: "List open questions",
			Detail:   "Oldest first. With --to, only those for that agent and those for anyone.",
			Examples: []string{"questions", "questions --to me --json"}},
			(*tracker.Tracker).ListQuestions),
		define(Op{Name: "question answer", Daily: "answer", Effect: Writes, Route: "POST /v1/items/{key}/questions/{n}/answer", Summary: "Answer a question",
			Detail:   "A question is answered once, and not by the agent that asked it. If it has choices, the answer must be one of them. A task held by the question can continue.",
			Examples: []string{`answer T-E01-F01-001 1 "Visa first"`}},
			(*tracker.Tracker).Answer),
		define(Op{Name: "task handoff", Daily: "handoff", Effect: Writes, Route: "POST /v1/tasks/{key}/handoff", Summary: "Hand off a task with a note on its state",
			Detail:   "Adds a note of kind handoff, which pm show --context and pm next --claim show first. You keep the task unless --release is given.",
			Examples: []string{`handoff T-E01-F01-001 "parser done; left: error messages" --release`, `handoff T-E01-F01-001 "the schema changed, see docs/schema.md"`}},
			(*tracker.Tracker).HandOff),
		defineLong(Op{Name: "note list", Effect: Reads, Route: "GET /v1/items/{key}/notes", Former: "GET /v1/tasks/{key}/notes", Summary: "List the notes of a task, a feature, an epic or the plan",
			Detail:   "Oldest first. Notes of the items in it are not listed.",
			Examples: []string{"note list T-E01-F01-001", "note list E01-F01 --json"}},
			(*tracker.Tracker).ListNotes, (*tracker.Tracker).ListNotesInParts),
	}
}

func overview() []Op {
	return []Op{
		define(Op{Name: "item show", Daily: "show", Effect: Reads, Route: "GET /v1/items/{key}", Summary: "Show an epic, a feature or a task",
			Detail:   "An epic or a feature is shown with its open tasks, blocked tasks, and who is working on what. Several items are shown one after the other. With --context, a task is shown with everything needed to start on it: its dependencies, its notes, why it was rejected or reopened, its siblings.",
			Examples: []string{"show T-E01-F01-001", "show T-E01-F01-001 --context --json", "show E01 T-E01-F01-001"}},
			(*tracker.Tracker).Show),
		define(Op{Name: "item show-many", Effect: Reads, Route: "GET /v1/items", Summary: "Show several epics, features and tasks",
			Detail: "Shows them in the given order. If one does not exist, none is shown. On the command line this is pm show KEY KEY."},
			(*tracker.Tracker).ShowItems),
		define(Op{Name: "item delete", Daily: "delete", Effect: Deletes, Route: "DELETE /v1/items/{key}", Summary: "Delete an epic, a feature or a task",
			Detail:   "Moves it to the trash, with everything in it; use pm restore to bring it back. On a terminal pm asks for confirmation. If somebody else holds a task in it, or tasks elsewhere depend on it, --force is required.",
			Examples: []string{"delete T-E01-F01-002 --dry-run", "delete T-E01-F01-002 --yes"}},
			(*tracker.Tracker).Delete),
		define(Op{Name: "item redact", Daily: "redact", Effect: Deletes, Route: "POST /v1/items/{key}/redact", Summary: "Remove a text permanently, including from the history",
			Detail: "For secrets that were pasted into a plan. Removes every value that FIELD of the item ever had, from the item, its notes, its history, the trash and the search index; [redacted] is shown instead. " +
				"FIELD is title, description, reason (of every change), file_path, blocked_reason, link (files and addresses), field.NAME (a custom field), or note or check with its number. The history stays verifiable, and shows who redacted what. " +
				"This cannot be undone. Backups and exports made before still contain the text, so change a leaked password in any case.",
			Examples: []string{`redact T-E01-F01-001 description --reason "an access token was pasted" --yes`, "redact T-E01-F01-001 note 2 --yes"}},
			(*tracker.Tracker).Redact),
		define(Op{Name: "trash restore", Daily: "restore", Effect: Writes, Route: "POST /v1/trash/{key}/restore", Summary: "Restore a deleted item from the trash",
			Detail:   "The item keeps its key, and everything that was deleted with it comes back. Its epic or feature must exist. Dependencies are restored if both ends exist. To restore a backup, use pm backup restore.",
			Examples: []string{"restore E01-F02", "restore E01-F02 --dry-run"}},
			(*tracker.Tracker).Restore),
		define(Op{Name: "trash list", Effect: Reads, Route: "GET /v1/trash", Summary: "List deleted items that can be restored",
			Detail:   "Most recently deleted first. Each is listed with when it leaves the trash for good (30 days after it was deleted; pm project set trash_days changes that) and the number of items that were deleted with it.",
			Examples: []string{"trash list", "trash list --json"}},
			(*tracker.Tracker).ListTrash),
		define(Op{Name: "trash show", Effect: Reads, Route: "GET /v1/trash/{key}", Summary: "Show what a deleted item would bring back",
			Detail:   "Shows the item and everything that was deleted with it.",
			Examples: []string{"trash show E01-F02", "trash show E01-F02 --json"}},
			(*tracker.Tracker).ShowTrash),
		define(Op{Name: "trash empty", Effect: Deletes, Route: "DELETE /v1/trash", Summary: "Delete everything in the trash permanently",
			Detail:   "The history of the deleted items goes too; nothing else deletes history. Earlier states of the plan (--as-of, pm diff) no longer show them. On a terminal pm asks for confirmation. Their keys are not reused.",
			Examples: []string{"trash empty --older 30d --yes", "trash empty --yes"}},
			(*tracker.Tracker).EmptyTrash),
		defineLong(Op{Name: "plan log", Daily: "log", Effect: Reads, Route: "GET /v1/history", Summary: "Show the history, newest first",
			Detail:   "Shows the history of an item and everything in it, or of the whole plan. --since and --until take the same days and times as queries: 2026-11-01, yesterday, mon, -3h.",
			Examples: []string{"log", "log T-E01-F01-001 --json", "log --since yesterday --agent me"}},
			(*tracker.Tracker).Log, (*tracker.Tracker).LogInParts),
		defineLong(Op{Name: "plan tree", Daily: "tree", Effect: Reads, Route: "GET /v1/tree", Summary: "Show the plan as a tree",
			Detail:   "Shows epics, features and tasks with their progress. Use --open to hide what is completed or archived.",
			Examples: []string{"tree", "tree E01 --depth feature"}},
			(*tracker.Tracker).Tree, (*tracker.Tracker).TreeInParts),
		define(Op{Name: "plan status", Daily: "status", Effect: Reads, Route: "GET /v1/status", Summary: "Show the state of the project on one screen",
			Detail:   "Shows progress by epic, who holds what, what is blocked and why, what is in review, and the latest changes.",
			Examples: []string{"status", "status --json"}},
			(*tracker.Tracker).Status),
	}
}
