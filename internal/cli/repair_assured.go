package cli

import (
	"errors"
	"slices"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/plan"

	"github.com/spf13/cobra"
)

// assure sees to it that the command line in a hint can be run as it stands: that
// its commands, flags and arguments exist. One that cannot is replaced by the
// line that shows the item, or by the help of the command.
func (a *app) assure(err error) {
	var e *plan.Error
	if !errors.As(err, &e) || !slices.Contains([]plan.Kind{plan.Usage, plan.Invalid, plan.NotFound}, e.Kind) || hintedLater(e) {
		return
	}
	at := strings.LastIndex(e.Hint, ": pm ")
	instead := a.nextBest()
	switch {
	case instead == "", at >= 0 && a.fits(e.Hint[at+2:]), at < 0 && e.Hint != "" && !strings.HasPrefix(e.Hint, "usage: "):
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

// fits reports whether a command line names a command with the flags and the
// arguments that it takes.
func (a *app) fits(command string) bool {
	for part := range strings.SplitSeq(command, " && ") {
		words, err := term.Words(part)
		if err != nil || len(words) == 0 || words[0] != "pm" || !a.fitsOne(words[1:]) {
			return false
		}
	}
	return true
}

// fitsOne is fits for the words of one command, without the pm.
func (a *app) fitsOne(args []string) bool {
	again := &app{getenv: a.getenv, dir: a.dir, now: a.now, stdin: a.stdin}
	again.args = again.understand(args)
	root := again.root(again.args)
	again.args = again.ownFlags(root, again.args)
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
	rest := queryArgs(again.args)
	for _, word := range f.path {
		if i := slices.Index(rest, word); i >= 0 {
			rest = slices.Delete(slices.Clone(rest), i, i+1)
		}
	}
	if err := f.cmd.ParseFlags(rest); err != nil {
		return false
	}
	return takesArguments(f.cmd, f.slots, f.cmd.Flags().Args())
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
		name := strings.TrimSuffix(slots[min(i, len(slots)-1)], "...")
		wanted := name == "depends_on" || i == 0 && slices.Contains([]string{"key", "task", "feature", "epic"}, name)
		if wanted && !isAnyKey(word) && !strings.ContainsAny(word, ":#") && word != "inbox" && word != "plan" {
			return false
		}
	}
	return true
}
