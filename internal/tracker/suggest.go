package tracker

import (
	"fmt"
	"strings"
	"time"

	"pm/internal/plan"
)

// maxSuggested is how many tasks a suggested command line names at most.
const maxSuggested = 5

// NextCommands returns the command lines that come next after an answer, at
// most three; none for an answer that carries none. They are whole but for
// what stands in quotes, and for --agent: who acts is the caller's affair.
func NextCommands(answer any) []string {
	switch a := answer.(type) {
	case NextTask:
		return a.NextCommands
	case Changed:
		return a.NextCommands
	case Context:
		return a.NextCommands
	case Deleted:
		return a.NextCommands
	}
	return nil
}

// afterVerb returns what comes next for who did verb.
func afterVerb(verb plan.Verb, tasks []plan.Task) []string {
	if len(tasks) == 0 {
		return nil
	}
	switch verb {
	case plan.Claim, plan.Start, "renew":
		return heldCommands(tasks)
	case plan.Release, plan.Submit, plan.Approve, plan.Complete, plan.Block, plan.Archive:
		return []string{"pm next --claim"}
	case plan.Reopen:
		return []string{"pm claim " + keyWords(tasks)}
	}
	return nil
}

// heldCommands are for the holder of tasks: look, end, or stop. The fence
// makes sure that they act on this claim and on no other under the same name.
func heldCommands(tasks []plan.Task) (out []string) {
	keys, fence := keyWords(tasks), ""
	if len(tasks) == 1 {
		out = append(out, "pm show "+keys+" --context")
		if tasks[0].Fence > 0 {
			fence = fmt.Sprintf(" --fence %d", tasks[0].Fence)
		}
	}
	return append(out, "pm submit "+keys+fence, "pm block "+keys+fence+` --reason "why"`)
}

// nextFor returns what an actor can do at now with a task, whoever held it.
func nextFor(t plan.Task, actor plan.Actor, now time.Time) []string {
	switch {
	case t.Ready(now) && !t.HeldBy(actor):
		return []string{"pm claim " + t.Key.String()}
	case otherSession(t, actor):
		return []string{"pm claim " + t.Key.String() + " --take-over"}
	case t.Status == plan.InProgress && t.HeldBy(actor):
		return heldCommands([]plan.Task{t})[1:] // this was the look at it
	case t.Status == plan.ReadyForReview:
		return []string{"pm approve " + t.Key.String(), "pm reject " + t.Key.String() + ` --reason "why"`}
	case t.Status == plan.Blocked:
		return []string{"pm unblock " + t.Key.String()}
	}
	return nil
}

func keyWords(tasks []plan.Task) string {
	if len(tasks) > maxSuggested {
		return "KEY..."
	}
	words := make([]string, len(tasks))
	for i, t := range tasks {
		words[i] = t.Key.String()
	}
	return strings.Join(words, " ")
}
