package cli

import (
	"slices"
	"strings"

	"pm/internal/plan"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// ownFlags returns the command line with pm's own flags in the place of their
// synonyms, and arguments that were given as flags where arguments stand.
func (a *app) ownFlags(root *cobra.Command, args []string) []string {
	args = slices.Clone(args)
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		switch { // as gh names somebody
		case !slices.Contains(ofPersons, name):
		case joined && strings.HasPrefix(value, "@"):
			args[i] = name + "=" + value[1:]
		case i+1 < len(args) && strings.HasPrefix(args[i+1], "@"):
			args[i+1] = args[i+1][1:]
		}
	}
	cmd, depth := target(root, args)
	if cmd == root {
		a.typed.flags = args
		return ownOutput(cmd, args)
	}
	args = rewritten(cmd, args)
	f := flagReader{cmd: cmd, slots: slotsOf(cmd), given: map[int][]string{}}
	f.read(f.anyStatus(args), depth)
	if f.changed {
		args = f.line()
		f = flagReader{cmd: f.cmd, slots: f.slots, given: map[int][]string{}}
		f.read(args, depth)
	}
	if again, changed := f.reordered(); changed {
		return a.ownFlags(root, again)
	}
	a.typed = f
	return args
}

// ofPersons are the flags whose value names somebody.
var ofPersons = []string{"-a", "-A", "--assignee", "--agent", "--author", "--holder", "--owner", "--user"}

// target returns the command that a line names, and how many words name it.
func target(root *cobra.Command, args []string) (cmd *cobra.Command, depth int) {
	cmd = root
	for i := 0; i < len(args); i++ {
		if strings.HasPrefix(args[i], "-") {
			if takesNext(cmd, args[i]) || valued(args[i]) {
				i++
			}
			continue
		}
		next := childOf(cmd, args[i])
		if next == nil {
			return cmd, depth
		}
		cmd, depth = next, depth+1
	}
	return cmd, depth
}

func childOf(cmd *cobra.Command, word string) *cobra.Command {
	for _, c := range cmd.Commands() {
		if c.Name() == word || c.HasAlias(word) {
			return c
		}
	}
	return nil
}

// flagOf returns the flag that an argument names; nil if the command has none.
func flagOf(cmd *cobra.Command, arg string) *pflag.Flag {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if name == "" {
		return nil
	}
	for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.InheritedFlags()} {
		if strings.HasPrefix(arg, "--") {
			if f := set.Lookup(name); f != nil {
				return f
			}
		} else if f := set.ShorthandLookup(name[:1]); f != nil {
			return f
		}
	}
	if name == "help" || arg == "-h" {
		return &pflag.Flag{Name: "help", NoOptDefVal: "true"}
	}
	return nil
}

// takesNext reports whether the argument is a flag whose value is the next one.
func takesNext(cmd *cobra.Command, arg string) bool {
	f := flagOf(cmd, arg)
	switch {
	case f == nil || f.NoOptDefVal != "" || strings.Contains(arg, "="):
		return false
	case strings.HasPrefix(arg, "--"):
		return true
	}
	return len(arg) == 2
}

// slotsOf names the arguments of a command, as its usage has them, in lower case.
func slotsOf(cmd *cobra.Command) (slots []string) {
	for _, word := range strings.Fields(cmd.Use)[1:] {
		word = strings.Trim(strings.TrimSuffix(strings.Trim(word, "[]"), "|-"), "[]")
		if !strings.HasPrefix(word, "[flags") && word != strings.ToLower(word) && word != "REASON" && word != "REASON]" {
			slots = append(slots, strings.ToLower(word))
		}
	}
	return slots
}

// isQuery reports whether a command with these arguments looks for tasks.
func isQuery(slots []string) bool { return len(slots) > 0 && slots[0] == "query..." }

// A flagReader goes through a command line.
type flagReader struct {
	cmd     *cobra.Command
	slots   []string
	given   map[int][]string // arguments that were given as flags, by slot
	path    []string         // the words that name the command
	plain   []string         // other words
	flags   []string
	open    string // a flag that has no value
	changed bool
}

// nobody are words for no agent at all, in a list's --assignee.
var nobody = []string{"", "none", "nobody", "unassigned", "null", "nil"}

func (f *flagReader) read(args []string, depth int) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			f.plain = append(f.plain, args[i+1:]...)
			return
		case len(f.path) < depth && !strings.HasPrefix(arg, "-"):
			f.path = append(f.path, arg)
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			f.plain = append(f.plain, f.keys(arg)...)
		case (arg == "--format=json" || arg == "--format" && i+1 < len(args) && args[i+1] == "json") && f.cmd.Name() == "export":
			f.changed = true // what it writes is JSON anyway
			if arg == "--format" {
				i++
			}
		case flagOf(f.cmd, arg) != nil:
			if takesNext(f.cmd, arg) && i+1 < len(args) && (isSwitch(args[i+1]) || isOwn(f.cmd, args[i+1])) {
				f.open, f.changed = arg, true // else it would take the flag for its value
				continue
			}
			f.flags = append(f.flags, arg)
			if takesNext(f.cmd, arg) && i+1 < len(args) {
				i++
				f.flags = append(f.flags, args[i])
			}
		default:
			i += f.synonym(arg, args[i+1:])
		}
	}
}

