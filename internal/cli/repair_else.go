package cli

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// Hints for what stands in the line, but where pm does not look for it.

// elsewhereGiven is the hint where a missing argument was given in another way: a
// file with -f, a title with -t, a text on stdin, a number without its key.
func (a *app) elsewhereGiven(word string) string {
	f := a.typed
	path := strings.Join(f.path, " ")
	switch i := slices.IndexFunc(f.flags, func(s string) bool { return s == "-f" || s == "--feature" }); {
	case (path == "apply" || path == "add") && i >= 0 && i+1 < len(f.flags) && !isAnyKey(f.flags[i+1]):
		return "name the file: " + line(slices.Concat([]string{"apply", f.flags[i+1]}, f.flags[:i], f.flags[i+2:]))
	}
	switch {
	case word == "FILE" && a.isPiped():
		return "to read stdin: " + line(slices.Concat(f.path, []string{"-"}, f.flags))
	case word == "TEXT" && path != "add" && len(f.plain) > 0 && isAnyKey(f.plain[0]) && a.isPiped():
		return "to read it from stdin: " + line(slices.Concat(f.path, f.plain, []string{"-"}, f.flags))
	case word == "TITLE":
		if len(f.plain) == 0 {
			path = "add"
		}
		for i, flag := range f.flags {
			if flag == "-t" && i+1 < len(f.flags) {
				return "-t is the agent type; to set the title: " + line(slices.Concat(strings.Fields(path), f.plain, []string{f.flags[i+1]}, f.flags[:i], f.flags[i+2:]))
			}
		}
	case word == "--from":
		return "say since when: " + line(slices.Concat(f.path, keysAmong(f.plain), []string{"--from", "1d"}, f.flags))
	case f.cmd.Name() == "answer" && len(f.plain) > 0 && !isAnyKey(f.plain[0]):
		return a.questionNamed(f.plain)
	}
	return ""
}

// questionNamed is the hint for an answer without the key of its item.
func (a *app) questionNamed(plain []string) string {
	key := a.lookUp(context.Background(), func(ctx context.Context, t *tracker.Tracker) (string, error) {
		open, err := t.ListQuestions(ctx, tracker.ListQuestions{})
		if err != nil || len(open.Items) != 1 {
			return "", err
		}
		return fmt.Sprint(open.Items[0].Key, " ", open.Items[0].N), nil
	})
	if item, n, one := strings.Cut(key, " "); one {
		return a.runHint("name the question", "answer", item, n, plain[len(plain)-1])
	}
	return a.runHint("name the item and the number; to list the questions", "questions")
}

// isPiped reports whether something is piped in.
func (a *app) isPiped() bool {
	in, is := a.stdin.(stdin)
	if !is {
		return false
	}
	info, err := in.file.Stat()
	return err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeCharDevice) == os.ModeNamedPipe
}

// fromStdin is the hint for --stdin.
func (a *app) fromStdin(cmd *cobra.Command, at int) string {
	if cmd.Name() == "create" || cmd.Name() == "add" {
		return a.runHint("to create items from JSON or YAML on stdin", "apply", "-")
	}
	return "to read it from stdin: " + line(slices.Concat(a.args[:at], []string{"-"}, a.args[at+1:]))
}

