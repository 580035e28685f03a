package cli

import (
	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// ownFields returns the fields that the project has declared; none where they
// cannot be read.
func (a *app) ownFields(cmd *cobra.Command) []plan.CustomField {
	fields, _ := a.fieldsFor(cmd)
	return fields
}

func (a *app) fieldsFor(cmd *cobra.Command) ([]plan.CustomField, error) {
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return nil, err
	}
	declared, err := t.ListFields(ctx, tracker.ListFields{})
	return declared.Items, err
}

// declared returns the fields that the project of the command that was typed has
// declared; none where no command was typed.
func (a *app) declared() ([]plan.CustomField, error) {
	if cmd := a.typed.cmd; cmd != nil && cmd.Context() != nil {
		return a.fieldsFor(cmd)
	}
	return nil, nil
}

// ownNames returns their names, each with what follows it.
func (a *app) ownNames(cmd *cobra.Command, behind string) (names []string) {
	for _, f := range a.ownFields(cmd) {
		names = append(names, term.Clean(f.Name)+behind)
	}
	return names
}

// settings returns what --set takes: each field, and each choice of those that
// have some.
func (a *app) settings(cmd *cobra.Command) (out []string) {
	for _, f := range a.ownFields(cmd) {
		if len(f.Choices) == 0 {
			out = append(out, term.Clean(f.Name)+"=")
		}
		for _, c := range f.Choices {
			out = append(out, term.Clean(f.Name)+"="+term.Clean(c))
		}
	}
	return out
}

// choicesOf returns the choices of a field of that name.
func (a *app) choicesOf(cmd *cobra.Command, name string) []string {
	for _, f := range a.ownFields(cmd) {
		if f.Name == name {
			return f.Choices
		}
	}
	return nil
}
