package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// A guessed is an unknown command with what stands behind it.
type guessed struct {
	word   string   // the command, in small letters
	keys   []string // of items
	others []string // other words, and the values of flags
	flags  []string
}

// guess is the hint for an unknown command whose meaning is known, but not for
// certain, or that is one of a noun's.
func (a *app) guess(cmd *cobra.Command, word string) string {
	g := guessed{word: strings.ToLower(strings.ReplaceAll(word, "_", "-"))}
	at := slices.Index(a.args, word)
	behind := a.args[at+1:]
	for _, s := range behind {
		if isAnyKey(s) {
			g.keys = append(g.keys, s)
		} else if !strings.HasPrefix(s, "-") {
			g.others = append(g.others, s)
		}
	}
	g.flags = behind[countWords(behind):]
	a.ofFlags(cmd.Context(), &g)
	if words, err := term.Words(strings.TrimPrefix(word, "pm ")); err == nil && cmd == cmd.Root() && strings.Contains(word, " ") && len(words) > 0 && a.isCommand(a.understand(words)[0]) {
		return "each word is an argument of its own: " + line(slices.Concat(a.args[:at], words, a.args[at+1:]))
	}
	if len(g.keys) == 0 && countWords(behind) > 0 && countDigits(g.others[0]) == len(g.others[0]) {
		if key := a.byNumber(cmd.Context(), g.others[0]); key != "" {
			g.keys, g.others = []string{key}, g.others[1:]
		}
	}
	if cmd == cmd.Root() {
		return a.guessAlone(cmd, word, g)
	}
	if own := a.ofOwnLevel(cmd, g, at); own != "" {
		return own
	}
	if means := plan.MeaningsOf(plan.ForGuess, cmd.Name()+"-"+g.word); len(means) > 0 {
		return a.likely(cmd, g, means[0])
	}
	if means := plan.MeaningsOf(plan.ForGuess, g.word); len(g.keys) > 0 && cmd.Name() == "task" && len(means) > 0 {
		return a.likely(cmd.Root(), g, means[0])
	}
	return a.guessUnder(cmd, word, g.word, append(slices.Clone(g.keys), g.others...))
}

// guessAlone is guess for what stands under no noun.
func (a *app) guessAlone(cmd *cobra.Command, word string, g guessed) string {
	means := plan.MeaningsOf(plan.ForGuess, g.word)
	if len(g.others) > 0 {
		if both := plan.MeaningsOf(plan.ForGuess, g.word+"-"+strings.ToLower(g.others[0])); len(both) > 0 {
			means, g.others = both, g.others[1:]
		}
	}
	if len(g.keys) > 0 && strings.Contains(g.word, "review") {
		means = []string{"submit"}
	}
	if own := ofTwo(g); own != nil {
		return a.runHint("did you mean", own...)
	}
	if verb := strings.TrimSuffix(g.word, "s"); len(g.keys) > 0 && verb != g.word && a.isCommand(verb) && !isNoun(verb) {
		return "did you mean: " + a.instead(word, verb) // pm claims KEY
	}
	if g.word == "what" && len(g.keys) == 1 && slices.ContainsFunc(g.others, func(s string) bool { return strings.HasPrefix(s, "block") || strings.HasPrefix(s, "wait") }) {
		return a.runHint("did you mean", "dep", "list", g.keys[0])
	}
	if g.word == "give" && len(g.keys) == 0 {
		return a.runHint("did you mean", "next", "--claim") // pm give me a task
	}
	if len(means) > 0 {
		return a.likely(cmd, g, means[0])
	}
	if len(g.keys) > 0 {
		if verb := verbTo(g.word, g.keys[0]); verb != "" {
			return a.runHint("did you mean", asking(verb, g.keys...)...)
		}
		if len(nearest(cmd, word)) == 0 {
			return a.runHint("to see it", append([]string{"show"}, g.keys...)...)
		}
	}
	return ""
}

