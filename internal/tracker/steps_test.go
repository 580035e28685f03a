package tracker_test

import (
	"fmt"
	"slices"

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
	switch m.pick("step", "epic", "feature", "task", "task", "tasks", "status", "status", "update", "verb", "verb", "verb", "verb", "verb", "verb", "verbs", "verbs", "force", "force",
		"claim", "claim", "next", "next", "expire", "expire", "depend", "depend", "depend", "undepend", "note", "delete", "delete", "restore", "restore", "export", "import") {
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
	case "update":
		m.update()
	case "verb":
		m.verb(1, false)
	case "verbs":
		m.verb(3, false)
	case "force":
		m.verb(1, true)
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
		t := modelTask{status: plan.Todo, priority: priority, agentType: agentType, on: map[plan.Key]bool{}, version: 1}
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
		next.tasks[plan.Key{Epic: f.Epic, Feature: f.Feature, Task: p.last}] = t
		in.Tasks = append(in.Tasks, tracker.CreateTask{Feature: f.String(), Title: "t", Priority: &priority, AgentType: agentType, DependsOn: names(sorted(t.on))})
	}
	m.do(fmt.Sprintf("create %+v", in.Tasks), works, func(r *rig) error { _, err := r.CreateTasks(as("ann"), in); return err })
	if works {
		m.model = next
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
	in := tracker.UpdateTask{Keys: names([]plan.Key{k}), Priority: &priority}
	works := there && 1 <= priority && priority <= 10
	if version > 0 {
		in.IfVersion = &version
		works = works && version == int64(t.version)
	}
	m.do(fmt.Sprintf("%s sets the priority of %s to %d if at %d", who, k, priority, version), works, func(r *rig) error { _, err := r.UpdateTask(as(who), in); return err })
	if works && t.priority != priority {
		t.priority = priority
		m.model.touch(k, t, who)
	}
}

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
		fits := agentType == "" || t.agentType == "" || t.agentType == agentType
		if under(k, f) && fits && m.model.givable(k) && (want.IsZero() || t.priority < m.model.tasks[want].priority) {
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
	if t.status == plan.InProgress && t.claimed {
		t.expired = true
		m.model.tasks[k] = t
		m.t.Logf("the lease of %s runs out", k)
	}
}

func (m *machine) note() {
	k, who := m.task(), m.who()
	t, there := m.model.tasks[k]
	m.do(fmt.Sprintf("%s notes on %s", who, k), there, func(r *rig) error {
		_, err := r.AddNote(as(who), tracker.AddNote{Key: k.String(), Body: "note"})
		return err
	})
	if there {
		m.model.touch(k, t, who)
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
