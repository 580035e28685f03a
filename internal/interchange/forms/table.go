// Package forms is the table of the forms of plans that pm reads, and finds out
// which of them a source has. A new form is a package of its own and one row here
// (docs/adding-a-form.md).
package forms

import (
	"slices"

	"pm/internal/interchange/backlog"
	"pm/internal/interchange/beads"
	"pm/internal/interchange/bmad"
	"pm/internal/interchange/checklist"
	"pm/internal/interchange/conductor"
	"pm/internal/interchange/form"
	"pm/internal/interchange/github"
	"pm/internal/interchange/gsd"
	"pm/internal/interchange/kiro"
	"pm/internal/interchange/openspec"
	"pm/internal/interchange/ralph"
	"pm/internal/interchange/speckit"
	"pm/internal/interchange/tabular"
	"pm/internal/interchange/taskmaster"
	"pm/internal/interchange/taskwarrior"
)

// The names of pm's own forms.
const (
	Markdown = "markdown"
	Lines    = "pm"
)

// Own returns one of pm's own forms.
func Own(name string) form.Form {
	all := Table()
	return all[slices.IndexFunc(all, func(f form.Form) bool { return f.Name == name })]
}

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
		ralph.Form,
		conductor.Form,
		bmad.Form,
		gsd.Form,
		github.Form,
		tabular.Jira,
		tabular.Linear,
		taskwarrior.Form,
		{Name: Markdown, Title: "markdown", Aliases: []string{"md"}, Mark: "E01-name/E01-F01-name/tasks/T-E01-F01-001.md",
			Docs: "pm's own layout of directories: every item under its key (docs/import.md)", Marks: markdownPath},
		checklist.Form,
		tabular.CSV,
		{Name: Lines, Title: "pm", Aliases: []string{"jsonl", "export"}, Mark: "a file that pm export wrote",
			Docs: "an export is restored without loss", Marks: none, Sniff: exported},
	}
}
