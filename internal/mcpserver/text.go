package mcpserver

import (
	"cmp"
	"fmt"
	"strings"

	"pm/internal/insight"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// maxText bounds an answer of many lines, in bytes: what a conversation can
// bear. A longer one says how to ask for less.
const maxText = 24 << 10

// text writes an answer: many items, and items that were changed, as a line
// each; everything else as the JSON that every surface gives.
// That has the operation that the call was, if it changed something: who wants
// to take back what is on a line takes back the last that it did.
func text(answer any, operation string) (string, error) {
	l := &lines{}
	if l.answer(answer) {
		return l.String(), nil
	}
	b, err := ops.ChangeJSON(withoutCommands(answer), operation)
	return strings.TrimSuffix(string(b), "\n"), err
}

// withoutCommands leaves out the command lines that come next: who calls a tool
// has none, and knows the tools.
func withoutCommands(answer any) any {
	switch a := answer.(type) {
	case tracker.NextTask:
		a.NextCommands = nil
		return a
	case tracker.Context:
		a.NextCommands = nil
		return a
	}
	return answer
}

// answer writes an answer of many items, or a part of one, and reports whether
// it knows how.
func (l *lines) answer(answer any) bool { return l.change(answer) || l.reading(answer) }

// change is answer for what was created or changed, and for an item in a list.
func (l *lines) change(answer any) bool {
	switch a := answer.(type) {
	case plan.Epic:
		l.add(epicLine(a))
	case plan.Feature:
		l.add(featureLine(a))
	case tracker.SavedEpic:
		l.add(epicLine(a.Epic))
		l.warnings(a.Warnings)
	case tracker.SavedFeature:
		l.add(featureLine(a.Feature))
		l.warnings(a.Warnings)
	case plan.Task:
		l.add(taskLine(a))
	case tracker.Question:
		l.add(questionLine(a))
	case plan.Note:
		l.addf("noted on %s", a.Key.Name())
	case tracker.Changed:
		l.tasks(a.Items)
		l.beside(a.Beside)
	case tracker.Items:
		for _, i := range a.Items {
			l.item(i)
		}
		l.warnings(a.Warnings)
	case tracker.Tasks:
		l.created(a.Items)
		l.warnings(a.Warnings)
	case tracker.Applied:
		l.applied(a)
	case tracker.Undone:
		l.undone(a)
	default:
		return false
	}
	return true
}

// reading is answer for what was asked for.
func (l *lines) reading(answer any) bool {
	switch a := answer.(type) {
	case tracker.Questions:
		for _, q := range a.Items {
			l.add(questionLine(q))
		}
		l.more(a.More, "")
	case tracker.Page[plan.Task]:
		l.tasks(a.Items)
		l.more(a.More, a.NextCursor)
	case tracker.Holding:
		l.tasks(a.Items)
		l.more(a.More, a.NextCursor)
		if a.Elsewhere > 0 {
			l.addf("other sessions of yours hold %d more", a.Elsewhere)
		}
	case tracker.Page[tracker.Found]:
		for _, f := range a.Items {
			l.addf("%s %s=%s", foundLine(f.Task), f.Match.In, quote(f.Match.Text))
		}
		l.more(a.More, a.NextCursor)
	case tracker.Page[plan.History]:
		l.history(a.Items)
		l.more(a.More, a.NextCursor)
	case tracker.Counted:
		l.counted(a)
	case tracker.Dependencies:
		l.linked("depends on", a.DependsOn)
		l.linked("dependants", a.Dependants)
	case tracker.Tree:
		l.tree(a)
	case tracker.Status:
		l.status(a)
	case insight.Insights:
		l.insights(a)
	case tracker.Report:
		l.report(a)
	case tracker.Diff:
		l.diff(a)
	default:
		return false
	}
	return true
}

// lines are lines of text up to maxText; what comes after is counted only.
type lines struct {
	b    strings.Builder
	left int
}

func (l *lines) addf(format string, args ...any) { l.add(fmt.Sprintf(format, args...)) }

func (l *lines) add(line string) {
	if l.left > 0 || l.b.Len()+len(line) > maxText {
		l.left++
		return
	}
	if l.b.Len() > 0 {
		l.b.WriteByte('\n')
	}
	l.b.WriteString(line)
}

func (l *lines) String() string {
	switch {
	case l.left > maxLeft:
		return fmt.Sprintf("%s\nmore than %d more lines: narrow it with key or limit", l.b.String(), maxLeft)
	case l.left > 0:
		return fmt.Sprintf("%s\n%d more lines: narrow it with key or limit", l.b.String(), l.left)
	case l.b.Len() == 0:
		return "none"
	}
	return l.b.String()
}

func (l *lines) more(n int, cursor string) {
	if n > 0 && cursor == "" {
		l.addf("%d more", n)
	} else if n > 0 {
		l.addf("%d more: cursor=%s", n, cursor)
	}
}

// counted writes how many tasks there are, or how many of each value.
func (l *lines) counted(c tracker.Counted) {
	if c.Group == "" {
		l.addf("%d", c.Count)
	}
	for _, g := range c.Items {
		line := fmt.Sprintf("%d %s", g.Count, cmp.Or(g.Value, "none"))
		if g.Title != "" {
			line += " " + quote(g.Title)
		}
		l.add(line)
	}
	l.more(c.More, "")
}

func (l *lines) tasks(tasks []plan.Task) {
	for _, t := range tasks {
		l.add(taskLine(t))
	}
}

// item writes the one of the three that is set, with what is kept beside it: its
// labels, other names and links.
func (l *lines) item(i tracker.Item) {
	switch {
	case i.Epic != nil:
		l.add(epicLine(*i.Epic) + besideLine(i.Epic.Labels, i.Epic.Refs, i.Epic.Links))
	case i.Feature != nil:
		l.add(featureLine(*i.Feature) + besideLine(i.Feature.Labels, i.Feature.Refs, i.Feature.Links))
	case i.Task != nil:
		l.add(taskLine(*i.Task) + besideLine(i.Task.Labels, i.Task.Refs, i.Task.Links))
	}
}

func besideLine(labels, refs []string, links []plan.Link) (line string) {
	var to []string
	for _, link := range links {
		to = append(to, string(link.As)+":"+link.To)
	}
	for _, part := range []struct {
		name string
		all  []string
	}{{"labels", labels}, {"refs", refs}, {"links", to}} {
		if len(part.all) > 0 {
			line += " " + part.name + "=" + word(strings.Join(part.all, ","))
		}
	}
	return line
}

func (l *lines) warnings(all []tracker.Warning) {
	for _, w := range all {
		l.add(warningLine(w))
	}
}

func warningLine(w tracker.Warning) string {
	line := "warning: " + ops.SpeakArguments(w.Message)
	if w.Hint != "" {
		line += " (" + hintText(w.Hint) + ")"
	}
	return line
}

// lacking adds to an answer as of a moment what it lacks, however long it is.
func lacking(text string, all []tracker.Warning) string {
	for _, w := range all {
		text += "\n" + warningLine(w)
	}
	return text
}

func (l *lines) beside(b tracker.Beside) {
	l.warnings(b.Warnings)
	for _, t := range b.TakenOver {
		l.addf("%s taken over from %s", t.Key, quote(t.From))
	}
	for _, q := range b.Answers {
		l.add(questionLine(q))
	}
	if line := b.ReadyLine(); line != "" {
		l.add(line)
	}
	if b.ClaimToken != "" {
		l.addf("claim_token=%s: pass it with every later call on what you claimed", b.ClaimToken)
	}
}

// fewCreated is how many new tasks are written one by one.
const fewCreated = 3

// created writes the new tasks of a batch. What they hold the caller has just
// said: where their keys follow each other, the first and the last say all.
func (l *lines) created(tasks []plan.Task) {
	last := len(tasks) - 1
	for i, task := range tasks {
		if task.FeatureKey != tasks[0].FeatureKey || task.Key.Task != tasks[0].Key.Task+i || last < fewCreated {
			l.tasks(tasks)
			return
		}
	}
	l.addf("created %s to %s, in the order given", tasks[0].Key, tasks[last].Key)
}

// applied says of each item that a plan changed its key and its id; what is
// unchanged is counted.
func (l *lines) applied(a tracker.Applied) {
	for _, part := range []struct {
		did   string
		items []tracker.AppliedItem
	}{{"created", a.Created}, {"updated", a.Updated}} {
		if a.DryRun {
			part.did = "would be " + part.did
		}
		for _, i := range part.items {
			name := i.ID
			if name == "" {
				name = quote(i.Title)
			}
			l.addf("%s %s %s", part.did, i.Key, name)
		}
	}
	if n := len(a.Unchanged); n > 0 {
		l.addf("%d unchanged", n)
	}
	l.warnings(a.Warnings)
}

// undone says what was taken back, and each field with its values.
func (l *lines) undone(u tracker.Undone) {
	did := "undone"
	if u.Redo {
		did = "redone"
	}
	if u.DryRun {
		did = "would be " + did
	}
	for _, o := range u.Undone {
		l.addf("%s: %s", did, o.Command)
	}
	for _, c := range u.Changes {
		l.addf("%s %s %s -> %s", c.Key.Name(), c.Field, valueText(c.From), valueText(c.To))
	}
	l.more(u.More, "")
	for _, c := range u.Conflicts {
		l.addf("%s %s stays: changed again by %s", c.Key.Name(), c.Field, word(c.Agent))
	}
	l.warnings(u.Warnings)
}

// valueText is a value of a change: what somebody may have written is quoted.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		return quote(v)
	}
	b, err := plan.JSON(v)
	if err != nil {
		return "?"
	}
	return string(b)
}

