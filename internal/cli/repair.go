package cli

import (
	"cmp"
	"context"
	"errors"
	"pm/internal/ops"
	"pm/internal/query"
	"slices"
	"strconv"
	"strings"

	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// A hint is one step from right: it ends with a whole command line, the caller's
// own with what was wrong put right, or the one that shows what is missing.

// misplaced says which argument is missing, or the first one too many.
type misplaced struct {
	missing string
	extra   string
}

func (m misplaced) Error() string { return m.missing + m.extra }

func missingArgument(cmd *cobra.Command, word string) *plan.Error {
	e := usageError("missing argument %s", word).WithHint("usage: %s", cmd.UseLine())
	e.Err = misplaced{missing: word}
	return e
}

// missingFlag refuses a command without a flag that it needs.
func missingFlag(cmd *cobra.Command, params []ops.Param) error {
	for _, p := range params {
		if p.Required && !p.Arg && !cmd.Flags().Changed(p.Flag) {
			e := usageError("missing --%s", p.Flag).WithHint("usage: %s", cmd.UseLine())
			e.Err = misplaced{missing: "--" + p.Flag}
			return e
		}
	}
	return nil
}

func unexpectedArgument(cmd *cobra.Command, word string) *plan.Error {
	e := usageError("unexpected argument %q", word).WithHint("usage: %s", cmd.UseLine())
	e.Err = misplaced{extra: word}
	return e
}

// repair gives an error a hint that is a whole line, where one can be made.
func (a *app) repair(ctx context.Context, err error) {
	var e *plan.Error
	var m misplaced
	if !errors.As(err, &e) {
		return
	}
	if e.Code == "kind_not_trade" || e.Code == "reason_required" {
		return // fail has the whole line
	}
	cmd := a.typed.cmd
	switch {
	case errors.As(err, &m) && cmd == nil:
	case errors.As(err, &m):
		e.Hint = cmp.Or(a.rightArguments(ctx, m), e.Hint)
	case strings.HasPrefix(e.Message, "ambiguous ") && strings.HasPrefix(e.Hint, "write '"):
		bad, _ := quoted(e.Message)
		n := strings.Trim(bad, "-m")
		e.Hint += "; such as: " + line(replaced(a.args, bad, n+" minutes ago"))
	case strings.HasPrefix(e.Message, "unknown kind of link") && len(a.typed.plain) == 2 && a.asDependency(e) != "":
		e.Hint = a.asDependency(e)
	case strings.HasPrefix(e.Message, "cannot move ") && strings.Contains(e.Message, "a task goes to a feature"):
		e.Hint = cmp.Or(a.whereTo(ctx), e.Hint)
	case strings.HasPrefix(e.Message, "search takes words"):
		e.Hint = cmp.Or(a.wordsOnly(e), e.Hint)
	default:
		a.repairName(ctx, e)
	}
}

// repairName is repair for a key, a field or a word that is none of those there are.
func (a *app) repairName(ctx context.Context, e *plan.Error) {
	cmd := a.typed.cmd
	switch {
	case e.Code == "bad_key":
		e.Hint = cmp.Or(a.withKey(ctx, e), e.Hint)
	case e.Code == "unknown_field" && strings.HasPrefix(e.Hint, "choose from "):
		e.Hint = cmp.Or(a.withFields(e.Hint), e.Hint)
	case e.Code == "bad_sort" && a.reversed("") != "":
		e.Hint = "to reverse the order: " + a.reversed("")
	case e.Code == "bad_sort" && strings.HasPrefix(e.Hint, "did you mean "):
		near, _, _ := strings.Cut(strings.TrimPrefix(e.Hint, "did you mean "), "?")
		bad, _ := quoted(e.Message)
		e.Hint += "; such as: " + line(replaced(a.args, bad, near))
	case a.withoutField(e) != "":
		e.Hint = a.withoutField(e)
	case strings.HasPrefix(e.Message, "cannot open 2 items") && a.updateMeant() != "":
		e.Hint = strings.Replace(a.updateMeant(), "pm edit ", "pm update ", 1)
	case strings.HasPrefix(e.Hint, "group by one of "):
		e.Hint = a.withWord(e)
	case e.Code == "bad_cursor":
		e.Hint += "; for the first page: " + line(a.withoutCursor())
	case strings.HasPrefix(e.Hint, "use one of "):
		e.Hint = a.withWord(e)
	case e.Code == "bad_setting":
		e.Hint = a.settingMeant(e)
	case e.Code == "bad_reference":
		e.Hint = cmp.Or(a.linkMeant(e), e.Hint)
	case strings.HasPrefix(e.Message, "cannot ask for confirmation"):
		e.Hint += ": " + line(append(slices.Clone(a.args), "--yes"))
	case strings.HasSuffix(e.Message, "is not a key, a path or a web address") && cmd.Name() == "link":
		e.Hint = cmp.Or(a.asRelation(e), e.Hint)
	case strings.HasPrefix(e.Message, "jq: expected an object but got: array"):
		e.Hint = cmp.Or(a.jqOfItems(), e.Hint)
	case strings.HasPrefix(e.Message, "invalid n ") && len(a.typed.plain) > 1 && a.typed.path[0] == "check":
		e.Hint = "to add a check: " + line(slices.Concat([]string{"check", "add"}, a.typed.plain, a.typed.flags))
	case e.Code == "bad_query":
		e.Hint = a.withTerm(e.Hint)
	default:
		a.repairValue(ctx, e)
	}
}

// rightArguments is the hint where an argument is missing, or one is too many.
func (a *app) rightArguments(ctx context.Context, m misplaced) string {
	if own := a.numbered(ctx); own != "" {
		return "keys look like T-E04-F01-001: " + own
	}
	if m.missing != "" {
		return a.withMissing(ctx, m.missing)
	}
	return a.withoutExtra(m.extra)
}

// repairValue is repair for a value, and for what is not there.
func (a *app) repairValue(ctx context.Context, e *plan.Error) {
	cmd := a.typed.cmd
	switch {
	case e.Code == "bad_priority":
		right := strconv.Itoa(plan.DefaultPriority)
		if strings.HasSuffix(e.Message, " 0") {
			e.Hint, right = "the most urgent is 1", "1" // 0 is that in other tools
		}
		e.Hint = a.withNumber(e.Hint, e.Message, right)
	case strings.HasSuffix(e.Message, "cannot depend on itself"):
		e.Hint += "; " + a.runHint("to see the keys", "list")
	case strings.HasPrefix(e.Message, "limit must be 0"):
		e.Hint = a.withNumber("to list all", e.Message, "0")
	case strings.HasPrefix(e.Message, "invalid due date") || strings.HasPrefix(e.Message, "invalid defer date"):
		e.Hint = a.asDay(e)
	case e.Code == "bad_estimate":
		bad, _ := quoted(e.Message)
		asked, guess, _ := strings.Cut(e.Hint, ": ")
		if args := replaced(a.args, bad, guess); guess != "" && !slices.Equal(args, a.args) {
			e.Hint = asked + ": " + line(args)
		}
	case strings.Contains(e.Hint, "write it like 90s, 30m (minutes)"):
		e.Hint = a.withUnit(e)
	case e.Kind == plan.NotFound && cmd != nil && cmd.Name() == "undo" && len(a.typed.plain) == 1 && severalUndos(a.typed.plain[0]) != "":
		e.Hint = severalUndos(a.typed.plain[0])
	case strings.HasPrefix(e.Message, "cannot set the status"):
		e.Hint = cmp.Or(a.oneByOne(cmd, "--status"), e.Hint)
	case e.Message == "nothing to update" && a.updateMeant() != "":
		e.Hint = a.updateMeant()
	case e.Message == "nothing to update" && slices.ContainsFunc(a.typed.plain, isAnyKey):
		e.Hint += ": " + line(slices.Concat(a.typed.path, keysAmong(a.typed.plain))) + ` --title "<title>"` + strings.TrimPrefix(line(a.typed.flags), "pm")
	}
}

func keysAmong(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(s string) bool { return !isAnyKey(s) })
}

