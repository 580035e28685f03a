// Package taskwarrior reads what task export prints.
package taskwarrior

import (
	"bytes"
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// Form is the row of the table.
var Form = form.Form{
	Name: "taskwarrior", Title: "Taskwarrior", Aliases: []string{"task", "tw"}, Mark: "what task export prints",
	Docs:  "a project becomes an epic, and shop.payments a feature of the epic shop; annotations become notes, tags labels; wait and scheduled defer the task",
	Marks: func(string) bool { return false },
	Loose: func(full string) bool {
		return strings.HasSuffix(strings.ToLower(full), ".json") || strings.HasSuffix(strings.ToLower(full), ".data")
	},
	Sniff: func(_ string, head []byte) bool {
		head = bytes.TrimSpace(head)
		return len(head) > 0 && (head[0] == '[' || head[0] == '{') && bytes.Contains(head, []byte(`"uuid"`)) && bytes.Contains(head, []byte(`"entry"`)) && bytes.Contains(head, []byte(`"status"`))
	},
	Read: read,
}

func read(s *form.Source, o *form.Outline) error {
	projects := map[string]*form.Item{}
	for _, f := range s.Files {
		s.EachRecord(o, f.Path, func(v *form.Value) { readTask(s, o, f.Path, v, projects) })
	}
	return nil
}

func readTask(s *form.Source, o *form.Outline, file string, v *form.Value, projects map[string]*form.Item) {
	o.Records++
	if !v.IsMap || v.Str("uuid") == "" {
		o.Find(file, v.Line, interchange.Failed, "the record has no uuid")
		return
	}
	i := o.Add(&form.Item{ID: v.Str("uuid"), Level: plan.LevelTask, Up: project(o, projects, v.Str("project"), file), File: file, Line: v.Line, Contents: &form.Contents{Title: v.Str("description"), Labels: v.Get("tags").Texts()}})
	i.Created = o.Moment(i, "entry", v.Str("entry"), s.Zone)
	i.Started = o.Moment(i, "start", v.Str("start"), s.Zone)
	i.Completed = o.Moment(i, "end", v.Str("end"), s.Zone)
	i.Due = o.Day(i, "due", v.Str("due"), s.Zone)
	i.Defer = max(o.Day(i, "wait", v.Str("wait"), s.Zone), o.Day(i, "scheduled", v.Str("scheduled"), s.Zone))
	if len(v.Get("tags").Texts()) == 1 && v.Get("tags") != nil && !v.Get("tags").IsList {
		i.Labels = strings.Split(v.Str("tags"), ",")
	}
	status(i, v)
	i.HeedLabels()
	switch v.Str("priority") {
	case "H":
		i.Priority = 3
	case "M":
		i.Priority = 5
	case "L":
		i.Priority = 8
	default:
		i.Prioritise(o, v.Str("priority"))
	}
	for _, on := range v.Get("depends").Texts() {
		for _, id := range strings.Split(on, ",") {
			i.DependsOn = append(i.DependsOn, strings.TrimSpace(id))
		}
	}
	for _, a := range v.Get("annotations").Items() {
		i.Notes = append(i.Notes, form.Note{Body: a.Str("description"), At: o.Moment(i, "entry", a.Str("entry"), s.Zone)})
	}
	o.Rest(i, v, "id", "uuid", "description", "status", "entry", "start", "end", "due", "wait", "scheduled", "priority", "project", "tags", "depends", "annotations", "urgency", "mask", "imask")
	o.Done(i)
}

func status(i *form.Item, v *form.Value) {
	switch word := v.Str("status"); word {
	case "pending":
		if i.Status = plan.Todo; i.Started != nil {
			i.Status = plan.InProgress
		}
	case "waiting":
		if i.Status = plan.Todo; i.Defer == "" {
			i.Status, i.Reason = plan.Blocked, "waiting"
		}
	case "completed":
		i.Status = plan.Completed
	case "deleted":
		i.Status, i.Resolution = plan.Archived, plan.WontDo
	case "recurring":
		i.Status, i.Reason = plan.Blocked, "recurring: a template, not a task itself"
		if every := v.Str("recur"); every != "" {
			i.Reason += " (" + form.OneLine(every, 40) + ")"
		}
	default:
		i.Say(word)
		if i.Status != plan.Blocked {
			i.Status, i.Reason = plan.Blocked, "status "+form.Quote(word)
		}
	}
}

// project returns the epic or the feature of a project: of shop.payments.cards
// the feature payments.cards of the epic shop.
func project(o *form.Outline, projects map[string]*form.Item, name, file string) *form.Item {
	if name = strings.Trim(strings.TrimSpace(name), "."); name == "" {
		return nil
	}
	first, rest, nested := strings.Cut(name, ".")
	if projects[first] == nil {
		projects[first] = o.Add(&form.Item{ID: "project/" + first, Group: true, Level: plan.LevelEpic, File: file, Contents: &form.Contents{Title: first}})
	}
	if !nested {
		return projects[first]
	}
	if projects[name] == nil {
		projects[name] = o.Add(&form.Item{ID: "project/" + name, Group: true, Level: plan.LevelFeature, Up: projects[first], File: file, Contents: &form.Contents{Title: rest}})
	}
	return projects[name]
}
