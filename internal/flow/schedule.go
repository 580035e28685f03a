package flow

import (
	"math"
	"math/rand/v2"
	"slices"
)

// ScheduleRuns is how often a schedule is simulated.
const ScheduleRuns = 1000

// A Job is an open task as a schedule has it. Jobs are given out in their
// order, as soon as what they need is done and a worker of their trade is free.
type Job struct {
	Trade int     // place in Schedule.Trades
	Group int     // place of its feature, counted from 0; -1: none
	Needs []int32 // places of jobs
	Age   float64 // hours that somebody has worked on it already
	Held  bool    // somebody works on it: it keeps its worker
}

// A Trade is who can do the jobs of one kind, and how long such jobs took.
type Trade struct {
	Name    string
	Workers int
	Hours   []float64 // of past tasks, ascending; each job takes one of them
	Idle    float64   // how much longer it takes until a worker is free for the next: 1 or more, since nobody works all the time
}

// A Schedule is what is to be simulated.
type Schedule struct {
	Jobs   []Job
	Trades []Trade
	Groups int
	Runs   int
}

// An Outcome is what the runs of a schedule gave: hours from now, ascending. They
// are infinite where jobs need each other in a circle.
type Outcome struct {
	Ends     []float64
	Groups   [][]float64 // when the last job of each group was done
	Critical []int       // in how many runs one of the group's jobs was on the chain that decided the end
}

// Simulate runs the schedule. Whatever chance decides follows from the
// schedule, so that it gives the same outcome again.
func (s Schedule) Simulate() Outcome {
	o := Outcome{Groups: make([][]float64, s.Groups), Critical: make([]int, s.Groups)}
	if len(s.Jobs) == 0 {
		return o
	}
	m := s.machine()
	seen := make([]int, s.Groups)
	for n := range s.Runs {
		last := m.run()
		o.Ends = append(o.Ends, m.end[last])
		m.groupEnds(o.Groups)
		for at := last; at >= 0; at = m.from[at] {
			if g := s.Jobs[at].Group; g >= 0 && seen[g] != n+1 {
				seen[g] = n + 1
				o.Critical[g]++
			}
		}
	}
	slices.Sort(o.Ends)
	for _, g := range o.Groups {
		slices.Sort(g)
	}
	return o
}

func (s Schedule) seed() uint64 {
	var numbers []uint64
	for _, j := range s.Jobs {
		numbers = append(numbers, uint64(j.Trade)<<32|uint64(len(j.Needs)), math.Float64bits(j.Age))
	}
	for _, t := range s.Trades {
		numbers = append(numbers, uint64(len(t.Hours)))
	}
	return seedOf(numbers)
}

// A machine simulates run after run in the same room.
type machine struct {
	Schedule
	r          *rand.Rand
	dependants [][]int32
	needs      []int32

	left    []int32
	end     []float64
	from    []int32   // the job whose end let this one begin; -1: none
	offered []float64 // since when each could begin
	freed   []int32   // the job whose worker was free last, by trade
	ready   [][]int32 // by trade: a heap of jobs that wait for a worker
	free    []int     // workers, by trade
	queue   []event   // a heap of what ends, by time
	lasts   []float64
}

// An event is the end of a job, or that its worker is free again.
type event struct {
	at   float64
	job  int32
	free bool
}

func (s Schedule) machine() *machine {
	n := len(s.Jobs)
	m := &machine{Schedule: s, r: rand.New(rand.NewPCG(s.seed(), 1)), dependants: make([][]int32, n), needs: make([]int32, n),
		left: make([]int32, n), end: make([]float64, n), from: make([]int32, n), offered: make([]float64, n), freed: make([]int32, len(s.Trades)), ready: make([][]int32, len(s.Trades)), free: make([]int, len(s.Trades))}
	for i, j := range s.Jobs {
		m.needs[i] = int32(len(j.Needs))
		for _, need := range j.Needs {
			m.dependants[need] = append(m.dependants[need], int32(i))
		}
	}
	return m
}

