package tracker

import (
	"slices"
	"strconv"
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

// A formField is a field of an item that the source has another value for.
type formField struct {
	name    string
	differs bool                    // from what is here
	since   func(*plan.Replay) bool // from what was last read
	own     func(*plan.Replay) bool // what is here does
	here    string                  // what is here, where that is one short value
}

func column(name string, source, here any) formField {
	return formField{name, !sameValue(source, here), func(r *plan.Replay) bool { return r.Differs(name, source) },
		func(r *plan.Replay) bool { return r.Differs(name, here) }, ""}
}

// shown adds what is here to the field, for a finding that says what is replaced.
func (f formField) shown(here string) formField {
	f.here = here
	return f
}

func sameValue(a, b any) bool {
	c := plan.Change{}
	c.Set("title", a, b)
	return len(c) == 0
}

func listField(name string, source, here []string, fold func(string) string) formField {
	words := func(list []string) []string {
		out := make([]string, len(list))
		for n, w := range list {
			out[n] = fold(w)
		}
		slices.Sort(out)
		return out
	}
	return formField{name, !slices.Equal(words(source), words(here)), func(r *plan.Replay) bool { return r.DiffersIn(name, source) },
		func(r *plan.Replay) bool { return r.DiffersIn(name, here) }, strings.Join(here, ", ")}
}

func checksField(source, here []plan.Check) formField {
	same := func(a, b plan.Check) bool { return a.Text == b.Text && a.Done == b.Done }
	return formField{"checks", !slices.EqualFunc(source, here, same), func(r *plan.Replay) bool { return r.DiffersInChecks(source) },
		func(r *plan.Replay) bool { return r.DiffersInChecks(here) }, ""}
}

func statusField(source, here string) formField {
	return formField{"status", source != here, func(r *plan.Replay) bool { return r.Status != source }, func(r *plan.Replay) bool { return r.Status != here }, here}
}

// compared lists the fields that an item has in the source and here.
func (i *formImport) compared(item *form.Item, there Item, links *relinking) []formField {
	return append(append(i.comparedColumns(item, there), i.comparedFields(item, there)...), links.field())
}

func (i *formImport) comparedColumns(item *form.Item, there Item) []formField {
	needs := plan.KeyWords(i.needs(item))
	same := func(s string) string { return s }
	switch {
	case there.Epic != nil:
		e, was := i.epicOf(item), *there.Epic
		return []formField{column("title", e.Title, was.Title).shown(was.Title), column("description", e.Description, was.Description), column("priority", e.Priority, was.Priority).shown(string(was.Priority)), column("due", e.Due, was.Due).shown(string(was.Due)), column("defer", e.Defer, was.Defer).shown(string(was.Defer)),
			statusField(string(e.Status), string(was.Status)), listField("labels", e.Labels, was.Labels, plan.FoldLabel), listField("depends_on", needs, plan.KeyWords(was.DependsOn), same)}
	case there.Feature != nil:
		f, was := i.featureOf(item), *there.Feature
		return []formField{column("title", f.Title, was.Title).shown(was.Title), column("description", f.Description, was.Description), column("due", f.Due, was.Due).shown(string(was.Due)), column("defer", f.Defer, was.Defer).shown(string(was.Defer)),
			statusField(string(f.Status), string(was.Status)), listField("labels", f.Labels, was.Labels, plan.FoldLabel), listField("depends_on", needs, plan.KeyWords(was.DependsOn), same)}
	}
	at := there.Task.CreatedAt
	t, was := i.taskOf(item, at), *there.Task
	fields := []formField{column("title", t.Title, was.Title).shown(was.Title), column("description", t.Description, was.Description), column("priority", t.Priority, was.Priority).shown(strconv.Itoa(was.Priority)), column("kind", t.Kind, was.Kind),
		column("due", t.Due, was.Due).shown(string(was.Due)), column("defer", t.Defer, was.Defer).shown(string(was.Defer)), column("estimate", t.Estimate, was.Estimate), column("assignee", t.Assignee, was.Assignee).shown(was.Assignee),
		column("resolution", string(t.ToldResolution()), string(was.ToldResolution())), column("blocked_reason", t.BlockedReason, was.BlockedReason),
		statusField(string(t.Status), string(was.Status)), listField("labels", t.Labels, was.Labels, plan.FoldLabel), listField("depends_on", needs, plan.KeyWords(was.DependsOn), same),
		checksField(t.Checks, was.Checks)}
	if item.Completed != nil && t.CompletedAt != nil {
		fields = append(fields, column("completed_at", t.CompletedAt, was.CompletedAt))
	}
	return fields
}

// compareOne reports what changed in the source since it was last read, or
// takes it over.
func (i *formImport) compareOne(item *form.Item, there Item, moved counts) error {
	item, err := i.in.Outline.Whole(item)
	if err != nil {
		return err
	}
	i.hold(item)
	if k := there.Key(); k.Level() != item.Level {
		i.loader.report.Unchanged.add(k.Level())
		return nil
	}
	var differing []formField
	links := newRelinking(i.links(item), *there.linkPlace())
	for _, f := range i.compared(item, there, links) {
		if f.differs && !(f.name == "title" && item.Group && item.File == "") { // such a title is made of where the source lies
			differing = append(differing, f)
		}
	}
	notes, err := i.newNotes(item, there)
	if err != nil {
		return err
	}
	changed, both, err := i.since(there.Key(), differing)
	if err != nil {
		return err
	}
	if len(notes) > 0 {
		changed["comments"] = true
	}
	if i.former[there.Key()] != "" && (i.in.Update || len(changed) > 0) {
		changed[formerName] = true
	}
	if len(changed) == 0 {
		i.loader.report.Unchanged.add(item.Level)
		return nil
	}
	var names []string
	for name := range changed {
		names = append(names, name)
	}
	slices.Sort(names)
	if !i.in.Update {
		i.loader.report.Unchanged.add(item.Level)
		i.report(item, interchange.Info, "%s changed in the source (%s); --update applies the changes%s", there.Key(), strings.Join(names, ", "), replaces(both, ", and replaces what was changed here: "))
		return nil
	}
	i.loader.report.Changed.add(item.Level)
	if len(both) > 0 {
		i.report(item, interchange.Warning, "%s changed in the source and here: the source replaces %s", there.Key(), replaces(both, ""))
	}
	if i.in.DryRun {
		return nil
	}
	return i.update(item, there.Key(), taken{changed, links}, notes, moved)
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
		if base != nil && !f.since(base) {
			continue
		}
		if changed[f.name] = true; base != nil && f.own(base) && !followsStatus(f.name) {
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
		if words[n] = f.name; f.here != "" {
			words[n] += " " + form.Quote(f.here)
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
	records, err := tx.ItemHistory(k)
	if err != nil {
		return nil, err
	}
	read := map[string]bool{}
	for _, h := range records {
		if strings.HasPrefix(h.Notes, "imported from ") || strings.HasPrefix(h.Notes, updatedNotes) {
			read[h.Operation] = true
		}
	}
	if len(read) == 0 {
		return nil, nil
	}
	return plan.FoldSome(records, read), nil
}
