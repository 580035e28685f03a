package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"pm/internal/plan"
)

// The status table of the rules: for each verb, where it leads from todo,
// in_progress, blocked (out of todo), ready_for_review, completed, archived.
// A dash is a refusal.
const statusTable = `
claim     in_progress -                -    -           -    -
start     in_progress -                -    -           -    -
release   -           todo             -    -           -    -
submit    -           ready_for_review -    -           -    -
approve   -           -                -    completed   -    -
reject    -           -                -    in_progress -    -
complete  completed   completed        -    completed   -    -
block     blocked     blocked          -    blocked     -    -
unblock   -           -                todo -           -    -
reopen    -           -                -    -           todo todo
archive   archived    archived         archived archived archived archived
`

var needReason = map[plan.Verb]bool{plan.Reject: true, plan.Block: true, plan.Reopen: true}

func TestStatusTable(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(statusTable), "\n")
	if len(rows) != len(plan.Transitions()) {
		t.Fatalf("there are %d verbs, want %d", len(plan.Transitions()), len(rows))
	}
	works := map[plan.TaskStatus][]string{}
	for _, row := range rows {
		words := strings.Fields(row)
		for i, from := range plan.TaskStatuses() {
			if words[i+1] != "-" && words[i+1] != string(from) {
				works[from] = append(works[from], words[0])
			}
		}
	}
	for _, row := range rows {
		words := strings.Fields(row)
		verb := plan.Verb(words[0])
		for i, from := range plan.TaskStatuses() {
			t.Run(fmt.Sprintf("%s from %s", verb, from), func(t *testing.T) {
				checkRow(t, verb, from, words[i+1], strings.Join(works[from], ", "))
			})
		}
	}
}

func checkRow(t *testing.T, verb plan.Verb, from plan.TaskStatus, want, works string) {
	task := plan.Task{Key: plan.MustKey("T-E01-F01-001"), Status: from}
	if from == plan.Blocked {
		task.BlockedFrom = plan.Todo
	}
	got, err := task.Next(verb, "a reason", false)
	if want == "-" {
		d := plan.Describe(err)
		if d.Kind != plan.Refused || d.Code != "bad_transition" || !strings.HasPrefix(d.Hint, "verbs that work now: "+works+"; ") {
			t.Errorf("%s leads to %q, %v, with the hint %q; want a refusal that names %s", verb, got, err, d.Hint, works)
		}
	} else if err != nil || string(got) != want {
		t.Errorf("%s leads to %q, %v; want %s", verb, got, err, want)
	}
	if _, err := task.Next(verb, "a reason", true); err != nil {
		t.Errorf("%s with force: %v", verb, err)
	}
	for _, blank := range []string{"", " \n\t"} {
		if _, err := task.Next(verb, blank, true); plan.Describe(err).Code != "reason_required" {
			t.Errorf("%s with force and the reason %q: %v", verb, blank, err)
		}
		if _, err := task.Next(verb, blank, false); want != "-" && needReason[verb] != (plan.Describe(orNone(err)).Code == "reason_required") {
			t.Errorf("%s with the reason %q: %v", verb, blank, err)
		}
	}
}

func orNone(err error) error {
	if err == nil {
		return plan.Errorf(plan.Internal, "none")
	}
	return err
}

func TestUnblockGoesBackToWhereItWasBlockedFrom(t *testing.T) {
	for _, from := range []plan.TaskStatus{plan.Todo, plan.InProgress, plan.ReadyForReview} {
		task := plan.Task{Status: plan.Blocked, BlockedFrom: from}
		if to, err := task.Next(plan.Unblock, "", false); err != nil || to != from {
			t.Errorf("blocked from %s, unblock leads to %s, %v", from, to, err)
		}
	}
}

func TestUnknownVerb(t *testing.T) {
	if _, err := (plan.Task{Status: plan.Todo}).Next("destroy", "why", true); plan.KindOf(err) != plan.Invalid {
		t.Errorf("got %v", err)
	}
	if _, ok := plan.TransitionOf("destroy"); ok {
		t.Error("it has a transition")
	}
}

func TestWordsAreReadInAnyCase(t *testing.T) {
	for _, s := range plan.TaskStatuses() {
		if got, err := plan.ParseTaskStatus(" " + strings.ToUpper(strings.ReplaceAll(string(s), "_", "-")) + " "); err != nil || got != s {
			t.Errorf("%s is read as %q, %v", s, got, err)
		}
	}
	for _, s := range plan.PlanStatuses() {
		if got, err := plan.ParsePlanStatus(strings.ToUpper(string(s))); err != nil || got != s {
			t.Errorf("%s is read as %q, %v", s, got, err)
		}
	}
	for _, s := range plan.NoteKinds() {
		if got, err := plan.ParseNoteKind(strings.ToUpper(string(s))); err != nil || got != s {
			t.Errorf("%s is read as %q, %v", s, got, err)
		}
	}
	if got, err := plan.ParseNoteKind(""); err != nil || got != plan.Comment {
		t.Errorf("no note kind is read as %q, %v", got, err)
	}
	if got, err := plan.ParseGrade("priority", "High"); err != nil || got != plan.High {
		t.Errorf("High is read as %q, %v", got, err)
	}
}

func TestUnknownWordsAreRefusedWithTheKnownOnes(t *testing.T) {
	_, status := plan.ParseTaskStatus("dune")
	_, planStatus := plan.ParsePlanStatus("todo")
	_, grade := plan.ParseGrade("business value", strings.Repeat("x", 1000))
	_, kind := plan.ParseNoteKind("rant")
	for err, want := range map[error]string{status: "bad_status", planStatus: "bad_status", grade: "bad_business_value", kind: "bad_note_kind"} {
		if d := plan.Describe(err); d.Kind != plan.Invalid || d.Code != want || !strings.HasPrefix(d.Hint, "use one of ") || len(d.Message) > 100 {
			t.Errorf("%s: %s, %q", d.Code, d.Message, d.Hint)
		}
	}
}
