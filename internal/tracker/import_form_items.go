package tracker

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// record returns the line of an export that stands for an item of the source.
func (i *formImport) record(item *form.Item) (any, error) {
	item, err := i.in.Outline.Whole(item)
	if err != nil {
		return nil, err
	}
	k, notes := i.key(item), notesOf(item, i.at)
	refs := plan.SortRefs(append([]string{i.in.Outline.Ref(item)}, i.free(item)...))
	i.hold(item)
	for _, f := range item.Fields {
		if i.fields[f[0]].Name != "" && i.fieldValue(item, f) == "" {
			i.report(item, interchange.Warning, "%s of %s cannot be kept in the custom field %s", form.Quote(f[1]), i.in.Outline.Ref(item), i.fields[f[0]].Name)
		}
	}
	switch item.Level {
	case plan.LevelEpic:
		e := i.epicOf(item)
		e.Key, e.Refs, e.DependsOn = k, refs, i.needs(item)
		i.tellDraft(item, e.Status)
		return interchange.EpicRecord{Epic: e, Notes: notes}, nil
	case plan.LevelFeature:
		f := i.featureOf(item)
		f.Key, f.EpicKey, f.Refs, f.DependsOn = k, k.EpicKey(), refs, i.needs(item)
		i.tellDraft(item, f.Status)
		return interchange.FeatureRecord{Feature: f, Notes: notes}, nil
	}
	t := i.taskOf(item, i.at)
	if t.Stage != item.Stage {
		i.staged[item.Stage]++
	}
	t.Key, t.FeatureKey, t.EpicKey, t.Refs, t.DependsOn = k, k.FeatureKey(), k.EpicKey(), refs, i.needs(item)
	return interchange.TaskRecord{Task: t, BlockedFrom: t.BlockedFrom, Notes: notes}, nil
}

// free returns the further names of an item that no other item has.
func (i *formImport) free(item *form.Item) (out []string) {
	for _, ref := range item.Refs {
		if i.names[plan.FoldRef(ref)] || i.in.Outline.Has(ref) {
			i.report(item, interchange.Warning, "the reference %s of %s belongs to another item: dropped", form.Quote(ref), i.in.Outline.Ref(item))
			continue
		}
		i.names[plan.FoldRef(ref)] = true
		out = append(out, ref)
	}
	return out
}

// hold blocks what depends on something that is nowhere.
func (i *formImport) hold(item *form.Item) {
	for _, id := range item.Others {
		ref := i.in.Outline.RefOf(id)
		if _, known := i.others[plan.FoldRef(ref)]; known {
			continue
		}
		i.report(item, interchange.Warning, "%s depends on %s, which is not in the source: a task that is not started is imported as blocked", i.in.Outline.Ref(item), form.Quote(id))
		if item.Status == plan.Todo {
			item.Block("depends on " + form.OneLine(id, 100) + ", which is not in the source")
		}
	}
}

// needs returns the keys of what an item depends on, each once, in order.
func (i *formImport) needs(item *form.Item) []plan.Key {
	var keys []plan.Key
	for _, on := range item.Needs {
		keys = append(keys, i.key(on))
	}
	for _, id := range item.Others {
		if k, known := i.others[plan.FoldRef(i.in.Outline.RefOf(id))]; known {
			keys = append(keys, k)
		}
	}
	keys = slices.DeleteFunc(keys, func(k plan.Key) bool {
		return k == i.key(item) || item.Level != plan.LevelTask && k.Level() == plan.LevelTask
	})
	slices.SortFunc(keys, plan.Key.Compare)
	return slices.Compact(keys)
}

func (i *formImport) tellDraft(item *form.Item, s plan.PlanStatus) {
	if s == plan.PlanDraft {
		k, why := i.key(item), ""
		if item.Reason != "" && item.Reason != string(plan.PlanDraft) {
			why = " (" + form.OneLine(item.Reason, 100) + ")"
		}
		i.report(item, interchange.Info, "%s %s is a draft%s: its tasks are not offered as work before pm update %s --status active", k.Level(), k, why, k)
	}
}

func (i *formImport) epicOf(item *form.Item) plan.Epic {
	e := plan.Epic{BusinessValue: item.Value, Title: item.Title, Description: item.Description, Status: interchange.PlanStatusOf(item.Status), Priority: plan.DefaultGrade, Labels: item.Labels,
		Links: i.links(item), Fields: i.fieldsOf(item), Due: item.Due, Defer: item.Defer}
	switch {
	case item.Priority == 0:
	case item.Priority <= 3:
		e.Priority = plan.High
	case item.Priority > 6:
		e.Priority = plan.Low
	}
	if item.Created != nil {
		e.CreatedAt = *item.Created
	}
	return e
}

