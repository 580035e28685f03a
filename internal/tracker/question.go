package tracker

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// Ask is the input of Tracker.Ask.
type Ask struct {
	Key     string   `json:"key" jsonschema:"key of an epic, a feature or a task; plan means the plan itself" arg:"key"`
	Body    string   `json:"body" jsonschema:"the question" arg:"text"`
	To      string   `json:"to,omitempty" jsonschema:"who should answer; anyone if not given" ref:"-"`
	Choices []string `json:"choices,omitempty" jsonschema:"the answers to choose from"`
	Hold    bool     `json:"hold,omitempty" jsonschema:"block the task until the question is answered; its holder keeps it"`
	Wait    string   `json:"wait,omitempty" jsonschema:"how long to wait for the answer: 30m"`
}

// A Question is one that was asked about an item, or about the plan itself.
type Question struct {
	Key        plan.Key   `json:"key,omitzero"`
	N          int        `json:"n"` // its number among the notes of the item
	Text       string     `json:"text"`
	By         string     `json:"by"`
	At         time.Time  `json:"at"`
	To         string     `json:"to,omitempty"`
	Choices    []string   `json:"choices,omitempty"`
	Hold       bool       `json:"hold,omitempty"`
	Answer     string     `json:"answer,omitempty"`
	AnsweredBy string     `json:"answered_by,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
}

func questionOf(n plan.Note) Question {
	return Question{n.Key, n.N, n.Body, n.Agent, n.CreatedAt, n.To, n.Choices, n.Hold, n.Answer, n.AnsweredBy, n.AnsweredAt}
}

func questionsOf(notes []plan.Note) (out []Question) {
	for _, n := range notes {
		if n.Kind == plan.Question {
			out = append(out, questionOf(n))
		}
	}
	return out
}

// Ask asks a question. With Hold its task is blocked until it is answered. With
// Wait it returns with the answer; when the time has passed without one, that
// is an error, and the question stays.
func (t *Tracker) Ask(ctx context.Context, in Ask) (Question, error) {
	key, err := noteKey(in.Key)
	wait, waitErr := parseWait(in.Wait)
	note := plan.Note{Kind: plan.Question, Body: in.Body, To: strings.TrimSpace(in.To), Hold: in.Hold}
	for _, c := range in.Choices {
		note.Choices = append(note.Choices, strings.TrimSpace(c))
	}
	if err := firstError(err, waitErr, checkQuestion(key, note)); err != nil {
		return Question{}, err
	}
	out, err := write(ctx, t, call{"question ask", in}, func(tx *store.Tx) (Question, error) {
		item, err := lockRow(tx, key)
		if err != nil {
			return Question{}, err
		}
		n := note
		n.Session = tx.Actor().Session
		if n.Hold {
			n, err = askAndHold(tx, item, n)
		} else {
			n, err = writeNote(tx, &item, n)
		}
		return questionOf(n), err
	})
	if err != nil || wait == 0 {
		return out, err
	}
	return t.awaitAnswer(ctx, key, out.N, wait)
}

func checkQuestion(k plan.Key, n plan.Note) error {
	if strings.TrimSpace(n.Body) == "" {
		return plan.Errorf(plan.Invalid, "question is empty").WithCode("bad_question").WithHint(`pm ask %s "…"`, plan.KeyOrPlan(k))
	}
	if n.Hold && k.Level() != plan.LevelTask {
		return plan.Errorf(plan.Invalid, "cannot hold %s: only tasks can be held until a question is answered", k.Name()).WithCode("bad_question").
			WithHint("ask without --hold")
	}
	return firstError(plan.CheckText("question", n.Body), plan.CheckName("agent", n.To), plan.CheckChoices(n.Choices))
}

// held is why a task is blocked that waits for an answer. The text of the
// question is not in it: that is in one place only.
const held = "waiting for the answer to question %d"

// heldByQuestion reports whether t is blocked until a question is answered.
func heldByQuestion(t plan.Task) bool {
	var n int
	_, err := fmt.Sscanf(t.BlockedReason, held, &n)
	return t.Status == plan.Blocked && err == nil && t.BlockedReason == fmt.Sprintf(held, n)
}

// askAndHold adds a question to a task, and blocks the task until it is
// answered. What others block stays as it is.
func askAndHold(tx *store.Tx, item Item, n plan.Note) (plan.Note, error) {
	before, task := *item.Task, *item.Task
	if heldByQuestion(task) {
		return writeNote(tx, &item, n)
	}
	n.Key, n.N = task.Key, task.LastNote+1
	task.LastNote = n.N
	if err := tx.WriteNote(&n, before.UpdatedAt); err != nil {
		return n, err
	}
	return n, turn(tx, before, &task, plan.Block, fmt.Sprintf(held, n.N), plan.Change{"note": {nil, n.Written()}})
}

// turn moves a task along the status table together with a change of one of its
// notes, in one record.
func turn(tx *store.Tx, before plan.Task, task *plan.Task, verb plan.Verb, reason string, change plan.Change) error {
	if err := checkHolder(tx, before, verb, 0, false); err != nil {
		return err
	}
	to, err := before.Next(verb, reason, false)
	if err != nil {
		return err
	}
	now, err := tx.Now()
	if err != nil {
		return err
	}
	at, err := tx.At()
	if err != nil {
		return err
	}
	enter(task, to, verb, reason, tx.Actor(), at, now)
	moved := counts{}
	if err := saveMove(tx, before, task, plan.History{Notes: reason, Change: change}, moved); err != nil {
		return err
	}
	return moved.flush(tx)
}

// awaitAnswer waits until a question is answered, and returns it then: its
// asker is told.
func (t *Tracker) awaitAnswer(ctx context.Context, k plan.Key, n int, wait time.Duration) (Question, error) {
	for end := time.Now().Add(wait); ; {
		note, err := read(ctx, t, func(tx *store.Tx) (plan.Note, error) {
			note, err := tx.Note(k, n)
			if kindOf(err) == plan.NotFound && !k.IsZero() { // perhaps the item was moved meanwhile
				if now, moved, refErr := tx.RefOwner(k.String()); refErr == nil && moved {
					k = now
					return tx.Note(k, n)
				}
			}
			return note, err
		})
		switch {
		case err != nil:
			return Question{}, err
		case !note.Open():
			return questionOf(note), t.toldOf(ctx, note)
		case !time.Now().Before(end):
			return questionOf(note), plan.Errorf(plan.Unavailable, "question %d on %s is not answered yet", n, k.Name()).WithCode("no_answer").
				WithHint("the question stays open; to look for an answer: pm note list %s", plan.NoteTarget(k))
		}
		select {
		case <-time.After(min(time.Until(end), lookAgain+rand.N(lookAgain))):
		case <-ctx.Done():
			return questionOf(note), ctx.Err()
		}
	}
}

// toldOf keeps that the asker of a question knows the answer.
func (t *Tracker) toldOf(ctx context.Context, n plan.Note) error {
	defer t.changed()
	_, err := store.Write(ctx, t.db, func(tx *store.Tx) (struct{}, error) {
		if _, err := lockRow(tx, n.Key); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.SetTold(n.Key, []plan.Note{n})
	})
	return err
}

// tellAsker returns the answers to questions of the actor on a locked task, of
// which it was not told yet. Now it is. A task without any says so itself.
func tellAsker(tx *store.Tx, task *plan.Task) ([]Question, error) {
	if task.Answers == 0 {
		return nil, nil
	}
	notes, err := tx.Untold(task.Key, tx.Actor())
	if err != nil || len(notes) == 0 {
		return nil, err
	}
	return questionsOf(notes), tx.SetTold(task.Key, notes)
}

// ListQuestions is the input of Tracker.ListQuestions.
type ListQuestions struct {
	To    string `json:"to,omitempty" jsonschema:"only those for this agent or for anyone; me means yourself" ref:"-"`
	Limit *int   `json:"limit,omitempty" jsonschema:"maximum number of results; 50 if not given, 0 for all" short:"n"`
	AsOf  string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Questions is the answer of Tracker.ListQuestions.
type Questions struct {
	Items []Question `json:"items"`
	More  int        `json:"more,omitempty"` // open ones that are left out
}

// ListQuestions returns the questions that nobody has answered, the oldest first.
func (t *Tracker) ListQuestions(ctx context.Context, in ListQuestions) (Questions, error) {
	n, err := limitOf(in.Limit)
	if err := firstError(err, plan.CheckName("agent", in.To)); err != nil {
		return Questions{}, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (Questions, error) {
		to := in.To
		if strings.EqualFold(to, "me") {
			to = tx.Actor().Name
		}
		notes, more, err := tx.OpenQuestions(to, n)
		return Questions{append([]Question{}, questionsOf(notes)...), more}, err
	})
}

// choiceOf returns the answer as the choices of the question have it; false if
// it is none of them.
func choiceOf(n plan.Note, answer string) (string, bool) {
	if len(n.Choices) == 0 {
		return answer, true
	}
	i := slices.IndexFunc(n.Choices, func(c string) bool { return strings.EqualFold(c, strings.TrimSpace(answer)) })
	if i < 0 {
		return "", false
	}
	return n.Choices[i], true
}
