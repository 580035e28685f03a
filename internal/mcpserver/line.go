package mcpserver

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// taskLine is a task on one line: what an agent needs to choose it or to go
// on with it, its title last.
func taskLine(t plan.Task) string {
	words := []string{t.Key.String(), string(t.Status), fmt.Sprintf("p%d", t.Priority)}
	add := func(name, value string) {
		if value != "" {
			words = append(words, name+"="+value)
		}
	}
	add("type", word(t.AgentType))
	add("stage", word(t.Stage))
	add("agent", word(t.AssignedAgent))
	if t.Assignee != t.AssignedAgent {
		add("assignee", word(t.Assignee))
	}
	if at, ok := t.NotBefore.Time(); ok && t.Deferred {
		add("not_before", at.Format(time.RFC3339))
	}
	if t.LeaseUntil != nil {
		add("lease_until", t.LeaseUntil.Format(time.RFC3339))
	}
	if t.Fence > 0 {
		add("fence", fmt.Sprint(t.Fence))
	}
	if t.OpenDependencies > 0 {
		add("waits_for", fmt.Sprint(t.OpenDependencies))
	}
	add("checks", plan.CheckProgress(t.Checks))
	if t.BlockedReason != "" {
		add("blocked", quote(t.BlockedReason))
	}
	return strings.Join(append(words, fmt.Sprintf("v%d", t.Version), quote(t.Title)), " ")
}

// foundLine is taskLine, also for an epic or a feature whose note was found.
func foundLine(t plan.Task) string {
	if t.Key.Level() == plan.LevelTask {
		return taskLine(t)
	}
	return fmt.Sprintf("%s %s %s", t.Key, t.Status, quote(t.Title))
}

func epicLine(e plan.Epic) string {
	return fmt.Sprintf("%s %s %s %d/%d v%d %s", e.Key, e.Status, e.Priority, e.TasksCompleted, e.TasksTotal, e.Version, quote(e.Title))
}

func featureLine(f plan.Feature) string {
	return fmt.Sprintf("%s %s %d/%d v%d %s", f.Key, f.Status, f.TasksCompleted, f.TasksTotal, f.Version, quote(f.Title))
}

// questionLine is a question on one line, with its answer if it has one.
func questionLine(q tracker.Question) string {
	line := fmt.Sprintf("%s question n=%d by=%s %s", q.Key.Name(), q.N, word(q.By), quote(q.Text))
	if q.To != "" {
		line += " to=" + word(q.To)
	}
	if len(q.Choices) > 0 {
		line += " choices=" + quote(strings.Join(q.Choices, ", "))
	}
	if q.AnsweredAt != nil {
		line += fmt.Sprintf(" answered_by=%s %s", word(q.AnsweredBy), quote(q.Answer))
	}
	return line
}

// historyLine is a record on one line: of changes only the names of the fields.
func historyLine(h plan.History) string {
	words := []string{h.Timestamp.Format(time.RFC3339), h.Key.String()}
	switch {
	case h.Change.Any("redacted"):
	case h.OldStatus == "":
		words = append(words, "created")
	case h.NewStatus == "":
		words = append(words, "deleted")
	case h.OldStatus != h.NewStatus:
		words = append(words, h.OldStatus+">"+h.NewStatus)
	}
	if len(h.Change) > 0 {
		words = append(words, "changed="+strings.Join(slices.Sorted(maps.Keys(h.Change)), ","))
	}
	if h.Agent != "" {
		words = append(words, "agent="+word(h.Agent))
	}
	if h.Notes != "" {
		words = append(words, quote(h.Notes))
	}
	return strings.Join(words, " ")
}

// quote writes a text as a JSON string.
func quote(s string) string {
	b, err := ops.JSON(s)
	if err != nil {
		return `""`
	}
	return strings.TrimSuffix(string(b), "\n")
}

// word writes a name as it is, in quotes if it is more than one plain word.
func word(s string) string {
	if strings.ContainsAny(s, " \"=\\") {
		return quote(s)
	}
	return s
}
