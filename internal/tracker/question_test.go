package tracker_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

func (r *rig) ask(who string, in tracker.Ask) tracker.Question {
	r.t.Helper()
	return ok[tracker.Question](r.t)(r.Ask(as(who), in))
}

func (r *rig) reply(who string, k plan.Key, n int, answer string) tracker.Question {
	r.t.Helper()
	return ok[tracker.Question](r.t)(r.Answer(as(who), tracker.Answer{Key: plan.KeyOrPlan(k), N: n, Answer: answer}))
}

func (r *rig) open(who, to string) (texts string) {
	r.t.Helper()
	var all []string
	for _, q := range ok[tracker.Questions](r.t)(r.ListQuestions(as(who), tracker.ListQuestions{To: to})).Items {
		all = append(all, q.Text)
	}
	return strings.Join(all, ", ")
}

func TestQuestionsAreAnsweredOnce(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "Pay")
		r.note(k, "a note")
		r.ask("ann/1", tracker.Ask{Key: k.String(), Body: "which bank?", To: "lead", Choices: []string{"Visa", " Amex"}})
		r.ask("ann", tracker.Ask{Key: f.String(), Body: "for anyone"})
		r.ask("ann", tracker.Ask{Key: "E01", Body: "for bob", To: "bob"})
		r.ask("ann", tracker.Ask{Key: "plan", Body: "of the plan"})
		if got := r.open("bob", ""); got != "which bank?, for anyone, for bob, of the plan" {
			t.Errorf("open are %s", got)
		}
		if got := r.open("bob", "me"); got != "for anyone, for bob, of the plan" {
			t.Errorf("open for bob are %s", got)
		}
		one := 1
		if page := ok[tracker.Questions](t)(r.ListQuestions(as("bob"), tracker.ListQuestions{Limit: &one})); len(page.Items) != 1 || page.More != 3 {
			t.Errorf("a page of one is %+v", page)
		}
		for _, c := range []struct {
			who, answer, code string
			n                 int
		}{
			{"ann/1", "Visa", "own_question", 2}, {"bob", "Maestro", "bad_choice", 2}, {"bob", "x", "not_a_question", 1},
			{"bob", "x", "no_question", 9}, {"bob", " ", "bad_answer", 2},
		} {
			_, err := r.Answer(as(c.who), tracker.Answer{Key: k.String(), N: c.n, Answer: c.answer})
			refused(t, err, c.code)
		}
		// The same agent in another session is another asker's reader.
		if q := r.reply("ann/2", k, 2, " amex"); q.Answer != "Amex" || q.AnsweredBy != "ann" || q.AnsweredAt == nil {
			t.Errorf("the answer is %+v", q)
		}
		_, err := r.Answer(as("bob"), tracker.Answer{Key: k.String(), N: 2, Answer: "Visa"})
		refused(t, err, "answered", "ann")
		r.reply("bob", f, 1, strings.Repeat("a long answer ", 20))
		r.reply("bob", plan.Key{}, 1, "yes")
		_, err = r.AddNote(as("ann"), tracker.AddNote{Key: k.String(), Body: "why?", Kind: "question"})
		if refused(t, err, "bad_note_kind"); !strings.Contains(plan.Describe(err).Hint, "pm ask "+k.String()) {
			t.Errorf("the hint is %q", plan.Describe(err).Hint)
		}
		if n := r.ask("ann", tracker.Ask{Key: k.String(), Body: "again"}).N; n != 3 {
			t.Errorf("the next question is %d", n)
		}
		found := ok[tracker.Page[tracker.Found]](t)(r.Search(as("ann"), tracker.Search{Text: "amex"}))
		if len(found.Items) != 1 || !strings.Contains(found.Items[0].Match.Text, "**Amex**") {
			t.Errorf("a search for the answer finds %+v", found.Items)
		}
		r.sound("with questions")
		r.carriesOver("with questions")
	})
}

