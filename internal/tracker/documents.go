package tracker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// ImportDocuments is how Tracker.ImportDocuments is called.
type ImportDocuments struct {
	Documents *interchange.Documents
	DryRun    bool
	Update    bool                  // take over texts that differ in the documents
	Strict    bool                  // store nothing if there are findings
	Progress  func(done, total int) // told of tasks stored; may be nil
}

// ImportDocuments stores a plan that was read from markdown, in one
// transaction. What is missing is created under its key. What is there is
// left alone, since the plan has moved on from its documents; with Update it
// takes over their titles, texts, priorities and types, never a status.
func (t *Tracker) ImportDocuments(ctx context.Context, in ImportDocuments) (Imported, error) {
	if err := checkDocuments(in.Documents); err != nil {
		return Imported{}, err
	}
	run := func(tx *store.Tx) (Imported, error) {
		i := docImport{tx: tx, in: in, moved: counts{}, made: map[plan.Key]plan.TaskStatus{}, offered: map[plan.Key]bool{}, parents: map[plan.Key]store.Parents{}, left: leftOpen{}, paths: map[plan.Key]string{}}
		i.report = Imported{Form: "markdown", Found: Sum{len(in.Documents.Epics), len(in.Documents.Features), len(in.Documents.Tasks)}, Files: in.Documents.Files, DryRun: in.DryRun, Findings: append([]interchange.Finding{}, in.Documents.Report...)}
		err := i.run()
		return i.report, firstError(err, strictly(in.Strict, i.report.Findings))
	}
	if in.DryRun {
		return read(ctx, t, run)
	}
	return write(ctx, t, call{"import", in.Documents}, run)
}

func checkDocuments(d *interchange.Documents) error {
	check := func(path string, errs ...error) error {
		if err := firstError(errs...); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	}
	for _, e := range d.Epics {
		if err := check(e.Path, plan.CheckTitle(e.Title), plan.CheckText("description", e.Description)); err != nil {
			return err
		}
	}
	for _, f := range d.Features {
		if err := check(f.Path, plan.CheckTitle(f.Title), plan.CheckText("description", f.Description)); err != nil {
			return err
		}
	}
	for _, t := range d.Tasks {
		if err := check(t.Path, plan.CheckTask(taskOf(t)), plan.CheckName("agent", t.AssignedAgent)); err != nil {
			return err
		}
	}
	return nil
}

// A docImport stores documents in one transaction.
type docImport struct {
	tx      *store.Tx
	in      ImportDocuments
	tasks   []interchange.TaskDoc // of the documents, under their final keys
	unmet   map[plan.Key][]string // what they depend on that pm cannot hold
	report  Imported
	moved   counts
	made    map[plan.Key]plan.TaskStatus // tasks that were created
	offered map[plan.Key]bool            // features whose tasks are offered
	parents map[plan.Key]store.Parents   // by feature
	left    leftOpen
	paths   map[plan.Key]string // of the documents of epics and features
}

func (i *docImport) run() error {
	epics := map[plan.Key]plan.PlanStatus{}
	for _, d := range i.in.Documents.Epics {
		status, err := i.epic(d)
		if err != nil {
			return fmt.Errorf("%s: %w", d.Path, err)
		}
		epics[d.Key], i.paths[d.Key] = status, d.Path
	}
	for _, d := range i.in.Documents.Features {
		status, err := i.feature(d)
		if err != nil {
			return fmt.Errorf("%s: %w", d.Path, err)
		}
		i.paths[d.Key] = d.Path
		i.parents[d.Key] = store.Parents{Epic: epics[d.Key.EpicKey()], Feature: status}
		i.offered[d.Key] = i.parents[d.Key].Offer()
	}
	there, err := i.existing()
	if err != nil {
		return err
	}
	if err := i.settleKeys(there); err != nil {
		return err
	}
	edges, err := i.edges()
	if err != nil {
		return err
	}
	announce := func(int) {}
	if !i.in.DryRun {
		announce = i.tx.Announce(len(i.tasks))
	}
	for n, d := range i.tasks {
		announce(n)
		if err := i.task(d, there, edges[d.Key]); err != nil {
			return fmt.Errorf("%s: %w", d.Path, err)
		}
		if i.in.Progress != nil {
			i.in.Progress(n+1, len(i.tasks))
		}
	}
	i.report.Findings = append(i.report.Findings, i.left.findings(func(k plan.Key) string { return i.paths[k] })...)
	if i.in.DryRun {
		return nil
	}
	waits, err := i.tie(edges)
	if err := firstError(err, i.moved.flush(i.tx)); err != nil {
		return err
	}
	// Only now that the counts are written do the parents' statuses stand still.
	for _, f := range slices.SortedFunc(maps.Keys(i.moved), plan.Key.Compare) {
		if err := firstError(i.tx.OfferTasks(f), deferUnder(i.tx, f)); err != nil {
			return err
		}
	}
	return addOpen(i.tx, slices.Values(waits))
}

