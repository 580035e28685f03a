package backup

import (
	"context"
	"sync"
	"time"

	"pm/internal/tracker"
)

// A rounds is what a watch has make backups: a Follower or a JournalFollower.
type rounds interface {
	Round(ctx context.Context) (*Moment, error)
	ProofDue() bool
	LastProof() *Proof
	Prove(ctx context.Context) (Proof, error)
	Close() error
}

// A Watch backs a plan up for as long as it runs.
type Watch struct {
	Dir    string
	Every  time.Duration // from the beginning of one round to that of the next
	Once   bool          // only one round
	Lines  bool          // of an export, which both engines have, not of pages
	Keep   Keep          // what is pruned once a day; nil: nothing is
	Memory string        // the file that Last reads; empty: none

	// Told is told of each backup, of each proof, and of what went wrong, after
	// which the watch goes on. It is called by one goroutine at a time.
	Told func(made *Moment, proof *Proof, err error)

	mu     sync.Mutex
	last   tracker.Backup
	noted  time.Time // when last was written
	proofs sync.WaitGroup
}

const (
	// noteEvery is how often it is written down that nothing has changed.
	noteEvery = time.Minute

	// lastRound is how long the round may take that is made at the end.
	lastRound = 30 * time.Second
)

// Run makes backups until ctx ends, and one more then, so that what was done
// last is in it.
func (w *Watch) Run(ctx context.Context, t *tracker.Tracker) error {
	f, err := w.follow(ctx, t)
	if err != nil {
		return err
	}
	defer f.Close()
	defer w.proofs.Wait()
	if w.last.Path = w.Dir; f.LastProof() != nil {
		w.last.ProvedAt, w.last.Problems = &f.LastProof().At, f.LastProof().Problems
	}
	if w.Once {
		err := w.round(ctx, f)
		if err == nil && f.ProofDue() {
			err = w.prove(ctx, f)
		}
		return err
	}
	ticks := time.NewTicker(w.Every)
	defer ticks.Stop()
	busy := make(chan struct{}, 1) // holds a token while a proof runs
	for {
		if err := w.round(ctx, f); err != nil && ctx.Err() == nil {
			w.tell(nil, nil, err)
		}
		if f.ProofDue() && ctx.Err() == nil {
			w.proveBeside(ctx, f, busy)
		}
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastRound)
			defer cancel()
			return w.round(last, f)
		case <-ticks.C:
		}
	}
}

func (w *Watch) follow(ctx context.Context, t *tracker.Tracker) (rounds, error) {
	if w.Lines {
		return FollowExport(ctx, t, w.Dir)
	}
	return Follow(ctx, t, w.Dir)
}

// proveBeside proves the newest backup while rounds go on, unless that is being
// done.
func (w *Watch) proveBeside(ctx context.Context, f rounds, busy chan struct{}) {
	select {
	case busy <- struct{}{}:
	default:
		return
	}
	w.proofs.Go(func() {
		defer func() { <-busy }()
		if err := w.prove(ctx, f); err != nil && ctx.Err() == nil {
			w.tell(nil, nil, err)
		}
	})
}

func (w *Watch) tell(made *Moment, proof *Proof, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.Told != nil {
		w.Told(made, proof, err)
	}
}

func (w *Watch) round(ctx context.Context, f rounds) error {
	began := time.Now().UTC().Truncate(time.Second)
	made, err := f.Round(ctx)
	if err != nil {
		return err
	}
	w.note(ctx, func(last *tracker.Backup) bool {
		if last.At = began; made != nil {
			last.Path = made.Path
		}
		return made != nil || time.Since(w.noted) >= noteEvery
	})
	if made != nil {
		w.tell(made, nil, nil)
	}
	return nil
}

func (w *Watch) prove(ctx context.Context, f rounds) error {
	p, err := f.Prove(ctx)
	if err != nil {
		return err
	}
	w.note(ctx, func(last *tracker.Backup) bool {
		last.ProvedAt, last.Problems = &p.At, p.Problems
		return true
	})
	w.tell(nil, &p, nil)
	if w.Keep != nil {
		_, err = Prune(ctx, w.Dir, w.Keep, false)
	}
	return err
}

// note changes what is known of the last backup, and writes it down where
// change says so.
func (w *Watch) note(ctx context.Context, change func(*tracker.Backup) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if change(&w.last) {
		w.noted = time.Now()
		remember(ctx, w.Memory, w.last)
	}
}

// LeastInterval is the shortest time from one round to the next.
const LeastInterval = time.Second
