package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pm/internal/ops"
	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// Rewritings of what other tools pack into one value, or into the name of a flag:
// fields behind --json, a JSON object, a pair behind --set.

// fieldList is what gh has behind --json.
var fieldList = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-zA-Z_]+(,[a-zA-Z_]+)+$`) })

// fieldsOfJSON understands --json=key and --json key,title.
func fieldsOfJSON(_ *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--json")
	switch {
	case used == 2 && (value == "true" || value == "false"):
		return []string{"--json=" + value}, used
	case used == 1 && among(strings.ToLower(value), "pretty indent yes full compact"):
		return []string{"--json"}, used
	case used == 0,
		used == 1 && slices.Contains([]string{"true", "false", "1", "0", ""}, strings.ToLower(value)),
		used == 2 && !fieldList().MatchString(value):
		return nil, 0
	}
	return []string{"--json", "--fields", value}, used
}

// kindByName understands pm note KEY --decision "text".
func kindByName(cmd *cobra.Command, args []string, i int) ([]string, int) {
	kind, is := strings.CutPrefix(args[i], "--")
	if !is || cmd.Name() != "note" || !slices.Contains(plan.WrittenNoteKinds(), plan.NoteKind(kind)) {
		return nil, 0
	}
	return []string{"--kind", kind}, 1
}

// typedDependency understands --deps blocked-by:KEY, as beads has it.
func typedDependency(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--deps", "--depends-on", "--dep")
	kind, key, typed := strings.Cut(value, ":")
	if used == 0 || !typed || !isAnyKey(key) {
		return nil, 0
	}
	switch flag, _, _ := strings.Cut(args[i], "="); kind {
	case "blocked-by", "depends-on", "needs":
		return []string{flag, key}, used
	case "discovered-from":
		if flagOf(cmd, "--"+kind) != nil {
			return []string{"--" + kind, key}, used
		}
	}
	return nil, 0
}

// fieldBySet understands pm update KEY --set title=New, and --set status=done: the
// status is no field that a project declares.
func fieldBySet(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--set")
	name, value, pair := strings.Cut(value, "=")
	switch own := ops.UpdateFlag(name); {
	case used == 0 || !pair:
	case own != "" && own == kebab(name):
		return []string{"--" + own + "=" + value}, used
	case name == "status" && cmd.Name() == "update":
		return []string{"--status", value}, used
	}
	return nil, 0
}

// forObjects are the flags that people give a JSON object with.
var forObjects = []string{"--json", "--data", "--patch", "--input", "--params", "--args", "-p"}

// flagsByObject understands --data '{"title":"New"}'. Where a text is wanted, JSON
// is one.
func flagsByObject(cmd *cobra.Command, args []string, i int) ([]string, int) {
	slots := slotsOf(cmd)
	if flags := flagsOf(args[i]); flags != nil && !takesJSON(cmd, slots, args[:i], flags) {
		return flags, 1 // pm update KEY '{"priority":1}'
	}
	if i+1 == len(args) || !slices.Contains(forObjects, args[i]) {
		return nil, 0
	}
	flags := flagsOf(args[i+1])
	if flags == nil || len(slots) > 0 && strings.HasPrefix(slots[len(slots)-1], "text") {
		return nil, 0
	}
	if args[i] == "--json" {
		flags = append(flags, "--json")
	}
	return flags, 2
}

// takesJSON reports whether a JSON object may be what it is said to be: the value
// of a flag, a text behind a key, or a plan.
func takesJSON(cmd *cobra.Command, slots, before []string, object []string) bool {
	last := len(before) - 1
	text := len(slots) > 0 && among(slots[len(slots)-1], "text text... query... answer")
	return cmd.Name() == "apply" || last < 0 || strings.HasPrefix(before[last], "-") && takesNext(cmd, before[last]) ||
		text && slices.ContainsFunc(before, isAnyKey) && (!holdsText(object) || strings.HasPrefix(before[last], "--"))
}

// holdsText reports whether the members of an object, as flags, are the text of a
// note and its kind, and nothing else: {"text":"…"} is how other tools send one.
func holdsText(object []string) bool {
	texts := 0
	for _, flag := range object {
		switch name, _, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "="); {
		case among(name, "text body note message content comment"):
			texts++
		case name != "kind":
			return false
		}
	}
	return texts == 1
}

// flagsOf writes a JSON object as flags; nil if the text is none, or has more in it
// than flags can say.
func flagsOf(text string) (flags []string) {
	text = strings.TrimSpace(text)
	var object map[string]any
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &object) != nil || len(object) == 0 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		values, many := object[name].([]any)
		if !many {
			values = []any{object[name]}
		}
		for _, v := range values {
			switch v := v.(type) {
			case string:
				flags = append(flags, "--"+kebab(name)+"="+v)
			case float64:
				flags = append(flags, "--"+kebab(name)+"="+strconv.FormatFloat(v, 'f', -1, 64))
			case bool:
				flags = append(flags, fmt.Sprintf("--%s=%t", kebab(name), v))
			default:
				return nil
			}
		}
	}
	return flags
}
