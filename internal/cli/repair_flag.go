package cli

import (
	"cmp"
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"pm/internal/httpapi"
	"pm/internal/ops"
	"pm/internal/plan"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// withFlag is the hint where a flag is unknown, or its value: the line with the
// flag that is meant, else without it.
func (a *app) withFlag(cmd *cobra.Command, err error) string {
	name := ""
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var valueless *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		name = unknown.GetSpecifiedName()
	case errors.As(err, &invalid):
		name = invalid.GetFlag().Name
	case errors.As(err, &valueless):
		return a.withValue(cmd, valueless)
	}
	at := slices.IndexFunc(a.args, func(s string) bool { return isFlagNamed(s, name) })
	if name == "" || at < 0 {
		return ""
	}
	if setting, is := plan.FindSetting(a.args[max(at-1, 0)]); is && cmd.Name() == "set" { // and its value a number below zero
		if _, err := setting.Parse(a.args[at]); err != nil {
			return plan.Describe(err).Hint
		}
	}
	dashed := strings.SplitN(a.args[at], "=", 2)[0]
	if unknown != nil {
		if hint := a.flagMeant(cmd, name, dashed, at); hint != "" {
			return hint
		}
	}
	if hint := a.flagElsewhere(cmd, name, at); hint != "" {
		return hint
	}
	end := at + 1
	if end < len(a.args) && isAnyKey(a.args[end]) && len(a.typed.slots) > 0 && strings.HasPrefix(a.typed.slots[0], "key") {
		return "without " + dashed + ": " + line(slices.Concat(a.args[:at], a.args[end:])) // the key is no value of it
	}
	if !strings.Contains(a.args[at], "=") && end < len(a.args) && !strings.HasPrefix(a.args[end], "-") && cmd.HasParent() && !isCluster(dashed) && a.isValue(cmd) {
		end++
	}
	rest := slices.Concat(a.args[:at], a.args[end:])
	if cmd.Name() == "update" && !slices.ContainsFunc(rest, func(s string) bool { return strings.HasPrefix(s, "-") && !isGlobal(s) }) {
		return "to see what can be set: " + cmd.CommandPath() + " --help"
	}
	return "without " + dashed + ": " + line(rest)
}

// flagMeant is the hint for an unknown flag that is another one of the same command,
// or a term of its query.
func (a *app) flagMeant(cmd *cobra.Command, name, dashed string, at int) string {
	if p := a.typed.plain; len(p) > 0 && isNumber(p[0]) {
		if key := a.byNumber(cmd.Context(), p[0]); key != "" {
			if own := a.understand(replaced(a.args, p[0], key)); a.fitsOne(own) {
				return "keys look like T-E04-F01-001: " + line(own)
			}
		}
	}
	if own := a.oneByOne(cmd, dashed); own != "" {
		return own
	}
	args := slices.Clone(a.args)
	near := nearestWord(kebab(name), flagNames(cmd))
	args[at] = "--" + near + strings.TrimPrefix(args[at], dashed)
	synonym := len(plan.MeaningsOf(plan.ForFlag, kebab(name))) > 0 // no mistyped word
	if near != "" && len(name) > 2 && !synonym && !isNearOnly(near, args[at:]) && a.fitsOne(args) {
		return "did you mean --" + near + ": " + line(args)
	}
	word := a.args[at]
	if own := attachedFlag(cmd, word); own != nil {
		return "did you mean " + own[0] + ": " + line(slices.Concat(a.args[:at], own, a.args[at+1:]))
	}
	if isQuery(slotsOf(cmd)) && len(word) > 4 && word[1] != '-' && !strings.Contains(word, "=") && at == len(a.args)-1 && plan.CheckLabel(word[1:]) == nil {
		return "did you mean -label:" + word[1:] + ": " + line(slices.Concat(a.args[:at], []string{"-label:" + word[1:]}))
	}
	return ""
}

// attachedFlag is the flag that a short one means, with the value that is attached to
// it: -aroot. Two letters are likelier two flags.
func attachedFlag(cmd *cobra.Command, arg string) []string {
	if len(arg) < 4 || arg[0] != '-' || arg[1] == '-' || strings.Contains(arg, "=") {
		return nil
	}
	for _, term := range plan.MeaningsOf(plan.ForTerm, arg[1:2]) {
		if isQuery(slotsOf(cmd)) && strings.HasSuffix(term, ":") {
			return []string{term + arg[2:]}
		}
	}
	for _, own := range plan.MeaningsOf(plan.ForFlag, arg[1:2]) {
		if f := flagOf(cmd, "--"+own); f != nil && f.NoOptDefVal == "" {
			return []string{"--" + own, arg[2:]}
		}
	}
	return nil
}

