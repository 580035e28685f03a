package cli

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"pm/internal/plan"
	"pm/internal/query"

	"github.com/spf13/cobra"
)

// Values that other tools write in another way: the name of a form behind -f, a
// range of priorities, fields joined to --json. Each is rewritten before the
// flags are read, as it would be refused, or be something else, as it stands.

// A rewriting turns the argument at i, and what belongs to it, into others; used
// is how many arguments it took, 0 if it does not apply.
type rewriting func(cmd *cobra.Command, args []string, i int) (instead []string, used int)

var rewritings = sync.OnceValue(func() []rewriting {
	return []rewriting{flagOfLevel, fieldsOfJSON, jiraShorts, kindByName, typedDependency, fieldBySet, flagsByObject, formBehindF, formJoined, formOfExport, limitByL, termOfPriority, depthNumber, allFields, dayFlags, kindByT, todoOfNew, sortWord, plusOfSort, fieldWords, messageOfAdd, noOne, textOfQuery, flagByColon, kindOfList, noLimit, viewByName, plainOutput, spacedValue}
})

// rewritten applies the first rewriting to each argument.
func rewritten(cmd *cobra.Command, args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(out, args[i:]...)
		}
		used := 0
		var instead []string
		for _, rewrite := range rewritings() {
			if instead, used = rewrite(cmd, args, i); used > 0 {
				break
			}
		}
		if used == 0 {
			out = append(out, args[i])
			continue
		}
		out = append(out, instead...)
		i += used - 1
	}
	return out
}

// valueOf returns the value of a flag that has one of the names, and how many
// arguments it takes; 0 if the argument is none of them, or has no value.
func valueOf(args []string, i int, names ...string) (value string, used int) {
	if name, _, _ := strings.Cut(args[i], "="); !slices.Contains(names, name) {
		return "", 0
	}
	return valueAt(args, i)
}

// valueAt is valueOf for the flag at i, whatever its name.
func valueAt(args []string, i int) (value string, used int) {
	if _, value, joined := strings.Cut(args[i], "="); joined {
		return value, 1
	}
	if i+1 < len(args) {
		return args[i+1], 2
	}
	return "", 0
}

// flagOfLevel understands --epic E01-F01, --feature E01 and --project E01, where the
// key says which of the two flags is meant.
func flagOfLevel(cmd *cobra.Command, args []string, i int) ([]string, int) {
	name, _, _ := strings.Cut(args[i], "=")
	value, used := valueAt(args, i)
	k, err := plan.ParseKey(value)
	level, own := string(k.Level()), strings.TrimLeft(name, "-")
	if used == 0 || own == name || err != nil || k.Level() == plan.LevelTask || flagOf(cmd, "--epic") == nil || flagOf(cmd, "--feature") == nil {
		return nil, 0
	}
	if f := flagOf(cmd, name); f != nil && f.Name != "epic" && f.Name != "feature" || f == nil && !plan.Means(plan.ForFlag, own, "feature") && !plan.Means(plan.ForFlag, own, "epic") {
		return nil, 0
	}
	return []string{"--" + level, value}, used
}

// outputForms are the names of forms that nobody calls a feature or a file.
var outputForms = []string{"json", "jsonl", "ndjson", "table", "text", "plain", "csv", "markdown", "md", "yaml"}

// formBehindF understands pm list -f json and pm list -f key,title, where -f is the
// feature.
func formBehindF(cmd *cobra.Command, args []string, i int) ([]string, int) {
	switch {
	case args[i] != "-f" || i+1 >= len(args):
	case fieldList().MatchString(args[i+1]) && flagOf(cmd, "--fields") != nil:
		return []string{"--fields", args[i+1]}, 2
	case slices.Contains(outputForms, strings.ToLower(args[i+1])) && cmd.Flags().Lookup("format") == nil:
		return []string{"--format", args[i+1]}, 2
	}
	return nil, 0
}

// formJoined understands -ojson, and a form that is a flag: --format csv.
func formJoined(cmd *cobra.Command, args []string, i int) ([]string, int) {
	if form, is := strings.CutPrefix(args[i], "-o"); is && slices.Contains(outputForms, form) {
		return []string{"--format", form}, 1
	}
	value, used := valueOf(args, i, "--format", "--output", "-o")
	if used == 0 || cmd.Flags().Lookup("format") != nil {
		return nil, 0
	}
	flag := map[string]string{"csv": "csv", "markdown": "markdown", "md": "markdown"}[strings.ToLower(value)]
	if flag == "" || cmd.Flags().Lookup(flag) == nil {
		return nil, 0
	}
	return []string{"--" + flag}, used
}

