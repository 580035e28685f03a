package vet

import (
	"cmp"
	"strings"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// A folding holds an item against its history, line by line: what that folds to
// must be the item.
type folding struct {
	plan.Replay
	differs func(*plan.Replay) []string
}

// history begins to check what belongs to an item, by its first line.
func (c *Checker) history(k plan.Key, uid string, first interchange.MoreRecord, differs func(*plan.Replay) []string) error {
	if len(first.History) > 0 || first.More {
		c.fold = &folding{plan.Replay{UID: uid}, differs}
		if k.IsZero() {
			c.fold.Replay = plan.ReplayOfProject(uid)
		}
	}
	c.more = func(m interchange.MoreRecord) error {
		if err := cmp.Or(only(m, m.Rows == nil && m.Row == ""), checkHistory(k, m.History), checkTexts(m.Texts), checkNotes(m.Notes)); err != nil || c.fold == nil {
			return err
		}
		return c.fold.add(k, m)
	}
	return c.more(first)
}

// add folds what another line has of the item.
func (f *folding) add(k plan.Key, m interchange.MoreRecord) error {
	if f.Version == 0 {
		if err := plan.CheckUID(f.UID); err != nil {
			return err
		}
	}
	if err := Fold(&f.Replay, k, m.History); err != nil {
		return err
	}
	differ := f.TakeNotes(m.Notes)
	if !m.More {
		differ = append(f.differs(&f.Replay), differ...)
	}
	if len(differ) > 0 {
		return Altered(k, differ[0])
	}
	return nil
}

// Fold folds the next records of an item of the file.
func Fold(f *plan.Replay, k plan.Key, records []plan.History) error {
	for _, h := range records {
		if err := f.Add(h); err != nil {
			return plan.Errorf(plan.Invalid, "the history of %s was altered: %w", k.Name(), err).WithCode("bad_history")
		}
	}
	return nil
}

// only refuses a line that has what does not belong to its item.
func only(m interchange.MoreRecord, ok bool) error {
	if !ok {
		return plan.Errorf(plan.Invalid, "the line has fields that %s cannot have", m.Key.Name())
	}
	return nil
}

func checkTexts(texts []string) error {
	for _, s := range texts {
		if err := plan.CheckText("text", s); err != nil {
			return err
		}
	}
	return nil
}

func checkNotes(notes []plan.Note) (err error) {
	for _, n := range notes {
		err = cmp.Or(err, word(n.Kind, plan.ParseNoteKind), plan.CheckText("note", n.Body), plan.CheckName("agent", n.Agent),
			plan.CheckText("answer", n.Answer), plan.CheckName("agent", n.To), plan.CheckName("agent", n.AnsweredBy), plan.CheckName("session", n.Session), plan.CheckChoices(n.Choices))
	}
	return err
}

// trash checks an entry of the trash with its rows.
func (c *Checker) trash(r interchange.TrashRecord) error {
	if err := cmp.Or(plan.CheckUID(r.UID), plan.CheckTitle(r.Title), plan.CheckName("agent", r.Agent), plan.CheckUID(r.Operation), plan.CheckName("hash", r.HistoryHash)); err != nil {
		return err
	}
	check := new(Checker)
	rows := TrashRows(func(line any) error { return check.Line(line, 0) })
	c.more = func(m interchange.MoreRecord) error {
		return cmp.Or(only(m, m.History == nil && m.Notes == nil && m.Texts == nil), rows(m))
	}
	return c.more(interchange.MoreRecord{Rows: r.Rows, More: r.More})
}

// TrashRows returns what calls f with the rows of an entry, line by line of
// the file; a row may come in pieces.
func TrashRows(f func(line any) error) func(interchange.MoreRecord) error {
	var long strings.Builder
	return func(m interchange.MoreRecord) error {
		for _, row := range m.Rows {
			if err := interchange.NewRowReader(string(row)).Each(f); err != nil {
				return err
			}
		}
		long.WriteString(m.Row)
		if long.Len() == 0 || m.More && !strings.HasSuffix(m.Row, "\n") {
			return nil
		}
		defer long.Reset()
		return interchange.NewRowReader(long.String()).Each(f)
	}
}
