package tracker

import (
	"context"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// A Briefing is what an agent must know of the plan when it begins.
type Briefing struct {
	Agent     string
	Held      []plan.Task           // that the agent holds in this session, the most urgent first
	Back      map[plan.Key]Standing // of the first BriefingBack of them, why they were sent back
	Elsewhere int                   // tasks that other sessions of the agent hold, counted up to BriefingReady
	Ready     int                   // tasks that can be claimed, counted up to BriefingReady
	Memories  []plan.Note           // of the plan itself, the newest first, at most BriefingMemories
	Answers   []Question            // to questions of the actor of which it was not told yet, the newest first, at most BriefingAnswers
	Asked     int                   // open questions for the actor by name
	Hidden    int                   // memories that came from elsewhere and were not accepted yet
	Now       time.Time             // by the database's clock, which leases end by
}

// The bounds of a Briefing.
const (
	BriefingHeld  = 50
	BriefingBack  = 10
	BriefingReady = 1000

	BriefingMemories = 20
	BriefingAnswers  = 5
)

// Brief returns what the actor holds, and how many tasks are ready.
func (t *Tracker) Brief(ctx context.Context) (Briefing, error) {
	return read(ctx, t, func(tx *store.Tx) (b Briefing, err error) {
		b.Agent = tx.Actor().Name
		if b.Now, err = tx.Now(); err != nil {
			return b, err
		}
		if b.Held, err = tx.HeldBy(tx.Actor(), BriefingHeld); err != nil {
			return b, err
		}
		b.Back = map[plan.Key]Standing{}
		for _, task := range b.Held[:min(len(b.Held), BriefingBack)] {
			if b.Back[task.Key], err = standing(tx, task); err != nil {
				return b, err
			}
		}
		if b.Elsewhere, err = tx.CountHeldElsewhere(tx.Actor(), BriefingReady); err != nil {
			return b, err
		}
		if b.Ready, err = tx.CountReady(BriefingReady); err != nil {
			return b, err
		}
		if b.Memories, err = tx.Memories(BriefingMemories); err != nil {
			return b, err
		}
		hidden, err := tx.HiddenMemories()
		if b.Hidden = len(hidden); err != nil {
			return b, err
		}
		answers, err := tx.UntoldTo(tx.Actor(), BriefingAnswers)
		if b.Answers = questionsOf(answers); err != nil {
			return b, err
		}
		b.Asked, err = tx.CountAskedOf(tx.Actor().Name)
		return b, err
	})
}
