package cli

import (
	"sync"
	"time"

	"pm/internal/cli/term"
	"pm/internal/db"
)

// waitingStep is how often pm says on stderr how far the operation is that it
// waits for.
const waitingStep = 5 * time.Second

// sayWaiting returns what says on stderr what a write waits for: who runs a
// large operation, and how far it is.
func (a *app) sayWaiting() func(db.Work) {
	var mu sync.Mutex
	var last time.Time
	return func(w db.Work) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(last) >= waitingStep {
			last = now
			a.say("pm: waiting for %s by %s: %s of %s done", term.Clean(w.What), term.Clean(w.Agent), term.Count(w.Done), term.Count(w.Total))
		}
	}
}
