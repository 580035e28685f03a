package cli

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// withValue is the hint where a flag has no value.
func (a *app) withValue(cmd *cobra.Command, e *pflag.ValueRequiredError) string {
	f := e.GetFlag()
	if f == nil {
		return ""
	}
	value := `"<` + strings.ReplaceAll(f.Name, "-", " ") + `>"`
	for i := range a.typed.flags {
		if output, used := valueOf(a.typed.flags, i, "--output", "-o"); f.Name == "follow" && used > 0 {
			return "name the directory: " + line(slices.Concat(a.typed.path, []string{"--follow", output}))
		}
	}
	switch {
	case f.Name == "limit":
		value = "20"
	case f.Value.Type() == "int":
		value = "1"
	default:
		if offered, _ := a.completeValue(f)(cmd, nil, ""); len(offered) > 0 {
			value, _, _ = strings.Cut(offered[0], "\t")
			value = shellWord(value)
		}
	}
	return "add a value: " + line(a.args) + " " + value
}

// withTerm is the hint where words of a list are no query: the whole line with
// the term, or the command that lists what was asked for.
func (a *app) withTerm(hint string) string {
	for _, part := range strings.Split(hint, "; ") {
		term, is := strings.CutPrefix(part, "write ")
		one := is && !strings.Contains(term, " ") // write card
		if more, also := strings.CutPrefix(part, "did you mean "); also {
			term, _, _ = strings.Cut(more, "?")
			is = true
		}
		switch {
		case !is || strings.ContainsAny(term, ",") && !strings.Contains(term, ":"):
			continue
		case part != "did you mean "+term+"?" && strings.Contains(term, "E04"): // an example
			return hint + "; " + a.runHint("to see the keys", "list")
		case strings.HasPrefix(term, "pm "):
			words := strings.Fields(term)
			if whole := append(words[1:], a.typed.flags...); a.fitsOne(whole) {
				return explained(hint) + "did you mean: " + line(whole)
			}
			return explained(hint) + "did you mean: " + line(append(words[1:], a.global()...))
		case (strings.Contains(term, ":") || strings.HasPrefix(term, "@") || one) && !strings.Contains(term, ", ") && !strings.Contains(term, "VALUE"):
			return explained(hint) + "did you mean: " + line(slices.Concat(a.typed.path, a.withFilters(term), a.typed.flags))
		}
	}
	return hint
}

// withFilters puts a term in the place of the words that are no query, and keeps what
// stands before the query, as the name in pm view save, and the filters beside them.
func (a *app) withFilters(term string) []string {
	at := max(0, slices.IndexFunc(a.typed.slots, func(s string) bool { return strings.HasPrefix(s, "query") }))
	words := slices.Clone(a.typed.plain)
	at = min(at, len(words))
	filters := slices.DeleteFunc(words[at:], func(s string) bool { return !query.IsFilter(s, a.now()) })
	if slices.ContainsFunc(a.typed.plain, func(s string) bool { return strings.EqualFold(s, "or") || strings.ContainsAny(s, "()") }) {
		filters = nil
	}
	return slices.Concat(a.typed.plain[:at], []string{term}, filters)
}

// explained is what a hint says beside the line.
func explained(hint string) string {
	if strings.Contains(hint, query.FindWord) {
		return query.FindWord + "; "
	}
	return ""
}

// withNumber is a hint with the line in which a number is put right: the last of
// the text that says which it is.
func (a *app) withNumber(hint, text, right string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' })
	if len(words) == 0 || right == "" {
		return hint
	}
	if args := replaced(a.args, words[len(words)-1], right); !slices.Equal(args, a.args) {
		return hint + ": " + line(args)
	}
	return hint
}

// reversed is the line of a list in the reverse of its order, where desc says so,
// without the flag of that name; empty where nothing does.
func (a *app) reversed(flag string) string {
	sort, said := "", flag != ""
	var rest []string
	flags := a.typed.flags
	for i := 0; i < len(flags); i++ {
		name, value, joined := strings.Cut(flags[i], "=")
		if name == flag {
			continue
		}
		if name != "--sort" {
			rest = append(rest, flags[i])
			continue
		}
		if !joined && i+1 < len(flags) {
			i++
			value = flags[i]
		}
		word := strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(value), "desc"), "descending"), ": ,_")
		said = said || word != strings.ToLower(value)
		if word != "" {
			sort = word
		}
	}
	if !said || a.typed.cmd == nil || flagOf(a.typed.cmd, "--sort") == nil {
		return ""
	}
	sort = cmp.Or(sort, "key") // the order of a list where nothing is said
	return line(slices.Concat(a.typed.path, a.typed.plain, []string{"--sort", "-" + strings.TrimLeft(sort, "-")}, rest))
}

