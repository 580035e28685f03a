// Package plan is the domain of pm: epics, features and tasks, their keys,
// statuses and limits, and the errors of the rules. It does no I/O and imports
// only the standard library.
package plan

import (
	"math"
	"strconv"
	"time"
)

// An Epic is the highest level of a plan.
type Epic struct {
	UID              string     `json:"-"` // a UUID, the same wherever the item is copied or moved to; exports have it
	ID               int64      `json:"-"`
	Key              Key        `json:"key"`
	Title            string     `json:"title"`
	Description      string     `json:"description,omitempty"`
	Status           PlanStatus `json:"status"`
	Priority         Grade      `json:"priority"`
	Labels           []string   `json:"labels,omitempty"`
	Refs             []string   `json:"refs,omitempty"`       // other names, and keys that it was moved from
	Links            []Link     `json:"links,omitempty"`      // from either side
	MovedFrom        string     `json:"moved_from,omitempty"` // the key under which it was requested
	Fields           Fields     `json:"fields,omitempty"`     // custom fields, by name
	Due              Date       `json:"due,omitempty"`
	Defer            Date       `json:"defer,omitempty"` // its tasks are not offered as work before this
	DeferFrom        Date       `json:"-"`               // the moment that Defer stands for
	BusinessValue    Grade      `json:"business_value,omitempty"`
	ProgressPct      Percent    `json:"progress_pct"`
	TasksTotal       int        `json:"tasks_total"`
	TasksCompleted   int        `json:"tasks_completed"`
	EstimateTotal    Estimate   `json:"estimate_total,omitempty"` // of the tasks that tasks_total counts
	EstimateDone     Estimate   `json:"estimate_done,omitempty"`  // of the completed ones
	Version          int64      `json:"version"`
	CreatedAt        time.Time  `json:"created_at"`
	UpdatedAt        time.Time  `json:"updated_at"`
	DependsOn        []Key      `json:"depends_on,omitempty"`        // features and epics that it depends on
	OpenDependencies int        `json:"open_dependencies,omitempty"` // those of them that are still open
	LastChild        int        `json:"-"`                           // the highest feature number ever assigned in it
	LastNote         int        `json:"-"`                           // the highest number ever assigned to one of its notes
	LinkCount        int        `json:"-"`                           // the number of links from and to it
	HistoryHash      string     `json:"-"`                           // the head of its history's chain
}

// A Feature groups the tasks of one deliverable of an epic.
type Feature struct {
	UID              string     `json:"-"` // a UUID, the same wherever the item is copied or moved to; exports have it
	ID               int64      `json:"-"`
	EpicID           int64      `json:"-"`
	Key              Key        `json:"key"`
	EpicKey          Key        `json:"epic_key"`
	Title            string     `json:"title"`
	Description      string     `json:"description,omitempty"`
	Status           PlanStatus `json:"status"`
	Labels           []string   `json:"labels,omitempty"`
	Refs             []string   `json:"refs,omitempty"`       // other names, and keys that it was moved from
	Links            []Link     `json:"links,omitempty"`      // from either side
	MovedFrom        string     `json:"moved_from,omitempty"` // the key under which it was requested
	Fields           Fields     `json:"fields,omitempty"`     // custom fields, by name
	Due              Date       `json:"due,omitempty"`
	Defer            Date       `json:"defer,omitempty"` // its tasks are not offered as work before this
	DeferFrom        Date       `json:"-"`               // the moment that Defer stands for
	ProgressPct      Percent    `json:"progress_pct"`
	TasksTotal       int        `json:"tasks_total"`
	TasksCompleted   int        `json:"tasks_completed"`
	EstimateTotal    Estimate   `json:"estimate_total,omitempty"` // of the tasks that tasks_total counts
	EstimateDone     Estimate   `json:"estimate_done,omitempty"`  // of the completed ones
	Version          int64      `json:"version"`
	CreatedAt        time.Time  `json:"created_at"`
	UpdatedAt        time.Time  `json:"updated_at"`
	DependsOn        []Key      `json:"depends_on,omitempty"`        // features and epics that it depends on
	OpenDependencies int        `json:"open_dependencies,omitempty"` // those of them that are still open
	LastChild        int        `json:"-"`                           // the highest task number ever assigned in it
	LastNote         int        `json:"-"`                           // the highest number ever assigned to one of its notes
	LinkCount        int        `json:"-"`                           // the number of links from and to it
	HistoryHash      string     `json:"-"`
}

