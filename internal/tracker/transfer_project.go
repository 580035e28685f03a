package tracker

import (
	"fmt"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
)

// project writes the line of the project itself, if it has a history.
func (e *exporter) project() error {
	project, err := e.tx.Project()
	if err != nil || project.Version == 0 {
		return err
	}
	bytes := 0
	for _, d := range project.Definitions {
		bytes += len(d.Body)
	}
	p := e.parcel(plan.Key{}, bytes, func(c contents) any {
		r := interchange.NewProjectRecord(project)
		r.History, r.Texts, r.More = c.History, c.Texts, c.More
		return r
	})
	beside := e.besideEpic(plan.Key{})
	return firstError(beside.into(p, plan.Key{}), p.end())
}

func (c *checker) project(r interchange.ProjectRecord) error {
	for _, d := range r.Definitions {
		if err := checkDefinition(d); err != nil {
			return err
		}
	}
	return c.history(plan.Key{}, r.UID, interchange.MoreRecord{History: r.History, More: r.More}, func(f *plan.Replay) []string { return f.Project(r.Item()) })
}

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
			return nil
		}
		l.more = l.moreOf(plan.Key{})
		return firstError(l.tx.PutProject(r.Item()), l.history(plan.Key{}, r.History), l.tx.PutTexts(plan.Key{}, r.Texts))
	}
	now := there
	for _, d := range r.Definitions {
		switch body, found := there.Find(d.Kind, d.Name); {
		case !found:
			now = now.With(d)
		case body != d.Body:
			l.report.Findings = append(l.report.Findings, interchange.Finding{Severity: interchange.Warning,
				Message: fmt.Sprintf("the %s %s here is not the one in the file: it stays as it is here", d.Kind, d.Name)})
		}
	}
	if l.dryRun || len(now.Since(there)) == 0 {
		return nil
	}
	return l.tx.SaveProject(there, &now, plan.History{Notes: importedNotes})
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
		return now, plan.Errorf(plan.Refused, "there are too many settings, fields, stages and views: %d (maximum %d)", len(now.Definitions), maxDefinitions)
	}
	return now, tx.SaveProject(before, &now, plan.History{})
}

// maxDefinitions bounds what a project defines: all of it is read at once.
const maxDefinitions = 500

// checkDefinition refuses a definition of a file that cannot be one.
func checkDefinition(d plan.Definition) error {
	if err := word(d.Kind, parseDefinitionKind); err != nil {
		return err
	}
	if d.Body == "" || len(d.Body) > plan.MaxDefinition {
		return plan.Errorf(plan.Invalid, "the %s %s has %d bytes (1 to %d)", d.Kind, d.Name, len(d.Body), plan.MaxDefinition)
	}
	return plan.CheckName(string(d.Kind), d.Name)
}

func parseDefinitionKind(s string) (plan.DefinitionKind, error) {
	for _, k := range plan.DefinitionKinds() {
		if string(k) == s {
			return k, nil
		}
	}
	return "", plan.Errorf(plan.Invalid, "unknown kind of definition %q", s)
}
