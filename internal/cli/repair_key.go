package cli

import (
	"cmp"
	"context"
	"strings"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// Hints for keys: of another level than is wanted, by their numbers, and for the
// names of settings.

// linkMeant is the hint where links are for what is given as a reference: an
// address, or the key of an item.
func (a *app) linkMeant(e *plan.Error) string {
	words := a.typed.plain
	switch {
	case len(words) < 2:
	case strings.Contains(e.Message, "://"):
		return a.runHint("to link an address", append([]string{"link"}, words...)...)
	case len(keysAmong(words)) == len(words):
		return a.runHint("to link the items", append([]string{"link"}, words...)...)
	}
	return ""
}

// withOtherLevel is the hint where the key of another level is wanted.
func (a *app) withOtherLevel(ctx context.Context, k plan.Key) string {
	f := a.typed
	switch {
	case f.cmd == nil:
		return ""
	case k.Level() == plan.LevelTask && strings.Join(f.path, " ") == "task create" && len(f.plain) > 0:
		return a.runHint("a task has no tasks in it; to add a check to it", "check", "add", k.String(), f.plain[len(f.plain)-1])
	case k.Level() == plan.LevelFeature && strings.Join(f.path, " ") == "feature create" && len(f.plain) > 1:
		return a.runHint("to add a task to it", "task", "create", k.String(), f.plain[1])
	case k.Level() == plan.LevelEpic && len(f.slots) > 0 && f.slots[0] == "feature":
		return "name a feature of it: " + line(replaced(a.args, f.plain[0], a.featureIn(ctx, k)))
	}
	level := string(k.Level())
	switch verb := f.cmd.Name(); {
	case verb == "claim" || verb == "start":
		return a.runHint("to claim its next task", "next", "--claim", "--"+level, k.String())
	case verb == "list" && len(f.path) > 1 && f.path[0] == "feature" && k.Level() == plan.LevelFeature:
		return a.runHint("to list its tasks", "list", "feature:"+k.String())
	case verb == "complete" || verb == "archive":
		return a.runHint(verb+" it as "+k.Level().Article(), level, "update", k.String(), "--status", verb+"d")
	}
	return a.runHint("to see it", "show", k.String())
}

// featureIn is the key of the first feature of an epic, or what it would be.
func (a *app) featureIn(ctx context.Context, epic plan.Key) string {
	key := a.lookUp(ctx, func(ctx context.Context, t *tracker.Tracker) (string, error) {
		one := 1
		page, err := t.ListFeatures(ctx, tracker.ListFeatures{Epic: epic.String(), Limit: &one})
		if err != nil || len(page.Items) == 0 {
			return "", err
		}
		return page.Items[0].Key.String(), nil
	})
	return cmp.Or(key, epic.String()+"-F01")
}

// numbered is the caller's line with the key of a task in the place of its number,
// if that is all that it lacks; empty otherwise.
func (a *app) numbered(ctx context.Context) string {
	f := a.typed
	if len(f.plain) == 0 || f.plain[0] == "" || countDigits(f.plain[0]) != len(f.plain[0]) {
		return ""
	}
	key := a.byNumber(ctx, f.plain[0])
	if own := line(replaced(a.args, f.plain[0], key)); key != "" && a.fits(own) {
		return own
	}
	return ""
}

// settingMeant is the hint for an unknown setting: the name of an agent is none.
func (a *app) settingMeant(e *plan.Error) string {
	bad, _ := quoted(e.Message)
	if last := len(a.typed.plain) - 1; last > 0 && among(strings.ToLower(bad), "agent user name user.name me") {
		name := a.typed.plain[last]
		return "to act as " + name + ", set PM_AGENT=" + shellWord(name) + ", or for one command: " + line([]string{"mine", "--agent", name})
	}
	return e.Hint + "; " + a.runHint("to see them", "project", "show")
}
