package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// mostEnded is how many tasks EndSession gives back: the hook that calls it
// has about a second.
const mostEnded = 20

// EndSession gives back what the actor's session holds, and returns the keys:
// otherwise nobody could take those tasks before their leases run out. A
// handoff that the agent wrote since it took a task stands; where there is
// none, pm writes one, which repeats an earlier handoff. An actor without a
// session keeps everything: others of its name may be at work.
func (t *Tracker) EndSession(ctx context.Context, reason string) ([]plan.Key, error) {
	actor := plan.ActorOf(ctx)
	if actor.Session == "" {
		return nil, nil
	}
	last := map[plan.Key]*plan.Note{}
	held, err := read(ctx, t, func(tx *store.Tx) ([]plan.Task, error) {
		tasks, err := tx.HeldBy(actor, mostEnded)
		for _, task := range tasks {
			note, noteErr := lastHandoff(tx, task)
			last[task.Key], err = note, firstError(err, noteErr)
		}
		return tasks, err
	})
	var released []plan.Key
	for _, task := range held {
		if err == nil {
			err = t.endTask(ctx, task, last[task.Key], reason)
		}
		switch kindOf(err) {
		case plan.Conflict, plan.NotFound, plan.Refused:
			err = nil // somebody changed the task since: it is theirs
		case "":
			released = append(released, task.Key)
		}
	}
	return released, err
}

// endTask gives one task back, with the last handoff of the task.
func (t *Tracker) endTask(ctx context.Context, task plan.Task, last *plan.Note, reason string) error {
	why := "session ended"
	if reason != "" {
		why += ": " + cut(reason, linkTitle, "")
	}
	key := task.Key.String()
	if last != nil && last.Agent == task.AssignedAgent && task.StartedAt != nil && !last.CreatedAt.Before(*task.StartedAt) {
		_, err := t.Release(ctx, ChangeStatus{Keys: []string{key}, Reason: why, Fence: task.Fence})
		return err
	}
	body := why + " without a handoff; look for unfinished changes"
	if last != nil {
		body += "\nhanded off before: " + last.Body
	}
	_, err := t.HandOff(ctx, HandOff{Key: key, Body: body, Release: true, Fence: task.Fence})
	return err
}
