package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"pm/internal/cli/term"
	"pm/internal/interchange"
	"pm/internal/plan"
)

// The exit codes. 75 is EX_TEMPFAIL of sysexits.h; 130 is what a shell
// reports of a program that an interrupt ended.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitNotFound    = 3
	exitConflict    = 4
	exitRule        = 5
	exitPermission  = 6
	exitStorage     = 7
	exitTryAgain    = 75
	exitInterrupted = 130
)

// exitCode is the one table from kinds of errors to exit codes.
func exitCode(k plan.Kind) int {
	switch k {
	case plan.Usage:
		return exitUsage
	case plan.NotFound:
		return exitNotFound
	case plan.Conflict:
		return exitConflict
	case plan.Invalid, plan.Refused:
		return exitRule
	case plan.Permission:
		return exitPermission
	case plan.Storage, plan.Corrupt:
		return exitStorage
	case plan.Unavailable:
		return exitTryAgain
	}
	return exitFailure
}

// An errorAnswer is an error in JSON.
type errorAnswer struct {
	Kind    plan.Kind  `json:"kind"`
	Code    string     `json:"code"`
	Message string     `json:"message"`
	Hint    string     `json:"hint,omitempty"`
	Task    *plan.Task `json:"task,omitempty"`

	Conflicts []plan.UndoConflict  `json:"conflicts,omitempty"`
	Findings  interchange.Findings `json:"findings,omitempty"` // of a refused import
}

// fail prints an error and returns its exit code.
func (a *app) fail(err error) int {
	e := plan.Describe(err)
	if e.Code == "reason_required" {
		e.Hint = "add one: " + line(append(slices.Clone(a.args), "--reason")) + ` "why"`
	}
	if e.Code == "kind_not_trade" {
		e.Hint = a.kindOrTrade(e)
	}
	if before, _, can := strings.Cut(e.Hint, override); can {
		e.Hint = before + override + a.forced()
	}
	a.bound(&e)
	if a.flags.json || a.flags.jq != "" {
		var found interchange.Findings
		errors.As(err, &found)
		writeJSON(a.stderr, map[string]errorAnswer{"error": {e.Kind, e.Code, e.Message, e.Hint, e.Task, e.Conflicts, found}})
		return exitCode(e.Kind)
	}
	to := a.err()
	fmt.Fprintln(a.stderr, to.Paint(term.Red, "pm:")+" "+term.Clean(e.Message))
	if e.Hint != "" {
		fmt.Fprintln(a.stderr, to.Paint(term.Dim, "hint:")+" "+term.Clean(e.Hint))
	}
	return exitCode(e.Kind)
}

// The most that an error repeats of what was typed, in bytes.
const (
	longestTyped = 400
	longestHint  = 4000
)

// bound shortens an error of how the command line was typed that repeats a long part of
// it, and leaves out a hint that does.
func (a *app) bound(e *plan.Error) {
	if !slices.Contains([]plan.Kind{plan.Usage, plan.Invalid, plan.NotFound}, e.Kind) {
		return
	}
	typed := slices.MaxFunc(append(a.given, ""), func(x, y string) int { return len(x) - len(y) })
	if len(typed) <= longestTyped {
		return
	}
	short := strings.ToValidUTF8(typed[:longestTyped/4], "") + "…"
	e.Message = strings.ReplaceAll(e.Message, typed, short)
	if len(e.Hint) > longestHint {
		e.Hint = cmp.Or(a.nextBest(), "to list the commands: pm --help")
	}
}

// tradeWords begin the words of a command line that name a trade, and kindWords
// those that name a kind instead; some have it in the next word.
var tradeWords, kindWords = []string{"--agent-type", "--type", "-t", "type:"}, []string{"--kind", "--kind", "--kind", "kind:"}

// kindOrTrade is a hint with the line that a caller may have meant who gave a kind
// of task as a trade; otherwise where the words are not found.
func (a *app) kindOrTrade(e plan.Error) string {
	value, _ := quoted(e.Message)
	if cmd := a.typed.cmd; cmd != nil && cmd.Name() == "next" {
		return cmp.Or(a.besideNext("kind", value), a.runHint("for any task", "next"))
	}
	for i, word := range a.args {
		for j, trade := range tradeWords {
			at := strings.LastIndex(word, trade)
			if at < 0 || at > 0 && trade != "type:" {
				continue
			}
			kind := slices.Clone(a.args)
			if e := word[at:] + " " + strings.Join(a.args[i+1:min(i+2, len(a.args))], ""); strings.TrimLeft(e[len(trade):], "= ") == "epic" && len(a.typed.plain) > 0 {
				return a.runHint("to create an epic", "epic", "create", a.typed.plain[len(a.typed.plain)-1])
			}
			switch value, joined := strings.CutPrefix(word[at:], trade+"="); {
			case word == trade && i+1 < len(a.args):
				kind[i] = kindWords[j]
			case joined:
				kind[i] = kindWords[j] + "=" + value
			case trade == "type:":
				kind[i] = word[:at] + kindWords[j] + word[at+len(trade):]
			default:
				continue
			}
			return "use an agent type such as backend; for a kind of task: " + line(a.withRightValues(kind))
		}
	}
	return e.Hint
}

// override is what a hint has before the command that does it all the same.
const override = "override: "

// forced is the caller's line with force and a reason.
func (a *app) forced() string {
	args := append(slices.Clone(a.args), "--force")
	if hasFlag(args, "-r", "--reason") {
		return line(args)
	}
	return line(append(args, "--reason")) + ` "why"`
}

// usageError is an error of how the command line was typed.
func usageError(format string, args ...any) *plan.Error {
	return plan.Errorf(plan.Usage, format, args...)
}

func isClosedPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
