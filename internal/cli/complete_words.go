package cli

import (
	"slices"

	"pm/internal/cli/term"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// wordsOf returns what tasks have, sorted, each once.
func wordsOf(tasks []plan.Task, of func(plan.Task) string) (out []string) {
	for _, t := range tasks {
		if word := term.Clean(of(t)); word != "" && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	slices.Sort(out)
	return out
}

// people are the agents that tasks are assigned to, or held by.
func (a *app) people(cmd *cobra.Command) []string {
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return nil
	}
	out := append(a.names(cmd, true), wordsOf(newest(ctx, t, "has:assignee"), func(t plan.Task) string { return t.Assignee })...)
	slices.Sort(out)
	return slices.Compact(out)
}

// kinds are the usual kinds of tasks, and those that tasks are of.
func (a *app) kinds(cmd *cobra.Command) []string {
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return nil
	}
	out := append(wordsOf(newest(ctx, t, "-kind:"+plan.DefaultKind), func(t plan.Task) string { return t.Kind }), plan.DefaultKind, "bug", "chore", "spike")
	slices.Sort(out)
	return slices.Compact(out)
}

// labelNames are the labels that items have.
func (a *app) labelNames(cmd *cobra.Command) (out []string) {
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return nil
	}
	all, _ := t.ListLabels(ctx, tracker.ListLabels{})
	for _, l := range all.Items {
		out = append(out, term.Clean(l.Label))
	}
	return out
}

// argWords are the values of an argument that is no key; none if it takes any.
func (a *app) argWords(cmd *cobra.Command, op ops.Op, param string, args []string) (out []string) {
	switch op.Name + " " + param {
	case "project set name":
		for _, s := range plan.Settings() {
			out = append(out, s.Name)
		}
	case "project set value":
		s, found := plan.FindSetting(args[0])
		switch {
		case found && s.Default == plan.No:
			out = []string{plan.Yes, plan.No}
		case found && s.Name == plan.EstimateUnit:
			out = []string{"hours", "days", "points"}
		}
	case "label rename label", "label rename to":
		return a.labelNames(cmd)
	case "field update name", "field delete name":
		return a.ownNames(cmd, "")
	}
	return out
}
