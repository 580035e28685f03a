package tokens

import (
	"context"
	"fmt"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A Script is a session that is played.
type Script struct {
	Name  string
	Steps []Step
}

// Scripts are the sessions that are measured: one agent's work on a task, and
// the planning of a feature.
func Scripts() []Script {
	type in = map[string]any
	work := []Step{
		{"prime", nil},
		{"task next", in{"claim": true, "context": true}},
		{"note add", in{"key": "KEY", "body": "The card's check digit is in the last place: see RFC and testdata/cards.txt."}},
		{"note add", in{"key": "KEY", "body": "Use the Luhn algorithm on digits only; spaces and dashes are dropped before.", "kind": "decision"}},
		{"note add", in{"key": "KEY", "body": "Validate returns the network, too, since the next task needs it.", "kind": "solution"}},
		{"task submit", in{"keys": []string{"KEY"}}},
	}
	var tasks []any
	for i := range 10 {
		tasks = append(tasks, in{"title": fmt.Sprintf("Send the invoice by the customer's channel %d", i+1), "priority": 3})
	}
	planning := []Step{
		{"plan apply", in{"feature": "E01-F02", "tasks": tasks}},
		{"task list", in{"feature": "E01-F02"}},
		{"plan status", nil},
	}
	return []Script{{"work", work}, {"planning", planning}}
}

// The task that the work session gets. Its texts have no character that any
// surface escapes, so that they are found in every answer.
const (
	taskTitle       = "Validate card numbers before the payment is sent"
	taskDescription = "Card numbers come from the form as typed. Check length, network and check digit, and answer with one reason a customer understands. " +
		"Expired cards are not this task. The bank rejects about two of a hundred numbers today, and each costs us a fee; the check must not add a round trip. " +
		"Done when the cases in testdata pass, the form shows the reason beside the field, and a wrong number never reaches the bank."
)

// Seed makes the plan that the scripts work on: two features, a dozen tasks,
// what the task depends on done and noted.
func Seed(ctx context.Context, t *tracker.Tracker) error {
	ctx = plan.WithActor(ctx, plan.Actor{Name: "lead", Surface: "cli"})
	if _, err := t.CreateEpic(ctx, tracker.CreateEpic{Title: "Payments"}); err != nil {
		return err
	}
	for _, title := range []string{"Card payments", "Invoices"} {
		if _, err := t.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: title}); err != nil {
			return err
		}
	}
	urgent := 1
	batch := tracker.CreateTasks{Tasks: []tracker.CreateTask{
		{Feature: "E01-F01", Title: "Collect the rules of the card networks"},
		{Feature: "E01-F01", Title: "Decide where cards are validated"},
		{Feature: "E01-F01", Title: taskTitle, Description: taskDescription, Priority: &urgent, AgentType: "backend",
			DependsOn: []string{"T-E01-F01-001", "T-E01-F01-002"}, FilePath: "internal/cards/validate.go"},
	}}
	for i := range 9 {
		batch.Tasks = append(batch.Tasks, tracker.CreateTask{Feature: "E01-F01", Title: fmt.Sprintf("Handle the bank's answer of kind %d", i+1), DependsOn: []string{"T-E01-F01-003"}})
	}
	if _, err := t.CreateTasks(ctx, batch); err != nil {
		return err
	}
	for _, n := range []tracker.AddNote{
		{Key: "T-E01-F01-001", Kind: "solution", Body: "The rules are in docs/networks.md, with the ranges of numbers and their lengths."},
		{Key: "T-E01-F01-002", Kind: "decision", Body: "On the server, before the bank is asked; the form repeats it for comfort only."},
		{Key: "T-E01-F01-003", Kind: "handoff", Body: "The parser of digits is done in internal/cards/digits.go. Left: networks, check digit, the form's message."},
		{Key: "T-E01-F01-003", Body: "Support says that most wrong numbers have two digits swapped."},
	} {
		if _, err := t.AddNote(ctx, n); err != nil {
			return err
		}
	}
	_, err := t.Complete(ctx, tracker.Complete{Keys: []string{"T-E01-F01-001", "T-E01-F01-002"}})
	return err
}