// lookUp asks the plan for a key, for a hint; empty if there is none, or if that
// cannot be told.
func (a *app) lookUp(ctx context.Context, ask func(context.Context, *tracker.Tracker) (string, error)) string {
	ctx, t, err := a.act(ctx)
	if err != nil {
		return ""
	}
	key, err := ask(ctx, t)
	if err != nil {
		return ""
	}
	return key
}

// global are the flags of the caller's line that every command has.
func (a *app) global() (flags []string) {
	all := a.typed.flags
	for i := 0; i < len(all); i++ {
		switch {
		case isGlobal(all[i]) && !strings.HasPrefix(all[i], "--fields"):
			flags = append(flags, all[i])
		case all[i] == "--db" || all[i] == "--agent":
			flags = append(flags, all[i:min(i+2, len(all))]...)
			i++
		}
	}
	return flags
}

// runHint is a hint: what for, and the line of other words, with the caller's own
// flags of every command.
func (a *app) runHint(what string, words ...string) string {
	return what + ": " + line(append(words, a.global()...))
}

// The list that shows the tasks that a verb is for.
var tasksFor = map[string]string{"approve": "status:ready_for_review", "reject": "status:ready_for_review", "unblock": "status:blocked", "reopen": "is:done"}

// withMissing is the hint where an argument is missing.
func (a *app) withMissing(ctx context.Context, word string) string {
	f := a.typed
	name := f.cmd.Name()
	if len(f.plain) == 0 && (word == "KEY" || word == "TASK") || len(f.plain) == 1 && word == "TEXT" && f.slots[0] == "key" && !isAnyKey(f.plain[0]) {
		return a.whichKey(ctx, name)
	}
	switch path := strings.Join(f.path, " "); {
	case word == "DEPENDS_ON" && path == "dep remove" && len(f.plain) > 0:
		return a.runHint("name the task it depends on; to see them", "dep", "list", f.plain[0])
	case path == "answer" && len(f.plain) > 0 && isAnyKey(f.plain[0]):
		return a.runHint("name the number of the question; to list them", "questions")
	case word == "DEPENDS_ON":
		return a.runHint("name the task it depends on; to see the keys", "list")
	case path == "move" && word == "--to":
		return a.whereTo(ctx)
	case word == "FEATURE" && path == "task create":
		return "name its feature, or put it into the inbox: " + line(append([]string{"add"}, f.flags...)) + ` "<title>"`
	case word == "EPIC" && path == "feature create":
		return "name its epic: " + line(append(slices.Clone(f.path), a.someEpic(ctx))) + ` "<title>"` + strings.TrimPrefix(line(f.flags), "pm")
	}
	if hint := a.elsewhereGiven(word); hint != "" {
		return hint
	}
	if word == "N" && len(f.plain) > 0 {
		return a.runHint("to see the numbers", "show", f.plain[0])
	}
	if path := strings.Join(f.path, " "); (path == "feature create" || path == "task create") && len(f.plain) == 1 && !isLevel(f.plain[0], plan.LevelEpic) && !isLevel(f.plain[0], plan.LevelFeature) {
		if path == "task create" {
			return "name its feature, or put it into the inbox: " + line(slices.Concat([]string{"add"}, f.plain, f.flags))
		}
		return "name its epic: " + line(slices.Concat(f.path, []string{a.someEpic(ctx)}, f.plain, f.flags))
	}
	added := line(slices.Concat(f.path, f.plain))
	if flag, is := strings.CutPrefix(word, "--"); is {
		added += " " + word
		word = flag
	}
	added += ` "<` + strings.ToLower(strings.ReplaceAll(word, "_", " ")) + `>"`
	if len(f.flags) > 0 {
		added += strings.TrimPrefix(line(f.flags), "pm")
	}
	return "add it: " + added
}

