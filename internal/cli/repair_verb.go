package cli

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// Hints for single commands: where to move a task, what an update sets, which
// feature is meant by its name.

// whereTo is the hint for a move without a feature to move to, or to an epic: the
// first feature of the epic, else the list of them. Who is named instead is
// somebody to assign the task to.
func (a *app) whereTo(ctx context.Context) string {
	f := a.typed
	if len(f.plain) == 0 {
		return ""
	}
	if len(f.plain) == 2 && isLevel(f.plain[1], plan.LevelTask) && !slices.Contains(f.flags, "--to") {
		k, _ := plan.ParseKey(f.plain[1])
		return "name the feature it goes to: " + line(slices.Concat(f.path, f.plain[:1], []string{"--to", k.FeatureKey().String()}, f.flags))
	}
	if len(f.plain) == 2 && likeName(f.plain[1]) && !slices.Contains(f.flags, "--to") {
		return a.runHint("to assign it", "update", f.plain[0], "--assignee", f.plain[1])
	}
	i := slices.Index(f.flags, "--to")
	if i < 0 || i+1 >= len(f.flags) || !isLevel(f.flags[i+1], plan.LevelEpic) {
		return a.runHint("name the feature it goes to; to list the features", "feature", "list")
	}
	epic, _ := plan.ParseKey(f.flags[i+1])
	feature := a.featureIn(ctx, epic)
	if a.lookUp(ctx, func(ctx context.Context, t *tracker.Tracker) (string, error) {
		found, err := t.ShowFeature(ctx, tracker.ShowFeature{Key: feature})
		return found.Key.String(), err
	}) == "" {
		return "the epic has no feature yet: " + line([]string{"feature", "create", epic.String()}) + ` "<title>"`
	}
	return "name a feature of it: " + line(replaced(a.args, f.flags[i+1], feature))
}

// updateMeant is the hint for an update that sets nothing: the words behind the
// key are a title, and --agent is who acts, but likely who is to do it.
func (a *app) updateMeant() string {
	f := a.typed
	if i := slices.Index(f.flags, "--agent"); i >= 0 && i+1 < len(f.flags) && len(f.plain) > 0 {
		own := slices.Clone(f.flags)
		own[i] = "--assignee"
		return "--agent is who makes the change; to assign it: " + line(slices.Concat(f.path, f.plain, own))
	}
	keys := slices.IndexFunc(f.plain, func(s string) bool { return !isAnyKey(s) })
	if keys == 1 && marked(f.plain[1:]) {
		return a.marksMeant(f.plain[0], f.plain[1:])
	}
	if keys < 1 || slices.ContainsFunc(f.plain[keys:], isAnyKey) {
		return ""
	}
	return "to set the title: " + line(slices.Concat(f.path, f.plain[:keys], []string{"--title", strings.Join(f.plain[keys:], " ")}, f.flags))
}

// marked reports whether words are marks as Taskwarrior has them: +label, name:value.
func marked(words []string) bool {
	return !slices.ContainsFunc(words, func(s string) bool {
		name, value, pair := strings.Cut(s, ":")
		return strings.Contains(s, " ") || !(pair && value != "" && (ops.UpdateFlag(name) != "" || asideOf("--"+name) != "")) && (len(s) < 2 || s[0] != '+')
	})
}

// marksMeant is the hint with the commands that such marks stand for; empty if one
// of them says nothing.
func (a *app) marksMeant(key string, marks []string) string {
	var flags []string
	for _, mark := range marks {
		if name, value, pair := strings.Cut(mark, ":"); pair {
			flags = append(flags, "--"+name, value)
		} else {
			flags = append(flags, map[byte]string{'+': "--add-label", '-': "--remove-label"}[mark[0]], mark[1:])
		}
	}
	left, others := apart(flags, key)
	if len(left) > 0 {
		others = slices.Insert(others, 0, slices.Concat([]string{"update", key}, left))
	}
	if len(others) == 0 {
		return "" // a status that there is not
	}
	return "did you mean: " + inTurn(others)
}

// wordsOnly is the hint for a search in a field: pm search title:card.
func (a *app) wordsOnly(e *plan.Error) string {
	bad, _ := quoted(e.Message)
	_, text, field := strings.Cut(bad, ":")
	if !strings.Contains(e.Message, "names a field") || !field {
		return ""
	}
	return "it looks in titles, descriptions, checks, reasons and notes: " + line(replacedValue(a.args, bad, text))
}