func (l *lines) linked(what string, items []tracker.Linked) {
	for _, i := range items {
		line := fmt.Sprintf("%s %s %s %s", what, i.Key, i.Status, quote(i.Title))
		if i.Outcome != "" {
			line += " " + quote(i.Outcome)
		}
		l.add(line)
	}
}

func (l *lines) history(records []plan.History) {
	for _, h := range records {
		l.add(historyLine(h))
	}
}

func (l *lines) tree(t tracker.Tree) {
	for _, e := range t.Epics {
		if !e.Continued {
			l.add(epicLine(e.Epic))
		}
		for _, f := range e.Features {
			if !f.Continued {
				l.add(" " + featureLine(f.Feature))
			}
			for _, task := range f.Tasks {
				l.add("  " + taskLine(task))
			}
			l.leftOut("  ", f.More, "tasks")
		}
		l.leftOut(" ", e.More, "features")
	}
	l.leftOut("", t.More, "epics")
}

// leftOut says how many items of a tree are not in it.
func (l *lines) leftOut(indent string, n int, what string) {
	if n > 0 {
		l.addf("%s%d more %s", indent, n, what)
	}
}

func (l *lines) status(s tracker.Status) {
	c := s.Counts
	l.addf("%d of %d tasks completed", s.TasksCompleted, s.TasksTotal)
	l.addf("ready %d; todo %d: waiting %d, deferred %d, inactive %d; in_progress %d: lease expired %d; blocked %d, ready_for_review %d, archived %d",
		c.Ready, c.Todo, c.Waiting, c.Deferred, c.Inactive, c.InProgress, c.Expired, c.Blocked, c.ReadyForReview, c.Archived)
	for _, e := range s.Epics {
		l.add(epicLine(e))
	}
	if s.MoreEpics > 0 {
		l.addf("%d more epics", s.MoreEpics)
	}
	for _, part := range [][]plan.Task{s.Held, s.Blocked, s.InReview} {
		l.tasks(part)
	}
	if len(s.Last) > 0 {
		l.add("last changes:")
	}
	l.history(s.Last[:min(len(s.Last), mostLast)])
}

// mostLast is how many changes the status ends with: history has more.
const mostLast = 3