// whichKey is the hint where a verb has no key: the line with the task that the
// caller holds, if it is one, or the list that has them.
func (a *app) whichKey(ctx context.Context, verb string) string {
	switch {
	case a.typed.path[0] == "dep":
		return a.runHint("name the tasks; to see the keys", "list")
	case verb == "restore":
		return a.runHint("name an item; to list the trash", "trash", "list")
	case verb == "claim" || verb == "start":
		return a.runHint("name a task, or get the next one", "next", "--claim")
	case tasksFor[verb] != "":
		return a.runHint("name a task; to list them", "list", tasksFor[verb])
	case among(verb, "complete submit release renew block handoff note ask add"):
		if held := a.heldKeys(ctx); len(held) == 1 {
			text := ""
			if len(a.typed.plain) == 1 && verb == "handoff" && likeName(a.typed.plain[0]) {
				text = " --text " + a.typed.plain[0]
			} else if len(a.typed.plain) > 0 {
				text = strings.TrimPrefix(line(a.typed.plain), "pm")
			} else if among(verb, "note handoff ask add") {
				text = ` "<text>"`
			}
			if verb == "block" && !hasFlag(a.typed.flags, "--reason", "-r") {
				text = ` "<reason>"`
			}
			return "you hold " + held[0] + ": " + line(append(slices.Clone(a.typed.path), held[0])) + text + strings.TrimPrefix(line(a.typed.flags), "pm")
		}
		return a.runHint("name a task; to list what you hold", "mine")
	}
	if among(verb, "list show context") && len(a.typed.plain) == 0 {
		if held := a.heldKeys(ctx); len(held) == 1 {
			return "you hold " + held[0] + ": " + line(slices.Concat(a.typed.path, held, a.typed.flags))
		}
	}
	return a.runHint("name an item; to see their keys", "list")
}

