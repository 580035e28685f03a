package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pm/internal/cli/term"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/query"

	"github.com/spf13/cobra"
)

// assure sees to it that the command line in a hint can be run as it stands: that
// its commands, flags and arguments exist. One that cannot is replaced by the
// line that shows the item, or by the help of the command.
func (a *app) assure(ctx context.Context, err error) {
	var e *plan.Error
	if !errors.As(err, &e) || !slices.Contains([]plan.Kind{plan.Usage, plan.Invalid, plan.NotFound}, e.Kind) || hintedLater(e) {
		return
	}
	at := strings.LastIndex(e.Hint, ": pm ")
	if at >= 0 {
		if a.fits(e.Hint[at+2:]) {
			return
		}
		if own := a.further(ctx, e.Hint[at+2:]); own != "" {
			if what := e.Hint[:at]; !strings.HasPrefix(own, what) { // it is not said twice
				own = what + "; " + own
			}
			e.Hint = own
			return
		}
	}
	instead := a.nextBest()
	switch {
	case instead == "", at < 0 && e.Hint != "" && !strings.HasPrefix(e.Hint, "usage: "):
	case at < 0, at >= 0 && slices.Contains([]string{"usage", "did you mean", "add it"}, e.Hint[:at]):
		e.Hint = instead
	default:
		e.Hint = e.Hint[:strings.LastIndex("; "+e.Hint[:at], "; ")] + instead
	}
}

// hintedLater reports whether the line of a hint is still to be made, by fail.
func hintedLater(e *plan.Error) bool {
	return e.Code == "reason_required" || e.Code == "kind_not_trade" || strings.Contains(e.Hint, override)
}

// nextBest is the hint where there is no better one.
func (a *app) nextBest() string {
	f := a.typed
	if f.cmd == nil || !f.cmd.HasParent() {
		return ""
	}
	if i := slices.IndexFunc(f.plain, isAnyKey); i >= 0 && f.cmd.Name() != "show" {
		return a.runHint("to see it", "show", f.plain[i])
	}
	return "see " + f.cmd.CommandPath() + " --help"
}

// further puts right what else is wrong with the line of a hint, one thing after
// the other; empty where that does not help, or leads to another command.
func (a *app) further(ctx context.Context, command string) string {
	first := ""
	for range 5 {
		words, err := term.Words(command)
		if err != nil || len(words) < 2 || words[0] != "pm" || strings.Contains(command, " && ") {
			return ""
		}
		first = cmp.Or(first, line(a.understand(words[1:])))
		again := &app{getenv: a.getenv, dir: a.dir, now: a.now, stdin: a.stdin, shared: cmp.Or(a.shared, a.opened)}
		hint := again.nextFault(ctx, words[1:])
		at := strings.LastIndex(hint, ": pm ")
		if at < 0 || hint[at+2:] == command {
			return ""
		}
		command = hint[at+2:]
		into := strings.HasPrefix(first, "pm task create ") && strings.HasPrefix(command, "pm add ") // the inbox
		if !into && !slices.Equal(strings.Fields(command)[:2], strings.Fields(first)[:2]) || strings.HasSuffix(command, " --help") {
			return ""
		}
		if a.fits(command) {
			return hint
		}
	}
	return ""
}

// nextFault is the hint for the first thing that is wrong with the words of a
// command, found without running it.
func (a *app) nextFault(ctx context.Context, args []string) string {
	a.read(args)
	f := a.typed
	if f.cmd == nil {
		return ""
	}
	f.cmd.SetContext(ctx) // it is not run, which would
	var doubt *plan.Error
	if errors.As(a.inDoubt(), &doubt) {
		return doubt.Hint
	}
	rest := withoutPath(queryArgs(a.args), f.path)
	if err := f.cmd.ParseFlags(rest); err != nil {
		return a.withFlag(f.cmd, err)
	}
	var m misplaced
	if errors.As(f.cmd.ValidateArgs(f.cmd.Flags().Args()), &m) {
		return a.rightArguments(ctx, m)
	}
	if flag := lacks(f); flag != "" {
		return cmp.Or(a.updateMeant(), a.withMissing(ctx, flag))
	}
	if e := badQuery(f, a.now()); e != nil {
		return strings.TrimPrefix(a.withTerm(e.Hint), query.FindWord+"; ")
	}
	if own := a.badValue(); own != "" {
		return own
	}
	if i := slices.IndexFunc(f.plain, func(s string) bool { return !isAnyKey(s) }); i >= 0 {
		if e := plan.Errorf(plan.Invalid, "invalid key %q", f.plain[i]).WithCode("bad_key"); i == 0 || wantsKey(f.slots, i) {
			return a.withKey(ctx, e)
		}
	}
	return ""
}

// badQuery is what is wrong with the words that a list looks for; nil if nothing is.
func badQuery(f flagReader, now time.Time) (e *plan.Error) {
	if isQuery(f.slots) && f.cmd.Name() != "search" {
		_, err := query.Parse(strings.Join(f.plain, " "), now)
		errors.As(err, &e)
	}
	return e
}

