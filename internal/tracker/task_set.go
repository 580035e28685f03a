package tracker

import "pm/internal/plan"

// A taskSet is tasks and which of them are done, in a few bits each where
// their numbers lie close together. The nil taskSet takes none.
type taskSet map[int64]taskBits // by the ordinal, without its last six bits

type taskBits struct{ there, done uint64 }

func (s taskSet) add(k plan.Key, done bool) {
	at, bit := k.Ordinal()>>6, uint64(1)<<(k.Ordinal()&63)
	bits := s[at]
	if bits.there |= bit; done {
		bits.done |= bit
	}
	s[at] = bits
}

// of reports whether a task is in the set, and done.
func (s taskSet) of(k plan.Key) (there, done bool) {
	bits, bit := s[k.Ordinal()>>6], uint64(1)<<(k.Ordinal()&63)
	return bits.there&bit != 0, bits.done&bit != 0
}
