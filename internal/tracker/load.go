package tracker

import (
	"fmt"
	"slices"
	"time"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// A loader stores the lines of one export in one transaction.
type loader struct {
	tx        *store.Tx
	dryRun    bool
	restoring func() error // from the trash: records the return once the rows are there; what they refer to may be gone
	report    Imported
	uncycled  bool // there is no cycle among what is stored, and with what is there none once more is done
	partial   bool // the file has items with histories, and perhaps not the operations

	parents map[plan.Key]plan.PlanStatus // statuses of epics and features seen so far
	defers  map[plan.Key]plan.Date       // the moments that these are deferred until
	zone    *time.Location               // of days; nil: not asked for
	stored  map[plan.Key]bool            // epics and features that were not there before
	tasks   taskSet                      // that were stored; at the end also those that they depend on
	edges   plan.Graph                   // of tasks that were stored
	later   plan.Graph                   // those of them that waitsFor has left out
	levels  []store.Edge                 // of what was stored, to whole features and epics
	lineOf  func(plan.Key) int           // in the file
	says    string                       // the first record of an item without a history
	into    []store.Edge                 // of other tasks, to tasks that were stored
	links   []store.LinkRow              // of items that were stored
	onto    []store.LinkRow              // of other items, to items that were stored
	moved   counts
	left    leftOpen
	last    map[plan.Key]int // the highest number of a stored task, by feature
	lastSeq int64            // of the operation stored last
	bulk    *store.Bulk
	ahead   *store.Preparer          // of what comes next
	gone    map[plan.Key]plan.Replay // what the histories of the trash of the file fold to
	trash   []plan.Trashed           // as it was before; not looked at while restoring
	seen    map[int64]digest         // in a dry run: what the file had so far, by the ordinal
	added   map[plan.Key]bool        // histories of that trash that were not there before
	unknown map[string]*unknownField
	stages  map[string]bool // that the file brings, in a dry run

	more func(interchange.MoreRecord) error // takes what goes on with the line before

	brought        int               // items with a history that were stored
	roots          []plan.Key        // those of them that lie under none of the others
	broughtProject bool              // there was none here
	branches       map[plan.Key]bool // those of them that are epics or features

	hidden int   // memories of the plan that came with the file
	toHide []int // the numbers of those that are not hidden in it
	untold bool  // notes with answers that their askers were not told of were stored
}

func newLoader(tx *store.Tx, dryRun bool) *loader {
	return &loader{tx: tx, dryRun: dryRun, partial: true, report: Imported{DryRun: dryRun, Findings: []interchange.Finding{}},
		parents: map[plan.Key]plan.PlanStatus{}, defers: map[plan.Key]plan.Date{}, stored: map[plan.Key]bool{}, tasks: taskSet{}, lineOf: func(plan.Key) int { return 0 }, says: importedNotes, moved: counts{}, left: leftOpen{}, last: map[plan.Key]int{}, gone: map[plan.Key]plan.Replay{}, bulk: tx.NewBulk(), ahead: tx.NewPreparer(),
		branches: map[plan.Key]bool{}, seen: map[int64]digest{}, added: map[plan.Key]bool{}, unknown: map[string]*unknownField{}}
}

// prepare works out ahead what is stored of a line, where that can be told.
func (l *loader) prepare(line any) *store.Prepared {
	r, is := line.(interchange.TaskRecord)
	if !is || l.dryRun || r.More || len(r.History) == 0 {
		return nil
	}
	p := l.ahead.Task(&r.Task, r.History...)
	return &p
}

// line stores a line, of which what was prepared may be nil. What was prepared of
// a task without a history includes its first records.
func (l *loader) line(line any, prepared *store.Prepared) error {
	if r, goesOn := line.(interchange.MoreRecord); goesOn {
		return l.more(r)
	}
	l.more = func(interchange.MoreRecord) error { return nil } // of what is there already
	switch r := line.(type) {
	case interchange.Header:
		return l.header(r)
	case interchange.ProjectRecord:
		return l.project(r)
	case interchange.EpicRecord:
		return l.epic(r)
	case interchange.FeatureRecord:
		return l.feature(r)
	case interchange.TaskRecord:
		return l.task(r, prepared)
	case interchange.HistoryRecord:
		return l.goneHistory(r)
	case interchange.TrashRecord:
		return l.trashEntry(r)
	case interchange.OperationRecord:
		return l.operation(r.Operation)
	case interchange.LinkRecord:
		l.onto = append(l.onto, store.LinkRow{Item: r.Item, Kind: r.As, To: r.To})
	case interchange.EdgeRecord:
		l.into = append(l.into, store.Edge{Task: r.Task, DependsOn: r.DependsOn})
	}
	return nil
}

// operation stores an operation that is not there yet.
func (l *loader) operation(o plan.Operation) error {
	there, err := l.tx.HasOperation(o.ID)
	if err != nil || there || l.dryRun {
		return err
	}
	o.Seq = max(store.SeqAt(o.At), l.lastSeq+1) // in the order of the lines
	l.lastSeq = o.Seq
	return l.tx.PutOperation(o)
}

func (l *loader) header(h interchange.Header) error {
	l.partial = false // a whole export
	if l.dryRun {
		return nil
	}
	return l.tx.RaiseLastEpic(h.LastEpic)
}

func (l *loader) epic(r interchange.EpicRecord) error {
	e := r.Item()
	e.Labels, e.Refs = plan.SortLabels(e.Labels), plan.SortRefs(e.Refs)
	there, err := l.tx.Epic(e.Key)
	known, err := l.known(e.Key, err, likenessOf(Item{Epic: &there}), likenessOf(Item{Epic: &e}), len(r.History) > 0 || r.More)
	err = firstError(err, l.begins(e.Defer, &e.DeferFrom))
	l.parents[e.Key], l.defers[e.Key] = e.Status, e.DeferFrom
	if known || err != nil {
		return err
	}
	l.report.Created.add(plan.LevelEpic)
	l.brings(e.Key, len(r.History) > 0 || r.More)
	l.takeLinks(e.Key, e.Links)
	l.stored[e.Key] = true
	l.depends(e.Key, e.DependsOn)
	if l.dryRun {
		return nil
	}
	if len(r.History) == 0 && !r.More && l.restoring == nil {
		begin, err := l.beginning(e.Key)
		if err != nil {
			return err
		}
		e.LastNote = 0
		r.History = begin.first(e.Key, &e.UID, &e.CreatedAt, &e.DependsOn, func(h plan.History) (plan.History, []string) { return e.Append(plan.Epic{}, h) })
		r.History = begin.notes(Item{Epic: &e}, r.Notes, r.History)
	}
	e.OpenDependencies = 0
	e.TasksTotal, e.TasksCompleted, e.EstimateTotal, e.EstimateDone = 0, 0, 0, 0 // counted as the tasks come
	if err := firstError(l.tx.RaiseLastEpic(e.Key.Epic), l.tx.PutEpic(&e)); err != nil {
		return err
	}
	l.more = l.moreOf(e.Key)
	return l.more(interchange.MoreRecord{History: r.History, Texts: r.Texts, Notes: r.Notes})
}

func (l *loader) feature(r interchange.FeatureRecord) error {
	f := r.Item()
	f.Labels, f.Refs = plan.SortLabels(f.Labels), plan.SortRefs(f.Refs)
	there, err := l.tx.Feature(f.Key)
	known, err := l.known(f.Key, err, likenessOf(Item{Feature: &there}), likenessOf(Item{Feature: &f}), len(r.History) > 0 || r.More)
	err = firstError(err, l.begins(f.Defer, &f.DeferFrom))
	l.parents[f.Key], l.defers[f.Key] = f.Status, f.DeferFrom
	if known || err != nil {
		return err
	}
	l.report.Created.add(plan.LevelFeature)
	l.brings(f.Key, len(r.History) > 0 || r.More)
	l.takeLinks(f.Key, f.Links)
	l.stored[f.Key] = true
	l.depends(f.Key, f.DependsOn)
	if err := l.parent(f.Key.EpicKey()); err != nil || l.dryRun {
		return err
	}
	if len(r.History) == 0 && !r.More && l.restoring == nil {
		begin, err := l.beginning(f.Key)
		if err != nil {
			return err
		}
		f.LastNote = 0
		r.History = begin.first(f.Key, &f.UID, &f.CreatedAt, &f.DependsOn, func(h plan.History) (plan.History, []string) { return f.Append(plan.Feature{}, h) })
		r.History = begin.notes(Item{Feature: &f}, r.Notes, r.History)
	}
	f.OpenDependencies = 0
	f.TasksTotal, f.TasksCompleted, f.ProgressPct, f.EstimateTotal, f.EstimateDone = 0, 0, 0, 0, 0
	if err := firstError(l.tx.RaiseLastFeature(f.Key.EpicKey(), f.Key.Feature), l.tx.PutFeature(&f)); err != nil {
		return err
	}
	l.more = l.moreOf(f.Key)
	return l.more(interchange.MoreRecord{History: r.History, Texts: r.Texts, Notes: r.Notes})
}

func (l *loader) task(r interchange.TaskRecord, prepared *store.Prepared) error {
	t := r.Item()
	t.Labels, t.Refs = plan.SortLabels(t.Labels), plan.SortRefs(t.Refs)
	if known, err := l.knownTask(t, len(r.History) > 0 || r.More); known || err != nil {
		return err
	}
	l.report.Created.add(plan.LevelTask)
	l.brings(t.Key, len(r.History) > 0 || r.More)
	l.takeLinks(t.Key, t.Links)
	feature, epic := t.Key.FeatureKey(), t.Key.EpicKey()
	if err := firstError(l.parent(epic), l.parent(feature)); err != nil {
		return err
	}
	l.tasks.add(t.Key, t.Done())
	if !t.Done() {
		l.left.add(t.Key, store.Parents{Epic: l.parents[epic], Feature: l.parents[feature]})
	}
	l.depends(t.Key, t.DependsOn)
	if err := l.stage(t); err != nil || l.dryRun {
		return err
	}
	t.Offered = l.parents[feature] == plan.PlanActive && l.parents[epic] == plan.PlanActive
	now, err := l.tx.Now()
	if err := firstError(err, l.begins(t.Defer, &t.DeferFrom)); err != nil {
		return err
	}
	t.DeferUntil(l.defers[feature], l.defers[epic], now)
	leaseAnew(&t, now)
	t.OpenDependencies = l.waitsFor(t.Key, t.DependsOn)
	l.moved.addTally(feature, store.SumsOf(t))
	l.last[feature] = max(l.last[feature], t.Key.Task)
	return l.store(t, r, prepared)
}

// waitsFor counts what a task waits for, as far as the file had it before the task:
// a row that is stored with its number is not written twice. What comes later, and
// what was there before under a parent whose status may still change, is counted at
// the end.
func (l *loader) waitsFor(k plan.Key, on []plan.Key) (n int) {
	for i, other := range on {
		feature, epic := other.FeatureKey(), other.EpicKey()
		there, done := l.tasks.of(other)
		switch {
		case (store.Edge{Task: k, DependsOn: other}).IsLevel() || slices.Contains(on[:i], other):
		case !there || !l.stored[feature] || !l.stored[epic]:
			l.later.Add(k, other)
		case !done && closedBy(other, store.Parents{Epic: l.parents[epic], Feature: l.parents[feature]}) == closedIn{}:
			n++
		}
	}
	return n
}

// leaseAnew has a lease whose end is not known, since the plan is that of a past
// moment, end after its length: without an end it would never expire.
func leaseAnew(t *plan.Task, now time.Time) {
	if t.Held() && t.LeaseUntil == nil && t.LeaseSeconds > 0 {
		until := now.Add(time.Duration(t.LeaseSeconds) * time.Second)
		t.LeaseUntil = &until
		t.LeaseDigest = t.DigestLease()
	}
}

// brings notes an item that is stored with its history.
func (l *loader) brings(k plan.Key, withHistory bool) {
	if !withHistory || l.restoring != nil {
		return
	}
	l.brought++
	if k.Level() != plan.LevelTask {
		l.branches[k] = true
	}
	if up := k.Parent(); k.Level() == plan.LevelEpic || !l.branches[up] && !l.branches[up.Parent()] {
		l.roots = append(l.roots, k)
	}
}

// stage refuses an open task in a stage that is neither here nor in the file.
func (l *loader) stage(t plan.Task) error {
	if t.Stage == "" || t.Done() || l.stages[t.Stage] {
		return nil
	}
	if err := l.tx.EnterStage(t.Stage); err != nil {
		return fmt.Errorf("%s: %w", t.Key, err)
	}
	return nil
}

// depends notes what an item that is stored waits for.
func (l *loader) depends(k plan.Key, on []plan.Key) {
	for _, other := range on {
		if e := (store.Edge{Task: k, DependsOn: other}); e.IsLevel() {
			l.levels = append(l.levels, e)
		} else {
			l.edges.Add(k, other)
		}
	}
}

func (l *loader) store(t plan.Task, r interchange.TaskRecord, prepared *store.Prepared) error {
	if r.More {
		return l.storeLong(t, r)
	}
	if len(r.History) == 0 && l.restoring == nil {
		begin, err := l.beginning(t.Key)
		if err != nil {
			return err
		}
		if prepared == nil {
			r.History = begin.task(&t, r.Notes)
		}
	}
	put := func() error { return l.bulk.Put(&t, r.History...) }
	switch {
	case l.restoring != nil:
		put = func() error { return l.bulk.Restore(&t) }
	case prepared != nil:
		put = func() error { return l.bulk.PutPrepared(&t, *prepared) }
	}
	if err := put(); err != nil {
		return err
	}
	return firstError(l.notes(t.Key, r.Notes), l.tx.PutTexts(t.Key, r.Texts))
}

// moreOf takes what goes on with an epic, a feature or what is gone.
func (l *loader) moreOf(k plan.Key) func(interchange.MoreRecord) error {
	return func(m interchange.MoreRecord) error {
		return firstError(l.history(k, m.History), l.tx.PutTexts(k, m.Texts), l.notes(k, m.Notes))
	}
}

// storeLong stores a task that is on several lines: the row comes before the
// notes, which refer to it, but behind the records, which say what it is found by.
func (l *loader) storeLong(t plan.Task, first interchange.TaskRecord) error {
	reason, stored := "", false
	l.more = func(m interchange.MoreRecord) error {
		reason = store.StandingOf(reason, m.History)
		if err := firstError(l.bulk.PutRecords(t.Key, m.History...), l.tx.PutTexts(t.Key, m.Texts)); err != nil {
			return err
		}
		if !stored && (len(m.Notes) > 0 || !m.More) {
			stored = true
			if err := l.bulk.PutRow(&t, reason); err != nil {
				return err
			}
		}
		return l.notes(t.Key, m.Notes)
	}
	return l.more(interchange.MoreRecord{History: first.History, Texts: first.Texts, Notes: first.Notes, More: true})
}

func (l *loader) notes(of plan.Key, notes []plan.Note) error {
	for _, n := range notes {
		n.Key = of
		n.Untold = n.Untold && n.Kind == plan.Question && !n.Open()
		l.untold = l.untold || n.Untold
		if err := l.bulk.PutNote(n); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) history(of plan.Key, records []plan.History) error {
	for _, h := range records {
		if err := l.tx.PutHistory(of, h); err != nil {
			return err
		}
	}
	return nil
}

// begins sets the moment that a date means here.
func (l *loader) begins(d plan.Date, from *plan.Date) error {
	if *from = d; !d.IsDay() || l.dryRun {
		return nil
	}
	if l.zone == nil {
		now, err := keptNow(l.tx)
		if err != nil {
			return err
		}
		l.zone = now.Location()
	}
	*from = d.Begin(l.zone)
	return nil
}

// parent makes sure that an epic or a feature is in the file or there already.
func (l *loader) parent(k plan.Key) error {
	if _, seen := l.parents[k]; seen {
		return nil
	}
	item, err := loadItem(l.tx, k)
	if err != nil {
		return err
	}
	if item.Epic != nil {
		l.parents[k], l.defers[k] = item.Epic.Status, item.Epic.DeferFrom
	} else {
		l.parents[k], l.defers[k] = item.Feature.Status, item.Feature.DeferFrom
	}
	return nil
}
