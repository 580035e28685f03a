package cli

import (
	"errors"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The groups of commands in the help, in this order.
const (
	groupWork  = "work"
	groupPlan  = "plan"
	groupLook  = "look"
	groupMove  = "move"
	groupOther = "other"
)

// root makes the tree of commands from the table of operations and the
// commands made by hand.
func (a *app) root(args []string) *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:   "pm",
		Short: "Plan a project for people and coding agents",
		Long: `pm keeps a project's epics, features and tasks in one file next to the code, or in
PostgreSQL. Many people and agents can work from it at once: a task that one of them
has claimed is not given to anyone else.`,
		Example:       "  pm init\n  pm epic create \"Payments\"\n  pm next --claim",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.unknownCommand(cmd, args[0])
			}
			if version {
				return a.printVersion()
			}
			return a.bare(cmd)
		},
	}
	root.Flags().BoolVar(&version, "version", false, "print the version of pm")
	root.AddGroup(
		&cobra.Group{ID: groupWork, Title: "Work:"}, &cobra.Group{ID: groupPlan, Title: "Plan:"},
		&cobra.Group{ID: groupLook, Title: "Look:"}, &cobra.Group{ID: groupMove, Title: "Import, export and set up:"},
		&cobra.Group{ID: groupOther, Title: "More:"})
	root.SetHelpCommandGroupID(groupOther)
	root.SetCompletionCommandGroupID(groupOther)
	root.SetFlagErrorFunc(a.flagError)
	help := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		addAliases(c)
		help(c, args)
	})
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.compileJQ() }
	a.globalFlags(root.PersistentFlags())
	// Making every command with its flags takes longer than answering most of
	// them: only what the first word names is made, and all for the help.
	word := firstWord(args)
	if !a.addCommands(root, word) {
		word = ""
		a.addCommands(root, word)
	}
	root.CompletionOptions.DisableDefaultCmd = word != ""
	if word == "" {
		a.ownHelp(root)
	}
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		a.completeFlags(root)
	}
	return root
}

// Commands returns the tree of all commands, for those who describe it: it is
// not to be run.
func Commands() *cobra.Command {
	root := new(app).root(nil)
	for _, c := range root.Commands() {
		addAliases(c)
		for _, sub := range c.Commands() {
			addAliases(sub)
		}
	}
	return root
}

// addAliases gives a command the other words for it, which its help shows.
func addAliases(c *cobra.Command) {
	name := strings.TrimPrefix(c.CommandPath(), "pm ")
	for _, s := range plan.Synonyms() {
		if s.Kind == plan.ForCommand && s.Means == name && !strings.Contains(name, " ") {
			c.Aliases = append(slices.Clone(c.Aliases), s.Words...)
		}
		if parent := c.Parent(); s.Kind == plan.ForVerb && s.Means == c.Name() && parent != nil && isNoun(parent.Name()) {
			c.Aliases = append(slices.Clone(c.Aliases), s.Words...)
		}
	}
}

// addCommands adds the commands whose first word is word, all for the empty
// word, and reports whether there are any. No operation has the word of a
// command that is made by hand.
func (a *app) addCommands(root *cobra.Command, word string) bool {
	if a.addHandmade(root, word); word != "" && root.HasSubCommands() {
		return true
	}
	nouns := map[string]*cobra.Command{}
	for _, op := range ops.Table() {
		a.addOperation(root, nouns, op, word)
	}
	a.improve(root, nouns)
	return root.HasSubCommands()
}

// firstWord returns the first argument that is no flag and no flag's value.
// It is empty if that cannot be told.
func firstWord(args []string) string {
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case !strings.HasPrefix(arg, "-"):
			return arg
		case among(arg, "--db --agent --fields --jq"):
			i++
		case strings.Contains(arg, "="), isSwitch(arg):
		default:
			return ""
		}
	}
	return ""
}

func (a *app) globalFlags(f *pflag.FlagSet) {
	f.StringVar(&a.flags.db, "db", "", "database: a file or postgres://… (default: PM_DB, otherwise the workspace's)")
	f.StringVar(&a.flags.agent, "agent", "", "agent name to act as (default: PM_AGENT, otherwise the system user)")
	f.BoolVar(&a.flags.json, "json", false, "print JSON")
	f.BoolVarP(&a.flags.quiet, "quiet", "q", false, "print keys only")
	f.StringSliceVar(&a.flags.fields, "fields", nil, "print only these fields, by their JSON names")
	f.StringVar(&a.flags.jq, "jq", "", "filter the JSON output with a jq expression")
	f.BoolVar(&a.flags.timing, "timing", false, "print statement timings to stderr")
}