func (i *formImport) featureOf(item *form.Item) plan.Feature {
	f := plan.Feature{Title: item.Title, Description: item.Description, Status: interchange.PlanStatusOf(item.Status), Labels: item.Labels, Links: i.links(item), Fields: i.fieldsOf(item), Due: item.Due, Defer: item.Defer}
	if item.Created != nil {
		f.CreatedAt = *item.Created
	}
	return f
}

// taskOf returns the task that an item describes, with the moments that follow
// from its status: at where the source does not say them.
func (i *formImport) taskOf(item *form.Item, at time.Time) plan.Task {
	t := plan.Task{Title: item.Title, Description: item.Description, Status: item.Status, Kind: item.Kind, Priority: item.Priority, Assignee: item.Assignee,
		AgentType: item.AgentType, Repeat: item.Repeat, FilePath: cmp.Or(item.FilePath, item.File), Labels: item.Labels, Links: i.links(item), Fields: i.fieldsOf(item), Due: item.Due, Defer: item.Defer, Estimate: item.Estimate,
		StartedAt: item.Started, CompletedAt: item.Completed}
	if _, there := i.stages.Find(item.Stage); there {
		t.Stage = item.Stage
	}
	if t.Priority == 0 {
		t.Priority = plan.DefaultPriority
	}
	if item.Created != nil {
		t.CreatedAt = *item.Created
	}
	switch item.Status {
	case plan.Todo:
		t.StartedAt, t.CompletedAt = nil, nil
	case plan.Blocked:
		t.BlockedReason, t.BlockedAt, t.BlockedFrom, t.CompletedAt = item.Reason, orAt(item.Blocked, at), plan.Todo, nil
	case plan.InProgress, plan.ReadyForReview:
		t.AssignedAgent, t.CompletedAt = cmp.Or(item.Holder, item.Assignee), nil
		if t.StartedAt == nil {
			t.StartedAt = orAt(item.Created, at)
		}
	case plan.Completed:
		t.AssignedAgent = cmp.Or(item.Holder, item.Assignee)
		if t.CompletedAt == nil {
			t.CompletedAt = &at
		}
	case plan.Archived:
		if item.Resolution != "" && item.Resolution != plan.ResolvedDone {
			t.CompletedAt = nil
		}
	}
	if t.Done() {
		if t.Resolution = item.Resolution; t.Resolution == t.DefaultResolution() {
			t.Resolution = ""
		}
	}
	by := plan.ActorOf(i.ctx).Name
	for _, c := range item.Checks {
		if c.Done && c.By == "" {
			c.By = by
		}
		if c.Done && c.At == nil {
			c.At = orAt(t.CompletedAt, at)
		}
		t.Checks = append(t.Checks, c)
	}
	return t
}

func orAt(t *time.Time, at time.Time) *time.Time {
	if t != nil {
		return t
	}
	return &at
}

// links returns the links of an item. One to an item of the source leads to its
// key; one to what is nowhere is a finding.
func (i *formImport) links(item *form.Item) (out []plan.Link) {
	for _, l := range item.Links {
		to, known := l.To, !l.ID
		if on := i.item(l.To); on != nil {
			to, known = i.key(on).String(), true
		} else if k, is := i.others[plan.FoldRef(i.in.Outline.RefOf(l.To))]; is {
			to, known = k.String(), true
		}
		target, err := plan.CheckLinkTarget(to)
		if err != nil || !known || len(out) == plan.MaxLinks || to == i.key(item).String() {
			i.report(item, interchange.Warning, "the link of %s to %s cannot be kept", i.in.Outline.Ref(item), form.Quote(l.To))
			continue
		}
		as := l.As
		if as == "" {
			as = plan.Relates
		}
		if as == plan.Relates && i.namedBy(i.item(l.To), item) {
			continue
		}
		link := plan.Link{As: as, To: target}
		if !slices.Contains(out, link) {
			out = append(out, link)
		}
	}
	return out
}

