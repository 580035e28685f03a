package cli

import (
	"slices"
	"strings"

	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// What is understood although it stands in another place than pm has it: a
// feature before the title of pm add, the key behind the text, a length of time
// or a title=… among the arguments.

// addedTo understands pm add with the key of a feature beside the title, which
// is where the task goes and no part of the title. A key in the middle of a
// title stays there.
func (a *app) addedTo(l typed) []string {
	if word := l.word(0); !plan.Means(plan.ForCommand, word, "add") {
		return nil
	}
	n := countWords(l.rest)
	words := append(slices.Clone(l.first[1:]), l.rest[:n]...)
	switch {
	case len(words) < 2:
		return nil
	case isLevel(words[0], plan.LevelFeature) || isLevel(words[0], plan.LevelEpic):
	case len(words) == 2 && isLevel(words[1], plan.LevelFeature) && !isNoun(plan.MeaningOf(plan.ForNoun, strings.ToLower(words[0]))):
		words[0], words[1] = words[1], words[0]
	default:
		return nil
	}
	return slices.Concat(l.flags, []string{"task", "create"}, words, l.rest[n:])
}

// listOf understands pm list notes KEY and pm list features of E01: what an item
// has, which no query finds.
func (a *app) listOf(l typed) []string {
	if len(l.first) == 3 && among(l.word(2), "of in for on under") && countWords(l.rest) == 1 {
		l.first, l.rest = []string{l.first[0], l.first[1], l.rest[0]}, l.rest[1:]
	}
	if plan.MeaningOf(plan.ForCommand, l.word(0)) != "list" || !l.isKey(2) || countWords(l.rest) > 0 {
		return nil
	}
	noun := plan.MeaningOf(plan.ForNoun, l.word(1))
	switch own := a.partOf(l, l.first[2], l.word(1)); {
	case own != nil:
		return own
	case isNoun(noun) && slices.Contains(verbsOf(noun), "list") && noun != "view":
		return l.line(noun, "list", l.first[2])
	case noun == "check":
		return l.line("show", l.first[2])
	}
	return nil
}

// keyToFront returns the arguments with the key first, where it is the last of
// them and the only one: pm note "text" KEY, pm feature create "Name" E01.
func keyToFront(cmd *cobra.Command, slots, plain []string) []string {
	if len(slots) == 0 || len(plain) < 2 || isAnyKey(plain[0]) {
		return plain
	}
	last := len(plain) - 1
	if slices.IndexFunc(plain, isAnyKey) != last {
		return plain
	}
	first := slots[0]
	switch {
	case first == "epic" && isLevel(plain[last], plan.LevelEpic), first == "feature" && isLevel(plain[last], plan.LevelFeature):
	case likeKey(plain[0]) || len(plain) > 2:
		return plain // a mistyped key, or a sentence
	case first == "key..." && len(slots) == 1 && strings.Contains(plain[0], " "):
	case first == "key" && len(slots) > 1 && slots[1] == "text" && len(nearest(cmd, plain[0])) == 0 && len(plain[0]) > 3:
	default:
		return plain
	}
	return append([]string{plain[last]}, plain[:last]...)
}

// pairsOfCreate writes title=… and its like among the arguments of a command
// that creates an item as flags.
func pairsOfCreate(cmd *cobra.Command, plain []string) (left, flags []string) {
	if cmd.Name() != "create" {
		return plain, nil
	}
	slots := slotsOf(cmd)
	for _, arg := range plain {
		name, value, is := strings.Cut(arg, "=")
		means := append([]string{kebab(name)}, plan.MeaningsOf(plan.ForFlag, kebab(name))...)
		known := is && slices.ContainsFunc(means, func(m string) bool {
			return slices.Contains(slots, m) || m != "db" && flagOf(cmd, "--"+m) != nil
		})
		if known && len(name) > 1 && value != "" {
			flags = append(flags, "--"+kebab(name), value)
		} else {
			left = append(left, arg)
		}
	}
	return left, flags
}

// leaseLast takes a length of time behind the keys for the lease: pm renew KEY 1h,
// pm claim KEY for 2h.
func leaseLast(cmd *cobra.Command, plain []string) (left, flags []string) {
	last := len(plain) - 1
	if last < 1 || cmd.Flags().Lookup("lease") == nil {
		return plain, nil
	}
	length := plain[last]
	if last > 1 && isNumber(plain[last-1]) && countDigits(length) == 0 {
		last, length = last-1, plain[last-1]+length // 2 hours
	}
	if d, is := plan.ParseDuration(length); !is || d <= 0 {
		return plain, nil
	}
	keys := plain[:last]
	if strings.EqualFold(keys[last-1], "for") {
		keys = keys[:last-1]
	}
	if len(keys) == 0 || !isAnyKey(keys[len(keys)-1]) {
		return plain, nil
	}
	return keys, []string{"--lease", length}
}

// reordered puts the arguments that a flagReader has read into pm's order.
func (f *flagReader) reordered() (again []string, changed bool) {
	if f.cmd == nil || f.open != "" {
		return nil, false
	}
	plain, more := pairsOfCreate(f.cmd, f.plain)
	plain, lease := leaseLast(f.cmd, plain)
	plain = keyToFront(f.cmd, f.slots, plain)
	plain, labels := f.labelsOf(plain)
	if slices.Equal(plain, f.plain) {
		return nil, false
	}
	return slices.Concat(f.path, plain, f.flags, more, lease, labels), true
}

// inDoubt refuses a line that has two meanings, with the likelier one in the hint;
// nil if there is no doubt.
func (a *app) inDoubt() error {
	f := a.typed
	if f.cmd == nil {
		return nil
	}
	verb, last := f.cmd.Name(), len(f.plain)-1
	agent, dashed := slices.Index(f.flags, "--agent")+1, slices.IndexFunc(f.flags, isDashedStatus)
	switch {
	case dashed >= 0 && isQuery(f.slots):
		flag := f.flags[dashed]
		own := slices.Replace(slices.Clone(f.flags), dashed, dashed+1, "status:"+flag[1:])
		return usageError("unclear flag %s: -status:%s leaves these out", flag, flag[1:]).WithHint("to list them: %s", line(slices.Concat(f.path, f.plain, own)))
	case verb == "add" && len(f.path) == 1 && last == 0 && isLevelNoun(f.plain[0]) && !slices.Contains(f.flags, "--"):
		return usageError("missing the text of the %s", f.plain[0]).WithHint(`add it: %s "<text>"`, line(append(slices.Clone(f.path), f.flags...)))
	case (verb == "complete" || verb == "archive") && agent > 0 && agent < len(f.flags) && resolutionMeant(f.flags[agent]) != "":
		flags := slices.Replace(slices.Clone(f.flags), agent-1, agent+1, "--resolution", string(resolutionMeant(f.flags[agent])))
		return usageError("%q is how it ended, not who ended it", f.flags[agent]).WithHint("to say how it ended: %s", line(slices.Concat([]string{"archive"}, f.plain, flags)))
	case verb == "complete" && unfinished(f.flags) >= 0:
		i := unfinished(f.flags)
		flags := slices.Replace(slices.Clone(f.flags), i, i+2, "--resolution", string(resolutionMeant(f.flags[i+1])))
		return usageError("%q says that it was not done", f.flags[i+1]).WithHint("to close it without: %s", line(slices.Concat([]string{"archive"}, f.plain, flags)))
	case (verb == "claim" || verb == "start") && last > 0 && isAnyKey(f.plain[last-1]) && likeName(f.plain[last]) && !slices.Contains(f.flags, "--force"):
		e := usageError("unexpected argument %q", f.plain[last])
		return e.WithHint("--reason gives a reason; to claim it as %s: %s", f.plain[last], line(slices.Concat(f.path, f.plain[:last], []string{"--agent", f.plain[last]}, f.flags)))
	case verb == "add" && f.path[0] == "label" && len(a.labelMarks()) > 0:
		return usageError("unclear argument %q: a label to remove?", a.labelMarks()[0]).WithHint("%s", a.marksMeant(f.plain[0], a.labelMarks()))
	case verb == "handoff" && a.handsTo() != "":
		key, name := f.plain[0], f.plain[1]
		e := usageError("%q is one word: the name of an agent, or what is left to do?", name)
		return e.WithHint(`to hand it to %s: %s "<text>" --release%s && %s; as a text: %s`, name, line([]string{"handoff", key}), strings.TrimPrefix(line(a.global()), "pm"),
			line(slices.Concat([]string{"update", key, "--assignee", name}, a.global())), line(slices.Concat(f.path, []string{key, "--text", name}, f.flags)))
	case (verb == "update" || verb == "edit") && !slices.Contains(f.flags, "--title"):
		i := slices.Index(f.flags, "-t")
		if i < 0 || i+1 >= len(f.flags) || !likeTitle(f.flags[i+1]) {
			return nil
		}
		own := slices.Clone(f.flags)
		own[i] = "--title"
		e := usageError("unclear flag -t %s: it sets the agent type", shellWord(f.flags[i+1]))
		return e.WithHint("to set that, use --agent-type; to set the title: %s", line(slices.Concat(f.path, f.plain, own)))
	}
	return nil
}

// isDashedStatus reports whether a flag is a status behind one dash, as -todo, of
// which -t would take the rest for its value.
func isDashedStatus(flag string) bool {
	if len(flag) < 4 || flag[0] != '-' || flag[1] == '-' {
		return false
	}
	_, err := plan.ParseTaskStatuses(flag[1:])
	return err == nil
}

// labelMarks are the labels of pm tag KEY -later +urgent, as Taskwarrior marks them,
// of which -later is no short flag; none if there is no such label.
func (a *app) labelMarks() (marks []string) {
	for _, s := range a.typed.flags {
		if len(s) > 3 && s[0] == '-' && s[1] == 'l' && slices.ContainsFunc(a.given, func(s string) bool { return s == "tag" || s[0] == '+' }) {
			marks = append(marks, s)
		}
	}
	for _, s := range a.given {
		if len(marks) > 0 && len(s) > 1 && s[0] == '+' {
			marks = append(marks, s)
		}
	}
	return marks
}

// unfinished is where among the flags a reason is given that is a resolution other
// than done, as in gh issue close --reason "not planned"; -1 if there is none.
func unfinished(flags []string) int {
	i := slices.IndexFunc(flags, func(s string) bool { return s == "--reason" || s == "-r" })
	if i < 0 || i+1 >= len(flags) {
		return -1
	}
	if r := resolutionMeant(flags[i+1]); r == "" || r == plan.ResolvedDone {
		return -1
	}
	return i
}

// handsTo is the only word that stands behind the key of a handoff, if nothing says
// that it is a text; empty otherwise.
func (a *app) handsTo() string {
	f := a.typed
	if len(f.plain) != 2 || !isAnyKey(f.plain[0]) || !likeName(f.plain[1]) || len(f.plain[1]) < 2 || f.plain[1][0] == '<' {
		return ""
	}
	if len(f.flags) > len(a.global()) {
		return "" // another flag says what is meant
	}
	if i := slices.Index(a.given, f.plain[1]); i < 1 || strings.HasPrefix(a.given[i-1], "-") && !isSwitch(a.given[i-1]) {
		return ""
	}
	return f.plain[1]
}

// likeName reports whether an argument may be the name of an agent.
func likeName(s string) bool {
	return plan.CheckName("agent", s) == nil && !strings.ContainsAny(s, " .,;:") && !likeKey(s)
}

// likeTitle reports whether the value of -t is likelier a title than the type of
// an agent, which is one small word or an abbreviation.
func likeTitle(s string) bool {
	return strings.ContainsAny(s, " ") || len(s) > 2 && strings.ToLower(s[:1]) != s[:1] && strings.ToUpper(s) != s
}

// statusFirst understands pm status with more than it takes: of an epic, of the
// tasks in a status, and the status that a task is to have.
func statusFirst(l typed) []string {
	if l.word(0) != "status" {
		return nil
	}
	value, used := "", 0
	if len(l.rest) > 0 {
		value, used = valueOf(l.rest, 0, "--epic", "--feature", "--status", "-e", "-f", "-s")
	}
	rest := typed{flags: l.flags, rest: l.rest[used:]}
	_, err := plan.ParseTaskStatus(l.word(1))
	switch {
	case len(l.first) == 3 && l.word(1) == "set" && l.isKey(2) && len(l.rest) > 0:
		return statusSet(typed{flags: l.flags, rest: l.rest[1:]}, l.first[2], l.rest[0])
	case len(l.first) == 2 && l.isKey(1) && strings.HasPrefix(strings.Join(l.rest, " "), "--status"):
		return statusSet(rest, l.first[1], value)
	case len(l.first) == 1 && isAnyKey(value):
		return rest.line("show", value)
	case len(l.first) == 2 && err == nil:
		return l.line("list", "--status", l.first[1])
	}
	return nil
}

// noteKindFirst understands pm note decision KEY "text", and pm note search text.
func noteKindFirst(l typed) []string {
	if plan.MeaningOf(plan.ForNoun, l.word(0)) != "note" {
		return nil
	}
	if l.word(1) == "search" && len(l.first) == 3 && !l.isKey(2) {
		return l.line("search", l.first[2])
	}
	if l.isKey(2) && slices.Contains(plan.WrittenNoteKinds(), plan.NoteKind(l.word(1))) && countWords(l.rest) > 0 {
		return slices.Concat(l.flags, []string{"note", l.first[2]}, l.rest, []string{"--kind", l.word(1)})
	}
	return nil
}

// fileOfBackup understands pm backup FILE and pm restore FILE: no item has a
// name that ends like the file of a database.
func fileOfBackup(l typed) []string {
	verb := map[string]string{"backup": "create", "restore": "restore"}[l.word(0)]
	isFile := func(s string) bool { return strings.HasSuffix(s, ".db") || strings.HasSuffix(s, ".sqlite") }
	switch {
	case verb == "":
	case len(l.first) == 2 && isFile(l.first[1]):
		return l.line("backup", verb, l.first[1])
	case len(l.first) == 1 && len(l.rest) > 0:
		if value, used := valueOf(l.rest, 0, "--output", "-o", "--to", "--file", "--path"); isFile(value) {
			return slices.Concat(l.flags, []string{"backup", verb, value}, l.rest[used:])
		}
	}
	return nil
}

// resolutionMeant returns how a task ended, if a word says that; empty for another.
func resolutionMeant(word string) plan.Resolution {
	r, _ := plan.ParseResolution(word)
	return r
}
