package interchange

import (
	"path"
	"strings"

	"pm/internal/plan"
)

// A draft is a task that is being made of a document.
type draft struct {
	doc    *document
	file   file
	name   taskName // of the file, or what the front matter says where the file's name is no key
	task   TaskDoc
	needs  []ref    // what it depends on
	blocks []ref    // what depends on it
	holds  []string // what it depends on and pm cannot hold: until somebody has looked, it is no ready work
	byName bool     // the file's own name gives the key
}

// newDraft understands a document as a task. False means that it has no key,
// neither in its name nor in its front matter.
func newDraft(f file, d *document) (*draft, bool) {
	out := &draft{doc: d, file: f}
	out.name, out.byName = parseTaskName(f.stem(), f.place.key)
	if !out.byName {
		var ok bool
		if out.name, ok = d.claimedKey(f.place.key); !ok {
			return nil, false
		}
	}
	out.task.Key, out.task.Path = out.name.key, f.path
	return out, true
}

// claimedKey returns the task's key that the front matter gives a file whose
// name gives none.
func (d *document) claimedKey(feature plan.Key) (taskName, bool) {
	for _, name := range []string{"key", "task_key", "id"} {
		for _, f := range d.front {
			if f.name == name {
				if n, ok := parseTaskName(f.text(), feature); ok && d.has("status", "title", "depends_on") {
					return taskName{key: n.key, full: true}, true
				}
			}
		}
	}
	return taskName{}, false
}

// has reports whether the front matter has a field of one of the names.
func (d *document) has(names ...string) bool {
	for _, f := range d.front {
		for _, n := range names {
			if f.name == n {
				return true
			}
		}
	}
	return false
}

// isTask reports whether the document calls itself a task: in its front
// matter, or by a key or status under its heading.
func (d *document) isTask() bool {
	if d.has("key", "task_key", "status", "title") {
		return true
	}
	for _, f := range d.head {
		if f.name == "task_key" || f.name == "key" || f.name == "status" {
			return true
		}
	}
	return false
}

// read fills in the task, all but its final key and dependencies.
func (d *draft) read() {
	doc, t := d.doc, &d.task
	fallback := titleOfSlug(d.name.slug)
	if fallback == "" {
		fallback = d.file.stem()
	}
	if t.Title = doc.title(d.name.key, fallback); t.Title == "" {
		t.Title = d.name.key.String()
	}
	d.checkKeys()
	said := doc.decideTask(d.file.place)
	t.Status, t.BlockedReason = said.status, reasonOf(said.reason)
	var ok bool
	if t.Priority, ok = choose(doc, "priority", parsePriority, "5 is assumed"); !ok {
		t.Priority = plan.DefaultPriority
	}
	d.readTimes(said)
	d.readAgents()
	d.readReason()
	for _, f := range doc.fields("file_path") {
		n, ok := parseTaskName(stemOf(f.text()), d.file.place.key)
		f.used, f.known = ok && n.key == d.name.key, true // it says no more than the key does
	}
	d.readNeeds()
}

// checkKeys compares the keys in the document with the one that counts.
func (d *draft) checkKeys() {
	key := d.name.key
	d.doc.checkParent("epic", key.EpicKey())
	d.doc.checkParent("feature", key.FeatureKey())
	if k := d.file.place.key; d.file.place.role >= featureFolder && !key.IsZero() && k != key.FeatureKey() {
		d.doc.note(0, Warning, "the file is in the directory of %s: its own key is used, which is %s", k, key)
	}
	agreed := false
	for _, name := range []string{"key", "task_key", "id"} {
		for _, f := range d.doc.fields(name) {
			n, ok := parseTaskName(stemOf(f.text()), key.FeatureKey())
			f.known = f.known || ok || name != "id" // an id may be of another tool
			switch f.used = ok; {
			case !ok && name == "id":
			case !ok:
				d.doc.note(f.line, Warning, "%s %s is not a task's key: %s is used", f.label, quote(f.text()), key)
			case n.key == key:
				agreed = true
			case agreed:
				d.doc.note(f.line, Info, "%s %s is stale: %s is used, as the key and the file name agree on it", f.label, n.key, key)
			default:
				d.doc.note(f.line, Warning, "%s says %s: the file name is used, which says %s", f.label, n.key, key)
			}
		}
	}
}

// readReason prefers the field that is for it to a remark behind the status.
func (d *draft) readReason() {
	if d.task.Status != plan.Blocked {
		return
	}
	for _, f := range d.doc.fields("blocked_reason") {
		if f.known = true; plan.CheckText("reason", f.text()) == nil {
			d.task.BlockedReason, f.used = f.text(), true
			return
		}
	}
}

// reasonOf makes a reason of a text from anywhere in a document.
func reasonOf(s string) string {
	const most = 500
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

// finish returns the task, and moves what there is to say about it to r.
func (d *draft) finish(r *reading) TaskDoc {
	if len(d.holds) > 0 && d.task.Status == plan.Todo {
		d.task.Status, d.task.BlockedReason = plan.Blocked, reasonOf("depends on "+strings.Join(d.holds, "; "))
	}
	d.task.Description = d.doc.description()
	r.leftOver(d.doc)
	r.report.findings = append(r.report.findings, d.doc.report.findings...)
	return d.task
}

// stemOf returns the last element of a path without markdown's extension.
func stemOf(s string) string {
	base := path.Base(strings.ReplaceAll(strings.TrimSpace(s), `\`, "/"))
	if isMarkdown(base) {
		base = strings.TrimSuffix(base, path.Ext(base))
	}
	return base
}
