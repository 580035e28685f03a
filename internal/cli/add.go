package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"pm/internal/cli/term"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
)

// addCommand makes pm add, which captures a task as one types it.
func (a *app) addCommand() *cobra.Command {
	op, _ := ops.Find("task create")
	in := op.NewInput().(*tracker.CreateTask)
	params := ops.Params(in)
	dryRun := false
	c := &cobra.Command{
		Use: "add TEXT...", Short: "Capture a task in one line", GroupID: groupPlan,
		Long: `Capture a task in one line. Marks at the end of TEXT set other fields:
  +label  p1 to p10  @assignee  due:fri  in:FEATURE  kind:bug  type:backend
and NAME:VALUE for any other flag, such as est:2 or after:KEY. pm prints what it
understood to stderr. A mark that is followed by other words is part of the title.
The task is added to the feature given with in: or --feature, otherwise to the one
set with pm use or PM_FEATURE, otherwise to a feature named Inbox, which is created
if it does not exist.
Use - as TEXT to read it from stdin.`,
		Example: "  pm add 'Fix the login' +auth p2 due:fri in:E01-F01\n  pm add Call the bank -n",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return missingArgument(cmd, "TEXT")
			}
			return nil
		},
		ValidArgsFunction: a.completeMark,
	}
	addFlags(c, slices.DeleteFunc(slices.Clone(params), func(p ops.Param) bool { return p.Name == "feature" || p.Name == "title" }))
	feature := c.Flags().StringP("feature", "f", "", "feature to add the task to")
	c.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "show what was understood, and create nothing")
	addFileFlag(c.Flags(), "--description")
	a.addIdempotencyKey(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := a.readAdded(cmd, in, params, args); err != nil {
			return err
		}
		in.Feature = cmp.Or(in.Feature, *feature)
		from, err := a.place(in)
		if err != nil {
			return err
		}
		if dryRun {
			a.sayUnderstood(*in, from)
			return a.printCaptured(*in)
		}
		return a.capture(cmd, op, in, from)
	}
	return c
}

// readAdded reads the title and the marks behind it into the input of pm add.
func (a *app) readAdded(cmd *cobra.Command, in *tracker.CreateTask, params []ops.Param, args []string) error {
	title, marks := ops.TrailingMarks(strings.Join(args, " "), params)
	in.Title = title
	if err := a.readTexts(cmd, params); err != nil {
		return err
	}
	if title == "-" { // it was on stdin, perhaps with marks of its own
		var own []ops.Mark
		in.Title, own = ops.TrailingMarks(in.Title, params)
		marks = append(own, marks...)
	}
	if in.Title == "" && len(marks) == 0 {
		return usageError("missing title").WithHint(`write what needs doing: pm add "<title>"`)
	}
	if in.Title == "" {
		return usageError("missing title: %q is only marks", strings.Join(args, " ")).WithHint("put the title before them")
	}
	if err := a.checkTitle(cmd.Context(), in.Title, args); err != nil {
		return err
	}
	if err := a.emptyMark(in.Title, args, params); err != nil {
		return err
	}
	for _, m := range marks {
		if err := m.Set(); err != nil {
			return err
		}
	}
	return nil
}

// checkTitle refuses a title that is none: only punctuation, as in pm add . of
// who thinks of git, and one with marks in front of it, as Taskwarrior has them.
func (a *app) checkTitle(ctx context.Context, title string, args []string) error {
	if strings.IndexFunc(title, func(r rune) bool { return !unicode.IsPunct(r) && !unicode.IsSpace(r) }) < 0 {
		return usageError("missing title: %q is only punctuation", title).WithHint(`write what needs doing: pm add "<title>"`)
	}
	left, behind := title, strings.Fields(strings.TrimPrefix(strings.Join(args, " "), title))
	for {
		word, rest, more := strings.Cut(left, " ")
		mark := a.markInFront(ctx, word)
		if !more || mark == "" {
			break
		}
		left, behind = strings.TrimSpace(rest), append(behind, mark)
	}
	if left == title {
		return nil
	}
	first, _, _ := strings.Cut(title, " ")
	return usageError("the mark %s is in front of the title", first).
		WithHint("put marks at the end: %s", line(slices.Concat([]string{"add", left}, behind, a.typed.flags)))
}

// markInFront is the mark that a word in front of a title is meant as: a place, a
// priority or a day. Any other word may begin a title; it is empty for one.
func (a *app) markInFront(ctx context.Context, word string) string {
	name, value, is := strings.Cut(word, ":")
	switch k, err := plan.ParseKey(value); {
	case !is:
	case err == nil && k.Level() == plan.LevelEpic && (plan.Means(plan.ForFlag, name, "feature") || name == "epic"):
		return "in:" + a.featureIn(ctx, k)
	case err == nil && k.Level() == plan.LevelFeature && plan.Means(plan.ForFlag, name, "feature"):
		return "in:" + value
	case len(name) < 3:
	case ops.UpdateFlag(name) == "priority" && (ops.IsPriority(value) || len(plan.MeaningsOf(plan.ForPriority, strings.ToLower(value))) > 0):
		return word
	case ops.UpdateFlag(name) == "due":
		if _, day := query.ParseDate(value, a.now()); day {
			return word
		}
	}
	return ""
}

