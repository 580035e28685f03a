package cli

import (
	"bufio"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"pm/internal/cli/render"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// improveShow adds --context, and shows people a task with its notes.
func (a *app) improveShow(c *cobra.Command) {
	withContext := false
	c.Flags().BoolVar(&withContext, "context", false, "for a task: everything needed to start on it")
	c.Use = "show KEY..."
	one, plain := c.Args, c.RunE
	c.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 && !withContext {
			return nil
		}
		return one(cmd, args)
	}
	c.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		return a.offer(cmd, args, typed, wanted{levels: anyLevel})
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		asOf := ""
		if f, is := cmd.Flags().Lookup("as-of").Value.(flagValue); is {
			asOf = f.Text()
		}
		switch {
		case len(args) > 1 && asOf != "":
			return a.showManyAsOf(cmd, args, asOf)
		case len(args) > 1:
			op, _ := ops.Find("item show-many")
			return a.answer(cmd, op, &tracker.ShowItems{Keys: args})
		case !withContext:
			return plain(cmd, args)
		}
		if err := a.checkFields(reflect.TypeFor[tracker.Context]()); err != nil {
			return err
		}
		ctx, t, err := a.act(cmd.Context())
		if err != nil {
			return err
		}
		op, _ := ops.Find("task context")
		answer, err := op.Call(ctx, t, &tracker.ShowTask{Key: args[0], AsOf: asOf})
		if err != nil {
			return err
		}
		return a.print(answer)
	}
}

// showManyAsOf shows several items as they were.
func (a *app) showManyAsOf(cmd *cobra.Command, keys []string, asOf string) error {
	if err := a.checkFields(reflect.TypeFor[tracker.Shown]()); err != nil {
		return err
	}
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return err
	}
	answer, err := t.ShowItemsAsOf(ctx, tracker.ShowItems{Keys: keys}, asOf)
	if err == nil {
		err = a.print(answer)
	}
	if err == nil {
		a.tellLacks()
	}
	return err
}

// improveStatus fills a terminal, whose height may hold longer lists than usual.
func (a *app) improveStatus(c *cobra.Command) {
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if out := a.out(); out.Terminal && !cmd.Flags().Changed("limit") && !a.forProgram() {
			cmd.Flags().Set("limit", strconv.Itoa(min(max(out.Height, leastHeight), mostHeight)))
		}
		return plain(cmd, args)
	}
}

// The height that a terminal has at least, and the largest that is taken for one.
const (
	leastHeight = 24
	mostHeight  = 500
)

// updateCommand makes pm update, which takes the key of any level.
func (a *app) updateCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "update KEY...", Short: "Update an epic, a feature or tasks", GroupID: groupPlan,
		Long: `Update fields of an epic, a feature, or one or more tasks. To change the status of
a task, use a command such as pm claim or pm complete.
Use - as --title, --description or a value of --set to read it from stdin.`,
		Example:           "  pm update T-E01-F01-001 --title \"Validate card numbers and dates\"\n  pm update E01 --status active",
		ValidArgsFunction: a.completeUpdate,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return missingArgument(cmd, "KEY")
			}
			return nil
		},
	}
	a.addIdempotencyKey(c)
	given := map[string]*string{}
	for _, f := range []struct{ name, short, help string }{
		{"title", "", "new title"},
		{"description", "d", "new description, Markdown"},
		{"priority", "p", "1 to 10 for a task; high, medium or low for an epic"},
		{"status", "", "for an epic or a feature: draft, active, completed or archived"},
		{"agent-type", "t", "for a task: the agent type it needs; empty for any"},
		{"file-path", "", "for a task: a project file that it is about"},
		{"kind", "", "for a task: bug, chore, spike or any word; empty for task"},
		{"stage", "", "for a task: the stage to put it in; empty for none"},
		{"due", "", "due date, a day or a time; empty for none"},
		{"repeat", "", "for a task: how often it repeats, such as weekly; empty for never"},
		{"assignee", "", "for a task: the agent it is assigned to; empty for anyone"},
		{"defer", "", "defer until this day or time; empty for none"},
		{"estimate", "", "for a task: estimate, such as 2.5; empty for none"},
		{"business-value", "", "for an epic: high, medium or low; empty for none"},
		{"if-version", "", "update it only if it is still at this version"},
	} {
		given[f.name] = c.Flags().StringP(f.name, f.short, "", f.help)
	}
	own := c.Flags().StringArray("set", nil, "a custom field of the project: NAME=VALUE; an empty value clears it")
	addFileFlag(c.Flags(), "--description")
	takeType(c.Flags())
	c.RunE = func(cmd *cobra.Command, args []string) error { return a.update(cmd, args, given, *own) }
	return c
}