// ofOwnLevel is the hint where the noun is not what the key is of: pm project update
// E01, pm task KEY done.
func (a *app) ofOwnLevel(cmd *cobra.Command, g guessed, at int) string {
	if at < 1 {
		return ""
	}
	if word := a.args[at]; isAnyKey(word) && len(g.others) > 0 && cmd.Name() != "view" {
		own := a.understand(slices.Concat(a.args[:at-1], a.args[at:]))
		if a.fitsOne(own) || a.isCommand(own[0]) { // what else is wrong is put right later
			return "did you mean: " + line(own)
		}
		return ""
	}
	if len(g.keys) == 0 || isLevelNoun(cmd.Name()) {
		return ""
	}
	k, _ := plan.ParseKey(g.keys[0])
	if own := slices.Concat(a.args[:at-1], []string{string(k.Level())}, a.args[at:]); a.fitsOne(own) {
		return "did you mean: " + line(own)
	}
	return ""
}

// ofFlags takes the key and the text out of flags that have them, as task-master
// writes them: pm expand --id=2 --prompt="more".
func (a *app) ofFlags(ctx context.Context, g *guessed) {
	for i := 0; i < len(g.flags); i++ {
		value, used := valueAt(g.flags, i)
		name := kebab(strings.TrimLeft(strings.SplitN(g.flags[i], "=", 2)[0], "-"))
		switch {
		case used == 0 || !strings.HasPrefix(g.flags[i], "-") || value == "" || strings.HasPrefix(value, "-"):
			continue
		case among(name, "id key task task-id parent issue"):
			if !isAnyKey(value) {
				value = cmp.Or(a.byNumber(ctx, value), value)
			}
			if isAnyKey(value) && !slices.Contains(g.keys, value) {
				g.keys = append(g.keys, value)
			}
		case used == 1 && among(name, "title text prompt message body name"):
			g.others = append(g.others, value)
		default:
			continue
		}
		g.flags = slices.Delete(slices.Clone(g.flags), i, i+used)
		i--
	}
}

// likely is the hint with what is likely meant: words of the table, in which KEY
// stands for the caller's keys and TEXT for the other words.
func (a *app) likely(root *cobra.Command, g guessed, means string) string {
	own := strings.Fields(a.thatWorks(root.Context(), means, g.keys))
	if len(own) > 1 && own[0] == "epic" && own[1] == "*" {
		return a.likeEpics(g)
	}
	if own[0] == "add" && len(g.others) > 0 && strings.Contains(g.others[0], ":") {
		return a.runHint("did you mean", append([]string{"list"}, g.others...)...) // pm q status:todo
	}
	if slices.Contains(own, "KEY") || slices.Contains(own, "TEXT") {
		var more []string
		if c := childOf(Commands(), own[0]); c != nil && own[0] == "add" {
			more = known(c, g.flags) // pm bug "title" --feature E01-F01
		}
		g.others = slices.DeleteFunc(slices.Clone(g.others), func(s string) bool { return slices.Contains(more, s) })
		if text := strings.Join(g.others, " "); slices.Contains(own, "--count") && (text == "" || badQuery(flagReader{cmd: root, slots: []string{"query..."}, plain: g.others}, a.now()) == nil) {
			g.others = []string{"is:open"} // how many are left
		}
		filled := a.filledIn(root.Context(), own, g)
		if all := append(slices.Clone(filled), more...); a.fitsOne(all) {
			filled = all
		}
		return a.runHint("did you mean", filled...)
	}
	switch {
	case own[0] == "next" && len(g.keys) > 0:
		return a.likely(root, g, "claim KEY or renew KEY or show KEY")
	case own[0] == "trash" && len(g.keys) > 0:
		own = []string{"delete"}
	case own[0] == "status" && len(g.keys) > 0:
		own = []string{"show"} // pm merge KEY is nothing of git's
	}
	takesKey := childOf(Commands(), own[0])
	switch {
	case takesKey != nil && len(own) == 1 && len(g.keys) > 0 && len(slotsOf(takesKey)) > 0 && strings.HasPrefix(slotsOf(takesKey)[0], "key"):
		own = append(own, g.keys...)
		own = append(own, known(takesKey, g.flags)...)
	case own[0] == "check" && len(g.keys) > 0:
		own = lineOfChecklist(g.keys[0], g.others)
	case own[0] == "check":
		own = append([]string{"add"}, g.others...)
	case own[0] == "add":
		own = append(own, g.others...)
	case own[0] == "list" && len(g.keys) > 0:
		own = append([]string{"show"}, g.keys...)
	}
	if c := childOf(Commands(), own[0]); c != nil && !c.HasSubCommands() && len(g.keys) == 0 {
		if more := append(slices.Clone(own), known(c, g.flags)...); a.fitsOne(more) {
			own = more // pm changes --since yesterday
		}
	}
	switch {
	case a.fitsOne(own):
		return a.runHint("did you mean", own...)
	case len(g.keys) > 0:
		return a.runHint("to see it", append([]string{"show"}, g.keys...)...)
	}
	return "see " + line(append(own, "--help"))
}