// An answer that its asker was not told of yet is not lost where its task is
// deleted and restored, moved to another database, or the answer undone and redone.
func TestAnswersAreStillToldLater(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "Pay")
		r.do("ann/1", plan.Claim, k)
		r.ask("ann/1", tracker.Ask{Key: k.String(), Body: "which bank?"})
		r.reply("bob", k, 1, "Visa")
		told := func(r *rig) int {
			return len(ok[tracker.Changed](t)(r.Renew(as("ann/1"), tracker.Renew{Keys: []string{k.String()}})).Answers)
		}
		ok[tracker.Undone](t)(r.Undo(as("bob"), tracker.Undo{}))
		r.sound("undone")
		ok[tracker.Undone](t)(r.Redo(as("bob"), tracker.Redo{}))
		r.sound("redone")
		ok[tracker.Deleted](t)(r.delete(k, true))
		ok[tracker.Restored](t)(r.Restore(as("ann"), tracker.Restore{Key: k.String()}))
		r.sound("restored")
		other := newRig(t, storetest.SQLite(t), store.Options{})
		ok[tracker.Imported](t)(other.load(r.export()))
		other.sound("imported")
		for _, r := range []*rig{r, other} {
			if a, b := told(r), told(r); a != 1 || b != 0 {
				t.Errorf("%s: the next command tells %d, the one behind it %d", r.DB().Engine(), a, b)
			}
		}
	})
}

// An asker is told once by a command, and by what it reads until then.
func TestAskersAreTold(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k := r.task(f, "Pay")
		r.do("ann/1", plan.Claim, k)
		r.ask("ann/1", tracker.Ask{Key: k.String(), Body: "which bank?"})
		told := func(who string) int {
			return len(ok[tracker.Changed](t)(r.Renew(as(who), tracker.Renew{Keys: []string{k.String()}})).Answers)
		}
		primed := func(who string) int { return len(ok[tracker.Briefing](t)(r.Brief(as(who))).Answers) }
		if n := told("ann/1"); n != 0 {
			t.Errorf("before there is an answer %d are told", n)
		}
		r.reply("bob", k, 1, "Visa")
		if a, b := primed("ann/1"), primed("ann/2"); a != 1 || b != 0 {
			t.Errorf("prime tells %d, and another session %d", a, b)
		}
		c := ok[tracker.Context](t)(r.ShowContext(as("ann/1"), tracker.ShowTask{Key: k.String()}))
		if len(c.Questions) != 1 || c.Questions[0].Answer != "Visa" || len(c.Notes) != 0 {
			t.Errorf("the context has %+v and %+v", c.Questions, c.Notes)
		}
		r.sound("untold")
		if a, b := told("ann/1"), told("ann/1"); a != 1 || b != 0 {
			t.Errorf("the next command tells %d, the one behind it %d", a, b)
		}
		if n := primed("ann/1"); n != 0 {
			t.Errorf("prime still tells %d", n)
		}
		r.sound("told")

		r.ask("ann/1", tracker.Ask{Key: k.String(), Body: "and then?", To: "bob"})
		if b := ok[tracker.Briefing](t)(r.Brief(as("bob"))); b.Asked != 1 {
			t.Errorf("%d questions wait for bob", b.Asked)
		}
		r.reply("bob", k, 2, "Amex")
		ok[plan.Note](t)(r.RemoveNote(as("bob"), tracker.RemoveNote{Key: k.String(), N: 2}))
		if n := told("ann/1"); n != 0 {
			t.Errorf("%d removed questions are told of", n)
		}
		r.sound("removed")
		r.sql(`update tasks set answers = 7`)
		if d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{})); d.Flaws != 1 {
			t.Errorf("doctor finds %d flaws", d.Flaws)
		}
		if d := ok[tracker.Diagnosis](t)(r.Doctor(as("ann"), tracker.Doctor{Fix: true})); d.Flaws != 0 {
			t.Errorf("doctor leaves %d flaws", d.Flaws)
		}
		if now := r.show(k); now.Answers != 0 {
			t.Errorf("%d answers are left", now.Answers)
		}
	})
}

