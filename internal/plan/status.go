package plan

import (
	"slices"
	"strings"
)

// A TaskStatus is the status of a task.
type TaskStatus string

const (
	Todo           TaskStatus = "todo"
	InProgress     TaskStatus = "in_progress"
	Blocked        TaskStatus = "blocked"
	ReadyForReview TaskStatus = "ready_for_review"
	Completed      TaskStatus = "completed"
	Archived       TaskStatus = "archived"
)

// TaskStatuses lists the statuses of a task in the order in which a task
// passes through them.
func TaskStatuses() []TaskStatus {
	return []TaskStatus{Todo, InProgress, Blocked, ReadyForReview, Completed, Archived}
}

// Words returns the status as people say it, and as every board shows it.
func (s TaskStatus) Words() string {
	if s == ReadyForReview {
		return "review"
	}
	return strings.ReplaceAll(string(s), "_", " ")
}

// ParseTaskStatus parses a status in any case, with - for _, or a synonym such
// as done.
func ParseTaskStatus(s string) (TaskStatus, error) {
	return parseWord("status", synonym(ForStatus, s), TaskStatuses())
}

// ParseTaskStatuses is ParseTaskStatus for filters, where a word may mean
// several statuses: open means all except completed and archived.
func ParseTaskStatuses(s string) ([]TaskStatus, error) {
	return parseWords(ForStatus, s, TaskStatuses())
}

// An AnyStatus is the status of an item of any level.
type AnyStatus string

// A PlanStatus is the status of an epic or a feature. Only tasks in active
// ones are offered as work.
type PlanStatus string

const (
	PlanDraft     PlanStatus = "draft"
	PlanActive    PlanStatus = "active"
	PlanCompleted PlanStatus = "completed"
	PlanArchived  PlanStatus = "archived"
)

// Closed reports whether work on the item has ended: nothing in it is offered
// as work, and nothing waits for open tasks in it.
func (s PlanStatus) Closed() bool { return s == PlanCompleted || s == PlanArchived }

// PlanStatuses lists the statuses of an epic or a feature.
func PlanStatuses() []PlanStatus {
	return []PlanStatus{PlanDraft, PlanActive, PlanCompleted, PlanArchived}
}

// ParsePlanStatus parses a status of an epic or a feature in any case, or a
// synonym.
func ParsePlanStatus(s string) (PlanStatus, error) {
	return parseWord("status", synonym(ForGroup, s), PlanStatuses())
}

// ParsePlanStatuses works like ParseTaskStatuses, for epics and features.
func ParsePlanStatuses(s string) ([]PlanStatus, error) {
	return parseWords(ForGroup, s, PlanStatuses())
}

// A Grade is an epic's priority or business value.
type Grade string

const (
	High   Grade = "high"
	Medium Grade = "medium"
	Low    Grade = "low"
)

// ParseGrade parses high, medium or low in any case, or a synonym; field names
// it in the error.
func ParseGrade(field, s string) (Grade, error) {
	return parseWord(field, synonym(ForGrade, s), []Grade{High, Medium, Low})
}

// synonym returns the word that s is a synonym of, or s itself.
func synonym(kind SynonymKind, s string) string {
	if means := MeaningsOf(kind, FoldWord(s)); len(means) > 0 && !strings.Contains(means[0], ",") {
		return means[0]
	}
	return s
}

// parseWords is parseWord for words that may mean several.
func parseWords[T ~string](kind SynonymKind, s string, words []T) (all []T, err error) {
	if !slices.Contains(words, T(FoldWord(s))) {
		if means := MeaningsOf(kind, FoldWord(s)); len(means) > 0 {
			s = means[0]
		}
	}
	for one := range strings.SplitSeq(s, ",") {
		word, err := parseWord("status", one, words)
		if err != nil {
			return nil, err
		}
		all = append(all, word)
	}
	return all, nil
}

// FoldWord returns a word in the form of pm's own words: without spaces around
// it, in lower case, with _ for dashes and spaces.
func FoldWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return '_'
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}

func parseWord[T ~string](field, s string, words []T) (T, error) {
	word := T(FoldWord(s))
	if slices.Contains(words, word) {
		return word, nil
	}
	return "", Errorf(Invalid, "unknown %s %q", field, clip(s)).WithCode("bad_"+strings.ReplaceAll(field, " ", "_")).
		WithHint("use one of %s", join(words))
}

func join[T ~string](words []T) string {
	s := make([]string, len(words))
	for i, w := range words {
		s[i] = string(w)
	}
	return strings.Join(s, ", ")
}

// A Verb changes the status of a task.
type Verb string

