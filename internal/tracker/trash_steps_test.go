package tracker_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// cut takes what lies under k out of a model, and returns it.
func (m *model) cut(k plan.Key) *model {
	part := newModel()
	for _, t := range sorted(m.tasks) {
		if under(t, k) {
			part.tasks[t] = m.tasks[t]
		}
	}
	for _, f := range sorted(m.features) {
		if under(f, k) {
			part.features[f] = m.features[f]
		}
	}
	if e, there := m.epics[k]; there {
		part.epics[k] = e
	}
	maps.DeleteFunc(m.tasks, func(t plan.Key, _ modelTask) bool { return under(t, k) })
	maps.DeleteFunc(m.features, func(f plan.Key, _ modelParent) bool { return under(f, k) })
	delete(m.epics, k)
	return part
}

func (m *machine) delete() {
	level := m.pick("level", "task", "task", "task", "task", "feature", "epic")
	k := m.task()
	switch level {
	case "feature":
		k = m.keyOf(level, m.model.features)
	case "epic":
		k = m.keyOf(level, m.model.epics)
	}
	force := m.pick("force", "no", "yes") == "yes"
	next := m.model.clone()
	d := deletion{key: k, part: next.cut(k), into: map[plan.Key][]plan.Key{}}
	for _, t := range sorted(next.tasks) {
		for _, on := range sorted(next.tasks[t].on) {
			if under(on, k) {
				d.into[t] = append(d.into[t], on)
			}
		}
	}
	there := len(d.part.tasks)+len(d.part.features)+len(d.part.epics) > 0
	held := false // by somebody who is not ann, and whose lease runs
	for _, t := range d.part.tasks {
		held = held || t.status == plan.InProgress && t.holder != "" && t.holder != "ann" && !t.expired
	}
	works := there && (force || len(d.into) == 0 && !held)
	m.do(fmt.Sprintf("delete %s, force %t", k, force), works, func(r *rig) error {
		_, err := r.delete(k, force)
		return err
	})
	if !works {
		return
	}
	for t, on := range d.into {
		for _, o := range on { // each edge is a change of its own
			task := next.tasks[t]
			delete(task.on, o)
			task.version++
			next.tasks[t] = task
		}
	}
	m.model = next
	m.trash = append(m.trash, d)
}

// restore brings something back from the trash, which may be there already.
func (m *machine) restore() {
	if len(m.trash) == 0 {
		return
	}
	i := m.index("trash", len(m.trash))
	d := m.trash[i]
	next := m.model.clone()
	works := next.insert(d.part.clone(), true)
	if _, there := next.parentOf(d.key); !there {
		works = false
	}
	m.do("restore "+d.key.String(), works, func(r *rig) error {
		_, err := r.restore(tracker.Deleted{Key: d.key})
		return err
	})
	if !works {
		return
	}
	m.trash = slices.Delete(m.trash, i, i+1)
	next.returned(d.key)
	for _, t := range sorted(next.tasks) {
		for _, on := range d.into[t] {
			if _, there := next.tasks[on]; there && !next.reaches(on, t) && !next.tasks[t].on[on] {
				task := next.tasks[t]
				task.on[on] = true
				next.touch(t, task, "ann")
			}
		}
	}
	m.model = next
}

// empty empties the trash. What was exported before still has it, and is not
// imported any more.
func (m *machine) empty() {
	m.do("empty the trash", true, func(r *rig) error {
		out, err := r.EmptyTrash(as("ann"), tracker.EmptyTrash{})
		if err == nil && len(out.Items) != len(m.trash) {
			m.t.Fatalf("%s: %d entries went, want %d", r.DB().Engine(), len(out.Items), len(m.trash))
		}
		return err
	})
	m.trash, m.saved = nil, nil
}

// parentOf reports whether the parent of k is there.
func (m *model) parentOf(k plan.Key) (p modelParent, there bool) {
	switch k.Level() {
	case plan.LevelTask:
		p, there = m.features[k.FeatureKey()]
	case plan.LevelFeature:
		p, there = m.epics[k.EpicKey()]
	default:
		there = true
	}
	return p, there
}

// returned raises the version of an item that came back by the records of its
// deletion and its return.
func (m *model) returned(k plan.Key) {
	if t, there := m.tasks[k]; there {
		t.version += 2
		m.tasks[k] = t
	}
	for _, parents := range []map[plan.Key]modelParent{m.features, m.epics} {
		if p, there := parents[k]; there {
			p.version += 2
			parents[k] = p
		}
	}
}

// redact takes the title out of something that is there or in the trash. A
// second time it changes nothing.
func (m *machine) redact() {
	next, trash := m.model.clone(), slices.Clone(m.trash)
	parts := []*model{next}
	for i, d := range trash {
		trash[i].part = d.part.clone()
		parts = append(parts, trash[i].part)
	}
	part := parts[m.index("where", len(parts))]
	keys := slices.Concat(sorted(part.epics), sorted(part.features), sorted(part.tasks))
	k := keys[m.index("what", len(keys))]
	if t, is := part.tasks[k]; is && !t.redacted {
		t.redacted = true
		t.version++
		part.tasks[k] = t
	}
	for _, parents := range []map[plan.Key]modelParent{part.features, part.epics} {
		if p, is := parents[k]; is && !p.redacted {
			p.redacted = true
			p.version++
			parents[k] = p
		}
	}
	m.do("redact "+k.String(), true, func(r *rig) error {
		_, err := r.Redact(as("ann"), tracker.Redact{Key: k.String(), Field: "title"})
		return err
	})
	m.model, m.trash = next, trash
}

// insert adds the items of another model that are missing; false if one of
// those that are there differs. Dependencies on what is nowhere are dropped
// where that is allowed.
func (m *model) insert(part *model, drop bool) bool {
	for k, e := range part.epics {
		if has, there := m.epics[k]; there && has.version != e.version {
			return false
		} else if !there {
			m.epics[k] = e
		}
		m.lastEpic = max(m.lastEpic, k.Epic)
	}
	for k, f := range part.features {
		if has, there := m.features[k]; there && has.version != f.version {
			return false
		} else if !there {
			m.features[k] = f
		}
	}
	fresh := map[plan.Key]bool{}
	for k, t := range part.tasks {
		if has, there := m.tasks[k]; there && has.version != t.version {
			return false
		} else if !there {
			m.tasks[k], fresh[k] = t, true
		}
	}
	for k := range fresh {
		task, lost := m.tasks[k], false
		for on := range task.on {
			if _, there := m.tasks[on]; !there && !drop {
				return false
			} else if !there {
				delete(task.on, on)
				lost = true
			}
		}
		if lost { // which is recorded
			task.version++
			m.tasks[k] = task
		}
	}
	return true
}

// hasUnder reports whether the model has k or anything under it.
func (m *model) hasUnder(k plan.Key) bool {
	part := m.clone().cut(k)
	return len(part.tasks)+len(part.features)+len(part.epics) > 0
}

// importSaved loads an export of before: what has not changed since is left
// alone, an epic that was deleted since comes back, anything else conflicts.
func (m *machine) importSaved() {
	if len(m.saved) == 0 {
		return
	}
	e := m.saved[m.index("export", len(m.saved))]
	next := m.model.clone()
	works := next.insert(e.model.clone(), false)
	for _, d := range m.trash { // what was deleted here does not come back by an import
		works = works && !e.model.hasUnder(d.key)
	}
	m.do("import", works, func(r *rig) error {
		_, err := r.ImportLines(as("ann"), lines(bytes.Clone(e.files[slices.Index(m.rigs, r)])))
		return err
	})
	if works {
		m.model = next
	}
}
