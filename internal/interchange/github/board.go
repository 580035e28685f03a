package github

import (
	"strings"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

// card reads an item of a board, as gh project item-list prints it: an issue, or a
// draft that is none yet.
func (r *reader) card(file string, v, content *form.Value) {
	o, id := r.o, content.Str("number")
	if strings.EqualFold(content.Str("type"), "PullRequest") {
		o.Find(file, v.Line, interchange.Skipped, "#%s is a pull request", form.OneLine(id, 20))
		return
	}
	if id == "" {
		id = v.Str("id")
	}
	if id == "" {
		o.Find(file, v.Line, interchange.Failed, "the record has neither a number nor an id")
		return
	}
	i := o.Add(&form.Item{ID: id, Level: plan.LevelTask, File: file, Line: v.Line, Contents: &form.Contents{Title: orText(v, "title"), Description: strings.ReplaceAll(content.Str("body"), "\r\n", "\n")}})
	if i.Title == "" {
		i.Title = content.Str("title")
	}
	i.Labels = names(v.Get("labels"), "name")
	r.assign(i, v)
	if status := v.Str("status"); status != "" {
		i.Say(status)
	} else {
		i.Status, i.Reason = plan.Blocked, "no status on its board"
	}
	i.HeedLabels()
	i.Prioritise(o, v.Str("priority"))
	if url := content.Str("url"); strings.HasPrefix(url, "https://") {
		i.Links = append(i.Links, form.Link{To: url})
	}
	readBoxes(i)
	i.DependsOn = mentioned(i.Description, content.Str("url"))
	r.place(i, v)
	o.Rest(i, v, "title", "content", "id", "labels", "assignees", "status", "priority", "repository", "milestone")
	o.Done(i)
}