func (a *app) update(cmd *cobra.Command, keys []string, given map[string]*string, own []string) error {
	key, err := a.keyOf(cmd.Context(), keys[0])
	if err != nil {
		return err
	}
	op, _ := ops.Find(string(key.Level()) + " update")
	in := op.NewInput()
	params := ops.Params(in)
	if key.Level() != plan.LevelTask && len(keys) > 1 {
		return usageError("cannot update %d keys at once: only tasks can be updated together", len(keys))
	}
	if err := fill(params, keys); err != nil {
		return err
	}
	for name, value := range given {
		if !cmd.Flags().Changed(name) {
			continue
		}
		if err := setNamed(params, name, *value, key); err != nil {
			return err
		}
	}
	for _, pair := range own {
		if err := setNamed(params, "set", pair, key); err != nil {
			return err
		}
	}
	if err := changesSomething(cmd); err != nil {
		return err
	}
	if err := a.readTexts(cmd, params); err != nil {
		return err
	}
	return a.answer(cmd, op, in)
}

// verbFor returns the command that gives a task the status.
func verbFor(status string, k plan.Key) string {
	s, err := plan.ParseTaskStatus(status)
	verb := map[plan.TaskStatus]string{plan.Todo: "release", plan.InProgress: "start", plan.Blocked: "block", plan.ReadyForReview: "submit",
		plan.Completed: "complete", plan.Archived: "archive"}[s]
	switch {
	case err != nil:
		return fmt.Sprintf("pm start %s, pm complete %s; run pm --help to list them", k, k)
	case s == plan.Blocked:
		return fmt.Sprintf(`pm block %s --reason "why"`, k)
	}
	return fmt.Sprintf("pm %s %s", verb, k)
}

// improveUpdate refuses an update that names no field.
func improveUpdate(c *cobra.Command) {
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := changesSomething(cmd); err != nil {
			return err
		}
		return plain(cmd, args)
	}
}

func changesSomething(cmd *cobra.Command) error {
	fields := false
	own := cmd.LocalNonPersistentFlags()
	cmd.Flags().Visit(func(f *pflag.Flag) {
		fields = fields || own.Lookup(f.Name) != nil && f.Name != "if-version" && f.Name != "idempotency-key"
	})
	if fields {
		return nil
	}
	return usageError("nothing to update").WithHint("set at least one field, such as --title")
}

func setNamed(params []ops.Param, flag, value string, k plan.Key) error {
	for _, p := range params {
		if p.Flag != flag {
			continue
		}
		if err := p.Set(value); err != nil {
			return usageError("%v", err).WithHint("to see what can be set: pm update --help")
		}
		return nil
	}
	e := usageError("cannot set the %s of %s", strings.ReplaceAll(flag, "-", " "), k.Level().Article())
	if flag == "status" {
		return e.WithHint("use a verb: %s", verbFor(value, k))
	}
	return e
}

// improveShort makes pm note KEY TEXT the short form of pm note add, and pm check
// KEY N that of pm check tick.
func (a *app) improveShort(noun *cobra.Command, verb string) {
	add := find(noun, verb)
	noun.Use, noun.Long, noun.Example = noun.Name()+strings.TrimPrefix(add.Use, verb), add.Long, add.Example
	noun.GroupID = groupWork
	noun.ValidArgsFunction = add.ValidArgsFunction
	noun.Flags().AddFlagSet(add.Flags())
	noun.RunE = func(cmd *cobra.Command, args []string) error {
		if f := cmd.Flags().Lookup("plan"); f != nil && f.Changed {
			return add.RunE(cmd, args)
		}
		if len(args) == 0 {
			if cmd.Flags().NFlag() == 0 {
				return cmd.Help()
			}
			return add.Args(cmd, args)
		}
		_, keyErr := plan.ParseKey(args[0])
		err := add.Args(cmd, args)
		if keyErr != nil && args[0] != "" && (err != nil || len(nearest(cmd, args[0])) > 0) {
			return a.unknownCommand(cmd, args[0])
		}
		if err != nil {
			return err
		}
		return add.RunE(cmd, args)
	}
}

