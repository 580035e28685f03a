package cli

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"pm/internal/agents"
	"pm/internal/interchange/export"
	"pm/internal/interchange/forms"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// paths are the flags that name files, which shells complete by themselves.
var paths = []string{"db", "file", "file-path", "from", "output", "token-file"}

// completeFlags has every flag of every command complete its values. It is
// called only when a shell asks.
func (a *app) completeFlags(cmd *cobra.Command) {
	set := func(f *pflag.Flag) {
		isPath := slices.Contains(paths, f.Name) || f.Name == "chart" && cmd.Name() == "bench"
		if f.Value.Type() != "bool" && !isPath {
			cmd.RegisterFlagCompletionFunc(f.Name, a.completeValue(f))
		}
	}
	cmd.LocalNonPersistentFlags().VisitAll(set)
	if !cmd.HasParent() {
		cmd.PersistentFlags().VisitAll(set)
	}
	for _, sub := range cmd.Commands() {
		a.completeFlags(sub)
	}
}

// completeValue completes the value of a flag: of a list its last one.
func (a *app) completeValue(f *pflag.Flag) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		before, last := "", typed
		isList := f.Value.Type() == "strings" || f.Value.Type() == "stringSlice"
		if i := strings.LastIndexByte(typed, ','); isList && i >= 0 {
			before, last = typed[:i+1], typed[i+1:]
		}
		op, _ := operationOf(cmd)
		if w := flagKeys(op, f.Name); len(w.levels) > 0 {
			keys, directive := a.offer(cmd, append(args, strings.Split(before, ",")...), last, w)
			return prefixed(before, "", keys), directive
		}
		return prefixed(before, last, a.values(cmd, op, f.Name, args)), noFiles
	}
}

// prefixed keeps what begins with typed, and puts before in front of it.
func prefixed(before, typed string, values []string) (out []string) {
	for _, v := range values {
		if strings.HasPrefix(v, typed) {
			out = append(out, before+v)
		}
	}
	return out
}

// flagKeys returns the keys that a flag takes.
func flagKeys(op ops.Op, flag string) wanted {
	switch {
	case op.Name == "item move" && flag == "to":
		return wanted{levels: anyLevel[:2]}
	case op.Name == "task order" && (flag == "before" || flag == "after"):
		return wanted{levels: onlyTasks}
	case flag == "duplicate-of", flag == "discovered-from":
		return wanted{levels: anyLevel}
	}
	for _, name := range []string{"epic", "feature", "depends-on", "not"} {
		if flag == name {
			w := keysOf(op, strings.ReplaceAll(name, "-", "_"), nil)
			w.tasks.Ready = name == "not"
			return w
		}
	}
	return wanted{}
}

// usualValues are the values that a flag usually has, whatever the plan.
var usualValues = map[string][]string{
	"repeat": {"daily", "weekly", "monthly", "yearly"}, "due": {"today", "tomorrow", "fri", "+7d", "eom"}, "defer": {"today", "tomorrow", "fri", "+7d", "eom"},
	"since": {"today", "yesterday", "-1h", "-3d", "-1w", "mon"}, "until": {"today", "yesterday", "-1h", "-3d", "-1w", "mon"}, "lease": {"30m", "1h", "2h", "8h", "1d"},
	"wait": {"30s", "5m", "1h"}, "older": {"7d", "30d"}, "deadline": {"500ms", "1s", "5s"}, "limit": {"0\tall", "20", "100"}, "engine": {"sqlite", "postgres"},
}