// someEpic is the key of the first epic, or a word in its place.
func (a *app) someEpic(ctx context.Context) string {
	key := a.lookUp(ctx, func(ctx context.Context, t *tracker.Tracker) (string, error) {
		one := 1
		page, err := t.ListEpics(ctx, tracker.ListEpics{Limit: &one})
		if err != nil || len(page.Items) == 0 {
			return "", err
		}
		return page.Items[0].Key.String(), nil
	})
	return cmp.Or(key, "<epic>")
}

// withoutExtra is the hint where there is an argument too many.
func (a *app) withoutExtra(extra string) string {
	f := a.typed
	at := slices.Index(f.plain, extra)
	if n := len(f.slots); at >= 0 && at < n && n < len(f.plain) && slices.Contains(f.plain[n:], extra) { // the same word twice
		at = n + slices.Index(f.plain[n:], extra)
	}
	if at < 0 || strings.HasPrefix(extra, "-") {
		return ""
	}
	if len(f.plain) > 2 && isLevel(f.plain[0], plan.LevelEpic) && isLevel(f.plain[0]+"-"+f.plain[1], plan.LevelFeature) && len(f.slots) > 0 && f.slots[0] == "feature" {
		return "write the key in one word: " + line(slices.Concat(f.path, []string{f.plain[0] + "-" + f.plain[1]}, f.plain[2:], f.flags))
	}
	if hint := a.swapped(extra); hint != "" {
		return hint
	}
	if n := len(f.slots); n > 0 && n <= len(f.plain) && !isAnyKey(extra) && among(f.slots[n-1], "title text name") {
		joined := strings.Join(f.plain[n-1:], " ")
		if _, err := query.Parse(joined, a.now()); err != nil && f.path[0] == "search" { // pm find overdue tasks
			_, term, _ := strings.Cut(plan.Describe(err).Hint, "did you mean ")
			if term, _, is := strings.Cut(term, "?"); is && strings.Contains(term, ":") {
				return "to filter: " + line(slices.Concat([]string{"list"}, strings.Fields(term), a.global()))
			}
		}
		return "quote text that contains spaces: " + line(slices.Concat(f.path, f.plain[:n-1], []string{joined}, f.flags))
	}
	if isAnyKey(extra) && f.path[0] != "tree" {
		return "to see it: " + line(append([]string{"show", extra}, a.global()...))
	}
	return "leave it out: " + line(slices.Concat(f.path, f.plain[:at], f.flags))
}

