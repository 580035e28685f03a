package mcpserver

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// flag chooses an operation by a switch of the tool.
func flag(name, on, off string) func(ops.Arguments) (string, ops.Arguments, error) {
	return func(args ops.Arguments) (string, ops.Arguments, error) {
		var in struct {
			On bool `json:"on,omitempty"`
		}
		if raw, given := args[name]; given {
			if err := ops.Params(&in)[0].Decode(raw); err != nil {
				return "", nil, plan.Errorf(plan.Usage, "invalid %s %.40s: must be true or false", name, raw).WithCode("bad_type")
			}
		}
		if in.On {
			return on, without(args, name), nil
		}
		return off, without(args, name), nil
	}
}

func byVerb(args ops.Arguments) (string, ops.Arguments, error) {
	var in struct {
		Verb string `json:"verb,omitempty"`
	}
	if raw, given := args["verb"]; given {
		if err := ops.Params(&in)[0].Decode(raw); err != nil {
			return "", nil, err
		}
	}
	word := strings.ToLower(strings.TrimSpace(in.Verb))
	if word == "" {
		return "", nil, ops.MissingArgument("verb")
	}
	name := "task " + verbMeant(word)
	if !slices.Contains(verbs(), name) {
		return "", nil, plan.Errorf(plan.Usage, "unknown verb %.40q", in.Verb).WithCode("bad_verb").
			WithHint("use one of %s", strings.ReplaceAll(strings.Join(verbs(), ", "), "task ", ""))
	}
	return name, without(args, "verb"), nil
}

// verbMeant returns the verb that a word stands for: itself, a synonym, or the
// status that it leads to.
func verbMeant(word string) string {
	if slices.Contains(verbs(), "task "+word) {
		return word
	}
	for _, means := range plan.MeaningsOf(plan.ForCommand, strings.ReplaceAll(word, "_", "-")) {
		if slices.Contains(verbs(), "task "+means) {
			return means
		}
	}
	if s, err := plan.ParseTaskStatus(word); err == nil && plan.VerbTo(s) != "" {
		return string(plan.VerbTo(s))
	}
	return word
}

// byPlan chooses between one task, many and a plan, which may be unpacked.
func byPlan(args ops.Arguments) (string, ops.Arguments, error) {
	for _, name := range []string{"plan", "epics", "features", "epic"} {
		if _, given := args[name]; given {
			return "plan apply", args, nil
		}
	}
	return by("tasks", "task create-many", "task create")(args)
}

// withKeys replaces references by the keys of their items: the level of an item says
// which update is meant. One that names nothing stays.
func withKeys(ctx context.Context, t *tracker.Tracker, args ops.Arguments) (ops.Arguments, error) {
	var in struct {
		Keys []string `json:"keys,omitempty"`
	}
	name := "keys"
	if _, given := args[name]; !given {
		name = "key"
	}
	raw, given := args[name]
	if !given || ops.Params(&in)[0].Decode(raw) != nil {
		return args, nil // what is wrong is said where they are read
	}
	refs := slices.DeleteFunc(slices.Clone(in.Keys), func(s string) bool { _, err := plan.ParseKey(s); return err == nil })
	if len(refs) == 0 {
		return args, nil
	}
	found, err := t.Resolve(ctx, refs)
	if err != nil || len(found) == 0 {
		return args, err
	}
	for i, s := range in.Keys {
		if k, is := found[s]; is {
			in.Keys[i] = k.String()
		}
	}
	args = without(args, name)
	args["keys"], err = plan.JSON(in.Keys)
	return args, err
}

