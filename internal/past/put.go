package past

import (
	"maps"
	"slices"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// put hands what items were over.
func (r *rewinder) put() error {
	for _, k := range slices.SortedFunc(maps.Keys(r.epics), plan.Key.Compare) {
		if err := r.putEpic(r.epics[k]); err != nil {
			return err
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(r.features), plan.Key.Compare) {
		if err := r.putFeature(r.features[k]); err != nil {
			return err
		}
	}
	declared, err := r.declared()
	if err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(r.tasks), plan.Key.Compare) {
		if err := r.putTask(r.tasks[k], declared); err != nil {
			return err
		}
	}
	return nil
}

// declared are the fields that the project had declared.
func (r *rewinder) declared() (map[string]plan.CustomField, error) {
	project, err := r.projectThen()
	out := map[string]plan.CustomField{}
	for _, d := range project.Definitions {
		if d.Kind == plan.FieldDefinition && err == nil {
			out[d.Name], err = plan.ReadCustomField(d)
		}
	}
	return out, err
}

func (r *rewinder) putTask(t *rewound[plan.Task], declared map[string]plan.CustomField) error {
	var links []plan.Link
	if t.now != nil {
		links = t.now.Links
		r.past.TakeOut(*t.now)
	}
	r.takeAway(t.trace, t.now != nil, links)
	if t.was == nil {
		return r.putGone(t.key, t.trash, t.texts)
	}
	was := *t.was
	if t.now != nil && was.Key == t.key && was.Done() != t.now.Done() {
		r.past.Ended(was.Key)
	}
	r.bring(t.trace, was.Key, was.Labels, was.Refs, was.Links, was.DependsOn)
	if t.moved || t.words {
		r.past.PutFieldValues(was, declared)
	}
	r.past.PutTask(was)
	return r.putTexts(t.key, was.Key, t.texts)
}

func (r *rewinder) putFeature(f *rewound[plan.Feature]) error {
	var links []plan.Link
	if f.now != nil {
		links = f.now.Links
	}
	r.takeAway(f.trace, f.now != nil, links)
	if f.was == nil {
		return r.putGone(f.key, f.trash, f.texts)
	}
	was := *f.was
	if f.now != nil && was.Key == f.key {
		r.compare(f.key, above(was.Status, was.DeferFrom), above(f.now.Status, f.now.DeferFrom))
	}
	r.bring(f.trace, was.Key, was.Labels, was.Refs, was.Links, was.DependsOn)
	r.addLevelSums(&was.TasksTotal, &was.TasksCompleted, &was.EstimateTotal, &was.EstimateDone, f.key, was.Key)
	was.ProgressPct = plan.Progress(was.TasksCompleted, was.TasksTotal)
	if last, fewer := r.lastChild[was.Key]; fewer {
		was.LastChild = min(was.LastChild, last)
	}
	r.past.PutFeature(was)
	return r.putTexts(f.key, was.Key, f.texts)
}

func (r *rewinder) putEpic(e *rewound[plan.Epic]) error {
	var links []plan.Link
	if e.now != nil {
		links = e.now.Links
		r.past.CountEpic(e.key, e.now.Status, -1)
	}
	r.takeAway(e.trace, e.now != nil, links)
	if e.was == nil {
		return r.putGone(e.key, e.trash, e.texts)
	}
	was := *e.was
	if e.now != nil {
		r.compare(e.key, above(was.Status, was.DeferFrom), above(e.now.Status, e.now.DeferFrom))
	}
	r.bring(e.trace, was.Key, was.Labels, was.Refs, was.Links, was.DependsOn)
	r.addLevelSums(&was.TasksTotal, &was.TasksCompleted, &was.EstimateTotal, &was.EstimateDone, e.key)
	if last, fewer := r.lastChild[was.Key]; fewer {
		was.LastChild = min(was.LastChild, last)
	}
	r.past.CountEpic(e.key, was.Status, +1)
	r.past.PutEpic(was)
	return r.putTexts(e.key, was.Key, e.texts)
}

// takeAway takes what an item is now, with these links, out of what was.
func (r *rewinder) takeAway(t trace, there bool, links []plan.Link) {
	if there {
		r.past.Hide(t.key)
	}
	if t.moved || t.words {
		r.past.HideBeside(t.key)
	}
	if (t.moved || t.words) && there {
		r.linked(t.key, links)
	}
	if t.moved || t.heard {
		r.past.HideNotes(t.key)
	}
}

// bring hands over what lay beside an item, and the key that it had.
func (r *rewinder) bring(t trace, was plan.Key, labels, refs []string, links []plan.Link, dependsOn []plan.Key) {
	if t.moved || t.heard {
		r.past.PutNotes(was, t.notes)
	}
	if t.moved || t.words {
		r.past.PutBeside(was, labels, refs, links, dependsOn)
		r.linked(was, links)
	}
	if was != t.key {
		r.past.Moved(t.key, was)
	}
}

func above(status plan.PlanStatus, from plan.Date) store.Above {
	return store.Above{Status: status, DeferFrom: from}
}

// compare says of an epic or a feature what differs for the tasks under it.
func (r *rewinder) compare(k plan.Key, was, is store.Above) {
	if was != is {
		r.past.Turned(k)
	}
	if was.Status.Closed() != is.Status.Closed() {
		r.past.Closed(k)
	}
}

// linked takes down what may have had another number of links.
func (r *rewinder) linked(k plan.Key, links []plan.Link) {
	r.past.Linked(k)
	for _, l := range plan.OwnLinks(links) {
		if to, is := l.Item(); is {
			r.past.Linked(to)
		}
	}
}

// putGone hands over what there was of an item that was made since, or that was in
// the trash: of that, its history and its former texts.
func (r *rewinder) putGone(now, trash plan.Key, texts bool) error {
	if trash.IsZero() {
		r.past.HideTexts(now)
		return nil
	}
	if now != trash {
		r.past.Moved(now, trash)
	}
	return r.putTexts(now, trash, texts)
}

// putTexts hands over which former texts an item had, if that differs: those that
// its records up to then had replaced.
func (r *rewinder) putTexts(now, was plan.Key, differ bool) error {
	if !differ && now == was {
		return nil
	}
	former := maps.Clone(r.beside.former[now])
	if len(former) == 0 {
		return nil
	}
	r.past.HideTexts(now)
	for _, h := range r.kept(now) {
		for field, v := range h.Change {
			for _, text := range plan.TextsIn(field, v[0]) {
				if body, there := former[text.Digest]; there {
					r.past.PutText(was, body)
					delete(former, text.Digest)
				}
			}
		}
	}
	return nil
}

// putProject hands over what the project was, if it has changed since.
func (r *rewinder) putProject() error {
	newer := r.newer[plan.Key{}]
	first, made := r.lastChild[plan.Key{}]
	if len(newer) == 0 && !made {
		return nil
	}
	project, err := r.projectThen()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(newer, func(h plan.History) bool { return h.Change.Any(string(plan.SettingDefinition) + "." + plan.TimeZone) }) {
		zone, err := r.zoneThen()
		if err != nil {
			return err
		}
		r.past.Zoned(zone)
	}
	last, err := r.tx.LastEpic()
	if made {
		last = min(last, first)
	}
	if err == nil && len(newer) > 0 {
		err = r.headOfProject(&project, newer)
	}
	r.past.PutProject(project, last)
	return err
}

// headOfProject sets where the history of the project ended, and its notes.
func (r *rewinder) headOfProject(project *plan.Project, newer []plan.History) error {
	var heard bool
	var notes []plan.Note
	r.hear(plan.Key{}, newer, &heard, &notes, &project.LastNote)
	if heard {
		r.past.HideNotes(plan.Key{})
		r.past.PutNotes(plan.Key{}, notes)
	}
	if err := r.loadHistories([]plan.Key{{}}); err != nil {
		return err
	}
	kept := r.kept(plan.Key{})
	if len(kept) == 0 {
		project.UID, project.HistoryHash, project.CreatedAt, project.UpdatedAt = "", "", time.Time{}, time.Time{}
	} else {
		project.HistoryHash, project.UpdatedAt = kept[len(kept)-1].Hash, kept[len(kept)-1].Timestamp
	}
	return r.putTexts(plan.Key{}, plan.Key{}, hasTexts(newer))
}
