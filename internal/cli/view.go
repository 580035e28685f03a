package cli

import (
	"reflect"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// improveView lets pm view KEY show an item, for whoever expects that, and
// completes the names of views.
func (a *app) improveView(c *cobra.Command) {
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 || slices.ContainsFunc(args, func(s string) bool { _, err := plan.ParseKey(s); return err != nil }) {
			return plain(cmd, args)
		}
		if len(args) > 1 {
			op, _ := ops.Find("item show-many")
			return a.answer(cmd, op, &tracker.ShowItems{Keys: args})
		}
		op, _ := ops.Find("item show")
		return a.answer(cmd, op, &tracker.Show{Key: args[0]})
	}
	for _, verb := range c.Commands() {
		if verb.Name() == "show" || verb.Name() == "delete" {
			verb.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
				if len(args) > 0 {
					return nil, noFiles
				}
				return prefixed("", typed, a.viewNames(cmd, "")), noFiles
			}
		}
	}
}

// viewNames are the names of the views, each behind a sign.
func (a *app) viewNames(cmd *cobra.Command, sign string) (names []string) {
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return nil
	}
	all, _ := t.ListViews(ctx, tracker.ListViews{})
	for _, v := range all.Items {
		names = append(names, sign+v.Name)
	}
	return names
}

// showColumns makes the columns of the view that a list names those to print,
// unless something else is asked for.
func (a *app) showColumns(cmd *cobra.Command, args []string) error {
	if !query.HasViews(strings.Join(args, " ")) || a.flags.json || a.flags.quiet || a.flags.jq != "" || len(a.flags.fields) > 0 || a.rehearsal != nil {
		return nil
	}
	for _, word := range strings.Fields(strings.Join(args, " ")) {
		name, is := strings.CutPrefix(strings.Trim(word, "()"), "@")
		if !is {
			continue
		}
		ctx, t, err := a.act(cmd.Context())
		if err != nil {
			return err
		}
		if v, err := t.ShowView(ctx, tracker.ShowView{Name: name}); err == nil && len(v.Columns) > 0 {
			a.flags.fields = slices.DeleteFunc(v.Columns, func(column string) bool { // a custom field may be gone
				return ops.CheckFieldsIn(reflect.TypeFor[plan.Task](), []string{column}, a.declared) != nil
			})
			return nil
		}
	}
	return nil
}