// badValue is the hint for a value that is refused as it stands: a kind of task for
// the type of an agent, and minutes that may be months.
func (a *app) badValue() string {
	for i := range a.typed.flags {
		var e *plan.Error
		if value, used := valueOf(a.typed.flags, i, "-t", "--agent-type"); used > 0 {
			if _, err := plan.ParseTrade(value); errors.As(err, &e) {
				return a.kindOrTrade(*e)
			}
		}
		value, used := valueOf(a.typed.flags, i, "--since", "--until")
		if n, is := strings.CutSuffix(value, "m"); used > 0 && is && isNumber(n) {
			return "m may be months: " + line(replaced(a.args, value, n+" minutes ago"))
		}
	}
	return ""
}

// withoutPath takes the words that name a command out of its arguments.
func withoutPath(rest, path []string) []string {
	for _, word := range path {
		if i := slices.Index(rest, word); i >= 0 {
			rest = slices.Delete(slices.Clone(rest), i, i+1)
		}
	}
	return rest
}

// wantsKey reports whether a key is wanted at a place among the arguments.
func wantsKey(slots []string, i int) bool {
	if len(slots) == 0 {
		return false
	}
	slot := slots[min(i, len(slots)-1)]
	name := strings.TrimSuffix(slot, "...")
	return name == "depends_on" || (i == 0 || slot != name) && among(name, "key task feature epic")
}

// fits reports whether a command line names a command with the flags and the
// arguments that it takes.
func (a *app) fits(command string) bool {
	for part := range strings.SplitSeq(command, " && ") {
		words, err := term.Words(part)
		if err != nil || len(words) == 0 || words[0] != "pm" || !a.fitsOne(words[1:]) || !a.takesValues(words[1:]) {
			return false
		}
	}
	return true
}

// takesValues reports whether a command takes the values of its flags, and its words
// for a query.
func (a *app) takesValues(args []string) bool {
	again := &app{getenv: a.getenv, dir: a.dir, now: a.now, stdin: a.stdin}
	again.read(args)
	return again.typed.cmd == nil || again.badValue() == "" && badQuery(again.typed, a.now()) == nil
}

// fitsOne is fits for the words of one command, without the pm.
func (a *app) fitsOne(args []string) bool {
	again := &app{getenv: a.getenv, dir: a.dir, now: a.now, stdin: a.stdin}
	again.read(args)
	f := again.typed
	if f.cmd == nil {
		return slices.Contains(args, "--help") || slices.Contains(args, "--version")
	}
	if again.inDoubt() != nil || slices.ContainsFunc(f.plain, func(s string) bool { return s == "[flags]" }) {
		return false
	}
	if slices.Contains(args, "--help") {
		return true
	}
	rest := withoutPath(queryArgs(again.args), f.path)
	if err := f.cmd.ParseFlags(rest); err != nil {
		return false
	}
	return lacks(f) == "" && takesArguments(f.cmd, f.slots, f.cmd.Flags().Args())
}

// lacks returns the flag that a command needs and does not have; empty if it has all.
func lacks(f flagReader) string {
	path := strings.Join(f.path, " ")
	if path == "update" && !slices.ContainsFunc(f.flags, func(s string) bool { return strings.HasPrefix(s, "-") && !isGlobal(s) && !valued(s) }) {
		return "--title"
	}
	for _, op := range ops.Table() {
		if op.Name != path && op.Daily != path && op.Alias != path {
			continue
		}
		var m misplaced
		errors.As(missingFlag(f.cmd, ops.Params(op.NewInput())), &m)
		return m.missing
	}
	return ""
}

// takesArguments reports whether a command takes the arguments: enough of them,
// not too many, and keys where it wants keys.
func takesArguments(cmd *cobra.Command, slots, plain []string) bool {
	if cmd.HasSubCommands() && len(slots) > 0 && !cmd.Flags().Changed("plan") { // pm note KEY TEXT, but not pm note
		if len(plain) == 0 || !isAnyKey(plain[0]) || len(plain) < len(slots) && !cmd.Flags().Changed("file") {
			return false
		}
	} else if cmd.ValidateArgs(plain) != nil || cmd.HasSubCommands() && len(plain) > 0 && cmd.Name() != "view" {
		return false
	}
	if len(slots) > 1 && slots[0] == "feature" && cmd.Flags().Changed("feature") {
		slots = slots[1:]
	}
	for i, word := range plain {
		if len(slots) == 0 {
			break
		}
		if (i == 0 || countDigits(word) == len(word) || slots[min(i, len(slots)-1)] == "depends_on...") && wantsKey(slots, i) && !cmd.Flags().Changed("plan") && !isAnyKey(word) && !strings.ContainsAny(word, ":#") && word != "inbox" && word != "plan" {
			return false
		}
	}
	return true
}
