package plan

import (
	"slices"
	"strings"
	"sync"
)

// The words that pm accepts for its own, in one table, for commands, flags,
// arguments and values. Help and docs are generated from it, and a test checks
// that none of them is the name of something else. A synonym applies only
// where the word has no meaning of its own: link has a flag --as, so there it
// does not mean --agent.

// A SynonymKind says what kind of word a synonym replaces.
type SynonymKind string

// The kinds of synonyms. For a command, Means is a command line without the
// pm; for a term, a term of a query; for the others, a name.
const (
	ForCommand  SynonymKind = "command"                // pm comment: pm note
	ForNoun     SynonymKind = "noun"                   // pm issue create: pm task create
	ForVerb     SynonymKind = "verb"                   // pm task new: pm task create
	ForFlag     SynonymKind = "flag"                   // --desc: --description, or an argument of that name
	ForTerm     SynonymKind = "list flag"              // pm list --open: pm list is:open
	ForStatus   SynonymKind = "status"                 // done: completed, of a task
	ForGroup    SynonymKind = "epic or feature status" // done: completed, of an epic or a feature
	ForPriority SynonymKind = "priority"               // high: 3
	ForGrade    SynonymKind = "grade"                  // urgent: high, of an epic
	ForEnd      SynonymKind = "resolution"             // wontfix: wont_do
	ForField    SynonymKind = "field"                  // id: key
	ForGuess    SynonymKind = "guess"                  // only in hints: what is likely meant
)

// A Synonym lists the synonyms of one word.
type Synonym struct {
	Kind  SynonymKind
	Means string
	Words []string
}

