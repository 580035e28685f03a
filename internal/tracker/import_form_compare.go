package tracker

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/store"
)

// updatedNotes is what the record says that ends an update from a source.
const updatedNotes = "updated from "

// comparedTogether is how many tasks are loaded at a time to be compared.
const comparedTogether = 500

// compare holds what was there before against the source, tasks first.
func (i *formImport) compare() error {
	var tasks, parents []*form.Item
	for _, item := range i.in.Outline.Items {
		if was := i.there[item.N]; was && i.key(item).Level() == plan.LevelTask {
			tasks = append(tasks, item)
		} else if was {
			parents = append(parents, item)
		}
	}
	moved := counts{}
	for from := 0; from < len(tasks); from += comparedTogether {
		page := tasks[from:min(from+comparedTogether, len(tasks))]
		keys := make([]plan.Key, len(page))
		for n, item := range page {
			keys[n] = i.key(item)
		}
		slices.SortFunc(keys, plan.Key.Compare)
		loaded, err := loadItems(i.tx, slices.Compact(keys))
		if err != nil {
			return err
		}
		for _, item := range page {
			if err := i.compareOne(item, loaded[i.key(item)], moved); err != nil {
				return err
			}
		}
	}
	slices.Reverse(parents)
	for _, item := range parents {
		there, err := loadItem(i.tx, i.key(item))
		if err == nil {
			err = i.compareOne(item, there, moved)
		}
		if err != nil {
			return err
		}
	}
	if i.in.DryRun {
		return nil
	}
	return moved.flush(i.tx)
}

// A formField is a field of an item, as the source has it and as it is here: a value,
// or a list of words, the lines of a checklist, the links.
type formField struct {
	name        string
	source, own any
}

// differs reports whether the source has another value than is here.
func (f formField) differs() bool {
	switch source := f.source.(type) {
	case *relinking:
		return source.differs()
	case []string:
		return !slices.Equal(f.folded(source), f.folded(f.own.([]string)))
	case []plan.Check:
		return !slices.EqualFunc(source, f.own.([]plan.Check), func(a, b plan.Check) bool { return a.Text == b.Text && a.Done == b.Done })
	case plan.FieldValue:
		return source != f.own
	}
	c := plan.Change{}
	c.Set(f.name, f.own, f.source)
	return len(c) > 0
}

// folded returns words as they are compared.
func (f formField) folded(list []string) []string {
	out := slices.Clone(list)
	if f.name == "labels" {
		for n, w := range out {
			out[n] = plan.FoldLabel(w)
		}
	}
	slices.Sort(out)
	return out
}

// since reports whether a value of the field differs from what was last read.
func (f formField) since(base *plan.Replay, v any) bool {
	switch v := v.(type) {
	case *relinking:
		return v.since(base)
	case []string:
		return base.DiffersIn(f.name, v)
	case []plan.Check:
		return base.DiffersInChecks(v)
	case plan.FieldValue:
		return base.DiffersInField(strings.TrimPrefix(f.name, fieldsName), v)
	}
	if f.name == "status" {
		return base.Status != v
	}
	return base.Differs(f.name, v)
}

// here returns what is here, where that is one short value.
func (f formField) here() string {
	switch own := f.own.(type) {
	case []plan.Check, nil:
		return ""
	case []string:
		return strings.Join(own, ", ")
	}
	if f.name == "description" {
		return ""
	}
	return fmt.Sprint(f.own)
}

// compared lists the fields that an item has in the source and here.
func (i *formImport) compared(item *form.Item, there Item, links *relinking) []formField {
	source, needs := Item{}, i.needs(item)
	switch {
	case there.Epic != nil:
		e := i.epicOf(item)
		e.DependsOn, source.Epic = needs, &e
	case there.Feature != nil:
		f := i.featureOf(item)
		f.DependsOn, source.Feature = needs, &f
	default:
		t := i.taskOf(item, there.Task.CreatedAt)
		t.DependsOn, source.Task = needs, &t
	}
	fields := comparedFields(source)
	for n, f := range comparedFields(there) {
		fields[n].own = f.source
	}
	if source.Task != nil {
		untold := map[string]bool{"completed_at": item.Completed == nil || source.Task.CompletedAt == nil, "priority": item.Group && item.Priority == 0}
		fields = slices.DeleteFunc(fields, func(f formField) bool { return untold[f.name] })
	}
	return append(append(fields, i.comparedCustom(item, there)...), formField{linksName, links, nil})
}

// comparedFields lists the fields of an item that a source can have.
func comparedFields(i Item) []formField {
	field := func(name string, v any) formField { return formField{name: name, source: v} }
	switch {
	case i.Epic != nil:
		e := i.Epic
		return []formField{field("title", e.Title), field("description", e.Description), field("status", string(e.Status)), field("labels", e.Labels), field("depends_on", plan.KeyWords(e.DependsOn)),
			field("due", e.Due), field("defer", e.Defer), field("priority", e.Priority), field("business_value", e.BusinessValue)}
	case i.Feature != nil:
		f := i.Feature
		return []formField{field("title", f.Title), field("description", f.Description), field("status", string(f.Status)), field("labels", f.Labels), field("depends_on", plan.KeyWords(f.DependsOn)),
			field("due", f.Due), field("defer", f.Defer)}
	}
	t := i.Task
	return []formField{field("title", t.Title), field("description", t.Description), field("status", string(t.Status)), field("labels", t.Labels), field("depends_on", plan.KeyWords(t.DependsOn)),
		field("due", t.Due), field("defer", t.Defer), field("priority", t.Priority), field("kind", t.Kind), field("estimate", t.Estimate), field("assignee", t.Assignee),
		field("agent_type", t.AgentType), field("stage", t.Stage), field("repeat", t.Repeat), field("resolution", string(t.ToldResolution())), field("blocked_reason", t.BlockedReason),
		field("completed_at", t.CompletedAt), field("checks", t.Checks)}
}