// A Task is a piece of work for one agent.
type Task struct {
	UID              string     `json:"-"` // a UUID, the same wherever the item is copied or moved to; exports have it
	ID               int64      `json:"-"`
	FeatureID        int64      `json:"-"`
	Key              Key        `json:"key"`
	FeatureKey       Key        `json:"feature_key"`
	EpicKey          Key        `json:"epic_key"`
	Title            string     `json:"title"`
	Description      string     `json:"description,omitempty"`
	Status           TaskStatus `json:"status"`
	Kind             string     `json:"kind,omitempty"`  // empty means DefaultKind
	Stage            string     `json:"stage,omitempty"` // its stage; empty means none
	AgentType        string     `json:"agent_type,omitempty"`
	Priority         int        `json:"priority"`
	Position         string     `json:"position,omitempty"` // its place in the plan's order, if it was moved
	Assignee         string     `json:"assignee,omitempty"` // the agent that it is assigned to
	AssignedAgent    string     `json:"assigned_agent,omitempty"`
	Session          string     `json:"session,omitempty"` // tells the holder apart from other sessions of the same agent
	FilePath         string     `json:"file_path,omitempty"`
	Labels           []string   `json:"labels,omitempty"`     // its own, sorted as they are compared
	Refs             []string   `json:"refs,omitempty"`       // other names, and keys that it was moved from
	Links            []Link     `json:"links,omitempty"`      // from either side
	MovedFrom        string     `json:"moved_from,omitempty"` // the key under which it was requested
	Fields           Fields     `json:"fields,omitempty"`     // custom fields, by name
	Due              Date       `json:"due,omitempty"`
	Defer            Date       `json:"defer,omitempty"`      // it is not offered as work before this
	NotBefore        Date       `json:"not_before,omitempty"` // the latest of the moments that its defer, its feature's and its epic's stand for
	Estimate         Estimate   `json:"estimate,omitempty"`
	Checks           []Check    `json:"checks,omitempty"`     // what must be true before it is done, in order
	Resolution       Resolution `json:"resolution,omitempty"` // for a completed or archived task
	Repeat           string     `json:"repeat,omitempty"`     // how it repeats after it is completed; empty means never
	BlockedReason    string     `json:"blocked_reason,omitempty"`
	BlockedFrom      TaskStatus `json:"-"`
	DependsOn        []Key      `json:"depends_on,omitempty"`
	OpenDependencies int        `json:"open_dependencies"`
	LeaseUntil       *time.Time `json:"lease_until,omitempty"`
	Fence            int64      `json:"fence,omitempty"` // of the current claim; zero if nobody holds it
	Version          int64      `json:"version"`
	CreatedAt        time.Time  `json:"created_at"`
	StartedAt        *time.Time `json:"started_at,omitempty"`
	CompletedAt      *time.Time `json:"completed_at,omitempty"`
	BlockedAt        *time.Time `json:"blocked_at,omitempty"`
	UpdatedAt        time.Time  `json:"updated_at"`
	LeaseSeconds     int64      `json:"-"` // how long a change by the holder renews the lease for
	LastFence        int64      `json:"-"` // the highest fence ever assigned; the next claim gets a higher one
	LeaseDigest      string     `json:"-"` // what DigestLease returned when the lease was written
	Offered          bool       `json:"-"` // its epic and its feature are active
	LinkCount        int        `json:"-"` // the number of links from and to it
	DeferFrom        Date       `json:"-"` // the moment that Defer stands for
	Deferred         bool       `json:"-"` // NotBefore was in the future when last checked
	HistoryHash      string     `json:"-"`
	LastNote         int        `json:"-"` // the highest number ever assigned to one of its notes
	LastCheck        int        `json:"-"` // the highest number ever assigned to a line of its checklist
	Answers          int        `json:"-"` // to questions on it, not yet shown to their askers
}

