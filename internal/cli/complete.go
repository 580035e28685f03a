package cli

import (
	"context"
	"slices"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// Completion offers what the plan holds now and the command takes: the keys
// that a verb works on, the values of every flag. It says nothing on errors,
// and of lists it offers the first maxOffered.
const maxOffered = 100

// noFiles is the directive of everything that is not a path.
const noFiles = cobra.ShellCompDirectiveNoFileComp

// completeArgs completes the arguments of an operation.
func (a *app) completeArgs(op ops.Op, params []ops.Param) cobra.CompletionFunc {
	pos := positional(params)
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if at := slices.IndexFunc(pos, func(p ops.Param) bool { return p.Rest }); at >= 0 && len(args) >= at {
			return a.queryWords(cmd, typed)
		}
		i := min(len(args), len(pos)-1)
		if i < 0 || len(args) > i && !pos[i].Repeated {
			return nil, noFiles
		}
		if words := a.argWords(cmd, op, pos[i].Name, args); words != nil {
			return prefixed("", typed, words), noFiles
		}
		return a.offer(cmd, args, typed, keysOf(op, pos[i].Name, args))
	}
}

// completeUpdate completes the keys of pm update: of any level, and of tasks
// behind the first one.
func (a *app) completeUpdate(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	w := wanted{levels: anyLevel}
	if len(args) > 0 {
		w.levels = onlyTasks
	}
	return a.offer(cmd, args, typed, w)
}

var (
	anyLevel  = []plan.Level{plan.LevelEpic, plan.LevelFeature, plan.LevelTask}
	onlyTasks = anyLevel[2:]
)

// wanted are the keys that an argument or a flag takes.
type wanted struct {
	levels []plan.Level
	tasks  tracker.ListTasks // which tasks
	held   bool              // only what the user holds
	free   bool              // only what waits for nothing
	needs  string            // only what this task depends on
	trash  bool              // of the trash
}

// keysOf returns which keys a parameter of an operation takes; none if it takes
// something else.
func keysOf(op ops.Op, param string, args []string) (w wanted) {
	noun, verb, _ := strings.Cut(op.Name, " ")
	switch param {
	case "epic", "feature":
		w.levels = []plan.Level{plan.Level(param)}
	case "task", "depends_on", "not":
		w.levels = onlyTasks
		if op.Name == "dep remove" && param == "depends_on" && len(args) > 0 {
			w.needs = args[0]
		}
	case "key", "keys":
		w.levels = keyLevels(noun, verb)
	}
	if len(w.levels) == 1 && w.levels[0] == plan.LevelTask {
		w.ofVerb(plan.Verb(verb))
	}
	w.trash = noun == "trash" || op.Name == "trash restore"
	return w
}

func keyLevels(noun, verb string) []plan.Level {
	switch {
	case noun == "epic", noun == "feature", noun == "task":
		return []plan.Level{plan.Level(noun)}
	case noun == "check", noun == "repeat":
		return onlyTasks
	case verb == "tree":
		return anyLevel[:2]
	}
	return anyLevel
}

// ofVerb narrows the tasks to those that the verb works on.
func (w *wanted) ofVerb(v plan.Verb) {
	switch v {
	case plan.Claim, plan.Start:
		w.tasks.Ready = true
		if v == plan.Start { // which takes no task over
			w.tasks.Status = []string{string(plan.Todo)}
		}
		return
	case plan.Complete, plan.Approve:
		w.free = true
	case "renew", "handoff", plan.Release, plan.Submit:
		w.held = true
		return
	}
	t, _ := plan.TransitionOf(v)
	for _, s := range t.From {
		if s != t.To {
			w.tasks.Status = append(w.tasks.Status, string(s))
		}
	}
}

// offer completes keys.
func (a *app) offer(cmd *cobra.Command, args []string, typed string, w wanted) ([]string, cobra.ShellCompDirective) {
	if len(w.levels) == 0 && !w.trash {
		return nil, noFiles
	}
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return nil, noFiles
	}
	var out []string
	for _, one := range a.keysLike(ctx, t, strings.ToUpper(typed), w) {
		if !slices.Contains(args, one.key) && strings.HasPrefix(one.key, strings.ToUpper(typed)) {
			out = append(out, one.key+"\t"+term.Clean(one.title))
		}
	}
	return out, noFiles
}

// An offered is a key with what it names.
type offered struct{ key, title string }

// keysLike lists keys that begin like the one that is typed. Of keys of any
// level tasks are offered where one is begun: there are many.
func (a *app) keysLike(ctx context.Context, t *tracker.Tracker, typed string, w wanted) (out []offered) {
	most := maxOffered
	switch {
	case w.trash:
		trash, _ := t.ListTrash(ctx, tracker.ListTrash{})
		for _, item := range trash.Items {
			out = append(out, offered{item.Key.String(), item.Title})
		}
		return out
	case w.needs != "":
		deps, _ := t.ListDependencies(ctx, tracker.ListDependencies{Task: w.needs})
		for _, d := range deps.DependsOn {
			out = append(out, offered{d.Key.String(), d.Title})
		}
		return out
	case len(w.levels) == 1 && w.levels[0] == plan.LevelTask || slices.Contains(w.levels, plan.LevelTask) && strings.HasPrefix(typed, "T"):
		return tasksLike(ctx, t, typed, w)
	}
	if slices.Contains(w.levels, plan.LevelEpic) {
		epics, _ := t.ListEpics(ctx, tracker.ListEpics{Limit: &most})
		for _, e := range epics.Items {
			out = append(out, offered{e.Key.String(), e.Title})
		}
	}
	if slices.Contains(w.levels, plan.LevelFeature) {
		in := tracker.ListFeatures{Limit: &most}
		if under, ok := plan.KeyBegun(typed); ok {
			in.Epic = under.EpicKey().String()
		}
		features, _ := t.ListFeatures(ctx, in)
		for _, f := range features.Items {
			out = append(out, offered{f.Key.String(), f.Title})
		}
	}
	return out
}

// tasksLike lists tasks, of the feature or epic whose key the typed one
// begins with.
func tasksLike(ctx context.Context, t *tracker.Tracker, typed string, w wanted) (out []offered) {
	most := maxOffered
	w.tasks.Limit = &most
	if w.held {
		mine, _ := t.Mine(ctx, tracker.Mine{Limit: &most})
		for _, task := range mine.Items {
			out = append(out, offered{task.Key.String(), task.Title})
		}
		return out
	}
	if under, ok := plan.KeyBegun(typed); ok && under.Level() == plan.LevelFeature {
		w.tasks.Feature = under.String()
	} else if ok {
		w.tasks.Epic = under.String()
	}
	page, _ := t.ListTasks(ctx, w.tasks)
	for _, task := range page.Items {
		if w.free && task.OpenDependencies > 0 {
			continue
		}
		out = append(out, offered{task.Key.String(), task.Title})
	}
	return out
}