// namedBy reports whether the other end of a relation of an item names the item as
// well, and its link is the one to keep: what it says is more than that the two are
// related, or it comes first. One that is beyond the most that an item keeps is none.
func (i *formImport) namedBy(other, item *form.Item) bool {
	if other == nil {
		return false
	}
	whole, err := i.in.Outline.Whole(other)
	return err == nil && slices.ContainsFunc(whole.Links[:min(len(whole.Links), plan.MaxLinks)], func(l form.Link) bool {
		to := i.item(l.To)
		return to != nil && to.N == item.N && (l.As != "" && l.As != plan.Relates || other.N < item.N)
	})
}

// withNamed adds to the links of an item in the source those relations that are its own
// here, and that the other end names there: a relation has no direction.
func (i *formImport) withNamed(item *form.Item, source, here []plan.Link) []plan.Link {
	named, told := plan.Link{As: plan.Relates, To: i.key(item).String()}, len(i.found)
	for _, l := range plan.OwnLinks(here) {
		k, is := l.Item()
		if !is || l.As != plan.Relates || slices.Contains(source, l) {
			continue
		}
		n := slices.Index(i.keys, k) // seldom: most are in the source as they are here
		if n < 0 {
			continue
		}
		if other, err := i.in.Outline.Whole(i.in.Outline.Items[n]); err == nil && slices.Contains(i.links(other), named) {
			source = append(source, l)
		}
	}
	i.found = i.found[:told]
	return source
}

// item returns the item of the source with the id.
func (i *formImport) item(id string) *form.Item { return i.in.Outline.ByID(id) }

// notesOf returns the comments of an item, oldest first.
func notesOf(item *form.Item, at time.Time) (out []plan.Note) {
	for _, n := range item.Notes {
		note := plan.Note{Kind: n.Kind, Agent: n.Agent, Body: n.Body, CreatedAt: at}
		if n.At != nil {
			note.CreatedAt = *n.At
		}
		out = append(out, note)
	}
	plan.Sort(out, func(a, b plan.Note) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return out
}

// declare declares the custom fields that keep what pm has no place for.
func (i *formImport) declare() error {
	i.fields = map[string]plan.CustomField{}
	names := i.in.Outline.Unknown
	if len(names) == 0 {
		return nil
	}
	there, err := i.tx.CustomFields()
	if err != nil {
		return err
	}
	var fresh []plan.Definition
	for _, name := range names {
		word := fieldWord(name)
		if checkFieldName(word) != nil {
			word = "x_" + word
		}
		f, known := there[word]
		if !known {
			if f, err = plan.NewCustomField(word, string(plan.TextField), nil, nil); err != nil || len(there) >= plan.MaxFields {
				i.report(nil, interchange.Warning, "field %s cannot be kept: a project has at most %d custom fields, each named with one word", form.Quote(name), plan.MaxFields)
				continue
			}
			there[word], fresh = f, append(fresh, f.Definition())
		}
		i.fields[name] = f
	}
	if i.in.DryRun || len(fresh) == 0 {
		return nil
	}
	_, err = changeProject(i.tx, func(p plan.Project) (plan.Project, error) {
		for _, d := range fresh {
			p = p.With(d)
		}
		return p, nil
	})
	return err
}

// fieldWord makes the name of a custom field of a name in another tool.
func fieldWord(name string) string {
	word := strings.Trim(strings.ReplaceAll(form.Slug(name), "-", "_"), "_")
	word = strings.Map(func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, word)
	for strings.Contains(word, "__") {
		word = strings.ReplaceAll(word, "__", "_")
	}
	if word = strings.Trim(word, "_"); word == "" || word[0] < 'a' {
		word = strings.TrimRight("x_"+word, "_")
	}
	return strings.TrimRight(word[:min(len(word), plan.MaxName)], "_")
}

// fieldValue returns the value of a custom field; empty if the field that the plan
// has declared cannot have it.
func (i *formImport) fieldValue(item *form.Item, f [2]string) plan.FieldValue {
	d := i.fields[f[0]]
	if !slices.Contains(d.On, item.Level) {
		return ""
	}
	v, err := d.Parse(plan.TextValue(form.OneLine(f[1], plan.MaxFieldValue)), func(s string) (plan.Date, error) { return plan.Date(s), plan.CheckDate(d.Name, plan.Date(s)) })
	if err != nil {
		return ""
	}
	return v
}

func (i *formImport) fieldsOf(item *form.Item) plan.Fields {
	var out plan.Fields
	for _, f := range item.Fields {
		if v := i.fieldValue(item, f); v != "" {
			if out == nil {
				out = plan.Fields{}
			}
			out[i.fields[f[0]].Name] = v
		}
	}
	return out
}