// withKey is the hint where a key is wrong.
func (a *app) withKey(ctx context.Context, e *plan.Error) string {
	bad, _ := quoted(e.Message)
	f := a.typed
	if keys := rangeOfKeys(bad); len(keys) > 0 {
		return "name each of them: " + line(spliced(a.args, bad, keys))
	}
	if key := keyMeant(bad); key != "" {
		return "did you mean " + key + ": " + line(replaced(a.args, bad, key))
	}
	if rest, is := strings.CutPrefix(strings.ToUpper(bad), "T-"); is {
		if k, err := plan.ParseKey(rest); err == nil {
			return "keys of features have no T-: " + line(replaced(a.args, bad, k.String()))
		}
	}
	first, _, _ := strings.Cut(e.Message, " is the key of ")
	k, err := plan.ParseKey(first)
	if err != nil || first == e.Message {
		if f.cmd != nil && strings.EqualFold(bad, "my") && len(f.plain) <= 2 && f.cmd.Name() != "show" {
			a.typed.plain = nil // pm finish my task
			return a.whichKey(ctx, f.cmd.Name())
		}
		if own := ofKind(bad); own != "" {
			return "did you mean " + own + ": " + line(replaced(a.args, bad, own))
		}
		if f.cmd != nil && among(strings.ToLower(bad), "any next all something everything anything first mine it this current last work working") && f.cmd.Name() != "show" {
			a.typed.plain = nil
			return a.whichKey(ctx, f.cmd.Name())
		}
		for _, named := range []string{a.levelByNumber(bad), a.levelNamed(ctx, bad), a.ofFlag(bad)} {
			if named != "" {
				return named
			}
		}
		if key := a.byNumber(ctx, bad); key != "" {
			return "keys look like T-E04-F01-001: " + line(replaced(a.args, bad, key))
		}
		if own := a.understand([]string{bad}); f.cmd != nil && f.cmd.Name() == "show" && len(f.plain) == 1 && a.isCommand(own[0]) && !isNoun(own[0]) {
			return a.runHint("did you mean", own...) // pm get events
		}
		if own := a.fewerWords(bad); own != "" {
			return own
		}
		return a.runHint("keys look like E04, E04-F01 and T-E04-F01-001; to see them", "list")
	}
	return a.withOtherLevel(ctx, k)
}

// withFields is the hint where --fields names one that there is not.
func (a *app) withFields(hint string) string {
	exist := strings.Split(strings.TrimPrefix(hint, "choose from "), ", ")
	own := make([]string, 0, len(a.flags.fields))
	for _, name := range a.flags.fields {
		word := strings.ReplaceAll(kebab(name), "-", "_")
		if means := plan.MeaningOf(plan.ForField, word); slices.Contains(exist, means) && !slices.Contains(exist, name) {
			name = means
		} else if !slices.Contains(exist, name) {
			if name = nearestWord(word, exist); name == "" {
				continue
			}
		}
		own = append(own, name)
	}
	if len(own) == 0 {
		own = exist[:min(2, len(exist))]
	}
	args := slices.Clone(a.args)
	for i, arg := range args {
		switch {
		case arg == "--fields" && i+1 < len(args):
			args[i+1] = strings.Join(own, ",")
		case strings.HasPrefix(arg, "--fields="):
			args[i] = "--fields=" + strings.Join(own, ",")
		}
	}
	return hint + "; such as: " + line(args)
}

// withWord is the hint where a word is none of those that there are.
func (a *app) withWord(e *plan.Error) string {
	bad, is := quoted(e.Message)
	_, list, _ := strings.Cut(e.Hint, "one of ")
	exist := strings.Split(list, ", ")
	if !is || len(exist) == 0 {
		return e.Hint
	}
	near := nearestWord(strings.ToLower(bad), exist)
	for _, s := range plan.Synonyms() {
		if near == "" && s.Kind == plan.ForStatus && slices.Contains(exist, s.Means) && nearestWord(strings.ToLower(bad), s.Words) != "" {
			near = s.Means
		}
	}
	if near == "" {
		near = exist[0] // an example
	}
	if args := replaced(a.args, bad, near); !slices.Equal(args, a.args) {
		return e.Hint + "; such as: " + line(args)
	}
	return e.Hint
}

// nearestWord returns the word that is meant by a mistyped one: one that begins
// with it, or is not many letters apart; empty for none.
func nearestWord(typed string, words []string) (near string) {
	best := len(typed)/3 + 1
	for _, w := range words {
		d := distance(typed, w)
		if len(typed) > 2 && strings.HasPrefix(w, typed) {
			d = 0
		}
		if d < best {
			best, near = d, w
		}
	}
	return near
}

// quoted returns the first text in double quotes.
func quoted(s string) (string, bool) {
	_, rest, is := strings.Cut(s, `"`)
	text, _, ends := strings.Cut(rest, `"`)
	return text, is && ends
}

// replaced returns arguments with another word in the place of one, also where
// it is the value of a flag or one of several between commas.
func replaced(args []string, word, other string) []string {
	args = slices.Clone(args)
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		if !joined || !strings.HasPrefix(arg, "-") {
			name, value, joined = "", arg, false
		}
		parts := strings.Split(value, ",")
		at := slices.Index(parts, word)
		if at < 0 {
			continue
		}
		parts[at] = other
		if args[i] = strings.Join(parts, ","); joined {
			args[i] = name + "=" + args[i]
		}
		break
	}
	return args
}