// ofTwo is what a verb of two keys means: pm blocks KEY OTHER, pm duplicate KEY
// --of OTHER; nil for any other.
func ofTwo(g guessed) []string {
	if len(g.keys) != 2 {
		return nil
	}
	switch g.word {
	case "blocks", "precedes", "unblocks", "before":
		return []string{"dep", "add", g.keys[1], g.keys[0]}
	case "duplicate", "dupe", "dup", "duplicates", "mark-duplicate", "duplicate-of":
		return []string{"archive", g.keys[0], "--duplicate-of", g.keys[1]}
	}
	return nil
}

// thatWorks chooses among several commands the first that the task can take now.
func (a *app) thatWorks(ctx context.Context, means string, keys []string) string {
	all := strings.Split(means, " or ")
	if len(all) == 1 {
		return all[0]
	}
	if len(keys) == 0 && strings.Contains(all[0], "KEY") {
		if held := a.heldKey(ctx); isAnyKey(held) {
			keys = []string{held}
		}
	}
	if len(keys) == 0 {
		return all[0]
	}
	status := a.lookUp(ctx, func(ctx context.Context, t *tracker.Tracker) (string, error) {
		shown, err := t.ShowTask(ctx, tracker.ShowTask{Key: keys[0]})
		return string(shown.Status), err
	})
	for _, one := range all {
		verb, _, _ := strings.Cut(one, " ")
		if verb == "show" || verb == "update" || verb == "renew" && status == string(plan.InProgress) || slices.Contains(plan.VerbsFrom(plan.TaskStatus(status)), plan.Verb(verb)) && (verb != "claim" || status != string(plan.InProgress)) {
			return one
		}
	}
	return all[len(all)-1]
}

// filledIn writes the caller's own words into what is meant.
func (a *app) filledIn(ctx context.Context, means []string, g guessed) (own []string) {
	for len(g.others) > 0 && among(strings.ToLower(g.others[0]), "add create new edit as to list") {
		g.others = g.others[1:]
	}
	for _, word := range means {
		switch {
		case word == "KEY" && len(g.keys) > 0:
			own = append(own, g.keys...)
		case word == "KEY":
			own = append(own, a.heldKey(ctx))
		case word == "<key>":
			own = append(own, a.firstBeside(ctx, g.keys))
		case word == "FEATURE" && len(g.keys) > 0:
			k, _ := plan.ParseKey(g.keys[0])
			own = append(own, k.FeatureKey().String())
		case word == "FEATURE":
			own = append(own, "inbox")
		case word == "TEXT" && len(g.others) > 0:
			own = append(own, strings.Join(g.others, " "))
		case word == "TEXT":
			own = append(own, "<text>")
		case word == "''":
			own = append(own, "")
		default:
			own = append(own, word)
		}
	}
	return own
}

// firstBeside is the key of the first task of the feature that a task is in, or of
// the second for the first; a word in its place if there is none.
func (a *app) firstBeside(ctx context.Context, keys []string) string {
	if len(keys) == 0 || !isLevel(keys[0], plan.LevelTask) {
		return "<key>"
	}
	return cmp.Or(a.lookUp(ctx, func(ctx context.Context, t *tracker.Tracker) (string, error) {
		k, _ := plan.ParseKey(keys[0])
		two := 2
		page, err := t.ListTasks(ctx, tracker.ListTasks{Feature: k.FeatureKey().String(), Sort: "position", Limit: &two})
		for _, task := range page.Items {
			if task.Key != k {
				return task.Key.String(), nil
			}
		}
		return "", err
	}), "<key>")
}

// heldKey is the key of the one task that the caller holds, or a word in its place.
func (a *app) heldKey(ctx context.Context) string {
	if held := a.heldKeys(ctx); len(held) == 1 {
		return held[0]
	}
	return "<key>"
}