// emptyMark refuses a title that ends with a mark that has no value, as in pm add Fix
// due:, or with its value behind a space.
func (a *app) emptyMark(title string, args []string, params []ops.Param) error {
	words := strings.Fields(title)
	last := len(words) - 1
	name, value := words[last], ""
	if last > 0 && strings.HasSuffix(words[last-1], ":") {
		name, value = words[last-1], words[last]
	}
	m, is := ops.MarkOf(strings.TrimSuffix(name, ":")+":"+cmp.Or(value, "x"), params)
	field := strings.ReplaceAll(m.Param.Name, "_", "-")
	is = is && strings.HasSuffix(name, ":")
	before := strings.TrimSuffix(title, name+" "+value)
	switch {
	case name == "@" || name == "+" || name == "p:" || is && value == "":
		left, behind := strings.TrimSpace(strings.TrimSuffix(title, name)), strings.TrimPrefix(strings.Join(args, " "), title)
		e := usageError("missing value of the mark %q", name)
		if left == "" {
			return e.WithHint(`write what needs doing: pm add "<title>"`)
		}
		return e.WithHint("give it one, such as due:fri, or leave it out: %s", line(slices.Concat([]string{"add", left}, strings.Fields(behind), a.typed.flags)))
	case is && before != "" && (slices.Contains(ops.OtherMarks(), field) || field == "feature") && a.markInFront(context.Background(), name+value) != "":
		return usageError("unexpected space after %q", name).WithHint("write it in one word: %s", line(slices.Concat([]string{"add", strings.TrimSpace(before), name + value}, a.typed.flags)))
	}
	return nil
}

// place says which feature the task goes to, and why.
func (a *app) place(in *tracker.CreateTask) (from string, err error) {
	if in.Feature, from, err = a.orInUse(in.Feature); err == nil && in.Feature == "" {
		in.Feature = tracker.Inbox
	}
	return from, err
}

func (a *app) capture(cmd *cobra.Command, op ops.Op, in *tracker.CreateTask, from string) error {
	a.changes = true
	if err := a.checkFields(op.Output); err != nil {
		return err
	}
	ctx, t, err := a.actLazily(cmd.Context())
	if err != nil {
		return err
	}
	out, err := op.Call(ctx, t, in)
	if err != nil && from != "" && plan.KindOf(err) == plan.NotFound && strings.Contains(err.Error(), in.Feature) {
		return errorIn(from, err)
	}
	if err != nil {
		return err
	}
	if changed, is := out.(tracker.Changed); is && len(changed.Items) == 1 {
		said := *in
		if said.Feature = changed.Items[0].FeatureKey.String(); in.Due != "" {
			said.Due = string(changed.Items[0].Due)
		}
		if in.Feature == tracker.Inbox {
			from = "the Inbox"
		}
		a.sayUnderstood(said, from)
	}
	return a.printChange(out)
}

// printCaptured prints what a dry run understood.
func (a *app) printCaptured(in tracker.CreateTask) error {
	if a.forProgram() {
		return a.print(in)
	}
	_, err := a.stdout.Write([]byte(term.Clean(in.Feature) + "\t" + term.Clean(in.Title) + "\n"))
	return err
}

// sayUnderstood tells a person what was made of the text.
func (a *app) sayUnderstood(in tracker.CreateTask, from string) {
	if a.forProgram() || a.flags.quiet || a.rehearsal != nil {
		return
	}
	words := []string{"feature " + in.Feature}
	if from != "" {
		words[0] += " (" + from + ")"
	}
	for _, p := range ops.Params(&in) {
		if text := p.Text(); text != "" && p.Name != "feature" && !p.IsText() {
			words = append(words, strings.ReplaceAll(p.Name, "_", " ")+" "+strings.Trim(strings.ReplaceAll(text, `"`, ""), "[]"))
		}
	}
	to := a.err()
	a.say("%s", to.Paint(term.Dim, "understood: "+term.Clean(strings.Join(words, ", "))))
}

// completeMark completes the mark that is being typed.
func (a *app) completeMark(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	switch rest, is := strings.CutPrefix(typed, "in:"); {
	case is:
		keys, directive := a.offer(cmd, nil, rest, wanted{levels: []plan.Level{plan.LevelFeature}})
		return prefixed("in:", "", keys), directive
	case strings.HasPrefix(typed, "+"):
		return prefixed("+", typed[1:], a.labelsThere(cmd.Context())), noFiles
	case strings.HasPrefix(typed, "@"):
		return prefixed("@", typed[1:], a.names(cmd, true)), noFiles
	}
	return nil, noFiles
}

func (a *app) labelsThere(ctx context.Context) (out []string) {
	ctx, t, err := a.act(ctx)
	if err != nil {
		return nil
	}
	all, _ := t.ListLabels(ctx, tracker.ListLabels{})
	for _, l := range all.Items {
		out = append(out, l.Label)
	}
	return out
}

// improveCreateFeature lets pm task create leave the feature out where one is
// in use, or take it as a flag.
func (a *app) improveCreateFeature(c *cobra.Command) {
	named := c.Flags().StringP("feature", "f", "", "feature to add the task to, instead of the first argument")
	check, run := c.Args, c.RunE
	withFeature := func(args []string) ([]string, error) {
		switch {
		case *named != "":
			return append([]string{*named}, args...), nil
		case len(args) != 1:
			return args, nil
		}
		if k, err := plan.ParseKey(args[0]); err == nil && k.Level() == plan.LevelFeature {
			return args, nil // the title is missing
		}
		feature, _, err := a.orInUse("")
		if err != nil || feature == "" {
			return args, err
		}
		return append([]string{feature}, args...), nil
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		args, err := withFeature(args)
		if err != nil {
			return err
		}
		return check(cmd, args)
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		args, err := withFeature(args)
		if err != nil {
			return err
		}
		return run(cmd, args)
	}
}