// run simulates once and returns the job that ended last.
func (m *machine) run() (last int32) {
	copy(m.left, m.needs)
	m.queue = m.queue[:0]
	for t := range m.Trades {
		m.ready[t], m.free[t] = m.ready[t][:0], max(m.Trades[t].Workers, 1)
	}
	for i := range m.Jobs {
		m.end[i], m.from[i] = math.Inf(1), -1
		if j := &m.Jobs[i]; j.Held {
			m.free[j.Trade]--
			m.begin(int32(i), 0)
		}
	}
	for i := range m.Jobs {
		if !m.Jobs[i].Held && m.left[i] == 0 {
			m.offer(int32(i), 0)
		}
	}
	m.assign(0)
	done := 0
	for len(m.queue) > 0 {
		now := m.queue[0].at
		for len(m.queue) > 0 && m.queue[0].at == now {
			e := m.pop()
			if t := m.Jobs[e.job].Trade; e.free {
				m.free[t]++
				m.freed[t] = e.job
				continue
			}
			last, done = e.job, done+1
			m.finish(e)
		}
		m.assign(now)
	}
	if done < len(m.Jobs) {
		return int32(slices.IndexFunc(m.end, func(end float64) bool { return math.IsInf(end, 1) }))
	}
	return last
}

// finish offers what waited for a job.
func (m *machine) finish(e event) {
	for _, d := range m.dependants[e.job] {
		if m.left[d]--; m.left[d] == 0 && !m.Jobs[d].Held {
			m.from[d] = e.job
			m.offer(d, e.at)
		}
	}
}

// assign gives the workers who are free their next jobs. A job that had to wait
// for a worker has the one that this worker did before to thank for.
func (m *machine) assign(now float64) {
	for t := range m.ready {
		for m.free[t] > 0 && len(m.ready[t]) > 0 {
			job := m.take(t)
			if m.offered[job] < now {
				m.from[job] = m.freed[t]
			}
			m.free[t]--
			m.begin(job, now)
		}
	}
}

// offer lets a job wait for a worker.
func (m *machine) offer(job int32, at float64) {
	m.offered[job] = at
	t := m.Jobs[job].Trade
	h := append(m.ready[t], job)
	for i := len(h) - 1; i > 0 && h[(i-1)/2] > h[i]; i = (i - 1) / 2 {
		h[(i-1)/2], h[i] = h[i], h[(i-1)/2]
	}
	m.ready[t] = h
}

// take takes the first of the jobs that wait for a worker.
func (m *machine) take(trade int) int32 {
	h := m.ready[trade]
	first, n := h[0], len(h)-1
	h[0], h = h[n], h[:n]
	for i := 0; ; {
		c := 2*i + 1
		if c+1 < n && h[c+1] < h[c] {
			c++
		}
		if c >= n || h[i] <= h[c] {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	m.ready[trade] = h
	return first
}

// begin lets a job run for as long as one of the past took. What is under way
// takes as long as one of those that took longer than it has up to now.
func (m *machine) begin(job int32, at float64) {
	j := &m.Jobs[job]
	t := &m.Trades[j.Trade]
	longer := t.Hours
	if j.Held {
		i, _ := slices.BinarySearch(longer, j.Age)
		longer = longer[i:]
	}
	takes := 0.0
	if len(longer) > 0 {
		takes = longer[m.r.IntN(len(longer))] - j.Age
	} else if len(t.Hours) > 0 { // longer than any: as long again as the usual one
		takes = Percentile(t.Hours, 50)
	}
	takes = max(takes, 0)
	m.end[job] = at + takes
	m.push(event{m.end[job], job, false})
	m.push(event{at + takes*t.Idle, job, true})
}

func (e event) before(f event) bool {
	if e.at != f.at {
		return e.at < f.at
	}
	return !e.free && f.free || e.free == f.free && e.job < f.job
}

func (m *machine) push(e event) {
	h := append(m.queue, e)
	for i := len(h) - 1; i > 0 && h[i].before(h[(i-1)/2]); i = (i - 1) / 2 {
		h[(i-1)/2], h[i] = h[i], h[(i-1)/2]
	}
	m.queue = h
}

func (m *machine) pop() event {
	h := m.queue
	first, n := h[0], len(h)-1
	h[0], h = h[n], h[:n]
	for i := 0; ; {
		c := 2*i + 1
		if c+1 < n && h[c+1].before(h[c]) {
			c++
		}
		if c >= n || !h[c].before(h[i]) {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	m.queue = h
	return first
}

// groupEnds adds when the last job of each group ended.
func (m *machine) groupEnds(groups [][]float64) {
	if m.lasts == nil {
		m.lasts = make([]float64, m.Groups)
	}
	clear(m.lasts)
	for i := range m.Jobs {
		if g := m.Jobs[i].Group; g >= 0 {
			m.lasts[g] = max(m.lasts[g], m.end[i])
		}
	}
	for g, end := range m.lasts {
		groups[g] = append(groups[g], end)
	}
}