var otherDay = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})$`)
})

// dayWords are the words for days that are mistyped.
var dayWords = []string{"today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// spans are the days that people name by a week or a month.
var spans = map[string]string{"this week": "eow", "end of week": "eow", "end of the week": "eow", "next week": "+1w", "this month": "eom", "end of month": "eom", "end of the month": "eom", "next month": "+1m"}

// dayMeant is the day that words mean which are none to pm, as next friday; empty for
// others.
func dayMeant(words string) string {
	words = strings.ToLower(words)
	before, day, _ := strings.Cut(words, " ")
	if _, is := query.ParseDate(day, time.Now()); is && among(before, "next this on by") {
		return day
	}
	return spans[words]
}

// asDay is the hint for a day written in another way, as 31.12.2026 or 12/31/2026.
func (a *app) asDay(e *plan.Error) string {
	bad, _ := quoted(e.Message)
	if day := dayMeant(bad); day != "" {
		return e.Hint + "; such as: " + line(replacedValue(a.args, bad, day))
	}
	m := otherDay().FindStringSubmatch(bad)
	if near := nearestWord(strings.ToLower(bad), dayWords); m == nil && near != "" {
		return "did you mean " + near + ": " + line(replaced(a.args, bad, near))
	} else if m == nil {
		return e.Hint
	}
	orders := []string{"2006-1-2", "2-1-2006", "1-2-2006"}
	if strings.Contains(bad, "/") {
		orders[1], orders[2] = orders[2], orders[1]
	}
	for _, order := range orders {
		day, err := time.Parse(order, m[1]+"-"+m[2]+"-"+m[3])
		if own := replaced(a.args, bad, day.Format(time.DateOnly)); err == nil && !slices.Equal(own, a.args) {
			return "write the year first: " + line(own)
		}
	}
	return e.Hint
}

// levelNamed is the hint where a feature or an epic has its number or its title
// for a key: pm task create F01 "x", pm task create Cards "x", pm show F01.
func (a *app) levelNamed(ctx context.Context, bad string) string {
	f := a.typed
	is := func(level string) bool {
		i := slices.Index(f.flags, "--"+level)
		named := len(f.slots) > 0 && (f.slots[0] == level || f.path[0] == level) && len(f.plain) > 0 && f.plain[0] == bad
		return named || i >= 0 && i+1 < len(f.flags) && f.flags[i+1] == bad
	}
	isEpic := is("epic")
	if !isEpic && !is("feature") && !featurePart().MatchString(bad) {
		return ""
	}
	number, err := strconv.Atoi(strings.TrimLeft(strings.ToUpper(bad), "EF-"))
	if err != nil {
		number = -1
	}
	key := a.lookUp(ctx, func(ctx context.Context, t *tracker.Tracker) (key string, err error) {
		all := 0
		add := func(k plan.Key, n int, title string) {
			if n == number || strings.EqualFold(title, bad) {
				key += "," + k.String()
			}
		}
		if isEpic {
			page, listErr := t.ListEpics(ctx, tracker.ListEpics{Limit: &all})
			for _, e := range page.Items {
				add(e.Key, e.Key.Epic, e.Title)
			}
			return key, listErr
		}
		page, err := t.ListFeatures(ctx, tracker.ListFeatures{Limit: &all})
		for _, e := range page.Items {
			add(e.Key, e.Key.Feature, e.Title)
		}
		return key, err
	})
	if strings.Count(key, ",") != 1 {
		return ""
	}
	return "name it by its key: " + line(replaced(a.args, bad, key[1:]))
}

// ofFlag is the hint where the value of --feature or --epic is no key, and nothing
// is known by that name: the line without it.
func (a *app) ofFlag(bad string) string {
	f := a.typed
	if f.cmd == nil || f.cmd.Name() != "list" && f.cmd.Name() != "search" && f.cmd.Name() != "next" {
		return ""
	}
	for _, flag := range []string{"--feature", "--epic"} {
		i := slices.Index(f.flags, flag)
		if i >= 0 && i+1 < len(f.flags) && f.flags[i+1] == bad {
			return "keys look like E04 and E04-F01; without " + flag + ": " + line(slices.Concat(f.path, f.plain, f.flags[:i], f.flags[i+2:]))
		}
	}
	return ""
}

// narrowly is the hint for a word that is a whole list, with more than it takes:
// pm blocked list, pm ready KEY.
func (a *app) narrowly(cmd *cobra.Command, word string) string {
	means := plan.MeaningsOf(plan.ForCommand, strings.ToLower(word))
	if cmd.HasParent() || len(means) == 0 || !narrow(strings.Fields(means[0])) {
		return ""
	}
	if i := slices.IndexFunc(a.args, isAnyKey); i >= 0 {
		return a.runHint("to see it", "show", a.args[i])
	}
	return a.runHint("did you mean", strings.Fields(means[0])...)
}

// asking is the line of a verb, with the reason that it needs still to be said.
func asking(verb string, keys ...string) []string {
	own := append([]string{verb}, keys...)
	if verb == string(plan.Block) {
		own = append(own, "--reason", "<reason>")
	}
	return own
}

// withoutField is the hint for a list by a field that words alone are looked for
// in: pm list title:card.
func (a *app) withoutField(e *plan.Error) string {
	name, _ := quoted(e.Message)
	if !strings.Contains(e.Message, "unknown field") || a.typed.cmd == nil {
		return ""
	}
	flag := flagOf(a.typed.cmd, "--"+name)
	for i, arg := range a.typed.plain {
		text, is := strings.CutPrefix(arg, name+":")
		switch plain := slices.Replace(slices.Clone(a.typed.plain), i, i+1, text); {
		case !is || text == "":
		case flag != nil && flag.NoOptDefVal == "":
			return "it is a flag: " + line(slices.Concat(a.typed.path, slices.Delete(slices.Clone(plain), i, i+1), []string{"--" + flag.Name, text}, a.typed.flags)) // limit:3
		case query.IsText(name):
			return "words without a field are looked for in titles and descriptions: " + line(slices.Concat(a.typed.path, plain, a.typed.flags))
		}
	}
	return ""
}

// withoutCursor is the caller's line for the first page.
func (a *app) withoutCursor() (args []string) {
	for i := 0; i < len(a.args); i++ {
		if _, used := valueOf(a.args, i, "--cursor"); used > 0 {
			i += used - 1
			continue
		}
		args = append(args, a.args[i])
	}
	return args
}