// byLevel chooses the update that the keys belong to.
func byLevel(args ops.Arguments) (string, ops.Arguments, error) {
	if raw, given := args["key"]; given {
		args = without(args, "key")
		args["keys"] = raw
	}
	var in struct {
		Keys []string `json:"keys,omitempty"`
	}
	if raw, given := args["keys"]; given {
		if err := ops.Params(&in)[0].Decode(raw); err != nil {
			return "", nil, err
		}
	}
	if len(in.Keys) == 0 {
		return "", nil, ops.MissingArgument("keys")
	}
	if name, rest, is, err := checkToMove(args, in.Keys); is {
		return name, rest, err
	}
	if name, rest, is, err := byPart(args, in.Keys); is {
		return name, rest, err
	}
	key, err := plan.ParseKey(in.Keys[0])
	level := key.Level()
	if _, refErr := plan.ParseRef(in.Keys[0]); err != nil && refErr == nil {
		level = plan.LevelTask // nothing has the reference, which the update says
	} else if err != nil {
		return "", nil, err
	}
	if raw, given := args["status"]; given && level == plan.LevelTask {
		var status string
		json.Unmarshal(raw, &status)
		return "", nil, plan.Errorf(plan.Usage, "update does not change the status of a task").WithCode("bad_arguments").
			WithHint("call task_status with verb %s and keys %s", verbMeant(strings.ToLower(status)), strings.Join(in.Keys, ", "))
	}
	if level == plan.LevelTask {
		return "task update", args, nil
	}
	if len(in.Keys) > 1 {
		return "", nil, plan.Errorf(plan.Usage, "cannot update %d keys at once: only tasks can be updated together", len(in.Keys))
	}
	args = without(args, "keys")
	args["key"] = []byte(`"` + key.String() + `"`)
	return string(key.Level()) + " update", args, nil
}

// apart are the arguments of update that are calls of their own, each with its
// operation and what it is called there.
var apart = []struct {
	argument, operation, name string
	single                    string // what it is of one item only; empty: of any number
	with                      string // another argument that it may have; empty: none
}{
	{"labels", "label add", "labels", "", ""}, {"remove_labels", "label remove", "labels", "", ""},
	{"refs", "ref add", "refs", "references", ""}, {"remove_refs", "ref remove", "refs", "references", ""},
	{"checks", "check add", "checks", "checks", ""}, {"check", "check tick", "n", "checks", ""}, {"uncheck", "check untick", "n", "checks", ""}, {"remove_checks", "check remove", "n", "checks", ""},
	{"links", "item link", "to", "links", "as"}, {"remove_links", "item unlink", "to", "links", "as"},
	{"to", "item move", "to", "", ""},
	{"before", "task order", "before", "places", ""}, {"after", "task order", "after", "places", ""},
}

// checkToMove chooses check move where a check is given with the number of
// another one that it goes before or after.
func checkToMove(args ops.Arguments, keys []string) (name string, rest ops.Arguments, is bool, err error) {
	place := "before"
	if _, given := args[place]; !given {
		place = "after"
	}
	raw, given := args[place]
	if _, of := args["check"]; !given || !of {
		return "", nil, false, nil
	}
	var n []int
	at, numberErr := strconv.Atoi(strings.Trim(string(raw), `"`))
	if json.Unmarshal(args["check"], &n) != nil || len(n) != 1 || len(keys) != 1 || len(args) != 3 || numberErr != nil {
		return "", nil, true, plan.Errorf(plan.Usage, "only one check can be moved at a time: give one key, one number in check, and a number in %s", place).WithCode("bad_arguments")
	}
	rest = ops.Arguments{}
	for name, value := range map[string]any{"key": keys[0], "n": n[0], place: at} {
		if rest[name], err = plan.JSON(value); err != nil {
			return "", nil, true, err
		}
	}
	return "check move", rest, true, nil
}

// checkNumbers refuses a text where the number of a check is wanted, under the name
// that the argument has at the tool.
func checkNumbers(argument string, value json.RawMessage) error {
	var in struct {
		N []int `json:"n"`
	}
	if ops.Params(&in)[0].Decode(value) == nil {
		return nil
	}
	return plan.Errorf(plan.Usage, "invalid %s %.60s: must be numbers of checks", argument, value).WithCode("bad_type").
		WithHint("call show for the numbers; to add a check, call update with checks")
}

