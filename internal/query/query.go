// Package query is the language in which people and programs select tasks:
// status:todo type:backend priority:1..3 -held-by:a1 sort:-updated "free
// text". It parses a text into a Query and formats a Query as a text; it never
// looks at tasks. docs/query.md describes the language.
package query

import (
	"time"

	"pm/internal/plan"
)

// A Query selects tasks and sorts them. The zero Query selects every task.
type Query struct {
	All
	Order
}

// All is a condition: all its terms and all its words must match, and one
// alternative of each of its groups. The zero All always matches.
type All struct {
	Terms  []Term
	Words  []Word
	Groups []Any
}

// Any is a group of two or more alternatives, one of which must match. No
// alternative consists of just another group, and no two could be one term.
type Any []All

// A Term is one condition: the field has any of the values; with Not, none of
// them. The field determines which of the slices holds the values.
type Term struct {
	Field Field
	Not   bool

	Words      []string   // of status, type, agent, held-by, is and has
	Keys       []plan.Key // of key, epic, feature, depends-on and needed-by
	Priorities []Range
	Times      []Span           // of defer, created, updated, started, completed and blocked
	Estimates  []Range          // of estimate, in hundredths
	Dates      []DateSpan       // of due, of own fields of dates, and of is where overdue is among its words
	Own        plan.CustomField // of Own
	Spans      []OwnSpan        // of Own, but for dates
}

// A Range is the whole numbers from From to To, both included.
type Range struct{ From, To int }

// A Span is a time span from From (included) to To (excluded), in
// milliseconds. A zero time means open on that side.
type Span struct{ From, To time.Time }

// A DateSpan is a range of dates: days from Days[0] on and before Days[1],
// moments from Moments[0] on and before Moments[1]. Empty means open on that
// side. A day is in a time span if its end is.
type DateSpan struct{ Days, Moments [2]plan.Date }

// A Word is free text that a task must contain; with Not, must not.
type Word struct {
	Text   string
	Quoted bool // it stood in double quotes
	Not    bool
}

// A Field is the subject of a term.
type Field string

const (
	Key        Field = "key"
	Epic       Field = "epic"
	Feature    Field = "feature"
	Status     Field = "status"
	Type       Field = "type"
	Kind       Field = "kind"
	InStage    Field = "stage"
	Label      Field = "label"
	OwnLabel   Field = "own-label"
	Due        Field = "due"
	Estimate   Field = "estimate"
	Defer      Field = "defer"
	Assignee   Field = "assignee"
	Ref        Field = "ref"
	InFile     Field = "file"
	Resolution Field = "resolution"
	Agent      Field = "agent"
	HeldBy     Field = "held-by"
	Priority   Field = "priority"
	Is         Field = "is"
	Has        Field = "has"
	Created    Field = "created"
	Updated    Field = "updated"
	Started    Field = "started"
	Completed  Field = "completed"
	BlockedAt  Field = "blocked"
	DependsOn  Field = "depends-on"
	NeededBy   Field = "needed-by"

	sorting Field = "sort" // an order, and so in no Term
)

// The values of the field is. The first ones are groups of statuses.
const (
	Open     = "open"     // neither completed nor archived
	Done     = "done"     // completed or archived
	Held     = "held"     // in progress
	Blocked  = "blocked"  // blocked
	Review   = "review"   // ready for review
	Ready    = "ready"    // can be claimed now
	Waiting  = "waiting"  // todo, and a dependency is not done
	Expired  = "expired"  // in progress under a lease that has run out
	Deferred = "deferred" // todo, and deferred until later
	Rejected = "rejected" // open, and rejected at least twice
	Overdue  = "overdue"  // open, and its due date is over
	Assigned = "agent"    // of has: an agent holds it, or held it last
)

// The values of the field has, in addition to Assigned.
const (
	OfType       = "type"
	Notes        = "notes"
	Dependencies = "dependencies"
	Description  = "description"
	File         = "file"
	Labels       = "label"
	DueDate      = "due"
	Estimated    = "estimate"
	DeferDate    = "defer"
	ForSomebody  = "assignee"
	Refs         = "ref"
	Staged       = "stage"
	Links        = "link"
	Checklist    = "checks"
)

// A Sort is a sort order of a query.
type Sort string

