package tracker_test

import (
	"fmt"

	"pm/internal/plan"
	"pm/internal/tracker"

	"pgregory.net/rapid"
)

// start makes something to work on.
func (m *machine) start() {
	for e := 1; e <= 2; e++ {
		m.createEpic("active")
		m.createFeature(plan.Key{Epic: e}, "active")
	}
	m.createTasks(4)
}

// step runs one random operation.
func (m *machine) step() {
	switch { // deletions may have left too little
	case len(m.model.epics) == 0:
		m.createEpic("active")
	case len(m.model.features) == 0:
		m.createFeature(sorted(m.model.epics)[0], "active")
	case len(m.model.tasks) < 3:
		m.createTasks(3)
	}
	switch m.pick("step", "epic", "feature", "task", "task", "tasks", "status", "status", "defer", "update", "update", "verb", "verb", "verb", "verb", "verb", "verb", "verbs", "verbs", "force", "force",
		"claim", "claim", "next", "next", "reject", "expire", "expire", "depend", "depend", "depend", "undepend", "note", "delete", "delete", "restore", "restore", "redact", "empty", "export", "import") {
	case "epic":
		m.createEpic(m.pick("status", "active", "active", "draft"))
	case "feature":
		m.createFeature(m.keyOf("epic", m.model.epics), m.pick("status", "active", "active", "draft"))
	case "task":
		m.createTasks(1)
	case "tasks":
		m.createTasks(3)
	case "status":
		m.setStatus(m.pick("status", "active", "active", "draft", "archived", "completed"))
	case "defer":
		m.deferParent()
	case "update":
		m.update()
	case "verb":
		m.verb(1, false)
	case "verbs":
		m.verb(3, false)
	case "force":
		m.verb(1, true)
	case "reject":
		m.reject()
	case "claim":
		m.claim()
	case "next":
		m.next()
	case "expire":
		m.expire()
	case "depend":
		m.depend()
	case "undepend":
		m.undepend()
	case "note":
		m.note()
	case "delete":
		m.delete()
	case "restore":
		m.restore()
	case "empty":
		m.empty()
	case "redact":
		m.redact()
	case "export":
		e := export{model: m.model.clone()}
		for _, r := range m.rigs {
			e.files = append(e.files, r.export())
		}
		m.saved = append(m.saved, e)
	case "import":
		m.importSaved()
	}
}

func (m *machine) pick(what string, words ...string) string {
	return words[m.index(what, len(words))]
}

// index draws one of n, each as likely as the others: rapid's own numbers
// are mostly small, and a sequence would be made of the first steps only.
func (m *machine) index(what string, n int) int {
	return rapid.Custom(func(t *rapid.T) int {
		i := 0
		for bits := n * 8; bits > 0; bits /= 2 {
			i *= 2
			if rapid.Bool().Draw(t, "bit") {
				i++
			}
		}
		return i % n
	}).Draw(m.t, what)
}

func (m *machine) who() string { return m.pick("who", "ann", "bob") }

// keyOf picks an item that is there, now and then one that is not.
func (m *machine) keyOf(what string, items any) plan.Key {
	var keys []plan.Key
	missing := plan.MustKey("E99")
	switch items := items.(type) {
	case map[plan.Key]modelParent:
		keys = sorted(items)
		if what == "feature" {
			missing = plan.MustKey("E01-F99")
		}
	case map[plan.Key]modelTask:
		keys, missing = sorted(items), plan.MustKey("T-E01-F01-999")
	}
	if len(keys) == 0 || m.index("a missing "+what, 40) == 39 {
		return missing
	}
	return keys[m.index(what, len(keys))]
}

func (m *machine) task() plan.Key { return m.keyOf("task", m.model.tasks) }

func (m *machine) createEpic(status string) {
	m.do("create epic "+status, true, func(r *rig) error {
		_, err := r.CreateEpic(as("ann"), tracker.CreateEpic{Title: "e", Status: status})
		return err
	})
	m.model.lastEpic++
	m.model.epics[plan.Key{Epic: m.model.lastEpic}] = modelParent{status: plan.PlanStatus(status), version: 1}
}

func (m *machine) createFeature(epic plan.Key, status string) {
	e, there := m.model.epics[epic]
	m.do("create feature in "+epic.String(), there, func(r *rig) error {
		_, err := r.CreateFeature(as("ann"), tracker.CreateFeature{Epic: epic.String(), Title: "f", Status: status})
		return err
	})
	if there {
		e.last++
		m.model.epics[epic] = e
		m.model.features[plan.Key{Epic: epic.Epic, Feature: e.last}] = modelParent{status: plan.PlanStatus(status), version: 1}
	}
}

