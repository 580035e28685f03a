package cli

import (
	"strings"

	"pm/internal/cli/term"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// completeKeys completes keys from the plan as it is: epics and features, and
// the tasks of the feature that was typed so far.
func (a *app) completeKeys(params []ops.Param) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		none := cobra.ShellCompDirectiveNoFileComp
		if pos := positional(params); params != nil {
			if len(pos) > 0 && pos[0].Rest {
				return queryWords(typed)
			}
			i := min(len(args), len(pos)-1)
			if i < 0 || len(args) >= len(pos) && !pos[i].Repeated || strings.Contains(pos[i].Name, "title") || pos[i].Name == "text" || pos[i].Name == "body" {
				return nil, none
			}
		}
		t, err := a.open(cmd.Context(), false)
		if err != nil {
			return nil, none
		}
		return a.keysLike(cmd, t, strings.ToUpper(typed)), none
	}
}

func (a *app) keysLike(cmd *cobra.Command, t *tracker.Tracker, typed string) (out []string) {
	all := 0
	add := func(k plan.Key, title string) {
		if strings.HasPrefix(k.String(), typed) {
			out = append(out, k.String()+"\t"+term.Clean(title))
		}
	}
	if strings.HasPrefix(typed, "T") {
		in := tracker.ListTasks{}
		if k, err := plan.ParseKey(strings.TrimPrefix(typed, "T-")); err == nil && k.Level() == plan.LevelFeature {
			in.Feature = k.String()
			in.Limit = &all
		}
		page, _ := t.ListTasks(cmd.Context(), in)
		for _, task := range page.Items {
			add(task.Key, task.Title)
		}
		return out
	}
	epics, _ := t.ListEpics(cmd.Context(), tracker.ListEpics{Limit: &all})
	for _, e := range epics.Items {
		add(e.Key, e.Title)
	}
	features, _ := t.ListFeatures(cmd.Context(), tracker.ListFeatures{Limit: &all})
	for _, f := range features.Items {
		add(f.Key, f.Title)
	}
	return out
}