// exportForms are the forms of an export, by the names that people give them.
var exportForms = map[string]string{"csv": "csv", "markdown": "markdown", "md": "markdown", "html": "html", "jsonl": "jsonl", "ndjson": "jsonl"}

// formOfExport understands pm export --csv, pm export --format md and pm export -f csv.
func formOfExport(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--format", "-f")
	form := exportForms[value]
	switch flag, is := strings.CutPrefix(args[i], "--"); {
	case used == 0 && is:
		form, used = exportForms[flag], 1
	case form == "" && args[i] == "-f" && slices.Contains(outputForms, value):
		form = value // which --format refuses, with what it takes
	}
	if cmd.Name() != "export" || form == "" {
		return nil, 0
	}
	return []string{"--format", form}, used
}

// limitByL understands pm list -l 5, as no label is a number, and pm list limit 5,
// where the word is in no text.
func limitByL(cmd *cobra.Command, args []string, i int) ([]string, int) {
	if cmd.Flags().Lookup("limit") == nil || i+1 >= len(args) || countDigits(args[i+1]) != len(args[i+1]) {
		return nil, 0
	}
	first := i == 0 || cmd.Name() == args[i-1] || strings.Contains(args[i-1], ":")
	if args[i] == "-l" && cmd.Flags().ShorthandLookup("l") == nil || args[i] == "limit" && first && cmd.Name() != "search" {
		return []string{"--limit", args[i+1]}, 2
	}
	return nil, 0
}

var (
	comparison = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[<>]=?\d+|\d+(?:,\d+)+|\d+\.\.\d*|\.\.\d+)$`) })
	span       = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d+)-(\d+)$`) })
)

// termOfPriority understands pm list --priority 1-3, --priority ">=2", --priority
// high,low and --min-priority 3 as terms of the query.
func termOfPriority(cmd *cobra.Command, args []string, i int) ([]string, int) {
	if !isQuery(slotsOf(cmd)) || cmd.Flags().Lookup("priority") == nil {
		return nil, 0
	}
	number := func(s string) string { return plan.MeaningOf(plan.ForPriority, strings.ToLower(s)) }
	if value, used := valueOf(args, i, "--min-priority", "--priority-min", "--priority-gte"); used > 0 {
		return []string{"priority:" + number(value) + ".."}, used
	}
	if value, used := valueOf(args, i, "--max-priority", "--priority-max", "--priority-lte"); used > 0 {
		return []string{"priority:.." + number(value)}, used
	}
	value, used := valueOf(args, i, "--priority", "-p", "--prio")
	words := strings.Split(strings.ReplaceAll(value, " ", ""), ",")
	for k, word := range words {
		words[k] = number(word)
	}
	value = span().ReplaceAllString(strings.Join(words, ","), "$1..$2")
	if used == 0 || !comparison().MatchString(value) {
		return nil, 0
	}
	return []string{"priority:" + value}, used
}

// depthNumber understands pm tree --level 2.
func depthNumber(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--depth", "--level", "--levels", "--max-depth", "-L", "-d")
	if used == 0 || value == "" || cmd.Flags().Lookup("depth") == nil || countDigits(value) != len(value) {
		return nil, 0
	}
	depth := map[string]string{"1": "epic", "2": "feature"}[value]
	if depth == "" {
		depth = "task"
	}
	return []string{"--depth", depth}, used
}

// allFields understands --fields all, which is what pm prints without the flag.
func allFields(cmd *cobra.Command, args []string, i int) ([]string, int) {
	if value, used := valueOf(args, i, "--fields"); used > 0 && among(strings.ToLower(value), "all *") {
		return nil, used
	}
	return nil, 0
}

// dayFlags understands pm log --today.
func dayFlags(cmd *cobra.Command, args []string, i int) ([]string, int) {
	day, is := strings.CutPrefix(args[i], "--")
	if !is || day != "today" && day != "yesterday" || cmd.Name() == "list" || cmd.Flags().Lookup("since") == nil {
		return nil, 0
	}
	return []string{"--since", day}, 1
}

