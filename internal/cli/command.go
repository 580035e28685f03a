package cli

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// command makes the command of an operation: its positional arguments, its
// flags and its help all come from the input struct and the table.
func (a *app) command(op ops.Op, verb string) *cobra.Command {
	in := op.NewInput()
	params := ops.Params(in)
	cmd := &cobra.Command{
		Use:     verb + usage(params),
		Short:   op.Summary,
		Long:    op.Summary + ".\n" + op.Detail,
		Example: examples(op.Examples),
		Args:    func(cmd *cobra.Command, args []string) error { return checkArgs(cmd, params, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			args, err := takeReason(params, args)
			if err != nil {
				return err
			}
			if err := fill(params, args); err != nil {
				return err
			}
			if err := a.readTexts(cmd, params); err != nil {
				return err
			}
			if err := missingFlag(cmd, params); err != nil {
				return err
			}
			return a.answer(cmd, op, in)
		},
		ValidArgsFunction: a.completeArgs(op, params),
	}
	addFlags(cmd, params)
	if op.Effect == ops.Reads && isList(op.Output) {
		a.csvFlag(cmd, op)
	}
	if _, takes := reasonOf(params); takes {
		cmd.Long += "\nWords after the keys are the reason."
	}
	addTexts(cmd, params)
	a.addFull(cmd, op)
	if op.Effect != ops.Reads {
		a.addIdempotencyKey(cmd)
	}
	return cmd
}

// answer runs an operation and prints its answer.
func (a *app) answer(cmd *cobra.Command, op ops.Op, in any) error {
	a.changes, a.running = op.Effect != ops.Reads, op.Name
	if err := a.checkFields(op.Output); err != nil {
		return err
	}
	ctx, t, err := a.actLazily(cmd.Context())
	if err != nil {
		return err
	}
	if op.Parts != nil {
		if err := a.answerLong(ctx, t, op, in); err != nil {
			return err
		}
		a.tellLacks()
		return nil
	}
	ctx, done := a.whileRead(ctx, in)
	defer done()
	out, err := op.Call(ctx, t, in)
	if gone := context.Cause(ctx); err != nil && gone != nil && cmd.Context().Err() == nil {
		return gone
	}
	if err != nil {
		return err
	}
	if next, ok := in.(*tracker.Next); ok && next.Claim && a.rehearsal == nil {
		defer a.tellName()
	}
	if task, isTask := out.(plan.Task); isTask && op.Effect != ops.Reads {
		out = tracker.Changed{Items: []plan.Task{task}} // a line, not a page; in JSON the same
	}
	if item, isItem := out.(tracker.Item); isItem && op.Effect != ops.Reads {
		out = tracker.Items{Items: []tracker.Item{item}} // likewise
	}
	if project, is := out.(tracker.Project); is && op.Effect == ops.Reads {
		if project.Machine, err = a.machine(); err != nil {
			return err
		}
		out = project
	}
	if op.Effect != ops.Reads {
		return a.printChange(out)
	}
	if err := a.print(out); err != nil {
		return err
	}
	a.tellLacks()
	return nil
}

// addIdempotencyKey adds the flag that every command that changes something has.
func (a *app) addIdempotencyKey(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.flags.idempotencyKey, "idempotency-key", "", "idempotency key: repeating the call with the same key has no further effect")
}

func examples(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("  pm " + l)
	}
	return b.String()
}

// usage writes the positional parameters: KEY, [KEY], KEY...
func usage(params []ops.Param) (s string) {
	for _, p := range params {
		if !p.Arg {
			continue
		}
		word := p.Word
		if p.Repeated {
			word += "..."
		}
		if !p.Required || isMain(p) {
			word = "[" + word + "]"
		}
		s += " " + word
	}
	if _, takes := reasonOf(params); takes {
		s += " [REASON]"
	}
	return s
}

// reasonOf returns the reason of an operation on keys, which may stand behind
// them: pm block KEY "why".
func reasonOf(params []ops.Param) (reason ops.Param, takes bool) {
	pos := positional(params)
	if len(pos) != 1 || !pos[0].Repeated {
		return reason, false
	}
	for _, p := range params {
		if p.Name == "reason" {
			return p, true
		}
	}
	return reason, false
}

// takeReason takes the words behind the keys as the reason, if there is no
// other, and returns the keys. A word that may be a mistyped key is none.
func takeReason(params []ops.Param, args []string) (keys []string, err error) {
	reason, takes := reasonOf(params)
	if !takes || len(args) < 2 || reason.Text() != "" {
		return args, nil
	}
	words := 1 + slices.IndexFunc(args[1:], func(s string) bool { return !likeKey(s) })
	if words == 0 || slices.ContainsFunc(args[words:], likeKey) {
		return args, nil
	}
	return args[:words], reason.Set(strings.Join(args[words:], " "))
}

// likeKey reports whether a word is a key, or was meant as one.
func likeKey(s string) bool {
	return !strings.ContainsFunc(s, unicode.IsSpace) && strings.ContainsFunc(s, unicode.IsDigit)
}

func positional(params []ops.Param) (out []ops.Param) {
	for _, p := range params {
		if p.Arg {
			out = append(out, p)
		}
	}
	return out
}

func checkArgs(cmd *cobra.Command, params []ops.Param, args []string) error {
	pos := positional(params)
	if _, given := textFile(cmd); given && len(pos) > 0 && len(args) == len(pos)-1 && (isMain(pos[len(pos)-1]) || pos[len(pos)-1].Lines() != nil) {
		return nil // it takes the place of the argument
	}
	least, most := 0, len(pos)
	for _, p := range pos {
		if p.Required {
			least++
		}
		if p.Repeated || p.Rest {
			most = len(args)
		}
	}
	switch {
	case len(args) < least:
		return missingArgument(cmd, pos[len(args)].Word)
	case len(args) > most:
		return unexpectedArgument(cmd, args[most])
	}
	return nil
}

// fill sets the positional parameters; the last may be a list, or take the rest.
func fill(params []ops.Param, args []string) error {
	for i, p := range positional(params) {
		if i >= len(args) {
			break
		}
		if p.Rest {
			return p.Set(strings.TrimSpace(strings.Join(args[i:], " ")))
		}
		if p.Repeated {
			for _, s := range args[i:] {
				if err := p.Add(s); err != nil {
					return err
				}
			}
			break
		}
		if err := p.Set(args[i]); err != nil {
			return err
		}
	}
	return nil
}

// addFlags makes a flag of each parameter that is not positional, and of an
// optional positional one that has a letter. It may hide a global flag: pm
// list --agent asks whose tasks to list, since who lists them is not recorded.
func addFlags(cmd *cobra.Command, params []ops.Param) {
	for _, p := range params {
		if p.Arg && (p.Required || p.Short == "") || p.Kind() == "object" {
			continue
		}
		f := cmd.Flags().VarPF(flagValue{p}, p.Flag, p.Short, p.Help)
		if p.Kind() == "bool" {
			f.NoOptDefVal = "true"
		}
	}
	takeType(cmd.Flags())
}

// takeType lets --type stand for --agent-type, where there is no other.
func takeType(f *pflag.FlagSet) {
	if f.Lookup("agent-type") == nil || f.Lookup("type") != nil {
		return
	}
	f.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "type" {
			name = "agent-type"
		}
		return pflag.NormalizedName(name)
	})
}

// A flagValue lets pflag set a parameter.
type flagValue struct{ ops.Param }

func (f flagValue) String() string { return "" }

func (f flagValue) Type() string {
	if f.Repeated {
		return "strings"
	}
	return f.Kind()
}