// isOwn reports whether an argument is a flag of the command, and nothing else.
func isOwn(cmd *cobra.Command, arg string) bool {
	return (strings.HasPrefix(arg, "--") && len(arg) > 3 || len(arg) == 2 && arg[0] == '-') && flagOf(cmd, arg) != nil
}

// keys splits several keys between commas.
func (f *flagReader) keys(arg string) []string {
	if len(f.slots) == 0 || f.slots[len(f.slots)-1] != "key..." && f.slots[len(f.slots)-1] != "depends_on..." {
		return []string{arg}
	}
	if name, key, is := strings.Cut(arg, "="); is && plan.Means(plan.ForFlag, name, "key") {
		f.changed, arg = true, key // task=KEY
	}
	all := strings.FieldsFunc(arg, func(r rune) bool { return strings.ContainsRune(`, []"`, r) })
	if len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return !isAnyKey(strings.TrimSpace(s)) }) {
		return []string{arg}
	}
	f.changed = f.changed || len(all) > 1 || all[0] != arg
	return all
}

// attached reads a value behind a short flag that the command does not have: -yHigh.
// Small letters are more likely flags.
func (f *flagReader) attached(name, arg string) []string {
	if name[1] < 'A' || name[1] > 'Z' {
		return []string{arg}
	}
	for _, own := range plan.MeaningsOf(plan.ForFlag, name[:1]) {
		if flag := flagOf(f.cmd, "--"+own); flag != nil && flag.NoOptDefVal == "" {
			f.changed = true
			return []string{"--" + own, name[1:]}
		}
	}
	return []string{arg}
}

// synonym reads a flag that the command does not have, and returns how many of
// the arguments behind it belong to it.
func (f *flagReader) synonym(arg string, next []string) int {
	name, value, joined := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	if isNumber(name) && !joined && flagOf(f.cmd, "--limit") != nil {
		f.flags, f.changed = append(f.flags, "--limit", name), true // pm log -5
		return 0
	}
	if !strings.HasPrefix(arg, "--") && len(name) > 1 && !joined && name != "json" {
		f.flags = append(f.flags, f.attached(name, arg)...)
		return 0
	}
	has := joined || len(next) > 0 && (!strings.HasPrefix(next[0], "-") || strings.ContainsAny(next[0], " ") || countDigits(next[0][1:]) > 0)
	if !joined && has {
		value = next[0]
	}
	used := 0
	if !joined && has {
		used = 1
	}
	if asked, is := outputOf(name, value, has); is {
		f.flags, f.changed = append(f.flags, asked...), true
		return used
	}
	name = kebab(name)
	if unit := map[string]string{"minutes": "m", "mins": "m", "hours": "h", "hrs": "h"}[name]; unit != "" && has && f.cmd.Flags().Lookup("lease") != nil && isNumber(value) {
		f.flags, f.changed = append(f.flags, "--lease", value+unit), true
		return used
	}
	if term, takes := f.term(name, value, has); term != "" && (has || !takes) {
		f.changed = true
		if !takes {
			f.plain = append(f.plain, term)
			return 0
		}
		if name, form, _ := strings.Cut(term, ":"); strings.Contains(value, " ") && !strings.Contains(name, "(") {
			term = name + `:"` + form + `"` // with the dots of a range, which stand inside the quotes
		} else if strings.Contains(value, " ") {
			value = `"` + value + `"`
		}
		f.plain = append(f.plain, strings.ReplaceAll(term, "VALUE", value))
		return used
	}
	if known, alone := f.meant(name, value, has, joined); alone {
		return 0
	} else if known {
		return used
	}
	f.flags = append(f.flags, arg)
	if used == 1 {
		f.flags = append(f.flags, value)
	}
	return used
}

// meant reads a flag under one of the names that its own may mean, as a flag or an
// argument of the command, and reports whether there is one; alone is set if it has
// no value.
func (f *flagReader) meant(name, value string, has, joined bool) (known, alone bool) {
	for _, own := range append([]string{name}, plan.MeaningsOf(plan.ForFlag, name)...) {
		if f.elsewhere(name, own) || name == "parent" && isLevel(value, plan.LevelTask) {
			continue
		}
		flag := flagOf(f.cmd, "--"+own)
		slot := slices.IndexFunc(f.slots, func(s string) bool { return strings.TrimSuffix(s, "...") == own })
		switch {
		case flag == nil && (slot < 0 || !has):
			continue
		case flag == nil:
			f.given[slot] = append(f.given[slot], f.listed(slot, value)...)
		case flag.NoOptDefVal != "" && !joined:
			f.flags, alone = append(f.flags, "--"+own), true
		case has:
			f.flags = append(f.flags, "--"+own, value)
		default:
			f.open = "--" + own // else it would take the next flag for its value
		}
		f.changed = true
		return true, alone
	}
	return false, false
}