// byPart chooses the operation of an argument that is a call of its own; is
// reports whether there is one.
func byPart(args ops.Arguments, keys []string) (name string, rest ops.Arguments, is bool, err error) {
	for _, part := range apart {
		value, given := args[part.argument]
		if !given {
			continue
		}
		if len(without(args, part.with)) > 2 {
			return "", nil, true, plan.Errorf(plan.Usage, "%s cannot be combined with other changes", part.argument).WithCode("bad_arguments").
				WithHint("call update with keys and %s alone", part.argument)
		}
		if part.name == "n" {
			if err := checkNumbers(part.argument, value); err != nil {
				return "", nil, true, err
			}
		}
		rest = without(args, part.argument)
		rest[part.name] = value
		if part.single != "" {
			if len(keys) > 1 {
				return "", nil, true, plan.Errorf(plan.Usage, "%s can only be changed for one item, not for %d", part.single, len(keys)).WithCode("bad_arguments")
			}
			rest = without(rest, "keys")
			rest["key"], _ = plan.JSON(keys[0])
		}
		return part.operation, rest, true, nil
	}
	return "", nil, false, nil
}

// planArgument stands for the project itself where a key is taken.
const planArgument = "plan"

func byNote(args ops.Arguments) (string, ops.Arguments, error) {
	on, args, err := flag(planArgument, "the project", "")(args)
	if err != nil {
		return "", nil, err
	}
	if key := args["key"]; on != "" && key != nil && string(key) != `"plan"` {
		return "", nil, plan.Errorf(plan.Usage, "key and %s cannot be combined", planArgument).WithCode("bad_arguments")
	} else if on != "" {
		args["key"], _ = plan.JSON(plan.KeyOrPlan(plan.Key{}))
	}
	name, args, err := flag("remove", "note remove", "note add")(args)
	if err != nil || name == "note remove" {
		return name, args, err
	}
	if name, args, err = flag("accept", "note accept", "note add")(args); err != nil || name == "note accept" {
		return name, without(args, "key"), err
	}
	_, written := args["body"]
	_, ofItem := args["key"]
	switch {
	case args["answer"] != nil:
		return "question answer", args, nil
	case strings.EqualFold(string(args["kind"]), `"question"`) && written:
		return "question ask", without(args, "kind"), nil
	case args["n"] != nil:
		return "note edit", args, nil
	case !written && !ofItem:
		return "question list", without(args, "kind"), nil
	}
	name, rest, err := flag("release", "task handoff", "note add")(args)
	if err == nil && name == "task handoff" {
		return name, withoutValue(args, "kind", plan.Handoff), nil
	}
	if err == nil && !written {
		name = "note list"
	}
	return name, rest, err
}

// withoutValue leaves an argument out if it says what is meant anyway.
func withoutValue[T ~string](args ops.Arguments, name string, value T) ops.Arguments {
	if string(args[name]) == `"`+string(value)+`"` {
		return without(args, name)
	}
	return args
}

func byDependency(args ops.Arguments) (string, ops.Arguments, error) {
	name, args, err := flag("remove", "dep remove", "dep add")(args)
	if _, given := args["depends_on"]; err == nil && !given && name == "dep add" {
		name = "dep list"
	}
	return name, args, err
}

// byUndo is byLevel for what an agent changes, and else takes back, or brings
// back, what it did last itself, and nobody else's.
func byUndo(args ops.Arguments) (string, ops.Arguments, error) {
	for _, word := range []string{"undo", "redo"} {
		name, rest, err := flag(word, "plan "+word, "")(args)
		if err != nil {
			return "", nil, err
		}
		if name == "" {
			args = rest
			continue
		}
		for given := range rest {
			if given != "dry_run" && given != "skip_conflicts" {
				return "", nil, plan.Errorf(plan.Usage, "%s cannot be combined with %s", given, word).WithCode("bad_arguments").
					WithHint("%s undoes your own last change; a person can undo others with pm undo", word)
			}
		}
		return name, rest, nil
	}
	return byLevel(args)
}

func byFilter(args ops.Arguments) (string, ops.Arguments, error) {
	name, args, err := flag("mine", "task mine", "task list")(args)
	if err != nil {
		return "", nil, err
	}
	if _, given := args["text"]; given && name == "task list" {
		name = "task search"
	}
	if name == "task list" {
		if _, given := args["group"]; given {
			return "task count", without(args, "count"), nil
		}
		if name, args, err = flag("count", "task count", "task list")(args); err != nil || name == "task count" {
			return name, args, err
		}
	}
	return withDefault(name, "limit", "20")(args)
}

func byKeys(args ops.Arguments) (string, ops.Arguments, error) {
	if _, given := args["keys"]; given {
		return "item show-many", args, nil
	}
	return flag("context", "task context", "item show")(args)
}