// The defaults of new items.
const (
	DefaultPriority   = 5
	DefaultEpicStatus = PlanActive
	DefaultGrade      = Medium
	DefaultLease      = 30 * time.Minute
)

// Done reports whether tasks that depend on t no longer wait for it: it is
// completed, or archived and so no longer part of the plan.
func (t Task) Done() bool { return t.Status == Completed || t.Status == Archived }

// Counts returns what t adds to the numbers of tasks and of completed tasks of
// its feature and its epic. An archived task counts as completed if it had
// been completed, and otherwise not at all.
func (t Task) Counts() (total, completed int) {
	switch {
	case t.Status == Completed, t.Status == Archived && t.CompletedAt != nil:
		return 1, 1
	case t.Status == Archived:
		return 0, 0
	}
	return 1, 0
}

// Ready reports whether t can be claimed at now, if it is assigned only by its
// assignee: it is todo or held under an expired lease, is not waiting for
// anything, is not deferred, and its parents are active.
func (t Task) Ready(now time.Time) bool {
	return (t.Status == Todo || t.LeaseExpired(now)) && t.OpenDependencies == 0 && t.Offered && !t.IsDeferred(now)
}

// IsDeferred reports whether t is still deferred at now.
func (t Task) IsDeferred(now time.Time) bool { return t.Deferred && DateOf(now) < t.NotBefore }

// ForOthers reports whether t is assigned to somebody other than the agent.
func (t Task) ForOthers(agent string) bool { return t.Assignee != "" && t.Assignee != agent }

// DeferUntil sets the columns that follow from the defer dates of t, its
// feature and its epic, at now.
func (t *Task) DeferUntil(feature, epic Date, now time.Time) {
	t.NotBefore = max(t.DeferFrom, feature, epic)
	t.Deferred = t.NotBefore > DateOf(now)
}

// LeaseExpired reports whether t is held under a lease that has expired at
// now.
func (t Task) LeaseExpired(now time.Time) bool {
	return t.Status == InProgress && t.LeaseUntil != nil && !t.LeaseUntil.After(now)
}

// HeldBy reports whether a is the holder of t: the same agent in the same
// session. A task claimed without a session is held by callers without one.
func (t Task) HeldBy(a Actor) bool {
	return t.AssignedAgent == a.Name && t.Session == a.Session
}

// Held reports whether somebody holds t, even if the lease has expired.
func (t Task) Held() bool { return t.Status == InProgress && t.AssignedAgent != "" }

// Holder returns the name to show for who holds t, with the session if known.
func (t Task) Holder() string {
	if t.Session != "" {
		return t.AssignedAgent + " (session " + t.Session + ")"
	}
	return t.AssignedAgent
}

// Progress returns the completed share in percent; 0 if there are no tasks.
func Progress(completed, total int) Percent {
	if total == 0 {
		return 0
	}
	return Percent(completed) / Percent(total) * 100
}

// A Percent is a percentage. It is written with at most two decimals.
type Percent float64

// Rounded returns p with at most two decimals. It is 0 only if nothing is
// done, and 100 only if everything is.
func (p Percent) Rounded() float64 {
	r := math.Round(float64(p)*100) / 100
	switch {
	case p > 0 && r == 0:
		return 0.01
	case p < 100 && r == 100:
		return 99.99
	}
	return r
}

// MarshalJSON writes p rounded.
func (p Percent) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, p.Rounded(), 'f', -1, 64), nil
}