// isNearOnly reports whether a flag is near in letters only: a file that is not
// there is not what was meant.
func isNearOnly(near string, args []string) bool {
	if near != "file" || len(args) < 2 {
		return false
	}
	_, err := os.Stat(args[1])
	return err != nil
}

// insteadOf is the hint for a flag of one command that is asked of another: the
// line of the other, or of both.
func (a *app) insteadOf(cmd *cobra.Command, name, key string, at int) string {
	value, end := "", at+1
	if _, joined, is := strings.Cut(a.args[at], "="); is {
		value = joined
	} else if end < len(a.args) && !strings.HasPrefix(a.args[end], "-") {
		value, end = a.args[end], end+1
	}
	without := slices.Concat(a.args[:at], a.args[end:])
	verb, isShow := cmd.Name(), cmd.Name() == "show" && key != ""
	if hint := a.ofOneCommand(cmd.Context(), strings.Join(a.typed.path, " "), name, key, value, without); hint != "" {
		return hint
	}
	switch {
	case isShow && value != "" && flagOf(childOf(Commands(), "update"), "--"+name) != nil:
		return a.runHint("to change it", "update", key, "--"+name, value)
	case verb == "list" && strings.HasPrefix(name, "by-") && value == "":
		return a.runHint("to count them in groups", "list", "--group", strings.TrimPrefix(name, "by-"))
	case isShow && len(a.typed.path) == 2 && slices.Contains(plan.MeaningsOf(plan.ForFlag, name), "context"):
		return "to see them: " + line(slices.Concat([]string{"show", key, "--context"}, a.global()))
	case verb == "block" && key != "" && (name == "until" || name == "defer") && value != "":
		return a.runHint("to leave it until then", "update", key, "--defer", value)
	case verb == "search" || verb == "mine":
		list := map[string][]string{"search": {"list"}, "mine": {"list", "--mine"}}[verb]
		if own := spliced(a.args, a.typed.path[len(a.typed.path)-1], list); a.fitsOne(own) {
			return "the list takes it: " + line(own)
		}
	case name == "duplicate-of":
		if own := spliced(a.args, a.typed.path[len(a.typed.path)-1], []string{"archive"}); a.fitsOne(own) {
			return "a duplicate is archived: " + line(own)
		}
	case verb == "list" && name == "open" && flagOf(cmd, "--status") != nil && value == "":
		return "to leave out what is closed: " + line(append(without, "--status", "draft,active"))
	case verb == "list" && (name == "deleted" || name == "trash"):
		return a.runHint("to list what was deleted", "trash", "list")
	case isShow && (name == "deps" || name == "dependencies"):
		return a.runHint("to see its dependencies", "dep", "list", key)
	case isShow && (name == "tree" || name == "children"), isShow && name == "tasks" && !isLevel(key, plan.LevelTask):
		return a.runHint("to see what is in it", "tree", key)
	case verb == "list" && name == "tree" && (len(a.typed.path) == 1 || a.typed.path[0] == "task"):
		return a.runHint("to see the plan as a tree", "tree")
	case verb == "list" && (name == "claim" || name == "start") && value == "":
		return a.runHint("to claim the next one", "next", "--claim")
	case verb == "list" && (name == "yaml" || name == "xml" || name == "toml" || name == "format" && among(strings.ToLower(value), "yaml yml xml toml")):
		return "for programs: " + line(append(slices.DeleteFunc(without, func(s string) bool { return s == value }), "--json"))
	case key != "" && name == "evidence" && value != "":
		return "evidence is a note: " + line([]string{"note", key, value, "--kind", "evidence"}) + " && " + line(without)
	case key != "" && name == "next" && (verb == "complete" || verb == "submit"):
		return "these are commands of their own: " + line(slices.Concat(a.args[:at], a.args[at+1:])) + " && " + line([]string{"next", "--claim"})
	case verb == "add" && name == "blocks" && len(a.typed.path) > 1 && a.typed.path[0] == "dep" && isAnyKey(value):
		return "the one that waits comes first: " + line(slices.Concat([]string{"dep", "add", value, key}, a.global()))
	}
	return ""
}