// swapped is the hint where arguments stand in another order than pm's.
func (a *app) swapped(extra string) string {
	f := a.typed
	switch path := strings.Join(f.path, " "); {
	case path == "epic create" && len(f.plain) == 2 && isLevel(f.plain[0], plan.LevelEpic) && isAnyKey(extra):
		epic, _ := plan.ParseKey(f.plain[0])
		to := f.plain[0]
		if isLevel(extra, plan.LevelTask) {
			to = a.featureIn(context.Background(), epic)
		}
		return a.runHint("to move it there", "move", extra, "--to", to)
	case len(f.path) == 2 && f.path[1] == "update" && len(f.plain) > 1 && isAnyKey(f.plain[0]):
		if name := f.plain[1]; len(f.plain) == 3 && (name == "status" || ops.UpdateFlag(name) != "") {
			return "name the field with a flag: " + line(slices.Concat(f.path, f.plain[:1], []string{"--" + name, f.plain[2]}, f.flags))
		}
		return a.updateMeant()
	case path == "note list" && len(f.plain) == 2 && isAnyKey(f.plain[0]) && countDigits(extra) != len(extra):
		return "to add a note: " + line(slices.Concat([]string{"note", f.plain[0], extra}, f.flags))
	case path == "task create" && len(f.plain) == 3 && strings.Contains(extra, " ") && !slices.Contains(f.flags, "--description"):
		return "a description is a flag: " + line(slices.Concat(f.path, f.plain[:2], []string{"--description", extra}, f.flags))
	case path == "next" && isNumber(extra):
		return a.runHint("to list more than one", "list", "is:ready", "--limit", extra)
	case path == "ask" && len(f.plain) == 3 && isAnyKey(f.plain[0]) && likeName(f.plain[1]):
		return a.runHint("whom to ask is a flag", "ask", f.plain[0], extra, "--to", f.plain[1])
	case path == "handoff" && len(f.plain) == 3 && (f.plain[1] == "to" && likeName(extra) || likeName(f.plain[1]) && strings.Contains(extra, " ")):
		name, text := f.plain[1], extra
		if name == "to" {
			name, text = extra, "<text>"
		}
		return "release it for them: " + line([]string{"handoff", f.plain[0], text, "--release"}) + " && " + line([]string{"update", f.plain[0], "--assignee", name})
	case path == "agents install":
		return a.runHint("the tool is a flag", "agents", "install", "--hook", extra)
	case path == "mcp" && extra == "install":
		return "to add it to a tool's settings: " + line([]string{"agents", "install", "--mcp", "claude"})
	case path == "log" && len(f.plain) == 2 && isAnyKey(f.plain[0]):
		return a.runHint("the log shows what was done; to add a note", "note", f.plain[0], extra)
	case (path == "delete" || len(f.path) == 2 && f.path[1] == "delete") && !slices.ContainsFunc(f.plain, func(s string) bool { return !isAnyKey(s) }):
		each := make([][]string, len(f.plain))
		for i, key := range f.plain {
			each[i] = slices.Concat(f.path, []string{key}, f.flags)
		}
		return "one at a time: " + inTurn(each)
	case path == "note" && len(f.plain) == 3 && slices.Contains(plan.WrittenNoteKinds(), plan.NoteKind(f.plain[1])):
		return a.runHint("the kind is a flag", "note", f.plain[0], f.plain[2], "--kind", f.plain[1])
	case path == "export" && among(extra, "csv markdown html"):
		return "the format is a flag: " + line(slices.Concat(f.path, []string{"--format", extra}, f.flags))
	case path == "export" && len(f.plain) == 1 && !isAnyKey(extra):
		return "name it with --output: " + line(slices.Concat(f.path, []string{"--output", extra}, f.flags))
	case (path == "ask" || path == "question ask") && isAnyKey(extra) && len(f.plain) == 3 && !strings.Contains(f.plain[0], " "):
		return a.runHint("put the task first", "ask", extra, f.plain[1], "--to", f.plain[0])
	}
	return ""
}

// asRelation is the hint where a link has its relation as a word.
func (a *app) asRelation(e *plan.Error) string {
	bad, _ := quoted(e.Message)
	keys := slices.DeleteFunc(slices.Clone(a.typed.plain), func(s string) bool { return s == bad })
	if len(keys) != 2 {
		return ""
	}
	switch word := plan.FoldWord(bad); word {
	case "blocks", "blocked_by", "depends_on", "needs", "requires":
		return a.asDependency(e)
	default:
		for _, as := range []string{"relates", "duplicates", "supersedes", "discovered-from", "implements"} {
			if strings.HasPrefix(as, strings.TrimSuffix(strings.ReplaceAll(word, "_", "-"), "d")) {
				return a.runHint("the relation is a flag", "link", keys[0], keys[1], "--as", as)
			}
		}
	}
	return ""
}