// values returns the values that a flag can have, or usually has.
func (a *app) values(cmd *cobra.Command, op ops.Op, flag string, args []string) []string {
	if words := ops.Words(op, strings.ReplaceAll(flag, "-", "_")); words != nil && op.Name != "" {
		return words
	}
	if usual := usualValues[flag]; usual != nil {
		return usual
	}
	switch flag {
	case "status", "priority", "business-value":
		return updateWords(cmd, flag, args)
	case "stage":
		return a.stageNames(cmd)
	case "to", "before", "after":
		if cmd.HasParent() && cmd.Parent().Name() == "stage" || cmd.Name() == "reject" {
			return a.stageNames(cmd)
		}
		if strings.HasPrefix(op.Name, "question ") {
			return a.people(cmd)
		}
	case "label":
		return a.labelNames(cmd)
	case "assignee":
		return a.people(cmd)
	case "kind":
		return a.kinds(cmd)
	case "as": // of links the table knows it
		return strings.Split(forms.Names(), ", ")
	case "type":
		return texts(plan.FieldTypes())
	case "on":
		return texts(anyLevel)
	case "format":
		return export.Formats()
	case "set":
		return a.settings(cmd)
	case "sort":
		return append(sorts(), a.ownNames(cmd, "")...)
	case "group":
		return append(tracker.Groupings(), a.ownNames(cmd, "")...)
	case "columns":
		return ops.FieldNames(reflect.TypeFor[plan.Task]())
	case "surface":
		return plan.Surfaces
	case "mcp":
		return agents.MCPTools()
	case "hook":
		return agents.Tools()
	case "fields":
		names := fieldNames(cmd, op)
		if slices.Contains(names, "fields") {
			names = append(slices.Clip(names), a.ownNames(cmd, "")...)
		}
		return names
	case "agent-type", "agent":
		return a.names(cmd, flag == "agent")
	}
	return nil
}

// updateWords are the words of pm update, which depend on whose key is given.
func updateWords(cmd *cobra.Command, flag string, args []string) []string {
	level := plan.LevelTask
	if len(args) > 0 && cmd.Name() == "update" {
		if k, err := plan.ParseKey(args[0]); err == nil {
			level = k.Level()
		}
	}
	if op, ok := ops.Find(string(level) + " update"); ok && level != plan.LevelTask {
		return ops.Words(op, strings.ReplaceAll(flag, "-", "_"))
	}
	if flag == "priority" {
		return []string{"1\tmost urgent", "2", "3", "4", "5\tdefault", "6", "7", "8", "9", "10\tleast urgent"}
	}
	return nil
}

func sorts() (out []string) {
	for _, f := range query.Fields() {
		if f.Name == "sort" {
			for _, w := range f.Words {
				out = append(out, w, "-"+w)
			}
		}
	}
	return out
}

// fieldNames returns the fields of the answer of a command that is an operation.
func fieldNames(cmd *cobra.Command, op ops.Op) []string {
	switch {
	case op.Output != nil:
		return ops.FieldNames(op.Output)
	case cmd.Name() == "update":
		op, _ := ops.Find("task update")
		return ops.FieldNames(op.Output)
	}
	return nil
}

// names returns agents or types that tasks have, as far as the newest tell.
func (a *app) names(cmd *cobra.Command, agents bool) (out []string) {
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return nil
	}
	if agents {
		return wordsOf(newest(ctx, t, "has:agent"), func(t plan.Task) string { return t.AssignedAgent })
	}
	return wordsOf(newest(ctx, t, "has:type"), func(t plan.Task) string { return t.AgentType })
}

func newest(ctx context.Context, t *tracker.Tracker, which string) []plan.Task {
	most := 10 * maxOffered
	page, _ := t.ListTasks(ctx, tracker.ListTasks{Query: which + " sort:-updated", Limit: &most})
	return page.Items
}

// operationOf returns the operation that a command is.
func operationOf(cmd *cobra.Command) (ops.Op, bool) {
	path := strings.TrimPrefix(cmd.CommandPath(), "pm ")
	for _, op := range ops.Table() {
		if op.Name == path || op.Daily != "" && op.Daily == path {
			return op, true
		}
	}
	switch noun, verb, _ := strings.Cut(path, " "); {
	case verb == "delete":
		return ops.Find("item delete")
	case noun == "note":
		return ops.Find("note add")
	case noun == "check":
		return ops.Find("check tick")
	}
	return ops.Op{}, false
}

// texts returns words of a type of their own as texts.
func texts[T ~string](words []T) (out []string) {
	for _, w := range words {
		out = append(out, string(w))
	}
	return out
}