// ofOneCommand is insteadOf for flags that single commands are asked with.
func (a *app) ofOneCommand(ctx context.Context, path, name, key, value string, without []string) string {
	switch {
	case path == "link" && isAnyKey(value) && plan.Means(plan.ForFlag, name, "depends-on"):
		return a.runHint("to make it wait for the other", "dep", "add", key, value)
	case path == "link" && isAnyKey(value) && name == "blocks":
		return a.runHint("to make the other wait for it", "dep", "add", value, key)
	case path == "claim" && key != "" && plan.Means(plan.ForFlag, name, "context") && name != "all":
		return "these are commands of their own: " + line(without) + " && " + line([]string{"show", key, "--context"})
	case path == "order" && key != "" && among(name, "first top start beginning"):
		return a.runHint("name the task it goes before", "order", key, "--before", a.firstBeside(ctx, []string{key}))
	case path == "log" && value != "" && among(name, "grep search text query"):
		return a.runHint("to look for a text in notes and reasons", "search", value)
	case path == "archive" && key == "" && among(name, "completed done all-completed all-done"):
		return a.runHint("name the tasks; to list them", "list", "status:completed", "--limit", "0")
	case path == "dep add" && key != "" && among(name, "type as kind relation") && value != "" && !strings.HasPrefix(value, "block"):
		if as, err := plan.ParseLinkKind(value); err == nil && len(a.typed.plain) > 1 {
			return a.runHint("other relations are links", "link", key, a.typed.plain[1], "--as", string(as))
		}
	case path == "undo" && among(name, "last n steps count times"):
		return severalUndos(value)
	case path == "tree" && name == "status" && value != "":
		return a.runHint("the list takes it", "list", "status:"+value)
	case name == "parent" && isLevel(value, plan.LevelTask) && path == "task create" && len(a.typed.plain) > 0:
		return a.runHint("a task has no tasks in it; to add a check to it", "check", "add", value, a.typed.plain[len(a.typed.plain)-1])
	}
	return ""
}

// isCluster reports whether the argument is several short flags in one, which
// have no value.
func isCluster(arg string) bool { return len(arg) > 2 && !strings.HasPrefix(arg, "--") }

func isFlagNamed(arg, name string) bool {
	dashless := strings.TrimLeft(arg, "-")
	if arg == dashless {
		return false
	}
	word, _, _ := strings.Cut(dashless, "=")
	return word == name || !strings.HasPrefix(arg, "--") && len(name) == 1 && strings.Contains(word, name)
}

func flagNames(cmd *cobra.Command) (names []string) {
	for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.InheritedFlags()} {
		set.VisitAll(func(f *pflag.Flag) {
			if !among(f.Name, "help force yes") {
				names = append(names, f.Name)
			}
		})
	}
	return names
}

// isValue reports whether the argument belongs to the unknown flag before it, and
// not to the command, which has all that it needs.
func (a *app) isValue(cmd *cobra.Command) bool {
	needed := 0
	for _, word := range strings.Fields(cmd.Use)[1:] {
		if word != strings.ToLower(word) && !strings.HasPrefix(word, "[") {
			needed++
		}
	}
	if f := a.typed; needed == 2 && cmd.Name() == "create" && len(f.plain) == 1 && !isAnyKey(f.plain[0]) {
		needed = 1 // the title; its feature or epic is missing
	}
	return len(a.typed.plain) >= needed
}

// flagElsewhere is the hint for flags that are meant for another command.
func (a *app) flagElsewhere(cmd *cobra.Command, name string, at int) string {
	key := ""
	if i := slices.IndexFunc(a.typed.plain, isAnyKey); i >= 0 {
		key = a.typed.plain[i]
	}
	if cmd.Name() == "update" && key != "" {
		if hint := a.besideUpdate(kebab(name), key, at); hint != "" {
			return hint
		}
	}
	if cmd.Name() == "claim" && key == "" && among(kebab(name), "type agent-type epic feature t") {
		return "to claim the next one: " + line(slices.Concat([]string{"next", "--claim"}, a.args[1:]))
	}
	if cmd.Name() == "next" {
		value, _ := valueAt(a.args, at)
		if hint := a.besideNext(name, value); hint != "" {
			return hint
		}
	}
	if hint := a.insteadOf(cmd, kebab(name), key, at); hint != "" {
		return hint
	}
	return a.flagNamed(cmd, kebab(name), key, at)
}

// listenAt returns the address to listen on that a host, a port or both mean.
func listenAt(s string) string {
	s = strings.TrimPrefix(s, "http://")
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host = strings.Trim(s, "[]")
	}
	if _, err := strconv.Atoi(host); err == nil && port == "" {
		host, port = "", host
	}
	usualHost, usualPort, _ := strings.Cut(httpapi.DefaultListen, ":")
	return net.JoinHostPort(cmp.Or(host, usualHost), cmp.Or(port, usualPort))
}