// compareOne reports what changed in the source since it was last read, or
// takes it over.
func (i *formImport) compareOne(item *form.Item, there Item, moved counts) error {
	item, err := i.in.Outline.Whole(item)
	if err != nil {
		return err
	}
	i.hold(item)
	k := there.Key()
	if k.Level() != item.Level {
		i.loader.report.Unchanged.add(k.Level())
		return nil
	}
	take, both, err := i.toTake(item, there)
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(take.fields))
	switch {
	case len(names) == 0:
		i.loader.report.Unchanged.add(item.Level)
		return nil
	case !i.in.Update:
		i.loader.report.Unchanged.add(item.Level)
		i.report(item, interchange.Info, "%s changed in the source (%s); --update applies the changes%s", k, strings.Join(names, ", "), replaces(both, ", and replaces what was changed here: "))
		return nil
	}
	i.loader.report.Changed.add(item.Level)
	if len(both) > 0 {
		i.report(item, interchange.Warning, "%s changed in the source and here: the source replaces %s", k, replaces(both, ""))
	}
	if i.in.DryRun {
		if take.fields["status"] && k.Level() != plan.LevelTask {
			i.loader.parents[k] = interchange.PlanStatusOf(item.Status)
		}
		return nil
	}
	told := len(i.found)
	err = i.update(item, k, take, moved)
	i.found = i.found[:told] // what cannot be kept was told as it was compared
	return err
}

// toTake returns what changed in the source since it was last read, and what of that
// changed here, too.
func (i *formImport) toTake(item *form.Item, there Item) (take taken, both []formField, err error) {
	var differing []formField
	links := newRelinking(i.withNamed(item, i.links(item), *there.linkPlace()), *there.linkPlace())
	for _, f := range i.compared(item, there, links) {
		if f.differs() && !(f.name == "title" && item.Group && item.File == "") { // such a title is made of where the source lies
			differing = append(differing, f)
		}
	}
	notes, err := i.newNotes(item, there)
	if err != nil {
		return take, nil, err
	}
	changed, both, err := i.since(there.Key(), differing)
	if err != nil {
		return take, nil, err
	}
	take = taken{fields: changed, links: links, notes: notes}
	if to, moved := i.parents[there.Key()]; moved {
		changed[parentName], take.parent = true, to
	}
	if len(notes) > 0 {
		changed["comments"] = true
	}
	if i.former[there.Key()] != "" && (i.in.Update || len(changed) > 0) {
		changed[formerName] = true
	}
	return take, both, nil
}

// since returns which of the fields that differ changed in the source since it
// was last read, and which of those changed here too, other than in the source.
func (i *formImport) since(k plan.Key, differing []formField) (changed map[string]bool, both []formField, err error) {
	changed = map[string]bool{}
	if len(differing) == 0 {
		return changed, nil, nil
	}
	base, err := lastRead(i.tx, k)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range differing {
		if base != nil && !f.since(base, f.source) {
			continue
		}
		if changed[f.name] = true; base != nil && f.own != nil && f.since(base, f.own) && !followsStatus(f.name) {
			both = append(both, f)
		}
	}
	return changed, both, nil
}

// followsStatus reports whether a field says more about the status, which is named
// where both changed.
func followsStatus(name string) bool {
	return name == "resolution" || name == "blocked_reason" || name == "completed_at"
}

// replaces names fields with what is here; empty if there are none.
func replaces(fields []formField, before string) string {
	if len(fields) == 0 {
		return ""
	}
	words := make([]string, len(fields))
	for n, f := range fields {
		if words[n] = f.name; f.here() != "" {
			words[n] += " " + form.Quote(f.here())
		}
	}
	return before + strings.Join(words, ", ")
}

// newNotes returns the comments of the source that the item does not have.
func (i *formImport) newNotes(item *form.Item, there Item) (out []plan.Note, err error) {
	if len(item.Notes) == 0 {
		return nil, nil
	}
	at, err := i.tx.At()
	if err != nil {
		return nil, err
	}
	have := map[[2]string]bool{}
	if err := i.tx.EachNote(there.Key(), func(some []plan.Note) error {
		for _, n := range some {
			have[[2]string{n.Agent, n.Body}] = true
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for _, n := range notesOf(item, at) {
		if !have[[2]string{n.Agent, n.Body}] {
			out = append(out, n)
		}
	}
	return out, nil
}

// lastRead returns an item as the source had it when it was last read, by the
// records of its import and of the updates since.
func lastRead(tx *store.Tx, k plan.Key) (base *plan.Replay, err error) {
	records, read, err := readings(tx, k)
	if err != nil || len(read) == 0 {
		return nil, err
	}
	return plan.FoldSome(records, read), nil
}

// readings returns the records of an item, and the operations that read it from a source.
func readings(tx *store.Tx, k plan.Key) (records []plan.History, read map[string]bool, err error) {
	if records, err = tx.ItemHistory(k); err != nil {
		return nil, nil, err
	}
	read = map[string]bool{}
	for _, h := range records {
		if strings.HasPrefix(h.Notes, "imported from ") || strings.HasPrefix(h.Notes, updatedNotes) {
			read[h.Operation] = true
		}
	}
	return records, read, nil
}
