package tracker

import (
	"fmt"
	"slices"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// project stores the line of the project. Where the project here has a history
// of its own, it gets the definitions that it lacks; those that differ stay as
// they are here, which is reported.
func (l *loader) project(r interchange.ProjectRecord) error {
	look := l.tx.LockProject
	if l.dryRun {
		look = l.tx.Project
	}
	there, err := look()
	if err != nil || there.HistoryHash == r.HistoryHash && there.Version > 0 {
		return err
	}
	if there.Version == 0 && (len(r.History) > 0 || r.More) {
		if l.dryRun {
			l.bringStages(r)
			l.hide(r.Notes)
			return nil
		}
		l.broughtProject = true
		more := l.moreOf(plan.Key{})
		l.more = func(m interchange.MoreRecord) error {
			l.hide(m.Notes)
			return more(m)
		}
		return firstError(l.tx.PutProject(r.Item()), l.more(interchange.MoreRecord{History: r.History, Texts: r.Texts, Notes: r.Notes}))
	}
	l.more = func(m interchange.MoreRecord) error { return l.planNotes(m.Notes) }
	now := there
	for _, d := range r.Definitions {
		switch body, found := there.Find(d.Kind, d.Name); {
		case !found:
			now = now.With(d)
		case body != d.Body:
			l.report.Findings = append(l.report.Findings, interchange.Finding{Severity: interchange.Warning,
				Message: fmt.Sprintf("the %s %s differs from the one in the file and was not changed", d.Kind, d.Name)})
		}
	}
	if l.dryRun {
		l.bringStages(r)
	}
	if !l.dryRun && len(now.Since(there)) > 0 {
		err = l.tx.SaveProject(there, &now, plan.History{Notes: importedNotes})
	}
	return firstError(err, l.planNotes(r.Notes))
}

// bringStages notes, in a dry run, the stages that the file would bring.
func (l *loader) bringStages(r interchange.ProjectRecord) {
	l.stages = map[string]bool{}
	for _, d := range r.Definitions {
		l.stages[d.Name] = l.stages[d.Name] || d.Kind == plan.StageDefinition
	}
}

// planNotes adds the notes of the plan itself that are not there yet, where it
// has notes of its own.
func (l *loader) planNotes(notes []plan.Note) error {
	if len(notes) == 0 {
		return nil
	}
	type likeness struct{ agent, at, body string }
	like := func(n plan.Note) likeness { return likeness{n.Agent, plan.Stamp(n.CreatedAt), n.Body} }
	there := map[likeness]bool{}
	err := l.tx.EachNote(plan.Key{}, func(some []plan.Note) error {
		for _, n := range some {
			there[like(n)] = true
		}
		return nil
	})
	notes = slices.DeleteFunc(slices.Clone(notes), func(n plan.Note) bool { return there[like(n)] || n.Key != (plan.Key{}) })
	if l.dryRun {
		for _, n := range notes {
			if n.Kind == plan.Memory {
				l.hidden++
			}
		}
	}
	if err != nil || l.dryRun || len(notes) == 0 {
		return err
	}
	item, err := lockRow(l.tx, plan.Key{})
	for _, n := range notes {
		if err != nil {
			return err
		}
		n.Key, n.N, n.Hidden = plan.Key{}, item.project.LastNote+1, n.Kind == plan.Memory
		if n.Hidden {
			l.hidden++
		}
		item, err = saveItem(l.tx, item, plan.History{Notes: importedNotes, Change: plan.Change{"note": {nil, n.Change()}}}, func(i Item) { *i.lastNote() = n.N })
		err = firstError(err, l.tx.PutNote(n))
	}
	return err
}

// hide takes down which memories came with the file: they are put as they are
// there, which the history covers, and hidden at the end.
func (l *loader) hide(notes []plan.Note) {
	for _, n := range notes {
		if n.Kind == plan.Memory && !n.Hidden {
			l.toHide = append(l.toHide, n.N)
		}
		if n.Kind == plan.Memory {
			l.hidden++
		}
	}
}

func hiddenMemories(n int) string {
	if n == 1 {
		return "1 memory was imported; pm prime shows it once it is accepted: pm note accept"
	}
	return fmt.Sprintf("%d memories were imported; pm prime shows them once they are accepted: pm note accept", n)
}

// hideMemories hides the memories of the plan that came with the file, until
// somebody here accepts them: an agent would read them as what is known here.
func (l *loader) hideMemories() error {
	if l.hidden == 0 {
		return nil
	}
	l.report.Findings = append(l.report.Findings, interchange.Finding{Severity: interchange.Info,
		Message: hiddenMemories(l.hidden)})
	if l.dryRun {
		return nil
	}
	for _, n := range l.toHide {
		if err := setHidden(l.tx, n, true, importedNotes); err != nil {
			return err
		}
	}
	return nil
}

// setHidden hides a memory of the plan or brings it forth, with a record.
func setHidden(tx *store.Tx, n int, hidden bool, notes string) error {
	item, err := lockRow(tx, plan.Key{})
	if err != nil {
		return err
	}
	note, err := tx.Note(plan.Key{}, n)
	if err != nil {
		return err
	}
	before := note.Change()
	note.Hidden = hidden
	if err := tx.RewriteNote(note); err != nil {
		return err
	}
	_, err = saveItem(tx, item, plan.History{Notes: notes, Change: plan.Change{"note": {before, note.Change()}}}, func(Item) {})
	return err
}

// changeProject changes the definitions of the project, with a record. Where
// nothing changes there is none.
func changeProject(tx *store.Tx, change func(plan.Project) (plan.Project, error)) (plan.Project, error) {
	before, err := tx.LockProject()
	if err != nil {
		return before, err
	}
	now, err := change(before)
	if err != nil || len(now.Since(before)) == 0 {
		return now, err
	}
	if len(now.Definitions) > maxDefinitions {
		return now, plan.Errorf(plan.Refused, "too many settings, fields, stages and views: %d (maximum %d)", len(now.Definitions), maxDefinitions)
	}
	return now, tx.SaveProject(before, &now, plan.History{})
}

// maxDefinitions bounds what a project defines: all of it is read at once.
const maxDefinitions = 500