// heldKeys lists the tasks that the caller holds.
func (a *app) heldKeys(ctx context.Context) (keys []string) {
	a.lookUp(ctx, func(ctx context.Context, t *tracker.Tracker) (string, error) {
		mine, err := t.Mine(ctx, tracker.Mine{})
		for _, task := range mine.Items {
			keys = append(keys, task.Key.String())
		}
		return "", err
	})
	return keys
}

// likeEpics is the hint for what other tools group tasks by.
func (a *app) likeEpics(g guessed) string {
	if len(g.keys) > 0 {
		return a.runHint("to see it", append([]string{"show"}, g.keys...)...)
	}
	if len(g.others) > 1 && plan.Means(plan.ForVerb, g.others[0], "create") {
		return a.runHint("in pm these are epics", "epic", "create", strings.Join(g.others[1:], " "))
	}
	return a.runHint("in pm these are epics", "epic", "list")
}

// known keeps the flags that a command has, in its own words.
func known(cmd *cobra.Command, flags []string) (kept []string) {
	f := flagReader{cmd: cmd, given: map[int][]string{}}
	f.read(flags, 0)
	for i := 0; i < len(f.flags); i++ {
		flag := flagOf(cmd, f.flags[i])
		if flag == nil || isGlobal(f.flags[i]) {
			continue
		}
		kept = append(kept, f.flags[i])
		if takesNext(cmd, f.flags[i]) && i+1 < len(f.flags) {
			i++
			kept = append(kept, f.flags[i])
		}
	}
	return kept
}

// lineOfChecklist is what pm subtask add KEY TEXT likely means.
func lineOfChecklist(key string, words []string) []string {
	if len(words) > 0 && among(words[0], "add create new") {
		words = words[1:]
	}
	if len(words) == 0 {
		return []string{"show", key}
	}
	return append([]string{"check", "add", key}, words...)
}

// guessUnder is guess for what stands under a noun: pm epic "Payments".
func (a *app) guessUnder(cmd *cobra.Command, word, low string, rest []string) string {
	if countDigits(word) == len(word) {
		if key := a.byNumber(cmd.Context(), word); key != "" {
			return a.runHint("keys look like T-E04-F01-001; to see it", "show", key)
		}
	}
	if cmd.Name() == "view" && len(rest) > 0 && isAnyKey(rest[0]) && isLevelNoun(plan.MeaningOf(plan.ForNoun, low)) {
		return a.runHint("to see it", "show", rest[0]) // pm view task KEY
	}
	for _, means := range plan.MeaningsOf(plan.ForCommand, low) {
		if own := strings.Fields(means); len(own) == 1 && childOf(cmd.Root(), own[0]) != nil {
			return a.runHint("did you mean", append(own, rest...)...)
		}
	}
	if cmd.Name() == "note" && len(rest) == 0 && childOf(cmd, low) == nil && len(nearest(cmd, word)) == 0 {
		a.typed.path, a.typed.plain = []string{"note"}, []string{word}
		return a.whichKey(context.Background(), "note")
	}
	if top := childOf(Commands(), low); top != nil && !top.HasSubCommands() && (len(rest) > 0 || len(slotsOf(top)) == 0) {
		return a.runHint("did you mean", append([]string{low}, rest...)...)
	}
	if len(nearest(cmd, word)) > 0 {
		return ""
	}
	if childOf(cmd, "status") != nil {
		return a.runHint("did you mean", cmd.Name(), "status")
	}
	switch create := childOf(cmd, "create"); {
	case create != nil && len(rest) > 0 && isAnyKey(rest[0]):
		return a.runHint("to see it", "show", rest[0])
	case create != nil && cmd.Name() == "task":
		return a.runHint("did you mean", append([]string{"add", word}, rest...)...)
	case create != nil && (len(plan.MeaningsOf(plan.ForVerb, low)) > 0 || childOf(Commands(), low) != nil) && childOf(cmd, "list") != nil:
		return a.runHint("name an item; to list them", cmd.Name(), "list")
	case create != nil && cmd.Name() == "epic" && len(rest) == 0:
		return a.runHint("did you mean", "epic", "create", word)
	case childOf(cmd, "list") != nil && slices.Equal(slotsOf(childOf(cmd, "list")), nil):
		return a.runHint("did you mean", cmd.Name(), "list")
	}
	return ""
}
