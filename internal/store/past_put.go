package store

import (
	"maps"
	"slices"
	"time"

	"pm/internal/plan"
)

// Hide takes the row of an item of now out of sight.
func (p *Past) Hide(k plan.Key) { p.hide(string(k.Level())+"s", k) }

// HideBeside takes what an item of now has beside its row out of sight: its
// labels, references, links and dependencies, and the values it is found by.
func (p *Past) HideBeside(k plan.Key) {
	for _, table := range []string{"labels", "refs", "links", "plan_dependencies", "task_dependencies", "field_values"} {
		p.hide(table, k)
	}
}

// HideNotes and HideTexts take the notes and the former texts of an item of now
// out of sight.
func (p *Past) HideNotes(k plan.Key) { p.hide("notes", k) }

func (p *Past) HideTexts(k plan.Key) { p.hide("contents", k) }

// PutEpic shows an epic as it was.
func (p *Past) PutEpic(e plan.Epic) {
	e.ID = e.Key.Ordinal()
	p.put("epics", epicFields(&e)...)
}

// PutFeature is PutEpic for a feature.
func (p *Past) PutFeature(f plan.Feature) {
	f.ID, f.EpicID = f.Key.Ordinal(), f.Key.EpicKey().Ordinal()
	p.put("features", featureFields(&f)...)
}

// PutTask is PutEpic for a task.
func (p *Past) PutTask(t plan.Task) {
	t.ID, t.FeatureID = t.Key.Ordinal(), t.Key.FeatureKey().Ordinal()
	t.LeaseDigest = t.DigestLease()
	p.count(t.Key, t, +1) // until it is derived
	p.put("tasks", taskFields(&t)...)
}

// TakeOut counts a task of now out.
func (p *Past) TakeOut(t plan.Task) { p.count(t.Key, t, -1) }

// CountEpic counts an epic in by its status, or out with n of -1.
func (p *Past) CountEpic(k plan.Key, status plan.PlanStatus, n int) {
	if !status.Closed() {
		p.countsOf(k)[countOpenEpics] += n
	}
}

func (p *Past) count(k plan.Key, t plan.Task, n int) { p.countsOf(k).add(t, n) }

func (p *Past) countsOf(k plan.Key) *tally {
	if p.counts[k.EpicKey()] == nil {
		p.counts[k.EpicKey()] = &tally{}
	}
	return p.counts[k.EpicKey()]
}

// PutBeside shows what an item had beside its row.
func (p *Past) PutBeside(k plan.Key, labels, refs []string, links []plan.Link, dependsOn []plan.Key) {
	id := k.Ordinal()
	for _, l := range labels {
		p.put("labels", id, plan.FoldLabel(l), l)
	}
	for _, r := range refs {
		p.put("refs", id, plan.FoldRef(r), r)
	}
	for _, l := range plan.OwnLinks(links) {
		p.put("links", LinkRowOf(k, l).args()...)
	}
	for _, on := range dependsOn {
		table := "task_dependencies"
		if (Edge{Task: k, DependsOn: on}).IsLevel() {
			table = "plan_dependencies"
		}
		p.put(table, id, on.Ordinal())
	}
}

// PutFieldValues shows what a task was found by.
func (p *Past) PutFieldValues(t plan.Task, declared map[string]plan.CustomField) {
	for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
		if f, is := declared[name]; is {
			p.put("field_values", t.Key.Ordinal(), name, f.Sorted(t.Fields[name]))
		}
	}
}

// PutNotes shows the notes of an item. They get other ids, in the order of their
// numbers.
func (p *Past) PutNotes(k plan.Key, notes []plan.Note) {
	for _, n := range notes {
		n.ID = firstPastNote + int64(len(p.layers["notes"].rows))
		p.put("notes", append([]any{k.Ordinal(), n.ID}, noteFields(&n)...)...)
	}
}

// firstPastNote is higher than the id of any note.
const firstPastNote = int64(1) << 52

// PutText shows a former text of an item.
func (p *Past) PutText(k plan.Key, text string) {
	p.put("contents", k.Ordinal(), plan.Digest(text), text)
}

// PutProject shows the project as it was, with the highest number of an epic.
func (p *Past) PutProject(project plan.Project, lastEpic int) {
	p.layers["project"].hidden[1] = true
	p.put("project", append([]any{1, lastEpic}, projectFields(&project)...)...)
	p.layers["definitions"].hidden[0] = true
	for _, d := range project.Definitions {
		p.put("definitions", string(d.Kind), d.Name, d.Body)
	}
}

// PutTrash shows an entry of the trash with the parts of its rows, as the n-th
// behind one that is there still, whose id is after.
func (p *Past) PutTrash(t plan.Trashed, parts []string, after int64, n int) {
	t.ID, t.ItemID = after*betweenTrash+int64(n), t.Key.Ordinal()
	p.put("trash", append(storedTrash(&t), sealOfTrash(t))...)
	for i, lines := range parts {
		p.put("trash_parts", t.ID, i, lines, plan.Seal(lines))
	}
}

// Moved says that an item had another key then, under which its history is shown.
func (p *Past) Moved(now, was plan.Key) { p.moved[now] = was }

// Turned says that the tasks under an epic or a feature may have been offered
// otherwise than now; Closed, that it was closed and is not, or the other way round.
func (p *Past) Turned(k plan.Key) { p.turned = append(p.turned, k) }

func (p *Past) Closed(k plan.Key) { p.closed = append(p.closed, k) }

// Ended says that a task was done and is not, or the other way round.
func (p *Past) Ended(k plan.Key) { p.ended = append(p.ended, k.Ordinal()) }

// Linked says that an item may have had another number of links than it has now.
func (p *Past) Linked(k plan.Key) { p.linked[k.Ordinal()] = true }

// Zoned says that the project had another time zone.
func (p *Past) Zoned(zone *time.Location) { p.zone = zone }