// byNumber returns the key of the one task that has a number, as in TASK-2;
// empty if none or several have it.
func (a *app) byNumber(ctx context.Context, word string) string {
	start := strings.LastIndexFunc(word, func(r rune) bool { return !unicode.IsDigit(r) }) + 1
	n, err := strconv.Atoi(word[start:])
	if err != nil || start > 8 {
		return ""
	}
	return a.lookUp(ctx, func(ctx context.Context, t *tracker.Tracker) (key string, err error) {
		most := 200
		page, err := t.ListTasks(ctx, tracker.ListTasks{Limit: &most})
		if page.More > 0 {
			return "", err
		}
		for _, task := range page.Items {
			if task.Key.Task == n && key != "" {
				return "", nil
			} else if task.Key.Task == n {
				key = task.Key.String()
			}
		}
		return key, err
	})
}

// levelByNumber is the hint where --epic or --feature has a number: the line with
// the key of that epic, or the list of the features.
func (a *app) levelByNumber(bad string) string {
	n, err := strconv.Atoi(bad)
	if err != nil || n < 1 {
		return ""
	}
	if p := a.typed.path; len(p) > 1 && p[0] == "epic" && len(a.typed.plain) > 0 && a.typed.plain[0] == bad {
		return "keys of epics look like E04: " + line(replaced(a.args, bad, (plan.Key{Epic: n}).String()))
	}
	is := func(flag string) bool {
		i := slices.Index(a.typed.flags, flag)
		return i >= 0 && i+1 < len(a.typed.flags) && a.typed.flags[i+1] == bad || slices.Contains(a.typed.flags, flag+"="+bad)
	}
	switch {
	case is("--epic"):
		return "keys of epics look like E04: " + line(replaced(a.args, bad, (plan.Key{Epic: n}).String()))
	case is("--feature"):
		return a.runHint("keys of features look like E04-F01; to see them", "feature", "list")
	}
	return ""
}

// fewerWords is the hint where a word stands between keys, as in pm dep add A on
// B, or behind the key that it is a label for.
func (a *app) fewerWords(bad string) string {
	f := a.typed
	keys := slices.DeleteFunc(slices.Clone(f.plain), func(w string) bool { return !isAnyKey(w) })
	switch {
	case len(keys) == 0 || f.cmd == nil:
		return ""
	case f.cmd.Flags().Lookup("label") != nil && f.path[0] == "label":
		return "name the label: " + line(slices.Concat(f.path, keys, []string{"--label", bad}, f.flags))
	case len(keys) == 2 && f.path[0] == "dep" && among(strings.ToLower(bad), "blocks before unblocks"):
		return "the one that waits comes first: " + line(slices.Concat(f.path, []string{keys[1], keys[0]}, f.flags))
	case among(strings.ToLower(bad), "on to and by with after for depends-on depends needs requires blocked-by waits-for"):
		return "without it: " + line(slices.Concat(f.path, keys, f.flags))
	}
	return ""
}

// withUnit is the hint for a length of time that is a bare number: seconds where
// there are many, else minutes.
func (a *app) withUnit(e *plan.Error) string {
	bad, _ := quoted(e.Message)
	n, err := strconv.Atoi(bad)
	if err != nil {
		return e.Hint
	}
	unit := "m"
	if n >= 300 {
		unit = "s"
	}
	return e.Hint + "; such as: " + line(replaced(a.args, bad, bad+unit))
}

// withRightValues puts right the values of a line that has another fault as well: the
// most urgent priority of other tools, and a mistyped day.
func (a *app) withRightValues(args []string) []string {
	for i := range args {
		if value, used := valueOf(args, i, "-p", "--priority"); used > 0 && value == "0" {
			args = replacedValue(args, value, "1")
		}
		value, used := valueOf(args, i, "--due", "--defer")
		if _, is := query.ParseDate(value, a.now()); used > 0 && !is {
			args = replacedValue(args, value, cmp.Or(nearestWord(strings.ToLower(value), dayWords), value))
		}
	}
	return args
}