func (i *docImport) epic(d interchange.EpicDoc) (plan.PlanStatus, error) {
	e, err := i.tx.Epic(d.Key)
	if kindOf(err) != plan.NotFound {
		if err != nil || d.Path == "" {
			i.report.Unchanged.Epics++
			return e.Status, err
		}
		before := e
		e.Title, e.Description = d.Title, d.Description
		return e.Status, i.differing(d.Key, d.Path, e.Since(before), func(h plan.History) error {
			return i.tx.SaveEpic(before, &e, h)
		})
	}
	i.report.Created.Epics++
	i.draft(d.Key, d.Path, d.Status)
	if i.in.DryRun {
		return d.Status, nil
	}
	at, err := i.tx.At()
	if err != nil {
		return "", err
	}
	e = plan.Epic{Key: d.Key, Title: d.Title, Description: d.Description, Status: d.Status, Priority: d.Priority,
		BusinessValue: d.BusinessValue, CreatedAt: at}
	if d.CreatedAt != nil {
		e.CreatedAt = *d.CreatedAt
	}
	return d.Status, firstError(i.tx.RaiseLastEpic(d.Key.Epic), i.tx.InsertEpic(&e, imported(d.Path)))
}

func (i *docImport) feature(d interchange.FeatureDoc) (plan.PlanStatus, error) {
	f, err := i.tx.Feature(d.Key)
	if kindOf(err) != plan.NotFound {
		if err != nil || d.Path == "" {
			i.report.Unchanged.Features++
			return f.Status, err
		}
		before := f
		f.Title, f.Description = d.Title, d.Description
		return f.Status, i.differing(d.Key, d.Path, f.Since(before), func(h plan.History) error {
			return i.tx.SaveFeature(before, &f, h)
		})
	}
	i.report.Created.Features++
	i.draft(d.Key, d.Path, d.Status)
	if i.in.DryRun {
		return d.Status, nil
	}
	at, err := i.tx.At()
	if err != nil {
		return "", err
	}
	f = plan.Feature{Key: d.Key, Title: d.Title, Description: d.Description, Status: d.Status, CreatedAt: at}
	if d.CreatedAt != nil {
		f.CreatedAt = *d.CreatedAt
	}
	return d.Status, firstError(i.tx.RaiseLastFeature(d.Key.EpicKey(), d.Key.Feature), i.tx.InsertFeature(&f, imported(d.Path)))
}

func imported(path string) plan.History {
	var h plan.History
	if path != "" {
		h.Notes = "imported from " + path
	}
	return h
}

// draft says that the tasks of a parent are not offered as work.
func (i *docImport) draft(k plan.Key, path string, s plan.PlanStatus) {
	if s == plan.PlanDraft {
		i.find(path, interchange.Info, "%s %s is a draft: its tasks are not offered as work before pm update %s --status active", k.Level(), k, k)
	}
}

// differing takes over what differs in a document, or says that it does.
func (i *docImport) differing(k plan.Key, path string, change plan.Change, save func(plan.History) error) error {
	if len(change) == 0 {
		i.report.Unchanged.add(k.Level())
		return nil
	}
	own, err := i.changedHere(k, change)
	if err != nil {
		return err
	}
	if !i.in.Update {
		i.report.Unchanged.add(k.Level())
		i.find(path, interchange.Info, "%s was not changed, although its document differs (%s); --update applies the changes%s", k, fieldNames(change), replaces(own, ", and replaces what was changed here: "))
		return nil
	}
	i.report.Changed.add(k.Level())
	if len(own) > 0 {
		i.find(path, interchange.Warning, "%s was changed here since its document was read: the document replaces %s", k, replaces(own, ""))
	}
	if i.in.DryRun {
		return nil
	}
	return save(plan.History{Notes: "updated from " + path})
}

// changedHere returns which of the fields that a document replaces are not as they
// were when it was last read, with what is here; texts of several lines by name alone.
func (i *docImport) changedHere(k plan.Key, change plan.Change) (out []formField, err error) {
	base, err := lastRead(i.tx, k)
	if err != nil || base == nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(change)) {
		if here := change[name][0]; base.Differs(name, here) {
			out = append(out, formField{name: name, own: here})
		}
	}
	return out, nil
}

func fieldNames(c plan.Change) string {
	names := make([]string, 0, len(c))
	for name := range c {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (i *docImport) find(path string, s interchange.Severity, format string, args ...any) {
	i.report.Findings = append(i.report.Findings, interchange.Finding{Path: path, Severity: s, Message: fmt.Sprintf(format, args...)})
}
