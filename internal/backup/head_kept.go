package backup

import (
	"context"
	"sync"
	"time"
)

// A keptHead is the manifest of a directory that a follower writes to while its
// newest moment may be proved.
type keptHead struct {
	dir string

	mu   sync.Mutex // guards head, and the writing of it
	head *head
}

// wrote writes down the newest segment.
func (k *keptHead) wrote(ctx context.Context, newest string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.head.Newest = newest
	return k.head.write(ctx, k.dir)
}

// proved writes down a proof.
func (k *keptHead) proved(ctx context.Context, p Proof) (Proof, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.head.Proof = &p
	return p, k.head.write(ctx, k.dir)
}

// proofEvery is how often a backup is restored to see whether it can be.
const proofEvery = 24 * time.Hour

// unproved reports whether a proof is to be made: the first, and one each day.
func (k *keptHead) unproved() bool {
	last := k.LastProof()
	return last == nil || time.Since(last.At) >= proofEvery
}

// LastProof returns the last proof; nil: there is none.
func (k *keptHead) LastProof() *Proof {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.head.Proof
}
