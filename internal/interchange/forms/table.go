// Package forms is the table of the forms of plans that pm reads, and finds out
// which of them a source has. A new form is a package of its own and one row here
// (docs/adding-a-form.md).
package forms

import (
	"pm/internal/interchange/backlog"
	"pm/internal/interchange/beads"
	"pm/internal/interchange/checklist"
	"pm/internal/interchange/form"
	"pm/internal/interchange/kiro"
	"pm/internal/interchange/openspec"
	"pm/internal/interchange/speckit"
	"pm/internal/interchange/taskmaster"
)

// The names of pm's own forms.
const (
	Markdown = "markdown"
	Lines    = "pm"
)

// Table lists the forms, the most common first: where a source bears the marks
// of several, the first counts. Those that are weak count only where there is no
// other.
func Table() []form.Form {
	return []form.Form{
		speckit.Form,
		openspec.Form,
		kiro.Form,
		beads.Form,
		taskmaster.Form,
		backlog.Form,
		{Name: Markdown, Title: "markdown", Aliases: []string{"md"}, Mark: "E01-name/E01-F01-name/tasks/T-E01-F01-001.md",
			Docs: "pm's own layout of directories: every item under its key (docs/import.md)", Marks: markdownPath},
		checklist.Form,
		{Name: Lines, Title: "pm", Aliases: []string{"jsonl", "export"}, Mark: "a file that pm export wrote",
			Docs: "an export comes back without loss", Marks: none, Sniff: exported},
	}
}