// planFlag adds the flag that stands for the key of the plan itself.
func (a *app) planFlag(c *cobra.Command) {
	ofPlan := c.Flags().Bool("plan", false, "use the plan itself instead of KEY")
	check, run := c.Args, c.RunE
	whole := func(args []string) []string {
		if *ofPlan {
			return append([]string{"plan"}, args...)
		}
		return args
	}
	c.Args = func(cmd *cobra.Command, args []string) error { return check(cmd, whole(args)) }
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, whole(args)); err != nil {
			return err
		}
		return run(cmd, whole(args))
	}
}

// deleteOf makes pm epic delete and its like.
func (a *app) deleteOf(noun string) *cobra.Command {
	op, _ := ops.Find("item delete")
	c := a.command(op, "delete")
	c.Short = "Delete " + plan.Level(noun).Article()
	c.Long = c.Short + ".\n" + op.Detail
	key := map[string]string{"epic": "E01", "feature": "E01-F01", "task": "T-E01-F01-001"}[noun]
	c.Example = examples([]string{noun + " delete " + key + " --dry-run", noun + " delete " + key + " --yes"})
	a.improveDelete(c, plan.Level(noun))
	c.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, noFiles
		}
		return a.offer(cmd, args, typed, wanted{levels: []plan.Level{plan.Level(noun)}})
	}
	return c
}

// improveDelete adds --yes, and asks on a terminal.
func (a *app) improveDelete(c *cobra.Command, level plan.Level) {
	yes := false
	c.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask for confirmation")
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		key, err := a.keyOf(cmd.Context(), args[0])
		if err == nil && level != "" && key.Level() != level {
			err = plan.Errorf(plan.Invalid, "%s is the key of %s, not of %s", key, key.Level().Article(), level.Article()).WithCode("bad_key").
				WithHint("to see it: pm show %s", key)
		}
		if err != nil {
			return err
		}
		dryRun := cmd.Flags().Changed("dry-run")
		if yes || dryRun || !a.interactive() {
			return plain(cmd, args)
		}
		agreed, err := a.confirmDelete(cmd, key)
		if err != nil {
			return err
		}
		if !agreed {
			a.say("nothing was deleted")
			return nil
		}
		return plain(cmd, args)
	}
}

func (a *app) confirmDelete(cmd *cobra.Command, key plan.Key) (bool, error) {
	ctx, t, err := a.act(cmd.Context())
	if err != nil {
		return false, err
	}
	op, _ := ops.Find("item delete")
	would, err := op.Call(ctx, t, &tracker.Delete{Key: key.String(), DryRun: true})
	if err != nil {
		return false, err
	}
	o := a.rendering()
	o.Out = a.err()
	if err := render.Text(a.stderr, o, would); err != nil {
		return false, err
	}
	return a.agreed("delete?")
}

// agreed asks a question on the terminal.
func (a *app) agreed(question string) (bool, error) {
	fmt.Fprint(a.stderr, question+" [y/N] ")
	line, err := bufio.NewReader(a.stdin).ReadString('\n')
	if err != nil && err != io.EOF {
		return false, err
	}
	word := strings.ToLower(strings.TrimSpace(line))
	return word == "y" || word == "yes", nil
}

// improveForGood adds --yes to a command that cannot be undone: it asks the
// question on a terminal, and without one it needs --yes to do what.
func (a *app) improveForGood(c *cobra.Command, question, what string) {
	yes := false
	c.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask for confirmation")
	plain := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case yes:
			return plain(cmd, args)
		case !a.interactive():
			return plan.Errorf(plan.Usage, "cannot ask for confirmation without a terminal").WithHint("use --yes to %s", what)
		}
		agreed, err := a.agreed(question)
		if err != nil {
			return err
		}
		if !agreed {
			a.say("nothing was changed")
			return nil
		}
		return plain(cmd, args)
	}
}

// interactive reports whether a question can be asked and seen.
func (a *app) interactive() bool {
	in, ok := a.stdin.(stdin)
	return ok && isTerminal(in.file) && a.err().Terminal
}