// asDependency is the hint for a relation of two items by which one waits for the
// other; empty for any other relation.
func (a *app) asDependency(e *plan.Error) string {
	bad, _ := quoted(e.Message)
	keys := slices.DeleteFunc(slices.Clone(a.typed.plain), func(s string) bool { return !isAnyKey(s) })
	if len(keys) != 2 {
		return ""
	}
	switch plan.FoldWord(bad) {
	case "blocks":
		return a.runHint("to make the other wait for it", "dep", "add", keys[1], keys[0])
	case "blocked_by", "depends_on", "needs", "requires":
		return a.runHint("to make it wait for the other", "dep", "add", keys[0], keys[1])
	}
	return ""
}

// jqOfItems is the hint where a filter takes the answer for an array.
func (a *app) jqOfItems() string {
	if !strings.HasPrefix(a.flags.jq, ".[]") {
		return ""
	}
	return "the array is in items: " + line(replacedValue(a.args, a.flags.jq, ".items"+a.flags.jq[1:]))
}

// replacedValue is replaced for a value that may have commas and equals signs.
func replacedValue(args []string, value, other string) []string {
	args = slices.Clone(args)
	for i, arg := range args {
		if arg == value || strings.HasSuffix(arg, "="+value) {
			args[i] = strings.TrimSuffix(arg, value) + other
		}
	}
	return args
}

var (
	keyParts = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(T)?[-_./ ]*E(\d+)[-_./ ]*(?:F(\d\d|\d+)(?:[-_./ ]*T?(\d\d\d|\d+))?)?$`)
	})
	keyRanges = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(T-E\d+-F\d+-)\{?(\d+)(?:\.\.|-|\.\.\.|,|:)(?:T-E\d+-F\d+-)?(\d+)\}?$`)
	})
	keyBraces = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(T-E\d+-F\d+-\d*)\{([\d,]+)\}$`) })
)

// keyMeant returns the key that is meant by one in other signs, as e01f01 or
// T-E01-F01-002. with a full stop; empty for none.
func keyMeant(bad string) string {
	m := keyParts().FindStringSubmatch(strings.Trim(bad, " .,;:()[]#`'\"<>"))
	if m == nil || m[1] != "" && m[4] == "" {
		return ""
	}
	key := "E" + m[2]
	if m[3] != "" {
		key += "-F" + m[3]
	}
	if m[4] != "" {
		key = "T-" + key + "-" + m[4]
	}
	k, err := plan.ParseKey(key)
	if err != nil {
		return ""
	}
	return k.String()
}

// rangeOfKeys lists the keys from one number to another, at most twenty.
func rangeOfKeys(bad string) (keys []string) {
	bad = strings.ToUpper(bad)
	if m := keyBraces().FindStringSubmatch(bad); m != nil {
		for n := range strings.SplitSeq(m[2], ",") {
			keys = append(keys, m[1]+n)
		}
	} else if m := keyRanges().FindStringSubmatch(bad); m != nil {
		from, _ := strconv.Atoi(m[2])
		to, _ := strconv.Atoi(m[3])
		for n := from; n <= to && len(keys) < 20; n++ {
			keys = append(keys, fmt.Sprintf("%s%03d", m[1], n))
		}
	}
	if slices.ContainsFunc(keys, func(s string) bool { return !isAnyKey(s) }) {
		return nil
	}
	return keys
}

// spliced returns arguments with several words in the place of one.
func spliced(args []string, word string, others []string) []string {
	at := slices.Index(args, word)
	if at < 0 {
		return args
	}
	return slices.Concat(args[:at], others, args[at+1:])
}

// notJSON refuses a title that is a JSON object: who writes one means its fields.
func (a *app) notJSON(title string) error {
	flags := flagsOf(title)
	if flags == nil {
		return nil
	}
	words := slices.DeleteFunc(slices.Clone(a.typed.plain), func(s string) bool { return s == "-" || s == title })
	path := a.typed.path
	if len(path) == 1 && path[0] == "add" {
		path = []string{"task", "create"}
	}
	return usageError("the title is a JSON object").WithHint("give its fields as flags: %s", line(slices.Concat(path, words, flags, a.typed.flags)))
}
