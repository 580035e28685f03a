package tracker_test

import (
	"cmp"
	"maps"
	"slices"

	"pm/internal/plan"
)

// A model is a plan as the rules describe it, in plain maps, with none of
// what the tracker keeps for speed: everything derived is computed anew.
type model struct {
	lastEpic int
	epics    map[plan.Key]modelParent
	features map[plan.Key]modelParent
	tasks    map[plan.Key]modelTask
	line     plan.Line
}

type modelParent struct {
	status   plan.PlanStatus
	last     int // highest number given to a child
	version  int
	redacted bool // its title
	deferred bool
}

type modelTask struct {
	status, blockedFrom plan.TaskStatus
	finished            bool // completed, or archived when it was
	holder              string
	leased, expired     bool // was taken under a lease last; the lease has run out
	stage               string
	passed              []passage
	priority            int
	agentType           string
	on                  map[plan.Key]bool
	version             int
	estimate            plan.Typed
	assignee            string
	deferred            bool
	redacted            bool // its title
}

func newModel() *model {
	return &model{epics: map[plan.Key]modelParent{}, features: map[plan.Key]modelParent{}, tasks: map[plan.Key]modelTask{}}
}

func (m *model) clone() *model {
	c := &model{m.lastEpic, maps.Clone(m.epics), maps.Clone(m.features), maps.Clone(m.tasks), m.line}
	for k, t := range c.tasks {
		t.on = maps.Clone(t.on)
		c.tasks[k] = t
	}
	return c
}

func sorted[V any](m map[plan.Key]V) []plan.Key {
	return slices.SortedFunc(maps.Keys(m), func(a, b plan.Key) int {
		return cmp.Or(cmp.Compare(a.Epic, b.Epic), cmp.Compare(a.Feature, b.Feature), cmp.Compare(a.Task, b.Task))
	})
}

func under(k, parent plan.Key) bool {
	return k == parent || k.EpicKey() == parent || k.FeatureKey() == parent
}

func (t modelTask) over() bool { return t.status == plan.Completed || t.status == plan.Archived }

// underLease reports whether the task is held under a lease.
func (t modelTask) underLease() bool {
	return t.status == plan.InProgress && t.leased && t.holder != ""
}

// open counts the unfinished dependencies of a task.
func (m *model) open(k plan.Key) (n int) {
	for on := range m.tasks[k].on {
		if !m.tasks[on].over() && !m.closed(on) {
			n++
		}
	}
	return n
}

// closed reports whether work on what the task lies under has ended.
func (m *model) closed(k plan.Key) bool {
	over := func(s plan.PlanStatus) bool { return s == plan.PlanCompleted || s == plan.PlanArchived }
	return over(m.features[k.FeatureKey()].status) || over(m.epics[k.EpicKey()].status)
}

func (m *model) offered(k plan.Key) bool {
	return m.features[k.FeatureKey()].status == plan.PlanActive && m.epics[k.EpicKey()].status == plan.PlanActive
}

// givable reports whether next may hand the task out.
func (m *model) givable(k plan.Key) bool {
	t := m.tasks[k]
	free := t.status == plan.Todo || t.status == plan.InProgress && t.expired
	return free && m.open(k) == 0 && m.offered(k) && !m.deferred(k)
}

// deferred reports whether the task cannot be started for a long time.
func (m *model) deferred(k plan.Key) bool {
	return m.tasks[k].deferred || m.features[k.FeatureKey()].deferred || m.epics[k.EpicKey()].deferred
}

// forOthers reports whether the task is meant for somebody else.
func (m *model) forOthers(k plan.Key, who string) bool {
	return m.tasks[k].assignee != "" && m.tasks[k].assignee != who
}

// progress counts the tasks under an epic or a feature.
func (m *model) progress(parent plan.Key) (completed, total int) {
	for k, t := range m.tasks {
		switch {
		case !under(k, parent):
		case t.finished:
			completed, total = completed+1, total+1
		case t.status != plan.Archived:
			total++
		}
	}
	return completed, total
}

// estimates adds up the estimates of the tasks that progress counts.
func (m *model) estimates(parent plan.Key) (done, total plan.Estimate) {
	for k, t := range m.tasks {
		e, _ := plan.ParseEstimate(string(t.estimate))
		switch {
		case !under(k, parent):
		case t.finished:
			done, total = done+e, total+e
		case t.status != plan.Archived:
			total += e
		}
	}
	return done, total
}