// spacedValue puts the words together that are one value behind a flag: --due in 3
// days, --lease 2 h, --repeat every 2 weeks from completion.
func spacedValue(cmd *cobra.Command, args []string, i int) ([]string, int) {
	name, is := strings.CutPrefix(args[i], "--")
	name, _, _ = strings.Cut(name, "=")
	value, used := valueAt(args, i)
	fits := fitsOf[name]
	if !is || used == 0 || fits == nil {
		return nil, 0
	}
	for end := min(len(args), i+used+5); end > i+used; end-- {
		all := append([]string{value}, args[i+used:end]...)
		if name == "repeat" && len(all) == 3 && all[1] == "--from" {
			all[1] = "from"
		}
		if words := strings.Join(all, " "); !strings.Contains(words, " -") && fits(words) {
			return []string{"--" + name, words}, end - i
		}
	}
	return nil, 0
}

// fitsOf are the flags whose values people write in several words, with what tells
// whether some words are one.
var fitsOf = map[string]func(words string) bool{
	"due": isDate, "defer": isDate, "since": isDate, "until": isDate, "as-of": isDate,
	"lease": isLength, "wait": isLength, "older": isLength, "estimate": isLength,
	"repeat": func(words string) bool { _, err := plan.ParseRepeat(words); return err == nil },
}

func isLength(words string) bool { _, is := plan.ParseDuration(words); return is }

// isDate reports whether words are a date, or were meant as one.
func isDate(words string) bool {
	_, _, past := query.ParseTime(words, time.Now())
	_, ahead := query.ParseDate(words, time.Now())
	return past || ahead || dayMeant(words) != ""
}

// kindByT understands pm note KEY -t decision "text".
func kindByT(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "-t", "--type")
	if used == 0 || cmd.Flags().Lookup("kind") == nil || cmd.Flags().ShorthandLookup("t") != nil || !slices.Contains(plan.WrittenNoteKinds(), plan.NoteKind(value)) {
		return nil, 0
	}
	return []string{"--kind", value}, used
}

// todoOfNew understands pm task create --status todo, which each new task is.
func todoOfNew(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--status", "--state", "-s")
	if s, err := plan.ParseTaskStatus(value); used == 0 || err != nil || s != plan.Todo || cmd.Name() != "create" && cmd.Name() != "add" || cmd.Flags().Lookup("status") != nil {
		return nil, 0
	}
	return nil, used
}

// sortFlags are the names of the flag for the order of a list.
var sortFlags = []string{"--sort", "--sort-by", "--order-by", "--order", "--orderby", "--sort-order", "--sort-dir", "--direction", "--dir"}

// sortWord understands pm list --sort priority desc.
func sortWord(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, sortFlags...)
	if used == 0 || i+used >= len(args) || cmd.Flags().Lookup("sort") == nil {
		return nil, 0
	}
	if down, is := direction(args[i+used]); is {
		return []string{"--sort", turned(value, down)}, used + 1
	}
	return nil, 0
}

// direction reports whether a word says which way a list is sorted, and if that is
// down.
func direction(word string) (down, is bool) {
	word = strings.ToLower(word)
	return among(word, "desc descending reverse"), among(word, "desc descending reverse asc ascending")
}

// turned is a field to sort by, in reverse if down.
func turned(field string, down bool) string {
	if down {
		return "-" + strings.TrimPrefix(field, "-")
	}
	return field
}

// sortGiven is the field that a line sorts by, and which way it says in a flag apart:
// --sort updated --order desc.
func sortGiven(args []string) (field string, down bool) {
	for i := range args {
		value, used := valueOf(args, i, sortFlags...)
		if turn, is := direction(value); is {
			down = down || turn
		} else if used > 0 {
			field = value
		}
	}
	return field, down
}

// fieldWords understands pm list --fields key title: no search of a list is for
// the name of a field.
func fieldWords(_ *cobra.Command, args []string, i int) ([]string, int) {
	if args[i] != "--fields" && args[i] != "--columns" || i+2 >= len(args) {
		return nil, 0
	}
	names := []string{"key", "id", "title", "status", "priority", "assignee", "agent", "labels", "due", "description"}
	n := 2
	for i+n < len(args) && slices.Contains(names, args[i+n]) {
		n++
	}
	if n == 2 || !slices.Contains(names, strings.TrimSuffix(args[i+1], ",")) {
		return nil, 0
	}
	return []string{"--fields", strings.Join(args[i+1:i+n], ",")}, n
}