const (
	Claim    Verb = "claim"
	Start    Verb = "start"
	Release  Verb = "release"
	Submit   Verb = "submit"
	Approve  Verb = "approve"
	Reject   Verb = "reject"
	Complete Verb = "complete"
	Block    Verb = "block"
	Unblock  Verb = "unblock"
	Reopen   Verb = "reopen"
	Archive  Verb = "archive"
)

// A Transition is one row of the status table.
type Transition struct {
	Verb   Verb
	From   []TaskStatus
	To     TaskStatus // empty: the status the task was blocked from
	Reason bool       // a reason is required
}

// Transitions returns the status table of a task.
func Transitions() []Transition {
	return []Transition{
		{Verb: Claim, From: []TaskStatus{Todo}, To: InProgress},
		{Verb: Start, From: []TaskStatus{Todo}, To: InProgress},
		{Verb: Release, From: []TaskStatus{InProgress}, To: Todo},
		{Verb: Submit, From: []TaskStatus{InProgress}, To: ReadyForReview},
		{Verb: Approve, From: []TaskStatus{ReadyForReview}, To: Completed},
		{Verb: Reject, From: []TaskStatus{ReadyForReview}, To: InProgress, Reason: true},
		{Verb: Complete, From: []TaskStatus{Todo, InProgress, ReadyForReview}, To: Completed},
		{Verb: Block, From: []TaskStatus{Todo, InProgress, ReadyForReview}, To: Blocked, Reason: true},
		{Verb: Unblock, From: []TaskStatus{Blocked}},
		{Verb: Reopen, From: []TaskStatus{Completed, Archived}, To: Todo, Reason: true},
		{Verb: Archive, From: TaskStatuses(), To: Archived},
	}
}

// TransitionOf returns the verb's row; false if there is none.
func TransitionOf(v Verb) (Transition, bool) {
	for _, t := range Transitions() {
		if t.Verb == v {
			return t, true
		}
	}
	return Transition{}, false
}

// VerbTo returns the verb that gives a task the status, where somebody says only
// that.
func VerbTo(s TaskStatus) Verb {
	return map[TaskStatus]Verb{Todo: Release, InProgress: Start, Blocked: Block, ReadyForReview: Submit, Completed: Complete, Archived: Archive}[s]
}

// VerbsFrom lists the verbs that work on a task with the status.
func VerbsFrom(s TaskStatus) []Verb {
	var verbs []Verb
	for _, t := range Transitions() {
		if slices.Contains(t.From, s) && t.To != s {
			verbs = append(verbs, t.Verb)
		}
	}
	return verbs
}

// Next returns the status that the verb gives the task. Without force it
// refuses transitions that are not in the table, naming the verbs that would
// work, and verbs without a required reason. With force it requires only the
// reason.
func (task Task) Next(v Verb, reason string, force bool) (TaskStatus, error) {
	t, ok := TransitionOf(v)
	if !ok {
		return "", Errorf(Invalid, "unknown verb %q", clip(string(v)))
	}
	if !force && !slices.Contains(t.From, task.Status) {
		return "", Errorf(Refused, "cannot %s %s: it is %s", v, task.Key, task.Status).
			WithCode("bad_transition").WithHint("%s", task.instead(t))
	}
	if strings.TrimSpace(reason) == "" && (t.Reason || force) {
		what, flag := string(v), ""
		if force {
			what, flag = what+" with force", " --force"
		}
		return "", Errorf(Refused, "%s needs a reason", what).WithCode("reason_required").
			WithHint(`add one: pm %s %s%s --reason "why"`, v, task.Key, flag)
	}
	return task.target(t), nil
}

// target returns the status that the transition gives the task.
func (task Task) target(t Transition) TaskStatus {
	switch {
	case t.To != "":
		return t.To
	case task.BlockedFrom != "":
		return task.BlockedFrom
	}
	return Todo
}

// instead says how to get to a status from which the transition works, if one
// verb does it, and which verbs work now.
func (task Task) instead(t Transition) string {
	verbs := VerbsFrom(task.Status)
	works := "verbs that work now: " + join(verbs)
	for _, v := range []Verb{Claim, Submit, Unblock, Release, Reopen} {
		first, _ := TransitionOf(v)
		if t.To != task.Status && slices.Contains(verbs, v) && slices.Contains(t.From, task.target(first)) {
			return works + "; " + string(v) + " it first: " + first.command(task.Key)
		}
	}
	return works + "; to see it: pm show " + task.Key.String()
}

// command returns the command line of the transition for one task.
func (t Transition) command(k Key) string {
	line := "pm " + string(t.Verb) + " " + k.String()
	if t.Reason {
		line += ` --reason "why"`
	}
	return line
}