// A held task stays with its holder, whose lease begins anew with the last
// answer that it waits for.
func TestAHeldTaskGoesOnWithTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		k, other := r.task(f, "Pay"), r.task(f, "Ship")
		claimed := r.do("ann/1", plan.Claim, k)
		hold := func(who string, k plan.Key, body string) (tracker.Question, error) {
			return r.Ask(as(who), tracker.Ask{Key: k.String(), Body: body, Hold: true})
		}
		_, err := hold("bob", k, "mine?")
		refused(t, err, "held")
		ok[tracker.Question](t)(hold("ann/1", k, "first"))
		ok[tracker.Question](t)(hold("ann/1", k, "second"))
		if now := r.show(k); now.Status != plan.Blocked || now.AssignedAgent != "ann" || now.BlockedReason != "waiting for the answer to question 1" {
			t.Fatalf("a held task is %+v", now)
		}
		r.reply("bob", k, 1, "yes")
		if now := r.show(k); now.Status != plan.Blocked {
			t.Errorf("with one question left it is %s", now.Status)
		}
		r.reply("bob", k, 2, "no")
		now := r.show(k)
		if now.Status != plan.InProgress || !now.HeldBy(plan.Actor{Name: "ann", Session: "1"}) || now.LeaseUntil == nil || now.LastFence != claimed.LastFence {
			t.Errorf("after the answers it is %+v", now)
		}
		r.sound("answered")

		// A question that is taken back holds nothing; nor is what others block let go.
		ok[tracker.Question](t)(hold("ann/1", k, "third"))
		ok[plan.Note](t)(r.RemoveNote(as("ann/1"), tracker.RemoveNote{Key: k.String(), N: 3}))
		if now := r.show(k); now.Status != plan.InProgress {
			t.Errorf("after the question was removed it is %s", now.Status)
		}
		ok[tracker.Question](t)(hold("ann/1", k, "fourth"))
		r.do("bob", plan.Unblock, k)
		ok[tracker.Changed](t)(r.verb("ann/1", plan.Block, tracker.ChangeStatus{Keys: []string{k.String()}, Reason: "the bank is closed"}))
		_, err = hold("ann/1", k, "fifth")
		refused(t, err, "bad_transition")
		r.reply("bob", k, 4, "yes")
		if now := r.show(k); now.Status != plan.Blocked || now.BlockedReason != "the bank is closed" {
			t.Errorf("blocked by a person it is %s: %s", now.Status, now.BlockedReason)
		}
		_, err = hold("ann/1", f, "a feature?")
		refused(t, err, "bad_question")

		// Nobody holds a task that is todo; it is todo again.
		ok[tracker.Question](t)(hold("lead", other, "needed?"))
		gone := ok[tracker.Deleted](t)(r.delete(other, true))
		ok[tracker.Restored](t)(r.restore(gone))
		moved := r.move(r.feature(f.EpicKey(), "Later"), other)[0]
		if got := r.open("bob", ""); got != "needed?" {
			t.Errorf("open are %q", got)
		}
		r.reply("bob", moved, 1, "yes")
		if now := r.show(moved); now.Status != plan.Todo {
			t.Errorf("it is %s", now.Status)
		}
		ok[tracker.Redacted](t)(r.Redact(as("ann"), tracker.Redact{Key: moved.String(), Field: "note", Note: 1}))
		if where := r.holds("needed?"); where != nil {
			t.Errorf("the redacted question is still in %v", where)
		}
		r.sound("at the end")
		r.carriesOver("at the end")
	})
}

func TestAWaitEndsWithTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "Pay")
		out, err := r.Ask(as("ann"), tracker.Ask{Key: k.String(), Body: "which bank?", Wait: "1ms"})
		refused(t, err, "no_answer")
		if plan.KindOf(err) != plan.Unavailable || out.N != 1 || r.open("bob", "") != "which bank?" {
			t.Errorf("a wait that runs out gives %+v, %v", out, err)
		}
		ctx, cancel := context.WithCancel(as("ann"))
		answered := make(chan tracker.Question)
		go func() {
			q, err := r.Ask(ctx, tracker.Ask{Key: k.String(), Body: "and then?", Wait: "1h"})
			if err != nil {
				t.Error(err)
			}
			answered <- q
		}()
		for r.open("bob", "") != "which bank?, and then?" {
			select {
			case q := <-answered:
				t.Fatalf("it does not wait: %+v", q)
			case <-time.After(time.Millisecond):
			}
		}
		r.reply("bob", k, 2, "Amex")
		if q := <-answered; q.Answer != "Amex" {
			t.Errorf("it returns with %+v", q)
		}
		if c := ok[tracker.Changed](t)(r.verb("ann", plan.Start, tracker.ChangeStatus{Keys: []string{k.String()}})); len(c.Answers) != 0 {
			t.Errorf("it is told again: %+v", c.Answers)
		}
		cancel()
		_, err = r.Ask(ctx, tracker.Ask{Key: k.String(), Body: "who?", Wait: "1h"})
		if err == nil {
			t.Error("a caller that is gone waits")
		}
	})
}

// Questions of exports from before are notes of the kind question alone.
func TestOldQuestionsAreTakenOver(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), store.Options{})
	file := `{"type":"epic","key":"E01","title":"Shop","status":"active","priority":"high"}
{"type":"feature","key":"E01-F01","title":"Cart","status":"active"}
{"type":"task","key":"T-E01-F01-001","title":"Pay","status":"todo","priority":5,"notes":[{"n":1,"agent":"ann","kind":"question","body":"which bank?","created_at":"2026-01-02T03:04:05Z"}]}
`
	ok[tracker.Imported](t)(r.load([]byte(file)))
	if got := r.open("bob", ""); got != "which bank?" {
		t.Errorf("open are %q", got)
	}
	r.reply("bob", plan.MustKey("T-E01-F01-001"), 1, "Visa")
	r.sound("taken over")
}

// Of many who answer at once, one answers.
func TestOneOfManyAnswers(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		k := r.task(r.plan(), "Pay")
		ok[tracker.Question](t)(r.Ask(as("ann"), tracker.Ask{Key: k.String(), Body: "which?", Hold: true}))
		const many = 8
		codes := make(chan string, many)
		for i := range many {
			go func() {
				_, err := r.Answer(as(fmt.Sprint("b", i)), tracker.Answer{Key: k.String(), N: 1, Answer: fmt.Sprint(i)})
				codes <- code(err)
			}()
		}
		got := map[string]int{}
		for range many {
			got[<-codes]++
		}
		if got[""] != 1 || got["answered"] != many-1 {
			t.Errorf("the answers end in %v", got)
		}
		if now := r.show(k); now.Status != plan.Todo || now.Answers != 1 {
			t.Errorf("the task is %s, with %d answers", now.Status, now.Answers)
		}
		r.sound("answered by one of many")
	})
}

// TestQuestionsAreInTheOrderOfTheirAge: also after what they were asked about was
// deleted and restored, which makes their rows anew.
func TestQuestionsAreInTheOrderOfTheirAge(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		f := r.plan()
		first, second := r.task(f, "one"), r.task(f, "two")
		r.ask("ann", tracker.Ask{Key: first.String(), Body: "one?"})
		r.ask("ann", tracker.Ask{Key: second.String(), Body: "two?"})
		r.sql(`update notes set created_at = $1 where body = 'one?'`, plan.Stamp(time.Now().Add(-time.Hour))) // both may have come in one millisecond
		ok[tracker.Deleted](t)(r.Delete(as("ann"), tracker.Delete{Key: first.String()}))
		ok[tracker.Restored](t)(r.Restore(as("ann"), tracker.Restore{Key: first.String()}))
		if got := r.open("bob", ""); got != "one?, two?" {
			t.Errorf("open are %s", got)
		}
	})
}