// flagNamed is the hint for what a flag of that name means at any command.
func (a *app) flagNamed(cmd *cobra.Command, name, key string, at int) string {
	switch name {
	case "format":
		if at+1 < len(a.args) || strings.Contains(a.args[at], "=") {
			return a.asFormat(cmd, at)
		}
	case "port", "p", "addr", "address", "bind":
		if address, used := valueAt(a.args, at); flagOf(cmd, "--listen") != nil && used > 0 {
			if strings.Contains(name, "p") && countDigits(address) != len(address) && !strings.Contains(address, ":") {
				address = "" // no port
			}
			return "did you mean --listen: " + line(slices.Concat(a.args[:at], []string{"--listen", listenAt(address)}, a.args[at+used:]))
		}
	case "epic":
		if at+1 < len(a.args) && isLevel(a.args[at+1], plan.LevelEpic) && flagOf(cmd, "--feature") != nil {
			epic, _ := plan.ParseKey(a.args[at+1])
			return "name a feature of it: " + line(slices.Concat(a.args[:at], []string{"--feature", a.featureIn(cmd.Context(), epic)}, a.args[at+2:]))
		}
	case "desc", "descending", "reverse":
		if line := a.reversed(strings.SplitN(a.args[at], "=", 2)[0]); line != "" {
			return "to reverse the order: " + line
		}
	case "next":
		if cmd.Name() == "claim" {
			return a.runHint("to claim the next task", "next", "--claim")
		}
	case "history", "log":
		if key != "" {
			return a.runHint("to see its history", "log", key)
		}
	case "all":
		return a.withoutAll(cmd)
	case "author", "actor":
		if isQuery(slotsOf(cmd)) {
			value, _ := valueAt(a.args, at)
			return a.runHint("to list the tasks of an agent", "list", "(agent:"+value+" or assignee:"+value+")")
		}
	case "page", "offset", "skip":
		_, used := valueAt(a.args, at)
		return "for the next page, give --cursor the next_cursor of this one: " + line(slices.Concat(a.args[:at], a.args[at+used:]))
	case "dry-run", "preview", "simulate", "what-if":
		if key != "" {
			return a.runHint("there is no dry run; to see the item first", "show", key)
		}
	case "stdin":
		return a.fromStdin(cmd, at)
	case "to":
		if cmd.Name() == "handoff" && key != "" && at+1 < len(a.args) {
			left := slices.Concat(a.args[:at], []string{"--release"}, a.args[at+2:])
			if len(a.typed.plain) == 1 {
				left = append(left, "--text", "<text>")
			}
			return "release it for them: " + line(left) + " && " + line([]string{"update", key, "--assignee", a.args[at+1]})
		}
	case "message", "m", "note", "notes", "comment":
		if key != "" && at+1 < len(a.args) {
			return a.runHint("to add a note", "note", key, a.args[at+1])
		}
	}
	return ""
}

// withoutAll is the hint for --all: the keys that are meant, or the list that has
// them.
func (a *app) withoutAll(cmd *cobra.Command) string {
	if cmd.Name() == "mine" {
		return a.runHint("to list all of them", "list", "is:held", "--limit", "0")
	}
	if status := tasksFor[cmd.Name()]; status != "" {
		return a.runHint("name the tasks; to list them", "list", status)
	}
	if among(cmd.Name(), "release renew complete submit") {
		if held := a.heldKeys(cmd.Context()); len(held) > 0 {
			return a.runHint("name the tasks", append([]string{cmd.Name()}, held...)...)
		}
	}
	if slots := slotsOf(cmd); len(slots) > 0 && strings.HasPrefix(slots[0], "key") {
		return a.runHint("name the items; to list them", "list", "--limit", "0")
	}
	return ""
}

// besideNext is the hint for a choice among tasks that the next one is asked with:
// a list takes it.
func (a *app) besideNext(name, value string) string {
	switch kebab(name) {
	case "kind", "type":
		if kind := plan.KindMeant(value); kind != "" {
			return a.runHint("to list the tasks that are ready", "list", "is:ready", "kind:"+kind)
		}
	case "priority", "p":
		if value != "" {
			return a.runHint("to list the tasks that are ready", "list", "is:ready", "priority:.."+plan.MeaningOf(plan.ForPriority, strings.ToLower(value)))
		}
	case "label", "labels", "tag", "l":
		if value != "" && !strings.HasPrefix(value, "-") {
			return a.runHint("to list the tasks that are ready", "list", "is:ready", "label:"+value)
		}
	case "all":
		return a.runHint("to list all tasks that are ready", "list", "is:ready", "--limit", "0")
	case "n", "limit", "count":
		if value != "" && value != "1" {
			return a.runHint("to list more than one", "list", "is:ready", "--limit", value)
		}
	}
	return ""
}

