package cli

import (
	"io"
	"reflect"
	"slices"

	"pm/internal/cli/render"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// taskColumns are the columns of a list of tasks as CSV, by their JSON names.
var taskColumns = []string{"key", "title", "status", "priority", "agent_type", "kind", "assigned_agent", "assignee", "labels", "due", "defer", "estimate",
	"depends_on", "open_dependencies", "feature_key", "epic_key", "created_at", "started_at", "completed_at", "updated_at"}

// csvFlag gives a list a flag that prints it as CSV: the fields of --fields, or
// those that say most of an item.
func (a *app) csvFlag(c *cobra.Command, op ops.Op) {
	var table *render.CSV
	a.formFlag(c, "csv", "print CSV that spreadsheets treat as text; --fields selects the columns", func(w io.Writer, answer any) error {
		columns := a.flags.fields
		if len(columns) == 0 {
			columns = csvColumns(op.Output)
		}
		v, err := (&app{}).asJSON(answer)
		if err != nil {
			return err
		}
		if table == nil {
			table = render.NewCSV(w, columns)
		}
		items, _ := ops.ItemsOf(v)
		for _, item := range items {
			object, is := item.(map[string]any)
			if !is {
				return errNoFields()
			}
			values := make([]any, len(columns))
			for i, name := range columns {
				values[i], _ = ops.Field(object, name)
			}
			if err := table.Row(values); err != nil {
				return err
			}
		}
		return table.Flush()
	})
}

// csvColumns are the columns of a list by the type of its items: of all fields
// those that are no text of several lines.
func csvColumns(list reflect.Type) []string {
	if list == reflect.TypeFor[tracker.Page[plan.Task]]() || list == reflect.TypeFor[tracker.Holding]() {
		return taskColumns
	}
	return slices.DeleteFunc(ops.FieldNames(list), func(name string) bool {
		return among(name, "description change links fields checks")
	})
}

// isList reports whether an answer is a list of items with fields.
func isList(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	f, is := t.FieldByName("Items")
	return is && f.Tag.Get("json") == "items" && f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct
}

// markdownFlag gives a list of tasks a flag that prints it as Markdown.
func (a *app) markdownFlag(c *cobra.Command) {
	begun := false
	a.formFlag(c, "markdown", "print a Markdown table", func(w io.Writer, answer any) error {
		page, is := answer.(tracker.Page[plan.Task])
		if !is {
			return usageError("--markdown cannot be used here").WithHint("leave out --count and --group")
		}
		if !begun {
			begun = true
			if err := render.MarkdownHead(w, render.TaskColumns()...); err != nil {
				return err
			}
		}
		return render.MarkdownTasks(w, page.Items)
	})
}

// markdownStatus lets pm status print the page as Markdown.
func (a *app) markdownStatus(c *cobra.Command) {
	a.formFlag(c, "markdown", "print the page as Markdown", func(w io.Writer, answer any) error {
		return render.MarkdownStatus(w, answer.(tracker.Status), a.now())
	})
}
