package tracker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/interchange/vet"
	"pm/internal/plan"
	"pm/internal/store"
)

// ImportForm is how Tracker.ImportForm is called.
type ImportForm struct {
	Outline  *form.Outline // settled
	DryRun   bool
	Update   bool                  // apply what changed in the source since the last import
	Strict   bool                  // store nothing if there are findings
	SkipBad  bool                  // store the rest if records cannot be read
	Progress func(done, total int) // told of items stored; may be nil
}

// ImportForm stores a plan that was read from another tool's files, in one
// transaction. Each item is found again by its reference, FORM:id. What is
// missing is created under the next free keys. What is there is left alone; with
// Update it takes over what changed in the source since it was last read, which
// its history says.
func (t *Tracker) ImportForm(ctx context.Context, in ImportForm) (Imported, error) {
	var putBack []func() // what the attempt before has left out of the outline
	run := func(tx *store.Tx) (Imported, error) {
		for _, f := range slices.Backward(putBack) {
			f()
		}
		putBack = nil
		i := &formImport{tx: tx, in: in, ctx: ctx, putBack: &putBack, files: map[plan.Key]*form.Item{}, last: map[plan.Key]int{}, staged: map[string]int{}, parents: map[plan.Key]plan.Key{}}
		i.loader = newLoader(tx, in.DryRun)
		i.loader.bulk.RefsTogether = true // no two items of an outline have one
		i.loader.report = Imported{Form: in.Outline.Form, Files: in.Outline.Files, DryRun: in.DryRun, Findings: append(make([]interchange.Finding, 0, len(in.Outline.Findings)), in.Outline.Findings...), Lines: in.Outline.Lines}
		for _, item := range in.Outline.Items {
			i.loader.report.Found.add(item.Level)
		}
		err := bad(in)
		if err == nil || in.Strict { // which lists what is found later, too
			err = firstError(i.run(), strictly(in.Strict, i.loader.report.Findings), err)
		}
		return i.loader.report, err
	}
	if in.DryRun {
		return read(ctx, t, run)
	}
	source := in.Outline.Form
	if hasIdempotencyKey(ctx) { // the same call is one with the same source
		digest, err := in.Outline.Digest()
		if err != nil {
			return Imported{}, err
		}
		source = fmt.Sprintf("%s %s update=%t", source, digest, in.Update)
	}
	return write(ctx, t, call{"import", source}, run)
}

// bad refuses a source with records that cannot be read, unless the rest is
// wanted.
func bad(in ImportForm) error {
	var all []interchange.Finding
	for _, f := range in.Outline.Findings {
		if f.Severity == interchange.Failed {
			all = append(all, f)
		}
	}
	if in.SkipBad || len(all) == 0 {
		return nil
	}
	what := "1 record cannot be read"
	if len(all) > 1 {
		what = fmt.Sprintf("%d records cannot be read", len(all))
	}
	return refusal(what, all, in.Outline.Findings).WithHint("use --skip-bad to import the rest, and --skip-bad --dry-run to list all findings first")
}

// How many references are looked up at a time, and how many items are so many
// that indexes are made anew rather than kept in order.
const (
	foundTogether = 500
	manyItems     = 1000
)

// A formImport stores an outline in one transaction.
type formImport struct {
	tx     *store.Tx
	in     ImportForm
	ctx    context.Context
	loader *loader
	check  vet.Checker
	keys   []plan.Key                  // of all items, by their places
	there  []bool                      // which of them were there before
	files  map[plan.Key]*form.Item     // epics and features
	stamp  store.Stamp                 // of the records of what is new
	at     time.Time                   // of what the source gives no time for
	found  []interchange.Finding       // about items, until these are stored
	last   map[plan.Key]int            // the highest number given so far, by the parent
	others map[string]plan.Key         // what references to what is not in the source lead to
	names  map[string]bool             // further references that are taken, by what they are compared by
	fields map[string]plan.CustomField // by the names in the source
	stages plan.Line
	staged map[string]int      // tasks in stages that the plan does not have
	former map[plan.Key]string // references of what was reworded in the source, as they are here
	later  []later

	parents map[plan.Key]plan.Key // of what has another one in the source: those that it goes to
	putBack *[]func()             // make the outline what it was before the import changed it
}

func (i *formImport) run() error {
	if !i.in.DryRun {
		if err := firstError(i.tx.KeepZone(), i.tx.LockGraph()); err != nil { // in this order, as everybody
			return err
		}
	}
	restore := func() error { return nil }
	defers := func() (err error) {
		if !i.in.DryRun && !slices.Contains(i.there, true) && len(i.keys) >= manyItems {
			restore, err = i.tx.DeferIndexes()
		}
		return err
	}
	for _, step := range []func() error{i.find, i.recognize, i.assign, i.prepare, i.declare, i.uncycle, i.compare, defers, i.create, i.loader.finish, func() error { return restore() }, i.complete, i.remember} {
		err := step()
		i.tell(i.found)
		i.found = nil
		if err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(i.staged)) {
		i.report(nil, interchange.Warning, "stage %s of %d tasks does not exist: imported without; to keep it, run pm stage create %s first", name, i.staged[name], name)
	}
	i.tell(i.found)
	if slices.Contains(i.there, false) {
		i.tell(i.in.Outline.Kept)
	}
	i.loader.report.Findings = append(i.loader.report.Findings, i.loader.left.findings(func(k plan.Key) string {
		if item := i.files[k]; item != nil {
			return item.File
		}
		return ""
	})...)
	return nil
}