// besideUpdate is the hint for what an update is asked for with a flag that is
// another command, and for a flag that clears another one.
func (a *app) besideUpdate(name, key string, at int) string {
	value, _ := valueAt(a.args, at)
	cleared := ops.UpdateFlag(value)
	described := slices.Index(a.typed.flags, "--description") + 1
	for _, off := range []string{"no-", "clear-", "unset-"} {
		if after, no := strings.CutPrefix(name, off); no {
			cleared, name = ops.UpdateFlag(after), "clear"
		}
	}
	switch {
	case verbTo(name, key) != "" && (value == "" || strings.HasPrefix(value, "-")):
		return a.runHint("it is a command of its own", asking(verbTo(name, key), key)...)
	case described > 0 && described < len(a.typed.flags) && among(name, "append add extend"):
		return a.runHint("a description is replaced; to add a note", "note", key, a.typed.flags[described])
	case name == "unassign" || name == "unassigned":
		return a.runHint("to clear it", "update", key, "--assignee", "")
	case name == "claim":
		return a.runHint("it is a command of its own", "claim", key)
	case among(name, "append-notes append add-notes append-description append-body progress-note log") && value != "":
		return a.runHint("to add a note", "note", key, value)
	case among(name, "acceptance acceptance-criteria ac check add-check") && value != "":
		return a.runHint("to add a check", "check", "add", key, value)
	case among(name, "check-ac check-dod tick done") && value != "":
		return a.runHint("to tick a check: "+line([]string{"check", "tick", key, value})+"; to see their numbers", "show", key)
	case strings.Contains(value, " ") || value != "" && slices.ContainsFunc([]string{"note", "append", "summary", "progress", "prompt", "comment"}, func(s string) bool { return strings.Contains(name, s) }):
		return a.runHint("to add a note", "note", key, value)
	case among(name, "clear unset remove") && cleared != "":
		return a.runHint("to clear it", "update", key, "--"+cleared, "")
	}
	return ""
}

// asFormat is the hint for a format that is a flag of its own.
func (a *app) asFormat(cmd *cobra.Command, at int) string {
	value, used := valueAt(a.args, at)
	end := at + used
	if own := flagOf(cmd, "--"+strings.ToLower(value)); own != nil && own.NoOptDefVal != "" {
		return "did you mean --" + own.Name + ": " + line(slices.Concat(a.args[:at], []string{"--" + own.Name}, a.args[end:]))
	}
	for flag, words := range map[string][]string{"csv": {"csv"}, "markdown": {"markdown", "md"}} {
		if slices.Contains(words, strings.ToLower(value)) && flagOf(cmd, "--"+flag) != nil {
			return "did you mean --" + flag + ": " + line(slices.Concat(a.args[:at], []string{"--" + flag}, a.args[end:]))
		}
	}
	return ""
}

// oneByOne is the hint where an update asks for what other commands do as well:
// the commands one behind the other.
func (a *app) oneByOne(cmd *cobra.Command, flag string) string {
	if cmd.Name() != "update" && cmd.Name() != "edit" || asideOf(flag) == "" || len(a.typed.plain) == 0 {
		return ""
	}
	left, others := apart(a.typed.flags, a.typed.plain[0])
	if len(others) == 0 {
		return ""
	}
	for i, other := range others {
		if more := keysAmong(a.typed.plain); len(other) == 2 && len(more) > 1 {
			others[i] = slices.Concat(other, more[1:]) // the verb of a status takes many
		}
	}
	if slices.ContainsFunc(left, func(s string) bool { return strings.HasPrefix(s, "-") && !isGlobal(s) }) {
		others = slices.Insert(others, 0, slices.Concat(a.typed.path, a.typed.plain, left))
	}
	return "these are commands of their own: " + inTurn(others)
}

// inTurn is the line that runs several commands, one after the other.
func inTurn(commands [][]string) string {
	lines := make([]string, len(commands))
	for i, words := range commands {
		lines[i] = line(words)
	}
	return strings.Join(lines, " && ")
}
