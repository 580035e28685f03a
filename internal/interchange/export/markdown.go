package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
)

// An outline is a plan as markdown: a heading for each epic and each feature, a
// box for each task.
type outline struct {
	w    io.Writer
	page Page

	epicDefer, featureDefer plan.Date // of what the next tasks lie under
}

func (o *outline) project(plan.Project) error { return nil }

func (o *outline) epic(e plan.Epic) error {
	o.epicDefer, o.featureDefer = e.Defer, ""
	return o.heading("#", e.Title, about([]string{e.Key.String(), string(e.Status)}, append(dates(e.Due, e.Defer), facts(e.Fields, e.Links, e.Refs)...), e.Labels, e.DependsOn), e.Description)
}

func (o *outline) feature(f plan.Feature) error {
	o.featureDefer = f.Defer
	return o.heading("##", f.Title, about([]string{f.Key.String(), string(f.Status)}, append(dates(f.Due, f.Defer), facts(f.Fields, f.Links, f.Refs)...), f.Labels, f.DependsOn), f.Description)
}

func (o *outline) heading(sign, title, about, text string) error {
	_, err := fmt.Fprintf(o.w, "%s %s\n\n%s\n\n%s", sign, inLine(title), about, quoted(text, ""))
	return err
}

// about is the line below a title: what it begins with, those facts that have a
// value, each the words before it and that, the labels and the dependencies.
func about(parts []string, facts [][2]string, labels []string, on []plan.Key) string {
	if text := joined(facts); text != "" {
		parts = append(parts, text)
	}
	for _, l := range labels {
		parts = append(parts, "#"+l)
	}
	if len(on) > 0 {
		parts = append(parts, "depends on "+plan.JoinKeys(on, ", "))
	}
	return inLine(strings.Join(parts, " · "))
}

func (o *outline) task(t plan.Task) error {
	box := map[plan.TaskStatus]string{plan.Completed: "x", plan.InProgress: "~", plan.ReadyForReview: "~", plan.Archived: "-"}[t.Status]
	if box == "" {
		box = " "
	}
	more := slices.Concat([][2]string{{"", t.Kind}, {"@", t.Assignee}, {"held by ", t.AssignedAgent}}, dates(t.Due, t.Defer),
		[][2]string{{"because ", t.BlockedReason}, {"resolution ", string(t.ToldResolution())}}, taskFacts(t))
	var b strings.Builder
	fmt.Fprintf(&b, "- [%s] %s%s\n  %s\n", box, inLine(t.Title), o.notNow(t), about([]string{t.Key.String(), string(t.Status), "priority " + strconv.Itoa(t.Priority)}, more, t.Labels, t.DependsOn))
	for _, c := range t.Checks {
		fmt.Fprintf(&b, "  - [%s] %s\n", map[bool]string{true: "x", false: " "}[c.Done], inLine(c.Text))
	}
	b.WriteString(quoted(t.Description, "  "))
	if t.Description == "" {
		b.WriteString("\n")
	}
	_, err := io.WriteString(o.w, b.String())
	return err
}

// notNow says behind the title of a task why an empty box cannot be started yet.
func (o *outline) notNow(t plan.Task) string {
	switch t.Status {
	case plan.Blocked:
		return " (blocked)"
	case plan.Todo:
		if until := o.latest(t.Defer, o.featureDefer, o.epicDefer); until.Begin(o.page.Now.Location()) > plan.DateOf(o.page.Now) {
			return " (deferred until " + oneLine(string(until)) + ")"
		}
	}
	return ""
}

// latest returns the date that begins last.
func (o *outline) latest(dates ...plan.Date) plan.Date {
	return slices.MaxFunc(dates, func(a, b plan.Date) int {
		return cmp.Compare(a.Begin(o.page.Now.Location()), b.Begin(o.page.Now.Location()))
	})
}

// inLine writes a text on one line, without what would be a tag there.
func inLine(s string) string { return strings.ReplaceAll(oneLine(s), "<", "\\<") }

// quoted writes a text as a quotation: nothing in it becomes a heading or a box.
func quoted(text, indent string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	var b strings.Builder
	if indent != "" {
		b.WriteString("\n")
	}
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		b.WriteString(strings.TrimRight(indent+"> "+strings.TrimRight(line, "\r\n"), " ") + "\n")
	}
	return b.String() + "\n"
}

func (o *outline) end() error { return nil }
