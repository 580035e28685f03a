package mcpserver

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pm/internal/insight"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// views are what project_status shows when about names one: the operation
// behind it, and what since is called there.
var views = []struct{ about, operation, since string }{
	{"report", "plan report", "since"},
	{"diff", "plan diff", "from"},
	{"insights", "plan insights", ""},
	{"forecast", "plan forecast", ""},
	{"settings", "project show", ""},
	{"fields", "field list", ""},
	{"stages", "stage list", ""},
	{"views", "view list", ""},
	{"labels", "label list", ""},
	{"repeat", "repeat show", ""},
}

// abouts are the values of about.
func abouts() (names []string) {
	for _, v := range views {
		names = append(names, v.about)
	}
	return names
}

// viewed are the operations behind about.
func viewed() (names []string) {
	for _, v := range views {
		names = append(names, v.operation)
	}
	return names
}

// byView chooses what of the project is shown.
func byView(args ops.Arguments) (string, ops.Arguments, error) {
	raw, given := args["about"]
	if !given {
		return "plan status", args, nil
	}
	var about string
	if json.Unmarshal(raw, &about) != nil {
		about = string(raw)
	}
	about = strings.ToLower(strings.TrimSpace(about))
	rest := without(args, "about")
	if about == "status" || about == "" {
		return "plan status", rest, nil
	}
	for _, v := range views {
		if v.about != about {
			continue
		}
		if since, given := rest["since"]; given && v.since != "" {
			rest = without(rest, "since")
			rest[v.since] = since
		}
		return v.operation, rest, nil
	}
	return "", nil, plan.Errorf(plan.Usage, "unknown about %.40q", about).WithCode("bad_about").
		WithHint("use one of %s, or leave it out for the status", strings.Join(abouts(), ", "))
}

// insights say how work flows, without what only charts need: every finished
// task and every day.
func (l *lines) insights(in insight.Insights) {
	l.addf("%s to %s: %d tasks, %d finished", in.From, in.To, in.Tasks, in.Finished)
	if in.Reason != "" {
		l.add(in.Reason)
	}
	if c := in.Cycle; c != nil {
		l.addf("cycle time of %d: p50=%s p85=%s p95=%s", c.Count, took(c.P50), took(c.P85), took(c.P95))
	}
	if t := in.Throughput; t != nil {
		l.addf("throughput: %d, %.2f a day", t.Count, t.PerDay)
	}
	if t := in.Time; t != nil {
		l.addf("time: held=%s waiting=%s blocked=%s review=%s efficiency=%.0f%%", took(t.Held), took(t.Waiting), took(t.Blocked), took(t.Review), t.Efficiency)
	}
	if in.Aging == nil {
		return
	}
	for _, t := range in.Aging.Items {
		line := fmt.Sprintf("in progress %s %s for %s", t.Key, t.Status, took(t.Seconds))
		if t.Over != "" {
			line += " over=" + t.Over
		}
		if t.Agent != "" {
			line += " agent=" + word(t.Agent)
		}
		l.add(line + " " + quote(t.Title))
	}
	l.more(in.Aging.More, "")
}

func took(seconds int64) string { return (time.Duration(seconds) * time.Second).String() }

// report says what happened, a line for each task.
func (l *lines) report(r tracker.Report) {
	l.addf("since %s: %s", plan.Stamp(r.Since), progressText(r.Progress))
	l.warnings(r.Warnings)
	for _, part := range []struct {
		what  string
		tasks []tracker.ReportedTask
	}{{"done", r.Done}, {"started", r.Started}, {"new", r.New}, {"slipped", r.Slipped}, {"blocked", r.Blocked}, {"due", r.Due}} {
		for _, t := range part.tasks {
			line := fmt.Sprintf("%s %s %s", part.what, t.Key, quote(t.Title))
			if t.Agent != "" {
				line += " agent=" + word(t.Agent)
			}
			if t.Due != "" {
				line += " due=" + string(t.Due)
			}
			if t.Reason != "" {
				line += " blocked=" + quote(t.Reason)
			}
			l.add(line)
		}
	}
	for _, e := range r.Epics {
		l.addf("%s %s %s", e.Key, progressText(e), quote(e.Title))
	}
}

// diff says what differs, a line for each item and each field.
func (l *lines) diff(d tracker.Diff) {
	l.addf("%s to %s", plan.Stamp(d.From.At), plan.Stamp(d.To.At))
	l.warnings(d.Warnings)
	for _, i := range d.Made {
		l.addf("created %s %s %s", i.Key, i.Status, quote(i.Title))
	}
	for _, i := range d.Deleted {
		l.addf("deleted %s %s", i.Key, quote(i.Title))
	}
	for _, i := range d.Moved {
		l.addf("moved %s to %s %s", i.From, i.Key, quote(i.Title))
	}
	for _, c := range d.Changes {
		l.addf("%s %s %s -> %s", c.Key.Name(), c.Field, valueText(c.From), valueText(c.To))
	}
	for _, p := range d.Progress {
		name := "all"
		if p.Key != (plan.Key{}) {
			name = p.Key.String()
		}
		l.addf("progress %s %s", name, progressText(p))
	}
	l.more(d.More, "")
}

func progressText(p tracker.ProgressChange) string {
	return fmt.Sprintf("%d/%d -> %d/%d completed", p.From.Completed, p.From.Total, p.To.Completed, p.To.Total)
}
