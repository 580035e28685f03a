package render

import (
	"strconv"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
)

// task writes one task: a card, or a line for each field.
func (p *printer) task(t plan.Task) {
	if !p.out.Terminal {
		p.fields(t)
		return
	}
	p.title(t.Key, t.Title)
	p.taskFields(t)
	p.description(t.Description)
	p.checklist(t.Checks)
	p.linked(t.Links)
}

func (p *printer) taskFields(t plan.Task) {
	if t.BlockedReason != "" {
		p.para(term.Red, 0, "blocked: "+term.CleanText(t.BlockedReason))
	}
	p.styled("status", taskStyle(t.Status), string(t.Status))
	p.field("resolution", string(t.Resolution))
	p.field("priority", strconv.Itoa(t.Priority))
	p.field("kind", t.Kind)
	p.field("type", t.AgentType)
	p.field("stage", t.Stage)
	p.field("agent", p.holder(t))
	if t.Assignee != t.AssignedAgent || t.Status != plan.InProgress {
		p.field("assignee", t.Assignee)
	}
	p.field("depends on", plan.JoinKeys(t.DependsOn, ", "))
	if t.OpenDependencies > 0 {
		p.field("waits for", term.Count(t.OpenDependencies)+" of these")
	}
	p.field("labels", strings.Join(t.Labels, ", "))
	p.ownFields(t.Fields)
	p.dueField(t.Due, t.Done())
	p.field("repeat", t.Repeat)
	p.deferField(t)
	if t.Estimate > 0 {
		p.field("estimate", p.estimate(t.Estimate))
	}
	p.field("file", t.FilePath)
	p.field("created", p.when(t.CreatedAt))
	p.field("updated", p.when(t.UpdatedAt))
	p.field("version", strconv.FormatInt(t.Version, 10))
}

// holder says who holds a task and for how long, or whose it was last.
func (p *printer) holder(t plan.Task) string {
	if t.AssignedAgent == "" || t.Status != plan.InProgress {
		return t.AssignedAgent
	}
	words := "held by " + t.Holder()
	switch {
	case t.LeaseExpired(p.now):
		words += ", lease expired " + term.Ago(p.now, *t.LeaseUntil)
	case t.LeaseUntil != nil:
		words += ", lease ends " + term.Ago(p.now, *t.LeaseUntil)
	}
	if t.Fence > 0 {
		words += " (fence " + strconv.FormatInt(t.Fence, 10) + ")"
	}
	return words
}

// deferField says until when a task is not offered.
func (p *printer) deferField(t plan.Task) {
	at, ok := t.NotBefore.Time()
	switch {
	case ok && t.Status == plan.Todo && t.IsDeferred(p.now):
		p.styled("deferred", term.Yellow, "until "+p.when(at))
	case t.Defer != "":
		p.field("defer", p.date(t.Defer))
	}
}

// date writes a date: a day as it is, a moment as other times.
func (p *printer) date(d plan.Date) string {
	if at, moment := d.Time(); moment {
		return p.when(at)
	}
	return string(d)
}

// dueField says by when an item is to be done, and that it is too late.
func (p *printer) dueField(due plan.Date, done bool) {
	if due == "" {
		return
	}
	over := due.End(p.now.Location())
	words := p.date(due)
	if !done && over.Before(p.now) {
		p.styled("due", term.Red, words+" (overdue)")
		return
	}
	p.field("due", words)
}
