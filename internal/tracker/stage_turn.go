package tracker

import (
	"context"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// Reject is the input of Tracker.RejectTo.
type Reject struct {
	Keys      []string `json:"keys" jsonschema:"keys of the tasks" arg:"key"`
	Reason    string   `json:"reason,omitempty" jsonschema:"why; kept in the history" short:"r"`
	To        string   `json:"to,omitempty" jsonschema:"an earlier stage, where it becomes todo for anyone; if not given, it goes back to whoever submitted it"`
	Force     bool     `json:"force,omitempty" jsonschema:"override the rules; needs a reason, which is kept in the history"`
	Fence     int64    `json:"fence,omitempty" jsonschema:"fencing token of your claim: refused if the task was claimed again since"`
	IfVersion *int64   `json:"if_version,omitempty" jsonschema:"change it only if it is still at this version"`
}

// RejectTo sends tasks back: to who submitted them, or to an earlier stage.
func (t *Tracker) RejectTo(ctx context.Context, in Reject) (Changed, error) {
	return t.changeStatusOf(ctx, call{"task reject", in}, plan.Reject, statusChange{to: strings.TrimSpace(in.To),
		ChangeStatus: ChangeStatus{Keys: in.Keys, Reason: in.Reason, Force: in.Force, Fence: in.Fence, IfVersion: in.IfVersion}})
}

// A passage is where a verb leads a task.
type passage struct {
	to     plan.TaskStatus
	stage  string
	holder *plan.Actor // who gets it back; nil: who holds it, as the status says
}

// passageOf returns where the verb leads a task. Of a task in a stage submit passes
// it on to the next one, reject sends it back, and reopen finds it a stage if
// its own is gone.
func passageOf(tx *store.Tx, task plan.Task, verb plan.Verb, in statusChange) (passage, error) {
	if verb == plan.Reject && (in.to != "" || task.Stage != "" && (task.Status == plan.Todo || task.Status == plan.InProgress)) {
		return rejected(tx, task, in)
	}
	to, err := task.Next(verb, in.Reason, in.Force)
	out := passage{to: to, stage: task.Stage}
	if err != nil || task.Stage == "" {
		return out, err
	}
	line, err := tx.Stages()
	if err != nil {
		return out, err
	}
	switch {
	case verb == plan.Submit && line.After(task.Stage) != "":
		out.to, out.stage = plan.Todo, line.After(task.Stage)
	case task.Done() && !isDone(string(to)) && line.Index(task.Stage) < 0:
		out.stage = line.First()
	}
	if out.stage != task.Stage && out.stage != "" {
		err = tx.EnterStage(out.stage)
	}
	return out, err
}

// rejected is passageOf for sending back to an earlier stage: with a stage named,
// todo there for anyone; without, to whoever submitted the task in it.
func rejected(tx *store.Tx, task plan.Task, in statusChange) (passage, error) {
	if strings.TrimSpace(in.Reason) == "" {
		task.Status = plan.ReadyForReview // from which only the reason is missing
		_, err := task.Next(plan.Reject, "", in.Force)
		return passage{}, err
	}
	line, err := tx.Stages()
	if err != nil {
		return passage{}, err
	}
	if in.to == "" {
		return sentBack(tx, task, line)
	}
	to, err := stageNamed(line, in.to)
	if err != nil {
		return passage{}, err
	}
	inLine := task.Status == plan.Todo || task.Status == plan.InProgress
	if !inLine && task.Status != plan.ReadyForReview && !in.Force {
		_, err := task.Next(plan.Reject, in.Reason, false)
		return passage{}, err
	}
	at, is := line.Index(to.Name), line.Index(task.Stage)
	if is >= 0 && (at > is || at == is && inLine) || is < 0 && inLine {
		e := plan.Errorf(plan.Refused, "cannot reject %s to %s: %s", task.Key, to.Name, whereItIs(task)).WithCode("bad_stage")
		if is < 0 {
			return passage{}, e.WithHint("put it in the stage: pm update %s --stage %s", task.Key, to.Name)
		}
		return passage{}, e.WithHint("name an earlier stage, or use pm update %s --stage %s", task.Key, to.Name)
	}
	return passage{to: plan.Todo, stage: to.Name}, tx.EnterStage(to.Name)
}

func whereItIs(task plan.Task) string {
	if task.Stage == "" {
		return "it is in no stage"
	}
	return "it is in " + task.Stage
}

// sentBack returns a task of which the work is not done to whoever passed it on.
func sentBack(tx *store.Tx, task plan.Task, line plan.Line) (passage, error) {
	records, err := tx.Turns(task.Key)
	if err != nil {
		return passage{}, err
	}
	for i := len(records) - 1; i >= 0; i-- {
		h := records[i]
		from, to := stageChange(h)
		holder, submitted := h.Change["assigned_agent"][0].(string)
		if to != task.Stage || !submitted || h.NewStatus != string(plan.Todo) || !line.PassedBack(to, from) {
			continue
		}
		session, _ := h.Change["session"][0].(string)
		return passage{to: plan.InProgress, stage: from, holder: &plan.Actor{Name: holder, Session: session}}, tx.EnterStage(from)
	}
	return passage{}, plan.Errorf(plan.Refused, "cannot reject %s: nobody submitted it to %s", task.Key, task.Stage).WithCode("bad_transition").
		WithHint("to send it to an earlier stage: pm reject %s --to STAGE --reason \"why\"", task.Key)
}

// stageChange returns the stages before and after a record.
func stageChange(h plan.History) (from, to string) {
	c := h.Change["stage"]
	from, _ = c[0].(string)
	to, _ = c[1].(string)
	return from, to
}

// take puts the task where the passage leads it, before its status is entered.
func (t passage) take(task *plan.Task) {
	passedOn := t.stage != task.Stage && t.to == plan.Todo
	if task.Stage = t.stage; passedOn {
		task.Assignee = "" // who it was meant for has had it
	}
	if t.holder == nil {
		return
	}
	task.AssignedAgent, task.Session, task.StartedAt = t.holder.Name, t.holder.Session, nil
	task.LastFence++ // whoever held it since holds it no more
}

// stagedStanding is standing for a task in a stage: sent back counts what left a
// stage for an earlier one, until it passes that stage.
func stagedStanding(tx *store.Tx, task plan.Task) (s Standing, err error) {
	line, err := tx.Stages()
	if err != nil {
		return s, err
	}
	records, err := tx.Turns(task.Key)
	by := "" // the stage that sent it back
	for _, h := range records {
		from, to := stageChange(h)
		was, is := plan.TaskStatus(h.OldStatus), plan.TaskStatus(h.NewStatus)
		switch {
		case from != to && line.PassedBack(from, to), was == plan.ReadyForReview && (is == plan.InProgress || is == plan.Todo):
			s.Rejected, s.Reopened, by = h.Notes, "", from
		case from != to && from == by, isDone(h.NewStatus), was == plan.ReadyForReview:
			s.Rejected, by = "", ""
		}
		switch {
		case isDone(h.NewStatus):
			s.Reopened = ""
		case isDone(h.OldStatus):
			s.Rejected, s.Reopened = "", h.Notes
		}
	}
	more := "pm log " + task.Key.String()
	s.Rejected, s.Reopened = cut(s.Rejected, handoffText, more), cut(s.Reopened, handoffText, more)
	return s, err
}
