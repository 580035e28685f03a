package tracker

import (
	"strconv"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// checkRules refuses to complete a task, or to drop one, against the rules
// that the project has set for it. Force does not override them.
func checkRules(tx *store.Tx, task plan.Task, verb plan.Verb, to plan.TaskStatus, reason string) error {
	completes := to == plan.Completed && task.Status != plan.Completed
	drops := to == plan.Archived && !task.Done()
	if !completes && !drops {
		return nil
	}
	set, err := settingsOf(tx)
	if err != nil || len(set) == 0 {
		return err
	}
	if drops {
		return checkDropped(tx, set, task, reason)
	}
	for _, rule := range completionRules {
		if set.on(rule.name) {
			if err := rule.check(tx, task, verb); err != nil {
				return err
			}
		}
	}
	return nil
}

// completionRules are what a project can ask of a task that is completed.
var completionRules = []struct {
	name  string
	check func(tx *store.Tx, task plan.Task, verb plan.Verb) error
}{
	{plan.RequireChecks, requireChecks},
	{plan.RequireEvidence, requireEvidence},
	{plan.RequireReview, requireReview},
	{plan.OtherReviewer, otherReviewer},
}

// byRule is the code of errors that say which rule of the project is not met.
const byRule = "rule"

func requireChecks(_ *store.Tx, task plan.Task, _ plan.Verb) error {
	var open []string
	for _, c := range task.Checks {
		if !c.Done {
			open = append(open, strconv.Itoa(c.N))
		}
	}
	if len(open) == 0 {
		return nil
	}
	return plan.Errorf(plan.Refused, "%s has an open checklist: %d of %d are ticked", task.Key, len(task.Checks)-len(open), len(task.Checks)).WithCode(byRule).
		WithHint("tick what is done: pm check %s %s", task.Key, strings.Join(open, " "))
}

func requireEvidence(tx *store.Tx, task plan.Task, _ plan.Verb) error {
	one := []plan.Task{task}
	if err := tx.LoadBeside(one); err != nil {
		return err
	}
	for _, l := range one[0].Links {
		if _, isItem := l.Item(); !isItem {
			return nil
		}
	}
	notes, err := tx.LastNotes([]plan.Key{task.Key}, plan.Evidence)
	if err != nil || len(notes) > 0 {
		return err
	}
	return plan.Errorf(plan.Refused, "%s has no evidence: a link to a file or an address, or a note of the kind evidence", task.Key).WithCode(byRule).
		WithHint(`add what you ran and what it printed: pm note %s "…" --kind evidence`, task.Key)
}

func requireReview(_ *store.Tx, task plan.Task, verb plan.Verb) error {
	if verb == plan.Approve {
		return nil
	}
	e := plan.Errorf(plan.Refused, "%s must be reviewed before it is completed", task.Key).WithCode(byRule)
	if task.Status == plan.ReadyForReview {
		return e.WithHint("approve it: pm approve %s", task.Key)
	}
	return e.WithHint("submit it: pm submit %s", task.Key)
}

func otherReviewer(tx *store.Tx, task plan.Task, _ plan.Verb) error {
	if task.Status != plan.ReadyForReview {
		return nil
	}
	by, err := tx.SubmittedBy(task.Key)
	if err != nil || by != tx.Actor().Name {
		return err
	}
	return plan.Errorf(plan.Refused, "%s was submitted by %s, and somebody else must approve it", task.Key, by).WithCode(byRule).
		WithHint("have another agent approve it: pm approve %s --agent NAME", task.Key)
}

// checkDropped refuses, in a project that has a rule, to archive an open task
// that others wait for without a reason.
func checkDropped(tx *store.Tx, set settings, task plan.Task, reason string) error {
	ruled := false
	for _, rule := range completionRules {
		ruled = ruled || set.on(rule.name)
	}
	if !ruled || reason != "" {
		return nil
	}
	waiting, err := tx.DependantsOf(task.Key)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return plan.Errorf(plan.Refused, "archiving %s needs a reason: it is needed by %s", task.Key, plan.JoinKeys(waiting, ", ")).WithCode(byRule).
		WithHint("add one: pm archive %s --reason \"…\"", task.Key)
}