const (
	ByKey      Sort = "key"
	ByPriority Sort = "priority"
	ByCreated  Sort = "created"
	ByUpdated  Sort = "updated"
	ByPlace    Sort = "position" // the order of the plan: that of creation, but for what was moved
	ByDefer    Sort = "defer"    // what can be begun earliest first, likewise
	ByEstimate Sort = "estimate" // smallest first, likewise
	ByStage    Sort = "stage"    // as stages come in the line, those that are in none at the end
	ByDue      Sort = "due"      // those without a due date at the end, in either direction
)

// A FieldInfo describes a field, for help, completion and error messages.
type FieldInfo struct {
	Name  string
	Also  []string // other words for it
	Help  string
	Words []string // the only values it takes; empty: see Help
}

// Fields describes all fields, including sort, in the order in which they are
// shown.
func Fields() []FieldInfo {
	var statuses, resolutions []string
	for _, r := range plan.Resolutions() {
		resolutions = append(resolutions, string(r))
	}
	for _, s := range plan.TaskStatuses() {
		statuses = append(statuses, string(s))
	}
	return []FieldInfo{
		{"status", nil, "the status", statuses},
		{"is", nil, "a derived state, such as ready or overdue", []string{Open, Done, Ready, Waiting, Deferred, Held, Expired, Blocked, Review, Rejected, Overdue}},
		{"type", []string{"agent-type"}, "the agent type it needs", nil},
		{"kind", nil, "task, bug, chore, spike or any other", nil},
		{"stage", nil, "the stage that it is in", nil},
		{"label", nil, "a label of the task, its feature or its epic", nil},
		{"own-label", nil, "a label of the task itself", nil},
		{"priority", nil, "1 (most urgent) to 10", nil},
		{"epic", nil, "the epic it is in, such as E04", nil},
		{"feature", nil, "the feature it is in, such as E04-F01", nil},
		{"key", nil, "a task, or all tasks of an epic or a feature", nil},
		{"agent", []string{"assigned"}, "the agent that holds it, or held it last", nil},
		{"held-by", nil, "the agent that holds it now", nil},
		{"depends-on", nil, "a task it depends on", nil},
		{"needed-by", nil, "a task that depends on it", nil},
		{"has", nil, "whether a field is set", []string{Notes, Dependencies, OfType, Assigned, Description, File, Labels, DueDate, DeferDate, Estimated, ForSomebody, Refs, Links, Staged, Checklist}},
		{"created", nil, "when it was created", nil},
		{"updated", nil, "when it was last changed", nil},
		{"started", nil, "when it was started", nil},
		{"completed", nil, "when it was completed", nil},
		{"blocked", nil, "when it was blocked", nil},
		{"ref", nil, "a reference, or the source of one", nil},
		{"resolution", nil, "how a completed or archived task ended", resolutions},
		{"file", nil, "a file that it is about or linked to, or a directory", nil},
		{"due", nil, "when it is due", nil},
		{"defer", nil, "when it can be started: the latest deferral of the task, its feature and its epic", nil},
		{"assignee", nil, "the agent it is assigned to, or that holds it now", nil},
		{"estimate", nil, "its estimate, in the project's unit", nil},
		{"sort", nil, "sort order: one or two fields, with - in front to reverse", []string{string(ByKey), string(ByPriority), string(ByCreated), string(ByUpdated), string(ByDue), string(ByDefer), string(ByEstimate), string(ByPlace), string(ByStage)}},
	}
}

// fieldOf returns the field of that name in any case, with _ for -.
func fieldOf(name string) (FieldInfo, bool) {
	name = plainWord(name)
	for _, f := range Fields() {
		if f.Name == name {
			return f, true
		}
		for _, also := range f.Also {
			if also == name {
				return f, true
			}
		}
	}
	return FieldInfo{}, false
}

// GroupName returns the name of the field that is typed to group by: that of a
// field of queries, or of one of the project's own with its prefix.
func (env Env) GroupName(typed string) string {
	if f, is := fieldOf(typed); is {
		return f.Name
	}
	p := &parser{own: env.Own}
	if f, is := p.ownNamed(typed); is {
		return plan.OwnPrefix + f.Name
	}
	return typed
}

// IsField reports whether there is a field of that name.
func IsField(name string) bool {
	_, ok := fieldOf(name)
	return ok
}