// addOperation adds the command of an operation under its noun, and once more
// at the root if it is used daily.
func (a *app) addOperation(root *cobra.Command, nouns map[string]*cobra.Command, op ops.Op, word string) {
	noun, verb, _ := strings.Cut(op.Name, " ")
	if op.Daily != "" && (word == "" || word == op.Daily || word == op.Alias) {
		daily := a.command(op, op.Daily)
		daily.GroupID = dailyGroup(op)
		if op.Alias != "" {
			daily.Aliases = []string{op.Alias}
		}
		root.AddCommand(daily)
	}
	if word != "" && word != noun || noun == "item" || noun == "plan" || ofAnother(op.Name) {
		return // at the root only
	}
	if nouns[noun] == nil {
		nouns[noun] = a.nounCommand(noun)
		root.AddCommand(nouns[noun])
	}
	c := a.command(op, verb)
	if op.Alias != "" {
		c.Aliases = []string{op.Alias}
	}
	nouns[noun].AddCommand(c)
}

// ofAnother reports whether an operation is part of a command made by hand.
func ofAnother(name string) bool {
	_, verb, _ := strings.Cut(name, " ")
	return strings.Contains(verb, "-") || verb == "context" || verb == "count"
}

func (a *app) nounCommand(noun string) *cobra.Command {
	short := map[string]string{
		"epic": "Epics", "feature": "Features, the parts of an epic", "task": "Tasks, the parts of a feature",
		"dep": "Dependencies between items", "note": "Notes on items and on the plan", "check": "Checklists of tasks", "repeat": "Recurring tasks", "label": "Labels of epics, features and tasks", "view": "Views: saved queries for lists", "ops": "Operations: the commands that changed the plan", "stage": "Stages that tasks pass through", "ref": "References: names of items in other tools",
		"trash": "Deleted items that can be restored", "field": "Custom fields", "project": "Settings of the project", "question": "Questions and their answers",
	}[noun]
	return a.groupCommand(noun, short, groupPlan)
}

func dailyGroup(op ops.Op) string {
	switch {
	case among(op.Daily, "list mine search show log tree status insights forecast graph diff report"):
		return groupLook
	case op.Effect == ops.Deletes, op.Daily == "move", op.Daily == "order", op.Daily == "apply", op.Daily == "link", op.Daily == "unlink":
		return groupPlan
	}
	return groupWork
}

// flagError says what is wrong with a flag, unless it is the command before it
// that is mistyped.
func (a *app) flagError(cmd *cobra.Command, err error) error {
	if args := cmd.Flags().Args(); cmd.HasSubCommands() && len(args) > 0 {
		if !isAnyKey(args[0]) { // of pm note KEY
			return a.unknownCommand(cmd, args[0])
		}
	}
	if e := a.presentOnly(cmd, err); e != nil {
		return e
	}
	hint := a.withFlag(cmd, err)
	var value *plan.Error
	if errors.As(err, &value) {
		err = value // says it in fewer words
	}
	if hint == "" {
		hint = "to list its flags: " + cmd.CommandPath() + " --help"
	}
	return usageError("%v", err).WithHint("%s", hint)
}

// unknownCommand names the nearest command, with the rest of the line.
func (a *app) unknownCommand(cmd *cobra.Command, word string) error {
	if countDigits(word) == len(word) && !cmd.HasParent() {
		if key := a.byNumber(cmd.Context(), word); key != "" {
			if again := a.understand(replaced(a.args, word, key)); a.isCommand(again[0]) {
				return usageError("unknown command %q", word).WithHint("keys look like T-E04-F01-001: %s", line(again))
			}
		}
		return usageError("unknown command %q", word).WithHint("%s", a.runHint("name a task by its key; to see the keys", "list"))
	}
	e := usageError("unknown command %q", strings.TrimPrefix(cmd.CommandPath()+" "+word, "pm "))
	if hint := a.guess(cmd, word); hint != "" {
		return e.WithHint("%s", hint)
	}
	if own := a.narrowly(cmd, word); own != "" {
		return e.WithHint("%s", own)
	}
	if near := a.nearestLine(cmd, word); near != "" {
		return e.WithHint("did you mean: %s", near)
	}
	if i := slices.IndexFunc(a.args, isAnyKey); i >= 0 {
		return e.WithHint("%s", a.runHint("to see it", "show", a.args[i]))
	}
	return e.WithHint("to list the commands: %s --help", cmd.CommandPath())
}

func countDigits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}

func isNumber(s string) bool { return s != "" && countDigits(s) == len(s) }