// find finds what was imported before, by its references.
func (i *formImport) find() (err error) {
	o := i.in.Outline
	i.keys, i.there = make([]plan.Key, len(o.Items)), make([]bool, len(o.Items))
	for from := 0; from < len(o.Items); from += foundTogether {
		if err := i.findSome(o.Items[from:min(from+foundTogether, len(o.Items))]); err != nil {
			return err
		}
	}
	more := make([]string, len(o.Elsewhere))
	for n, id := range o.Elsewhere {
		more[n] = o.RefOf(id)
	}
	if i.others, err = i.tx.RefOwners(more); err != nil {
		return err
	}
	i.stay()
	i.names = map[string]bool{}
	taken, err := i.tx.RefOwners(o.Further)
	for ref := range taken {
		i.names[ref] = true
	}
	return err
}

// assign gives what is new the next free keys. Who was found at another level
// than the source has it stays what it is.
func (i *formImport) assign() (err error) {
	for n, item := range i.in.Outline.Items {
		if !i.there[n] {
			if i.keys[n], err = i.next(item); err != nil {
				return err
			}
		}
		if k := i.keys[n]; k.Level() != plan.LevelTask {
			i.files[k] = item
		}
	}
	return nil
}

// key returns the key of an item.
func (i *formImport) key(item *form.Item) plan.Key { return i.keys[item.N] }

// next returns the next free key for an item.
func (i *formImport) next(item *form.Item) (plan.Key, error) {
	most := plan.MaxEpic
	under, err := i.under(item)
	if err != nil {
		return plan.Key{}, err
	}
	n, seen := i.last[under]
	if !seen {
		if n, err = i.lastOf(under, item); err != nil {
			return plan.Key{}, err
		}
	}
	k := under
	switch item.Level {
	case plan.LevelEpic:
		k.Epic = n + 1
	case plan.LevelFeature:
		k.Feature, most = n+1, plan.MaxFeature
	default:
		k.Task, most = n+1, plan.MaxTask
	}
	if i.last[under] = n + 1; n >= most {
		return k, plan.Errorf(plan.Refused, "no more keys under %s", under.Name()).WithCode("no_more_keys")
	}
	return k, nil
}

// lastOf returns the highest number ever given under a parent, which may be new.
func (i *formImport) lastOf(under plan.Key, item *form.Item) (int, error) {
	if item.In == nil {
		return i.tx.LastEpic()
	}
	if !i.there[item.In.N] {
		return 0, nil
	}
	parent, err := loadItem(i.tx, under)
	switch {
	case err != nil:
		return 0, err
	case parent.Epic != nil:
		return parent.Epic.LastChild, nil
	case parent.Feature != nil:
		return parent.Feature.LastChild, nil
	}
	return 0, nil
}

// prepare reads what items are made with.
func (i *formImport) prepare() (err error) {
	if i.stages, err = i.tx.Stages(); err != nil {
		return err
	}
	if i.stamp, err = i.tx.Stamp(); err == nil {
		i.at, err = i.tx.At()
	}
	return err
}

// create stores what is new.
func (i *formImport) create() error {
	total := len(i.in.Outline.Items)
	announce := func(int) {}
	if !i.in.DryRun {
		announce = i.tx.Announce(total)
	}
	return i.eachLine(func(l itemLine) error {
		announce(l.item.N)
		if i.in.Progress != nil {
			i.in.Progress(l.item.N+1, total)
		}
		i.tell(l.found)
		if l.err == nil && l.line != nil {
			i.loader.says = begunFrom(l.item)
			l.err = i.loader.line(l.line, l.prepared)
		}
		if l.err != nil {
			return fmt.Errorf("%s: %w", placeOf(l.item), l.err)
		}
		return nil
	})
}

// placeOf says where an item comes from.
func placeOf(item *form.Item) string {
	switch {
	case item == nil || item.File == "":
		return "the source"
	case item.Line > 0:
		return fmt.Sprintf("%s:%d", item.File, item.Line)
	}
	return item.File
}

// remember adds what the source has learnt to the plan's own notes: it is shown
// to nobody before it was accepted.
func (i *formImport) remember() error {
	if len(i.in.Outline.Memories) == 0 {
		return nil
	}
	at, err := i.tx.At()
	if err != nil {
		return err
	}
	there := map[string]bool{}
	if err := i.tx.EachNote(plan.Key{}, func(some []plan.Note) error {
		for _, n := range some {
			there[n.Body] = true
		}
		return nil
	}); err != nil {
		return err
	}
	var notes []plan.Note
	for _, m := range i.in.Outline.Memories {
		if there[m.Body] || plan.CheckText("note", m.Body) != nil {
			continue
		}
		there[m.Body] = true
		n := plan.Note{Kind: m.Kind, Agent: m.Agent, Body: m.Body, CreatedAt: at}
		if n.Agent == "" {
			n.Agent = "unknown"
		}
		if m.At != nil {
			n.CreatedAt = *m.At
		}
		notes = append(notes, n)
	}
	before := i.loader.hidden
	err = i.loader.planNotes(notes)
	if added := i.loader.hidden - before; added > 0 {
		i.report(nil, interchange.Info, "%s", hiddenMemories(added))
	}
	return err
}

// report notes a finding about an item.
func (i *formImport) report(item *form.Item, s interchange.Severity, format string, args ...any) {
	f := interchange.Finding{Severity: s, Message: fmt.Sprintf(format, args...)}
	if item != nil {
		f.Path, f.Line = item.File, item.Line
	}
	i.found = append(i.found, f)
}

// tell adds what was found to the report.
func (i *formImport) tell(found []interchange.Finding) {
	i.loader.report.Findings = append(i.loader.report.Findings, found...)
}
