package tracker_test

import (
	"fmt"
	"slices"

	"pm/internal/plan"
	"pm/internal/tracker"
)

var verbs = []string{"start", "release", "submit", "approve", "reject", "complete", "complete", "complete", "block", "unblock", "reopen", "archive"}

// verb runs a verb on up to n tasks at once, all or none.
func (m *machine) verb(n int, force bool) {
	verb, who := plan.Verb(m.pick("verb", verbs...)), m.who()
	keys := map[plan.Key]bool{m.task(): true}
	first := m.model.tasks[sorted(keys)[0]]
	if first.status != "" && m.index("fitting", 3) > 0 { // most verbs fit few tasks
		fitting := slices.DeleteFunc(slices.Clone(verbs), func(v string) bool {
			from, _ := ruleFor(plan.Verb(v), first)
			return !slices.Contains(from, first.status)
		})
		verb = plan.Verb(m.pick("verb", fitting...))
		if first.holder != "" {
			who = first.holder
		}
	}
	if force && m.pick("claim", "no", "yes") == "yes" {
		verb = plan.Claim
	}
	reason := m.index("reason", 5) > 0
	in := tracker.ChangeStatus{Force: force}
	if reason {
		in.Reason = "because"
	}
	for range n - 1 {
		keys[m.task()] = true
	}
	in.Keys = names(sorted(keys))
	next, works := m.model.clone(), true
	for _, k := range sorted(keys) {
		works = works && next.move(k, verb, who, force, reason)
	}
	if (verb == plan.Complete || verb == plan.Approve) && !force { // nothing ends that still waits when all have moved
		for k := range keys {
			works = works && next.open(k) == 0
		}
	}
	m.do(fmt.Sprintf("%s %s %v, force %t, reason %t", who, verb, in.Keys, force, reason), works, func(r *rig) error { _, err := r.verb(who, verb, in); return err })
	if works {
		m.model = next
	}
}

func (m *machine) claim() {
	k, who := m.task(), m.who()
	next := m.model.clone()
	works := next.move(k, plan.Claim, who, false, false)
	m.do(fmt.Sprintf("%s claims %s", who, k), works, func(r *rig) error { _, err := r.Claim(as(who), claimOf(k)); return err })
	if works {
		m.model = next
	}
}

// next claims the next task of one feature, where older is lower by key, so
// that both engines give the same.
func (m *machine) next() {
	f, who, agentType := m.keyOf("feature", m.model.features), m.who(), m.pick("type", "", "", "backend", "testing")
	var want plan.Key
	for _, k := range sorted(m.model.tasks) {
		t := m.model.tasks[k]
		first := want.IsZero() || (t.assignee != "") != (m.model.tasks[want].assignee != "") && t.assignee != "" || (t.assignee != "") == (m.model.tasks[want].assignee != "") && t.priority < m.model.tasks[want].priority
		if under(k, f) && m.model.fits(k, agentType) && m.model.takeable(k) && !m.model.forOthers(k, who) && first {
			want = k
		}
	}
	m.do(fmt.Sprintf("%s takes the next of %s for %q: %s", who, f, agentType, want), true, func(r *rig) error {
		out, err := r.Next(as(who), tracker.Next{Claim: true, Feature: f.String(), AgentType: agentType})
		if err == nil && (out.Task == nil != want.IsZero() || out.Task != nil && out.Task.Key != want) {
			m.t.Fatalf("%s: next --claim gives %+v, want %s", r.DB().Engine(), out.Task, want)
		}
		return err
	})
	if !want.IsZero() {
		m.model.move(want, plan.Claim, who, false, false)
	}
}

func (m *machine) expire() {
	k := m.task()
	t := m.model.tasks[k]
	for _, r := range m.rigs {
		r.expire(k)
	}
	if t.underLease() {
		t.expired = true
		m.model.tasks[k] = t
		m.t.Logf("the lease of %s runs out", k)
	}
}

// note writes a note, edits it, and removes it or not.
func (m *machine) note() {
	k, who := m.task(), m.who()
	t, there := m.model.tasks[k]
	then := m.pick("then", "", "edit", "remove")
	m.do(fmt.Sprintf("%s notes on %s, then: %s", who, k, then), there, func(r *rig) error {
		n, err := r.AddNote(as(who), tracker.AddNote{Key: k.String(), Body: "note"})
		if err == nil && then != "" {
			_, err = r.EditNote(as(who), tracker.EditNote{Key: k.String(), N: n.N, Body: "edited"})
		}
		if err == nil && then == "remove" {
			_, err = r.RemoveNote(as(who), tracker.RemoveNote{Key: k.String(), N: n.N})
		}
		return err
	})
	for _, done := range []bool{there, there && then != "", there && then == "remove"} {
		if done {
			m.model.touch(k, t, who)
			t = m.model.tasks[k]
		}
	}
}

func (m *machine) depend() {
	k, on := m.task(), map[plan.Key]bool{}
	for range 1 + m.index("dependencies", 2) {
		on[m.task()] = true
	}
	next := m.model.clone()
	t, works := next.tasks[k]
	fresh := 0
	for _, o := range sorted(on) {
		_, there := next.tasks[o]
		works = works && there && !next.reaches(o, k)
		if works && !t.on[o] {
			t.on[o] = true
			fresh++
		}
	}
	m.do(fmt.Sprintf("%s waits for %v", k, sorted(on)), works, func(r *rig) error { _, err := r.depend(k, sorted(on)...); return err })
	if works && fresh > 0 {
		next.touch(k, t, "ann")
		m.model = next
	}
}

func (m *machine) undepend() {
	k := m.task()
	t := m.model.tasks[k]
	o := m.task()
	if len(t.on) > 0 && m.pick("which", "one of its own", "any") == "one of its own" {
		o = sorted(t.on)[0]
	}
	m.do(fmt.Sprintf("%s waits for %s no more", k, o), t.on[o], func(r *rig) error {
		_, err := r.RemoveDependencies(as("ann"), tracker.Depend{Task: k.String(), DependsOn: names([]plan.Key{o})})
		return err
	})
	if t.on[o] {
		delete(t.on, o)
		m.model.touch(k, t, "ann")
	}
}
