package flow

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

const (
	// Runs is how often a forecast is simulated.
	Runs = 10_000
	// Least is how many finished tasks a forecast needs.
	Least = 10
	// Horizon is how many days ahead a forecast looks.
	Horizon = 1000

	shortBasis, longBasis = 30, 90
	goodBasis             = 30 // finishes that make a short basis enough
)

// Never is the day, counted from today, of what is not done within the horizon.
const Never = Horizon + 1

// A Question is what a forecast is asked: how long so many tasks will take at
// the pace of the days of the basis.
type Question struct {
	Remaining int   // open at the beginning of today
	Today     int   // of them finished today already
	Basis     []int // how many were finished on each day of the past
	Growth    []int // by how much the scope grew on each of these days; nil: it does not grow
	Runs      int
}

// seed makes chance depend on the question alone.
func (q Question) seed() uint64 {
	numbers := []uint64{uint64(q.Remaining), uint64(q.Today)}
	for _, n := range slices.Concat(q.Basis, q.Growth) {
		numbers = append(numbers, uint64(n))
	}
	return seedOf(numbers)
}

// seedOf makes a seed of numbers.
func seedOf(numbers []uint64) uint64 {
	h := fnv.New64a()
	for _, n := range numbers {
		h.Write(binary.LittleEndian.AppendUint64(nil, n))
	}
	return h.Sum64()
}

// run draws a past for itself, day by day from the basis, and then a future
// from that past: what the pace really is is known from so many days only, and
// the range of the answers says so. A draw is the place of a day in the basis.
type run struct {
	r     *rand.PCG
	basis int
	past  [longBasis]uint8
}

// draw returns a number below n, nearly evenly, as quickly as it can be had.
func (r *run) draw(n int) int { return int((r.r.Uint64() >> 32) * uint64(n) >> 32) }

func (r *run) begin() {
	for i := range r.basis {
		r.past[i] = uint8(r.draw(r.basis))
	}
}

func (r *run) day() int { return int(r.past[r.draw(r.basis)]) }

func (q Question) newRun() *run {
	return &run{r: rand.NewPCG(q.seed(), uint64(q.Runs)), basis: min(len(q.Basis), longBasis)}
}

// When returns for each run, ascending, on which day the last task is
// finished: 0 is today, Never is not within the horizon.
func (q Question) When() []int {
	days := make([]int, q.Runs)
	if q.Remaining > q.Today && sum(q.Basis) == 0 {
		for i := range days {
			days[i] = Never
		}
		return days
	}
	r := q.newRun()
	for i := range days {
		r.begin()
		days[i] = q.when(r)
	}
	slices.Sort(days)
	return days
}

func (q Question) when(r *run) int {
	left := q.Remaining
	if left <= 0 {
		return 0
	}
	for day := range Horizon + 1 {
		at := r.day()
		n := q.Basis[at]
		if day == 0 {
			n = max(n, q.Today)
		}
		if left -= n; left <= 0 {
			return day
		}
		if q.Growth != nil {
			left = max(left+q.Growth[at], 1)
		}
	}
	return Never
}

// HowMany returns for each run, ascending, how many of the remaining tasks are
// finished within days days from now, today being the first, and in how many
// runs that is all of them. What is finished today already is not counted.
func (q Question) HowMany(days int) (done []int, all int) {
	done = make([]int, q.Runs)
	r := q.newRun()
	for i := range done {
		r.begin()
		n := q.howMany(r, days)
		if n >= q.Remaining {
			all++
		}
		done[i] = max(min(n, q.Remaining)-q.Today, 0)
	}
	slices.Sort(done)
	return done, all
}

func (q Question) howMany(r *run, days int) (n int) {
	if r.basis == 0 {
		return q.Today
	}
	for day := range min(days, Horizon+1) {
		d := q.Basis[r.day()]
		if day == 0 {
			d = max(d, q.Today)
		}
		n += d
	}
	return n
}