// reaches reports whether a depends on b, directly or not.
func (m *model) reaches(a, b plan.Key) bool {
	if a == b {
		return true
	}
	for on := range m.tasks[a].on {
		if m.reaches(on, b) {
			return true
		}
	}
	return false
}

// touch writes a changed task back; a change by the holder renews the lease.
func (m *model) touch(k plan.Key, t modelTask, who string) {
	t.version++
	if t.status == plan.InProgress && t.holder == who {
		t.expired = false
	}
	m.tasks[k] = t
}

// move changes the status of one task; false if a rule says no.
func (m *model) move(k plan.Key, verb plan.Verb, who string, force, reason bool) bool {
	return m.moveTo(k, verb, who, "", force, reason)
}

func (m *model) moveTo(k plan.Key, verb plan.Verb, who, stage string, force, reason bool) bool {
	t, there := m.tasks[k]
	if !there || force && !reason {
		return false
	}
	held := t.status == plan.InProgress && t.holder != ""
	if verb == plan.Claim {
		return m.claim(k, t, who, force)
	}
	if held && t.holder != who && !force {
		return false
	}
	if verb == plan.Reject && reason && (stage != "" || t.stage != "" && (t.status == plan.Todo || t.status == plan.InProgress)) {
		return m.sendBack(k, t, stage, who, force)
	}
	from, to := ruleFor(verb, t)
	needsReason := verb == plan.Reject || verb == plan.Block || verb == plan.Reopen
	if needsReason && !reason || !force && !slices.Contains(from, t.status) {
		return false
	}
	if verb == plan.Start && !force && (m.open(k) > 0 || !m.offered(k) || m.deferred(k) || m.forOthers(k, who) || t.status != plan.InProgress && !m.room(t.stage)) {
		return false
	}
	if verb == plan.Submit && m.passOn(&t) {
		to = plan.Todo
	}
	if verb == plan.Archive && t.status == plan.Archived && !reason { // a second time, with nothing to add
		return true
	}
	m.enter(k, t, verb, to, who)
	return true
}

func (m *model) claim(k plan.Key, t modelTask, who string, force bool) bool {
	takeable := m.takeable(k)
	if t.status == plan.InProgress && t.holder == "" { // next does not offer it, but whoever asks for it may have it
		takeable = m.open(k) == 0 && m.offered(k) && !m.deferred(k)
	}
	if force && t.over() || !force && (!takeable || m.forOthers(k, who)) {
		return false
	}
	m.enter(k, t, plan.Claim, plan.InProgress, who)
	return true
}

func (m *model) enter(k plan.Key, t modelTask, verb plan.Verb, to plan.TaskStatus, who string) {
	if to == plan.Blocked && t.status != plan.Blocked {
		t.blockedFrom = t.status
	}
	t.expired = false
	switch to {
	case plan.Todo:
		t.holder = ""
	case plan.InProgress:
		if verb == plan.Claim || verb == plan.Start {
			t.holder, t.leased = who, verb == plan.Claim
			if t.assignee != "" {
				t.assignee = who
			}
		}
	case plan.Completed:
		if t.holder == "" {
			t.holder = who
		}
	}
	if to != plan.Archived {
		t.finished = to == plan.Completed
	}
	t.status = to
	t.version++
	m.tasks[k] = t
}

// ruleFor is the status table.
func ruleFor(verb plan.Verb, t modelTask) (from []plan.TaskStatus, to plan.TaskStatus) {
	switch verb {
	case plan.Start:
		return []plan.TaskStatus{plan.Todo}, plan.InProgress
	case plan.Release:
		return []plan.TaskStatus{plan.InProgress}, plan.Todo
	case plan.Submit:
		return []plan.TaskStatus{plan.InProgress}, plan.ReadyForReview
	case plan.Approve:
		return []plan.TaskStatus{plan.ReadyForReview}, plan.Completed
	case plan.Reject:
		return []plan.TaskStatus{plan.ReadyForReview}, plan.InProgress
	case plan.Complete:
		return []plan.TaskStatus{plan.Todo, plan.InProgress, plan.ReadyForReview}, plan.Completed
	case plan.Block:
		return []plan.TaskStatus{plan.Todo, plan.InProgress, plan.ReadyForReview}, plan.Blocked
	case plan.Unblock:
		if t.status != plan.Blocked {
			return []plan.TaskStatus{plan.Blocked}, plan.Todo
		}
		return []plan.TaskStatus{plan.Blocked}, t.blockedFrom
	case plan.Reopen:
		return []plan.TaskStatus{plan.Completed, plan.Archived}, plan.Todo
	}
	return plan.TaskStatuses(), plan.Archived
}