// createTasks makes tasks in random features in one go, all or none.
func (m *machine) createTasks(n int) {
	var in tracker.CreateTasks
	next, works := m.model.clone(), true
	for range n {
		f := m.keyOf("feature", m.model.features)
		priority, agentType := []int{1, 5, 5, 10}[m.index("priority", 4)], m.pick("type", "", "backend")
		t := modelTask{status: plan.Todo, priority: priority, agentType: agentType, on: map[plan.Key]bool{}, version: 1, estimate: plan.Typed(m.pick("estimate", "", "1")), assignee: m.pick("assignee", "", "", "", "ann", "bob"), deferred: m.index("deferred", 8) == 0, stage: m.anyStage()}
		for range min(len(m.model.tasks), m.index("dependencies", 3)) {
			on := m.task()
			_, there := m.model.tasks[on]
			works = works && there
			t.on[on] = true
		}
		p, there := next.features[f]
		works = works && there
		p.last++
		next.features[f] = p
		stage := t.stage
		if stage == "" {
			t.stage = next.line.First()
		}
		next.tasks[plan.Key{Epic: f.Epic, Feature: f.Feature, Task: p.last}] = t
		in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: f.String(), Title: "t", Priority: &priority, AgentType: agentType, DependsOn: names(sorted(t.on)), Estimate: t.estimate, Assignee: t.assignee, Defer: deferral(t.deferred), Stage: stage})
	}
	m.do(fmt.Sprintf("create %+v", in.Tasks), works, func(r *rig) error { _, err := r.CreateTasks(as("ann"), in); return err })
	if works {
		m.model = next
	}
}

// deferral is a date that lies far ahead, or none.
func deferral(is bool) string {
	if is {
		return "2999-12-31"
	}
	return ""
}

// deferParent defers an epic or a feature, or not.
func (m *machine) deferParent() {
	in, level := m.model.features, "feature"
	if m.pick("level", "epic", "feature") == "epic" {
		in, level = m.model.epics, "epic"
	}
	k, is := m.keyOf(level, in), m.index("deferred", 3) == 0
	p, there := in[k]
	m.do(fmt.Sprintf("defer %s: %t", k, is), there, func(r *rig) error {
		if level == "epic" {
			_, err := r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: k.String(), Defer: ptr(deferral(is))})
			return err
		}
		_, err := r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: k.String(), Defer: ptr(deferral(is))})
		return err
	})
	if there && p.deferred != is {
		p.deferred = is
		p.version++
		in[k] = p
	}
}

func (m *machine) setStatus(status string) {
	if m.pick("level", "epic", "feature") == "epic" {
		k := m.keyOf("epic", m.model.epics)
		m.setParent(k, m.model.epics, status, func(r *rig) error {
			_, err := r.UpdateEpic(as("ann"), tracker.UpdateEpic{Key: k.String(), Status: &status})
			return err
		})
		return
	}
	k := m.keyOf("feature", m.model.features)
	m.setParent(k, m.model.features, status, func(r *rig) error {
		_, err := r.UpdateFeature(as("ann"), tracker.UpdateFeature{Key: k.String(), Status: &status})
		return err
	})
}

func (m *machine) setParent(k plan.Key, in map[plan.Key]modelParent, status string, run func(*rig) error) {
	p, there := in[k]
	m.do(fmt.Sprintf("set %s %s", k, status), there, run)
	if there && p.status != plan.PlanStatus(status) {
		p.status = plan.PlanStatus(status)
		p.version++
		in[k] = p
	}
}

func (m *machine) update() {
	k, who, priority, version := m.task(), m.who(), m.index("priority", 12), int64(m.index("version", 6))
	t, there := m.model.tasks[k]
	estimate := plan.Typed(m.pick("estimate", "", "", "2.5", "4"))
	assignee, deferred := m.pick("assignee", "", "", "ann", "bob"), m.index("deferred", 4) == 0
	stage := t.stage
	if m.pick("move", "no", "no", "to a stage") != "no" {
		stage = m.anyStage()
	}
	in := tracker.UpdateTask{Keys: names([]plan.Key{k}), Priority: &priority, Estimate: &estimate, Assignee: &assignee, Defer: ptr(deferral(deferred)), Stage: &stage}
	works := there && 1 <= priority && priority <= 10 && (stage == t.stage || t.status != plan.InProgress || m.model.room(stage))
	if version > 0 {
		in.IfVersion = &version
		works = works && version == int64(t.version)
	}
	m.do(fmt.Sprintf("%s sets the priority of %s to %d if at %d", who, k, priority, version), works, func(r *rig) error { _, err := r.UpdateTask(as(who), in); return err })
	if works && (t.priority != priority || t.estimate != estimate || t.assignee != assignee || t.deferred != deferred || t.stage != stage) {
		t.priority, t.estimate, t.assignee, t.deferred, t.stage = priority, estimate, assignee, deferred, stage
		m.model.touch(k, t, who)
	}
}
