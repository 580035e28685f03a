package form

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// clean makes of the texts of an item what pm can store. What does not fit goes
// into the description, or is a finding.
func (s *settling) clean(i *Item) {
	if plan.CheckPath(i.File) != nil { // a name that is no text
		i.File = OneLine(i.File, plan.MaxPath)
	}
	s.title(i)
	cut := func(field, text string) string {
		out, lost := storable(text)
		if lost {
			s.Find(i.File, i.Line, interchange.Warning, "the %s of %s cannot be stored completely: values that are too long or not text were dropped", field, s.Ref(i))
		}
		return out
	}
	s.checks(i)
	i.Description = cut("description", i.Description)
	i.Reason, _ = storable(i.Reason)
	var labels []string
	for _, l := range i.Labels {
		if l = Label(l); l != "" {
			labels = append(labels, l)
		}
	}
	if labels = plan.SortLabels(labels); len(labels) > plan.MaxLabels {
		s.Find(i.File, i.Line, interchange.Warning, "%s has %d labels: the first %d are imported", s.Ref(i), len(labels), plan.MaxLabels)
		labels = labels[:plan.MaxLabels]
	}
	i.Labels = labels
	i.Assignee = Name(i.Assignee)
	i.Kind = strings.ToLower(Label(i.Kind))
	if i.Kind == plan.DefaultKind || i.Level != plan.LevelTask && (i.Kind == "epic" || i.Kind == "feature") {
		i.Kind = ""
	}
	notes := i.Notes[:0]
	for _, n := range i.Notes {
		if n.Body = strings.TrimSpace(cut("comment", n.Body)); n.Body == "" {
			continue
		}
		if n.Agent = Name(n.Agent); n.Agent == "" {
			n.Agent = "unknown"
		}
		if n.Kind == "" {
			n.Kind = plan.Comment
		}
		notes = append(notes, n)
	}
	i.Notes = notes
	i.Refs = slices.DeleteFunc(i.Refs, func(r string) bool {
		parsed, err := plan.ParseRef(r)
		if err != nil {
			s.NoHome(i, "reference", r)
		}
		return err != nil || parsed != r
	})
	s.homeless(i)
}

func (s *settling) title(i *Item) {
	full := i.Title
	i.Title = OneLine(full, plan.MaxTitle)
	switch {
	case i.Title == "" && i.Group:
		i.Title = OneLine(i.ID, plan.MaxTitle)
	case i.Title == "":
		i.Title = OneLine(i.ID, plan.MaxTitle)
		s.Find(i.File, i.Line, interchange.Warning, "%s has no title: its id is used instead", s.Ref(i))
	case strings.HasSuffix(i.Title, "…") && utf8.RuneCountInString(OneLine(full, len(full)+1)) > plan.MaxTitle:
		i.Description = strings.TrimRight(strings.TrimSpace(full)+"\n\n"+i.Description, "\n")
		s.Find(i.File, i.Line, interchange.Info, "the title of %s is longer than %d characters: the full title is in the description", s.Ref(i), plan.MaxTitle)
	}
}

// checks numbers the checklist of an item. What is no task has none: there it
// is a part of the description.
func (s *settling) checks(i *Item) {
	var all []plan.Check
	var rest []string
	for _, c := range i.Checks {
		line := "- [ ] "
		if c.Done {
			line = "- [x] "
		}
		text := OneLine(c.Text, plan.MaxCheck)
		if text == "" {
			continue
		}
		if i.Level != plan.LevelTask || len(all) == plan.MaxChecks || strings.HasSuffix(text, "…") && !strings.HasSuffix(c.Text, "…") {
			rest = append(rest, line+strings.TrimSpace(c.Text))
		}
		if i.Level == plan.LevelTask && len(all) < plan.MaxChecks {
			c.Text, c.N = text, len(all)+1
			all = append(all, c)
		}
	}
	if i.Checks = all; len(rest) > 0 {
		i.Section("Checklist", strings.Join(rest, "\n"))
		if i.Level == plan.LevelTask {
			s.Find(i.File, i.Line, interchange.Info, "the checklist of %s is too long: the rest is in the description", s.Ref(i))
		}
	}
}

// homeless names the fields that only tasks have on what is none.
func (s *settling) homeless(i *Item) {
	if i.Level == plan.LevelTask {
		return
	}
	estimate, priority := "", ""
	if i.Estimate != 0 {
		estimate = i.Estimate.String()
	}
	if i.Priority != 0 && i.Level == plan.LevelFeature {
		priority = strconv.Itoa(i.Priority)
	}
	for _, f := range [][2]string{{"assignee", i.Assignee}, {"estimate", estimate}, {"kind", i.Kind}, {"priority", priority}} {
		s.NoHome(i, f[0]+" of "+i.Level.Article(), f[1])
	}
}