// elsewhere reports whether a flag does not have this meaning at this command:
// notes do not replace a description, all tasks are more than the next one with
// its context, and an author in a list is nobody to act as.
func (f *flagReader) elsewhere(name, own string) bool {
	switch name {
	case "notes", "note":
		return own == "description" && f.cmd.Name() == "update"
	case "prompt":
		return own == "title" && f.cmd.Name() == "update" // task-master has it say what to do
	case "name":
		return own == "agent" && f.cmd.Name() == "init"
	case "all":
		return own == "context" && f.cmd.Name() == "next"
	case "author", "user", "actor", "who":
		return own == "agent" && isQuery(f.slots)
	}
	return false
}

// listed are the values of a slot that takes many, from one flag.
func (f *flagReader) listed(slot int, value string) []string {
	if strings.HasSuffix(f.slots[slot], "...") && f.slots[slot] != "text..." && f.slots[slot] != "query..." {
		return strings.Split(value, ",")
	}
	return []string{value}
}

// term returns the term of a query that a flag of pm list stands for, with VALUE
// for its value if it takes one.
func (f *flagReader) term(name, value string, has bool) (term string, takes bool) {
	if !isQuery(f.slots) {
		return "", false
	}
	switch name {
	case "since", "updated-since", "updated-after":
		return "updated:VALUE..", true
	case "created-after", "created-since":
		return "created:VALUE..", true
	case "created-before", "updated-before", "due-before":
		return strings.TrimSuffix(name, "-before") + ":..VALUE", true
	case "due-after":
		return "due:VALUE..", true
	case "created", "updated", "completed-on":
		return strings.TrimSuffix(name, "-on") + ":VALUE", true
	case "completed-since", "completed-after", "started-since":
		field, _, _ := strings.Cut(name, "-")
		return field + ":VALUE..", true
	case "all", "a", "A":
		if name != "all" && has {
			break
		}
		f.flags = append(f.flags, "--limit", "0")
		return " ", false
	case "assignee", "assigned-to", "owner", "assigned", "user", "who":
		if name == "assigned" && !has {
			return "has:agent", false
		}
		if slices.Contains(nobody, strings.ToLower(value)) {
			return "-has:agent", true
		}
		return "(agent:VALUE or assignee:VALUE)", true
	}
	if means := plan.MeaningsOf(plan.ForTerm, name); len(means) > 0 {
		if base, takes := strings.CutSuffix(means[0], ":"); takes {
			return base + ":VALUE", true
		}
		return means[0], false
	}
	return "", false
}

// outputOf understands --format json, -o json and their like.
func outputOf(name, value string, has bool) (flags []string, is bool) {
	if name != "format" && name != "output" && name != "o" && name != "output-format" && name != "fmt" || !has {
		return nil, false
	}
	switch strings.ToLower(value) {
	case "json", "jsonl", "ndjson":
		return []string{"--json"}, true
	case "text", "table", "plain", "human":
		return nil, true
	}
	return nil, false
}

// ownOutput is for a line without a command.
func ownOutput(root *cobra.Command, args []string) []string {
	for i := 0; i+1 < len(args); i++ {
		if flagOf(root, args[i]) == nil {
			if asked, is := outputOf(strings.TrimLeft(args[i], "-"), args[i+1], true); is {
				return slices.Concat(args[:i], asked, args[i+2:])
			}
		}
	}
	return args
}

// kebab writes a name as flags are written: dependsOn and depends_on are depends-on.
func kebab(name string) string {
	if len(name) == 1 {
		return name
	}
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_':
			b.WriteByte('-')
		case r >= 'A' && r <= 'Z' && i > 0 && name != strings.ToUpper(name):
			b.WriteByte('-')
			b.WriteRune(r + 'a' - 'A')
		default:
			b.WriteRune(r)
		}
	}
	return strings.ToLower(b.String())
}

// line writes the command line again: each argument in its slot.
func (f *flagReader) line() []string {
	var plain []string
	left := f.plain
	for i := range f.slots {
		switch given := f.given[i]; {
		case len(given) > 0:
			plain = append(plain, given...)
		case len(left) > 0:
			plain, left = append(plain, left[0]), left[1:]
		}
	}
	plain = slices.DeleteFunc(append(plain, left...), func(s string) bool { return s == " " })
	if slices.ContainsFunc(plain, func(s string) bool { return len(s) > 1 && s[0] == '-' && !isNegated(s) }) {
		return slices.Concat(f.path, f.flags, []string{"--"}, plain)
	}
	if f.open != "" {
		return slices.Concat(f.path, plain, f.flags, []string{f.open})
	}
	return slices.Concat(f.path, plain, f.flags)
}
