package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// MarkdownHead writes the head of a table in Markdown.
func MarkdownHead(w io.Writer, columns ...string) error {
	if _, err := io.WriteString(w, "| "+strings.Join(columns, " | ")+" |\n"); err != nil {
		return err
	}
	_, err := io.WriteString(w, "|"+strings.Repeat(" --- |", len(columns))+"\n")
	return err
}

// TaskColumns are the columns of a list of tasks in Markdown.
func TaskColumns() []string {
	return []string{"Task", "Title", "Status", "Priority", "Type", "Agent", "Due"}
}

// MarkdownTasks writes tasks as rows of such a table.
func MarkdownTasks(w io.Writer, tasks []plan.Task) error {
	for _, t := range tasks {
		agent := cmp.Or(t.AssignedAgent, t.Assignee)
		if err := markdownRow(w, t.Key.String(), t.Title, string(t.Status), fmt.Sprint(t.Priority), t.AgentType, agent, string(t.Due)); err != nil {
			return err
		}
	}
	return nil
}

func markdownRow(w io.Writer, cells ...string) error {
	for i, c := range cells {
		cells[i] = Markdown(c)
	}
	_, err := io.WriteString(w, "| "+strings.Join(cells, " | ")+" |\n")
	return err
}

// Markdown writes a text so that Markdown, GitHub's too, shows it as it is:
// nothing in it is markup, a link, or the end of a cell or a line.
func Markdown(s string) string {
	var b strings.Builder
	text := strings.TrimSpace(term.Clean(strings.Join(strings.Fields(s), " ")))
	for i, r := range text {
		switch {
		case strings.ContainsRune("\\`*_{}[]()#+!|<>~&$^=", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == ':' && strings.HasPrefix(text[i:], "://"), r == '.' && strings.HasSuffix(strings.ToLower(text[:i]), "www"), r == '@':
			fmt.Fprintf(&b, "&#%d;", r) // else it becomes a link of itself
		case (r == '-' || r == '.') && leads(text[:i]):
			b.WriteByte('\\') // else it begins a list
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// leads reports whether a text, or only a number, stands before the sign that
// would make a list of it.
func leads(before string) bool {
	return strings.TrimLeftFunc(before, unicode.IsDigit) == ""
}

// MarkdownStatus writes the state of the project as a page in Markdown.
func MarkdownStatus(w io.Writer, s tracker.Status, now time.Time) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Status\n\n%s%%, %d of %d tasks, %s\n\n%s\n", number(s.ProgressPct), s.TasksCompleted, s.TasksTotal, day(now), countWords(s.Counts))
	if len(s.Epics) > 0 {
		b.WriteString("\n## Epics\n\n")
		MarkdownHead(&b, "Epic", "Title", "Progress", "Done") // a Builder takes everything
		for _, e := range s.Epics {
			markdownRow(&b, e.Key.String(), e.Title, number(e.ProgressPct)+"%", fmt.Sprintf("%d of %d", e.TasksCompleted, e.TasksTotal))
		}
		if s.MoreEpics > 0 {
			fmt.Fprintf(&b, "\n%d more epics\n", s.MoreEpics)
		}
	}
	part := func(name string, tasks []plan.Task, total int, last string, cell func(plan.Task) string) {
		if len(tasks) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n## %s\n\n", name)
		MarkdownHead(&b, "Task", "Title", last)
		for _, t := range tasks {
			markdownRow(&b, t.Key.String(), t.Title, cell(t))
		}
		if more := total - len(tasks); more > 0 {
			fmt.Fprintf(&b, "\n%d more\n", more)
		}
	}
	agent := func(t plan.Task) string { return t.AssignedAgent }
	part("In progress", s.Held, s.Counts.InProgress, "Agent", agent)
	part("Blocked", s.Blocked, s.Counts.Blocked, "Why", func(t plan.Task) string { return t.BlockedReason })
	part("In review", s.InReview, s.Counts.ReadyForReview, "Agent", agent)
	_, err := io.WriteString(w, b.String())
	return err
}