// messageOfAdd understands pm add "title" -m "more", where the message is no part
// of the title that stands beside it.
func messageOfAdd(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "-m", "--message", "--body", "--note", "--notes", "--text")
	if used == 0 || cmd.Name() != "add" || cmd.HasParent() && cmd.Parent().HasParent() {
		return nil, 0
	}
	words := 0 // add itself, and the title
	for k := 0; k < i; k++ {
		switch {
		case takesNext(cmd, args[k]):
			k++
		case !strings.HasPrefix(args[k], "-"):
			words++
		}
	}
	if words < 2 {
		return nil, 0
	}
	return []string{"--description", value}, used
}

// noOne understands pm update KEY --assignee none.
func noOne(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--assignee", "--assign", "--owner")
	if used == 0 || cmd.Name() != "update" || !slices.Contains(nobody, strings.ToLower(value)) {
		return nil, 0
	}
	return []string{"--assignee", ""}, used
}

// plusOfSort understands --sort +priority, --sort priority:desc, --sort priority,asc,
// --sort updated --order desc and kubectl's --sort-by=.priority.
func plusOfSort(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, sortFlags...)
	if used == 0 || cmd.Flags().Lookup("sort") == nil {
		return nil, 0
	}
	field, down := sortGiven(args)
	if _, is := direction(value); is && field == "" {
		return nil, 0 // the hint names a field
	} else if is {
		return nil, used
	}
	own := strings.TrimLeft(value, "+.")
	for _, joint := range []string{":", ",", " ", "-", "_"} {
		own = strings.TrimSuffix(own, joint+"asc")
		if field, down := strings.CutSuffix(own, joint+"desc"); down && !strings.Contains(field, ",") {
			own = turned(field, true)
		}
	}
	if own = turned(own, down); own == value {
		return nil, 0
	}
	return []string{"--sort", own}, used
}

// flagByColon understands --status:todo and -status todo, with which other programs
// write their flags.
func flagByColon(cmd *cobra.Command, args []string, i int) ([]string, int) {
	if name, value, is := strings.Cut(args[i], ":"); is && strings.HasPrefix(name, "--") && value != "" && !strings.Contains(name, "=") && flagOf(cmd, name) != nil {
		return []string{name + "=" + value}, 1
	}
	name, value, joined := strings.Cut(args[i], "=")
	if i > 0 && strings.HasPrefix(args[i-1], "-") && takesNext(cmd, args[i-1]) {
		return nil, 0 // --sort -priority
	}
	if len(name) < 4 || name[0] != '-' || name[1] == '-' || !joined && i+1 == len(args) {
		return nil, 0
	}
	if f := cmd.Flags().Lookup(name[1:]); f == nil || f.NoOptDefVal != "" {
		return nil, 0
	}
	if joined {
		return []string{"-" + name + "=" + value}, 1
	}
	return []string{"-" + name, args[i+1]}, 2
}

// kindOfList understands pm list --type bug: a kind of task, and no type of agent.
func kindOfList(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--type", "-t", "--agent-type", "--issue-type", "--task-type")
	if used == 0 || plan.KindMeant(value) == "" || !isQuery(slotsOf(cmd)) {
		return nil, 0
	}
	return []string{"kind:" + plan.KindMeant(value)}, used
}

// noLimit understands pm list --no-limit, and flags for what a list does anyway.
func noLimit(cmd *cobra.Command, args []string, i int) ([]string, int) {
	if cmd.Name() != "list" || cmd.Flags().Lookup("limit") == nil {
		return nil, 0
	}
	switch args[i] {
	case "--no-limit", "--unlimited":
		return []string{"--limit", "0"}, 1
	case "--no-pager", "--include-archived", "--include-done", "--include-completed":
		return nil, 1
	}
	return nil, 0
}

// viewByName understands pm list --view NAME.
func viewByName(cmd *cobra.Command, args []string, i int) ([]string, int) {
	value, used := valueOf(args, i, "--view", "--saved", "--saved-view")
	if used == 0 || !isQuery(slotsOf(cmd)) || value == "" {
		return nil, 0
	}
	return []string{"@" + strings.TrimPrefix(value, "@")}, used
}

// plainOutput understands flags for what pm prints anyway: plain lines without
// colours, where it does not write on a terminal.
func plainOutput(cmd *cobra.Command, args []string, i int) ([]string, int) {
	if !among(args[i], "--plain --no-color --no-colour --no-header --no-headers --no-interactive --non-interactive --no-input") || flagOf(cmd, args[i]) != nil {
		return nil, 0
	}
	return nil, 1
}