// synonyms has a line for each word: the word, a colon, its synonyms.
var synonyms = map[SynonymKind]string{
	ForCommand: `
	note: comment annotate remark add-note add-comment
	note list: notes comments
	note list --plan: memories recall
	note --plan --kind memory: remember memorize
	show: get cat describe details inspect read open display get-task show-task
	list: ls tasks todos issues tickets list-tasks
	list --ready: ready available actionable unblocked
	list status:blocked: blocked
	list status:in_progress: wip doing in-progress active
	list status:todo: todo backlog pending
	list is:open: unfinished
	list is:overdue: overdue
	list @stuck: stale
	list --count: count
	delete: rm remove del destroy trash-it remove-task delete-task rm-task
	update: set modify mod change patch update-task edit-task set-status set-state set-priority reassign
	complete: close finish resolve mark-done complete-task close-task
	search: find grep lookup
	log: history events activity changelog audit blame
	renew: heartbeat extend keepalive keep-alive touch
	mine: whoami me my held my-tasks mytasks
	epic list: epics
	feature list: features
	label list: labels tags
	view list: views
	field list: fields
	dep list: deps dependencies
	dep add: depend depends depends-on add-dep add-dependency
	dep remove: undepend remove-dep remove-dependency rm-dep
	add: create new capture quick-add
	task create: create-task new-task add-task
	epic create: create-epic new-epic add-epic
	feature create: create-feature new-feature add-feature
	release: unclaim drop unassign-me give-back giveup give-up abandon put-back
	start: begin
	claim: take grab acquire lock checkout check-out
	next: get-next next-task 
	next --claim: claim-next take-next
	handoff: hand-off handover hand-over
	submit: request-review send-for-review submit-for-review ready-for-review
	reject: decline request-changes
	unblock: unstick
	block: stuck
	reopen: uncomplete undone
	restore: undelete untrash
	status: overview dashboard summary progress info
	label add: tag
	label remove: untag
	version: ver
	move: mv transfer relocate
	commands: list-commands
	export: dump
	stage list: stages
	show --context: context`,
	ForNoun: `
	task: tasks issue issues ticket tickets story stories todo item items
	epic: epics
	feature: features
	dep: deps dependency dependencies
	note: notes comment comments
	label: labels tag tags
	check: checks checklist criteria ac acceptance acceptance-criteria
	view: views
	field: fields
	question: ask-question
	project: config settings`,
	ForVerb: `
	create: new add make insert
	add: create new make post write on
	show: get view cat describe info details read
	list: ls all show get view tree
	update: edit set modify change patch
	delete: rm remove del
	remove: rm delete del drop clear
	complete: done close finish resolve
	claim: take grab
	release: unclaim drop
	log: history
	search: find grep
	edit: update change
	tick: done complete check
	untick: uncheck
	save: create add new set
	rename: merge`,
	ForFlag: `
	title: name subject summary heading prompt
	choices: options opts
	text: body message msg m note question comment content description desc query q search title subject remark summary reason d c
	description: desc body details content text message msg m notes note b
	reason: message msg m note notes comment why because text description desc explanation summary result outcome resolution-note final-summary pr c d
	answer: text body message m
	feature: parent in f project feature-id feature-key to into under
	epic: parent in e epic-id epic-key milestone sprint
	key: id task task-id task-key keys ids item issue k from source epic-id feature-id feature epic
	task: key id from
	depends-on: blocked-by deps dep dependencies depends requires needs waits-for wait-for after dependency depend depends-upon prerequisite prerequisites add-dep add-dependency add-depends-on add-blocked-by add-deps
	depends_on: depends-on blocked-by on to after dep needs requires dependency
	agent-type: type role trade skill
	assignee: assign assigned-to assign-to owner assigned agent for add-assignee a
	agent: as user actor author agent-name agent-id assignee assigned-to owner who name a
	db: database dsn db-path
	json: as-json
	fields: columns column select field show-fields
	labels: label tag tags
	label: labels tag tags l
	priority: prio pri urgency p y
	status: state s
	limit: max top max-results per-page page-size size head n last L first take tail max-count
	sort: sort-by order-by order orderby
	count: count-only total
	query: title-contains filter search where jql q text words contains grep title match
	wait: timeout block-for
	lease: ttl duration for expires by timeout
	since: from after newer
	until: before older
	estimate: est hours points effort size story-points estimated-hours
	due: due-date deadline by
	defer: start-date not-before snooze wait scheduled
	kind: type category k issue-type task-type
	to: feature epic parent destination target into
	no-open: no-browser headless dont-open
	yes: y confirm force f recursive cascade no-confirm assume-yes
	dry-run: dry preview simulate what-if
	file: input input-file from-file body-file description-file message-file text-file notes-file
	file-path: path file
	take-over: takeover steal
	context: full with-context verbose details all notes with-notes comments
	idempotency-key: request-id
	not: exclude except skip without
	claim: take and-claim grab start
	depth: level levels
	check: acceptance acceptance-criteria criteria dod definition-of-done ac
	as: type relation rel kind
	path: file input in from
	group: group-by by
	if-version: expect-version version
	from: since
	fix: repair
	other: to target with
	quiet: keys-only ids-only only-keys only-ids`,
	ForTerm: `
	is:open: open unfinished active not-done no-done exclude-done exclude-completed hide-done hide-completed no-completed not-completed incomplete
	is:done: closed finished
	@mine: mine my me
	held-by:me: held
	status:blocked: blocked
	status:completed: done completed
	status:in_progress: in-progress doing wip started
	status:todo: todo pending backlog
	status:ready_for_review: review in-review
	status:archived: archived
	is:overdue: overdue late
	@recent: recent latest newest
	@stuck: stale
	-has:agent: unassigned unclaimed
	has:agent: assigned claimed
	kind:: kind
	label:: label labels tag tags l
	due:: due
	depends-on:: depends-on blocked-by needs
	needed-by:: needed-by blocks
	key:: key id keys
	-status:: not-status exclude-status without-status status-not
	has:dependencies: has-deps has-dependencies
	-has:dependencies: no-deps no-dependencies
	is:waiting: waiting
	is:expired: expired
	-has:assignee: no-assignee
	has:: has
	is:: is
	held-by:: holder claimed-by held-by
	is:ready: available actionable unblocked free claimable next-up`,
	ForStatus: `
	todo: to_do new pending backlog not_started unstarted queued
	in_progress: inprogress doing wip started working ongoing active claimed
	blocked: stuck on_hold hold
	ready_for_review: review in_review reviewing needs_review for_review
	completed: done complete finished resolved
	archived: cancelled canceled wontfix wont_do dropped obsolete
	todo,in_progress,blocked,ready_for_review: open unfinished
	completed,archived: closed`,
	ForGroup: `
	draft: planned
	active: in_progress inprogress doing wip started ongoing
	completed: done complete finished resolved
	archived: cancelled canceled dropped
	draft,active: open unfinished
	completed,archived: closed`,
	ForPriority: `
	1: p0 critical urgent highest blocker a
	3: high major h
	5: medium normal med moderate default m
	8: low minor l
	9: lowest trivial
	10: p10
	2: b`,
	ForGrade: `
	high: critical urgent highest p0 p1 1 2 3 major
	medium: normal med moderate p2 4 5 6
	low: lowest minor trivial p3 p4 7 8 9 10`,
	ForEnd: `
	wont_do: wont wontfix wont_fix wontdo not_planned cancelled canceled declined
	duplicate: dup dupe
	cannot_reproduce: cannot_repro`,
	ForField: `
	key: id task_id task_key
	title: name subject summary
	status: state
	description: desc body details
	assigned_agent: agent holder owner
	epic_key: epic
	feature_key: feature
	agent_type: type
	created_at: created
	updated_at: updated modified
	completed_at: completed
	depends_on: deps dependencies
	labels: tags`,
	ForGuess: `
	status: ps agent who sync push pull fetch save refresh git branch remote merge rebase top rollout
	list status:ready_for_review: review reviews in-review to-review inbox pr prs mr pull-requests merge-requests
	list status:completed: completed
	list: all everything get-tasks kanban listall list-all lsa ls-all
	list TEXT: query jql filter where-clause
	list is:waiting: waiting
	list is:ready: queue
	list: sql exec select api rest
	list --sort -created: newest
	list --sort created: oldest
	list --sort due: due
	list --sort due: calendar agenda deadlines upcoming timeline schedule remind reminders
	add: todo
	add TEXT: draft q idea quick
	check add: subtask subtasks add-subtask sub
	check add KEY TEXT: split breakdown break-down decompose expand
	note KEY TEXT: task-comment commit append log-note note-append worklog timelog log-work log-time track jot
	note --plan --kind decision TEXT: decision decisions adr
	update KEY --assignee TEXT: give handle-by assign
	update KEY --priority high: prioritize bump escalate raise
	update KEY --defer '': undefer unsnooze
	claim KEY or show KEY: want develop cherry-pick task-branch
	submit KEY or show KEY: pr-create
	approve KEY or submit KEY or show KEY: pr-review
	approve KEY or complete KEY or show KEY: pr-merge
	label add KEY --label TEXT: label-task label-issue label-item
	list TEXT --count: how-many how-much
	release KEY: unlock stop pause suspend yield cancel-claim stash shelve
	release KEY or update KEY --assignee '': unassign
	approve KEY or claim KEY or show KEY: accept
	approve KEY or submit KEY or show KEY: lgtm
	order KEY --before <key>: reorder reposition
	task create FEATURE TEXT: clone copy duplicate dupe dup cp
	unblock KEY or claim KEY or renew KEY: resume continue
	approve KEY or submit KEY or complete KEY: ship deliver send
	delete KEY: erase wipe
	tree KEY: children subitems contents
	questions: reply respond
	epic create TEXT: project-create
	project show: config settings configure preferences repo repository project-list project-get project-info
	epic *: milestone milestones sprint sprints goal goals objective objectives initiative initiatives cycle iteration phase projects lsprj
	mine: what-am am-i do-i have-i login logout auth account user users profile current sessions session who-am
	release KEY: session-end end quit exit sign-off
	doctor: validate-dependencies fix-dependencies health validate lint verify fix repair dep-cycles dep-check dep-validate gc clean cleanup clean-up vacuum compact prune tidy optimize
	graph: dep-graph critical-path sequence sequences
	agents install: install agent-install install-agents setup hooks hook
	init: new-project
	prime: onboard quickstart tutorial instructions rules how
	apply: bulk batch bulk-create
	link: relate
	link KEY TEXT: attach
	next --wait 10m or show KEY: wait
	tree: plan roadmap outline hierarchy
	reopen KEY or show KEY: unarchive unclose unresolve
	trash list: purge
	next --claim: can-i may-i could-i work work-on pick go pickup pick-up pull-next grab-next pick-next start-next do-next
	next or show KEY: what
	next: suggest recommend what-next whats whats-next what-now
	insights: metrics analytics trends
	insights --chart burnup: burndown burndown.daily burn-down burnup burn-up
	insights --chart throughput: velocity throughput
	insights --chart cycle: cycle-time
	report: standup retro
	stats: where size db database storage workspace workspaces env path paths
	upgrade: migrate
	import: parse-prd
	forecast: eta predict projection
	web: ui gui browser webui
	board: tui
	add TEXT --kind bug: bug defect
	add TEXT --kind chore: chore
	add TEXT --kind spike: spike
	serve: server daemon http start-server
	mcp: mcp-server start-mcp
	commands: api-resources
	undo: rollout-undo revert rollback reset oops
	log: journal watch tail follow recent feed changes diffs changed updates
	claim KEY or complete KEY: do
	archive: cancel close-wontfix wontfix skip discard
	--help: usage man docs manual doc examples shortcuts cheatsheet
	list due:today: today due-today agenda-today
	list is:held: locks leases claims team members people workers assignments held-tasks
	note --plan --kind memory TEXT: memory learn memorise
	update KEY --title TEXT: replace retitle-to
	update KEY --priority 5: depri depriority deprioritize
	block KEY --reason TEXT: fail failed
	reject KEY or show KEY: deny disapprove refuse
	release KEY or show KEY: return
	note list KEY: denotate unnote
	dep add KEY: dep-set
	list status:blocked: blockers`,
}

