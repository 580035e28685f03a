package tracker_test

import (
	"slices"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// modelLine is the line of the runs that have stages: a trade, none, a limit.
var modelLine = plan.Line{{Name: "design", AgentType: "backend"}, {Name: "build"}, {Name: "test", Limit: 1}}

// A passage is that somebody passed a task on.
type passage struct{ from, to, holder string }

// makeLine gives a run stages, or none.
func (m *machine) makeLine() {
	if m.pick("stages", "none", "three") == "none" {
		return
	}
	for _, s := range modelLine {
		m.do("create stage "+s.Name, true, func(r *rig) error {
			_, err := r.CreateStage(as("ann"), tracker.CreateStage{Name: s.Name, AgentType: s.AgentType, Limit: s.Limit})
			return err
		})
	}
	m.model.line = modelLine
}

// anyStage picks a stage, or none, to name.
func (m *machine) anyStage() string {
	if len(m.model.line) == 0 {
		return ""
	}
	return m.pick("stage", append(m.model.line.Names(), "")...)
}

// room reports whether one more task can be in progress in the stage.
func (m *model) room(stage string) bool {
	s, _ := m.line.Find(stage)
	held := 0
	for _, t := range m.tasks {
		if t.stage == stage && t.status == plan.InProgress {
			held++
		}
	}
	return stage == "" || s.Limit == 0 || held < s.Limit
}

// takeable is givable, and no stage that is full is in the way.
func (m *model) takeable(k plan.Key) bool {
	t := m.tasks[k]
	return m.givable(k) && (t.status == plan.InProgress || m.room(t.stage))
}

// fits reports whether the task is one for the trade.
func (m *model) fits(k plan.Key, trade string) bool {
	t := m.tasks[k]
	s, _ := m.line.Find(t.stage)
	if trade == "" || s.AgentType != "" {
		return trade == "" || s.AgentType == trade
	}
	return t.agentType == "" || t.agentType == trade
}

// passOn is submit in a stage that is not the last; is reports whether it is.
func (m *model) passOn(t *modelTask) (is bool) {
	next := m.line.After(t.stage)
	if next == "" {
		return false
	}
	if t.holder != "" {
		t.passed = append(slices.Clip(t.passed), passage{t.stage, next, t.holder})
	}
	t.stage, t.assignee = next, ""
	return true
}

// sendBack is reject from a stage: without one named to whoever passed the task
// on; false if a rule says no.
func (m *model) sendBack(k plan.Key, t modelTask, to, who string, force bool) bool {
	at, is := m.line.Index(to), m.line.Index(t.stage)
	inLine := t.status == plan.Todo || t.status == plan.InProgress
	if to != "" {
		if !inLine && t.status != plan.ReadyForReview && !force || is >= 0 && (at > is || at == is && inLine) || is < 0 && inLine {
			return false
		}
		if to != t.stage {
			t.assignee = ""
		}
		t.stage = to
		m.enter(k, t, plan.Reject, plan.Todo, who)
		return true
	}
	for _, p := range slices.Backward(t.passed) {
		if p.to == t.stage {
			t.stage, t.holder = p.from, p.holder
			m.enter(k, t, plan.Reject, plan.InProgress, who)
			return true
		}
	}
	return false
}

// reject rejects a task to a stage.
func (m *machine) reject() {
	k, who, to := m.task(), m.who(), m.anyStage()
	if h := m.model.tasks[k].holder; h != "" {
		who = h
	}
	if to == "" {
		return
	}
	next := m.model.clone()
	works := next.moveTo(k, plan.Reject, who, to, false, true)
	m.do(who+" rejects "+k.String()+" to "+to, works, func(r *rig) error {
		_, err := r.RejectTo(as(who), tracker.Reject{Keys: names([]plan.Key{k}), To: to, Reason: "because"})
		return err
	})
	if works {
		m.model = next
	}
}
