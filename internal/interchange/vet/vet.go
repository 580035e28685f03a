// Package vet applies the rules of the domain to the lines of an export, before
// they are stored: its maker may have been anybody. What only the database knows is
// not its business.
package vet

import (
	"cmp"
	"fmt"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// A Checker checks the lines of one file, one after the other. The zero Checker is
// ready.
type Checker struct {
	fold *folding                             // of the item that goes on with the next line; nil: none that has a history
	more func(r interchange.MoreRecord) error // checks what goes on with the line before
}

// Line checks the next line, which is the n-th of the file; n is in the error, as AtLine has it. A
// line is a record of package interchange.
func (c *Checker) Line(line any, n int) error {
	if r, goesOn := line.(interchange.MoreRecord); goesOn {
		return AtLine(n, c.more(r))
	}
	c.fold, c.more = nil, func(interchange.MoreRecord) error { return nil }
	switch r := line.(type) {
	case interchange.Header:
		return AtLine(n, checkHeader(r))
	case interchange.ProjectRecord:
		return AtLine(n, c.project(r))
	case interchange.EpicRecord:
		return AtLine(n, c.epic(r))
	case interchange.FeatureRecord:
		return AtLine(n, cmp.Or(
			levelIs(r.Key, plan.LevelFeature),
			plan.CheckTitle(r.Title),
			plan.CheckText("description", r.Description),
			word(r.Status, plan.ParsePlanStatus),
			plan.CheckLabels(r.Labels),
			plan.CheckRefs(r.Refs),
			plan.CheckFields(r.Fields),
			plan.CheckLinks(r.Key, r.Links),
			plan.CheckDate("due date", r.Due),
			plan.CheckDate("defer date", r.Defer),
			within("last_task", int64(r.LastTask), 0, plan.MaxTask),
			checkEnds(r.Key, r.DependsOn...),
			c.history(r.Key, r.UID, interchange.MoreRecord{History: r.History, Notes: r.Notes, More: r.More}, func(f *plan.Replay) []string { return f.Feature(r.Item(), nil) }),
		))
	case interchange.TaskRecord:
		return AtLine(n, c.task(r))
	case interchange.HistoryRecord:
		c.more = func(m interchange.MoreRecord) error {
			return cmp.Or(only(m, m.Notes == nil && m.Rows == nil && m.Row == ""), checkHistory(r.Key, m.History), checkTexts(m.Texts))
		}
		return AtLine(n, c.more(interchange.MoreRecord{History: r.History, Texts: r.Texts, More: r.More}))
	case interchange.TrashRecord:
		return AtLine(n, c.trash(r))
	case interchange.OperationRecord:
		return AtLine(n, cmp.Or(plan.CheckUID(r.ID), plan.CheckName("agent", r.Agent), plan.CheckName("session", r.Session),
			plan.CheckName("surface", r.Surface), plan.CheckText("command", r.Command), within("items", int64(r.Items), 0, maxCount)))
	case interchange.EdgeRecord:
		return AtLine(n, checkEnds(r.Task, r.DependsOn))
	}
	return nil
}

// maxCount bounds what only ever rises by one.
const maxCount = 1 << 53

func checkHeader(r interchange.Header) error {
	if r.Format < interchange.Format {
		return plan.Errorf(plan.Invalid, "the file has format %d, which this pm no longer reads", r.Format).WithHint("export it again with this pm")
	}
	if r.Format > interchange.Format {
		return plan.Errorf(plan.Invalid, "the file has format %d, but this pm only supports formats up to %d", r.Format, interchange.Format)
	}
	return within("last_epic", int64(r.LastEpic), 0, plan.MaxEpic)
}

func (c *Checker) epic(r interchange.EpicRecord) error {
	err := cmp.Or(
		levelIs(r.Key, plan.LevelEpic),
		plan.CheckTitle(r.Title),
		plan.CheckText("description", r.Description),
		word(r.Status, plan.ParsePlanStatus),
		grade("priority", r.Priority),
		plan.CheckLabels(r.Labels),
		plan.CheckRefs(r.Refs),
		plan.CheckFields(r.Fields),
		plan.CheckLinks(r.Key, r.Links),
		plan.CheckDate("due date", r.Due),
		plan.CheckDate("defer date", r.Defer),
		checkEnds(r.Key, r.DependsOn...),
		within("last_feature", int64(r.LastFeature), 0, plan.MaxFeature),
		c.history(r.Key, r.UID, interchange.MoreRecord{History: r.History, Notes: r.Notes, More: r.More}, func(f *plan.Replay) []string { return f.Epic(r.Item(), nil) }),
	)
	if err == nil && r.BusinessValue != "" {
		err = grade("business value", r.BusinessValue)
	}
	return err
}

func (c *Checker) task(r interchange.TaskRecord) error {
	err := cmp.Or(
		levelIs(r.Key, plan.LevelTask),
		plan.CheckTask(r.Item()),
		plan.CheckRefs(r.Refs),
		plan.CheckFields(r.Fields),
		plan.CheckLinks(r.Key, r.Links),
		word(r.Status, plan.ParseTaskStatus),
		checkEnd(r.Task),
		plan.CheckName("agent", r.AssignedAgent),
		plan.CheckName("session", r.Session),
		plan.CheckText("reason", r.BlockedReason),
		within("fence", r.Fence, 0, maxCount),
		within("lease_seconds", r.LeaseSeconds, 0, int64(plan.MaxLease.Seconds())),
		c.taskHistory(&r),
	)
	if err == nil && r.BlockedFrom != "" {
		err = word(r.BlockedFrom, plan.ParseTaskStatus)
	}
	return cmp.Or(err, checkEnds(r.Key, r.DependsOn...))
}

// taskHistory checks what belongs to a task. The record is copied only where there
// is a history to hold it against.
func (c *Checker) taskHistory(r *interchange.TaskRecord) error {
	var differs func(*plan.Replay) []string
	if len(r.History) > 0 || r.More {
		t := r.Item()
		differs = func(f *plan.Replay) []string { return f.Task(t, nil) }
	}
	return c.history(r.Key, r.UID, interchange.MoreRecord{History: r.History, Notes: r.Notes, More: r.More}, differs)
}

// checkEnd refuses a resolution that no task can have, and a moment of completion of
// one that is open: lists by that moment pass over what is.
func checkEnd(t plan.Task) error {
	switch {
	case t.CompletedAt != nil && !t.Done():
		return plan.Errorf(plan.Invalid, "%s is %s, and cannot have been completed", t.Key, t.Status).WithCode("bad_completed_at").
			WithHint("leave completed_at out, or set the status to completed")
	case t.Resolution == "":
		return nil
	case !t.Done():
		return plan.Errorf(plan.Invalid, "%s is %s, and cannot have a resolution", t.Key, t.Status).WithCode("bad_resolution")
	}
	return word(t.Resolution, plan.ParseResolution)
}

// checkHistory refuses records that are not of an item or of what lies under it.
func checkHistory(k plan.Key, records []plan.History) error {
	for _, h := range records {
		if h.Key.IsZero() != k.IsZero() || !k.IsZero() && !k.Contains(h.Key) {
			return plan.Errorf(plan.Invalid, "a record in the history of %s is of %s", k.Name(), h.Key.Name())
		}
		if err := cmp.Or(
			plan.CheckText("note", h.Notes),
			plan.CheckName("agent", h.Agent),
			plan.CheckName("session", h.Session),
			plan.CheckName("surface", h.Surface),
			plan.CheckName("status", h.OldStatus),
			plan.CheckName("status", h.NewStatus),
			plan.CheckName("operation", h.Operation),
			plan.CheckName("hash", h.Hash),
		); err != nil {
			return err
		}
	}
	return nil
}

// Altered is the error for an item that differs from its history.
func Altered(k plan.Key, how string) error {
	return plan.Errorf(plan.Invalid, "%s was altered: %s", k.Name(), how).WithCode("bad_history")
}

// word refuses a word that is not written as it is stored.
func word[T ~string](given T, parse func(string) (T, error)) error {
	v, err := parse(string(given))
	if err == nil && v != given {
		err = plan.Errorf(plan.Invalid, "%q must be written %q", given, v)
	}
	return err
}

// grade refuses what is not a grade as it is stored.
func grade(field string, g plan.Grade) error {
	return word(g, func(s string) (plan.Grade, error) { return plan.ParseGrade(field, s) })
}

func within(field string, n, least, most int64) error {
	if n < least || n > most {
		return plan.Errorf(plan.Invalid, "%s must be %d to %d, not %d", field, least, most, n)
	}
	return nil
}

func levelIs(k plan.Key, l plan.Level) error {
	if k.IsZero() {
		_, err := plan.ParseKey("")
		return err
	}
	return plan.CheckLevel(k, l)
}

// AtLine says which line of a file an error is about; 0 if its place is told
// otherwise. Errors of the database are about none.
func AtLine(n int, err error) error {
	if err == nil || n == 0 {
		return err
	}
	switch plan.KindOf(err) {
	case plan.Invalid, plan.NotFound, plan.Conflict, plan.Refused:
		return fmt.Errorf("line %d: %w", n, err)
	}
	return err
}

// checkEnds refuses dependencies that no item can have.
func checkEnds(k plan.Key, dependsOn ...plan.Key) error {
	for _, on := range dependsOn {
		if k.IsZero() || on.IsZero() || k.Level() != plan.LevelTask && on.Level() == plan.LevelTask {
			return plan.Errorf(plan.Invalid, "%s cannot depend on %q", k.Name(), on)
		}
	}
	return nil
}

func (c *Checker) project(r interchange.ProjectRecord) error {
	for _, d := range r.Definitions {
		if err := checkDefinition(d); err != nil {
			return err
		}
	}
	return c.history(plan.Key{}, r.UID, interchange.MoreRecord{History: r.History, Notes: r.Notes, More: r.More}, func(f *plan.Replay) []string { return f.Project(r.Item(), nil) })
}

// checkDefinition refuses a definition of a file that cannot be one.
func checkDefinition(d plan.Definition) error {
	if err := word(d.Kind, parseDefinitionKind); err != nil {
		return err
	}
	if d.Body == "" || len(d.Body) > plan.MaxDefinition {
		return plan.Errorf(plan.Invalid, "the %s %s has %d bytes (1 to %d)", d.Kind, d.Name, len(d.Body), plan.MaxDefinition)
	}
	if d.Kind == plan.StageDefinition {
		line, err := plan.ReadLine([]plan.Definition{d})
		if err == nil {
			err = line[0].Check()
		}
		return err
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