// Synonyms returns the table, kind by kind, each in its order.
func Synonyms() []Synonym { return synonymTable() }

var synonymTable = sync.OnceValue(func() (all []Synonym) {
	for _, kind := range []SynonymKind{ForCommand, ForNoun, ForVerb, ForFlag, ForTerm, ForStatus, ForGroup, ForPriority, ForGrade, ForEnd, ForField, ForGuess} {
		for _, line := range strings.Split(strings.TrimSpace(synonyms[kind]), "\n") {
			at := strings.LastIndex(line, ": ")
			all = append(all, Synonym{kind, strings.TrimSpace(line[:at]), strings.Fields(line[at+2:])})
		}
	}
	return all
})

// MeaningsOf returns the meanings of a word among words of that kind, the
// likeliest first; none if it is not a synonym.
func MeaningsOf(kind SynonymKind, word string) (means []string) {
	for line := range strings.SplitSeq(synonyms[kind], "\n") {
		at := strings.LastIndex(line, ": ")
		if at < 0 || !strings.Contains(line[at:], word) {
			continue
		}
		for w := range strings.FieldsSeq(line[at+2:]) {
			if w == word {
				means = append(means, strings.TrimSpace(line[:at]))
			}
		}
	}
	return means
}

// Means reports whether a word is another one, or a synonym of it.
func Means(kind SynonymKind, word, other string) bool {
	return word == other || slices.Contains(MeaningsOf(kind, word), other)
}

// MeaningOf returns the likeliest meaning of a word, or the word itself.
func MeaningOf(kind SynonymKind, word string) string {
	if means := MeaningsOf(kind, word); len(means) > 0 {
		return means[0]
	}
	return word
}
