package tracker

import (
	"context"
	"fmt"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// Answer is the input of Tracker.Answer.
type Answer struct {
	Key    string `json:"key" jsonschema:"key of an epic, a feature or a task; plan means the plan itself" arg:"key"`
	N      int    `json:"n" jsonschema:"number of the question" arg:"n"`
	Answer string `json:"answer" jsonschema:"the answer; one of the choices, if the question has any" arg:"text"`
}

// Answer answers a question, once. Who asked it cannot answer it. A task that
// was held until this answer goes on where it was: its holder has it still, and
// the lease begins anew.
func (t *Tracker) Answer(ctx context.Context, in Answer) (Question, error) {
	key, err := noteKey(in.Key)
	if err := firstError(err, plan.CheckText("answer", in.Answer)); err != nil {
		return Question{}, err
	}
	if strings.TrimSpace(in.Answer) == "" {
		return Question{}, plan.Errorf(plan.Invalid, "answer is empty").WithCode("bad_answer").WithHint(`pm answer %s %d "…"`, plan.KeyOrPlan(key), in.N)
	}
	return write(ctx, t, call{"question answer", in}, func(tx *store.Tx) (Question, error) {
		item, err := lockRow(tx, key)
		if err != nil {
			return Question{}, err
		}
		before, err := tx.Note(key, in.N)
		if err != nil && plan.KindOf(err) == plan.NotFound {
			err = plan.Errorf(plan.NotFound, "%s has no question %d", key.Name(), in.N).WithCode("no_question").WithHint("to see the open ones: pm questions")
		}
		if err != nil {
			return Question{}, err
		}
		n := before
		if n.Answer, err = checkAnswer(n, tx.Actor(), in.Answer); err != nil {
			return Question{}, err
		}
		at, err := tx.At()
		if err != nil {
			return Question{}, err
		}
		n.AnsweredBy, n.AnsweredAt, n.Untold = tx.Actor().Name, &at, true
		if err := tx.RewriteNote(n); err != nil {
			return Question{}, err
		}
		return questionOf(n), saveNote(tx, item, before, &n)
	})
}

// checkAnswer returns the answer as it is kept.
func checkAnswer(n plan.Note, actor plan.Actor, answer string) (string, error) {
	what := fmt.Sprintf("question %d on %s", n.N, n.Key.Name())
	kept, chosen := choiceOf(n, answer)
	switch {
	case n.Kind != plan.Question:
		return "", plan.Errorf(plan.Invalid, "note %d on %s is not a question", n.N, n.Key.Name()).WithCode("not_a_question").WithHint("to see the open ones: pm questions")
	case !n.Open():
		return "", plan.Errorf(plan.Conflict, "%s was already answered by %s", what, n.AnsweredBy).WithCode("answered").
			WithHint("run pm note list %s to see the answer, or pm note %s to add to it", plan.NoteTarget(n.Key), plan.NoteTarget(n.Key))
	case n.AskedBy(actor):
		return "", plan.Errorf(plan.Refused, "cannot answer %s: you asked it", what).WithCode("own_question").WithHint("somebody else must answer it; they see it with pm questions")
	case !chosen:
		return "", plan.Errorf(plan.Invalid, "%.60q is not one of the choices of %s", answer, what).WithCode("bad_choice").
			WithHint("answer with one of %s", strings.Join(n.Choices, ", "))
	}
	return kept, nil
}

// saveNote saves a locked item one of whose notes changed, with the record of
// it; after is nil for a note that was removed. A task that is held by the
// question goes on when this was the last one that it waits for.
func saveNote(tx *store.Tx, item Item, before plan.Note, after *plan.Note) error {
	v := [2]any{before.Change(), nil}
	now := plan.Note{}
	if after != nil {
		v[1], now = after.Change(), *after
	}
	change := plan.Change{"note": v}
	if item.Task == nil {
		_, err := saveItem(tx, item, plan.History{Change: change}, func(Item) {})
		return err
	}
	if before.Untold != now.Untold {
		if err := tx.AddAnswers(item.Task.Key, map[bool]int{true: 1, false: -1}[now.Untold]); err != nil {
			return err
		}
	}
	if before.Hold && before.Open() && !now.Open() && heldByQuestion(*item.Task) {
		open, err := tx.CountHolds(item.Task.Key)
		if err != nil {
			return err
		}
		if open == 0 {
			task := *item.Task
			return turn(tx, *item.Task, &task, plan.Unblock, "", change)
		}
	}
	_, err := saveItem(tx, item, plan.History{Change: change}, func(Item) {})
	return err
}
