package flow_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
)

// poisson draws a number of finished tasks.
func poisson(r *rand.Rand, mean float64) (n int) {
	for p := r.Float64(); p > math.Exp(-mean); n++ {
		p *= r.Float64()
	}
	return n
}

// Of teams whose pace does not change, P85 is late enough for 80 to 90 of 100,
// and P50 for about half: it says as much as it knows, and no more.
func TestForecastsCoverWhatTheyPromise(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 85))
	const cases = 500
	right85, right50, backRight, backOf := 0, 0, 0, 0
	for range cases {
		mean := 1 + 5*r.Float64()
		p := flow.Past{Daily: make([]int, 60), Growth: make([]int, 60)}
		for i := range p.Daily {
			p.Daily[i] = poisson(r, mean)
		}
		remaining := int(mean * float64(15+r.IntN(30)))
		q := p.Question(remaining, false)
		q.Runs = 1000
		days := q.When()
		left, took := remaining, 0
		for {
			if left -= poisson(r, mean); left <= 0 {
				break
			}
			took++
		}
		if took <= flow.Percentile(days, 85) {
			right85++
		}
		if took <= flow.Percentile(days, 50) {
			right50++
		}
		b := p.BackTest(remaining)
		backRight, backOf = backRight+b.Right, backOf+b.Of
	}
	share := func(n, of int) float64 { return 100 * float64(n) / float64(of) }
	if s := share(right85, cases); s < 80 || s > 90 {
		t.Errorf("P85 was right %.1f of 100 times", s)
	}
	if s := share(right50, cases); s < 43 || s > 60 {
		t.Errorf("P50 was right %.1f of 100 times", s)
	}
	if s := share(backRight, backOf); s < 78 || s > 92 {
		t.Errorf("the back-tests were right %.1f of 100 times, of %d", s, backOf)
	}
}

// The same question has the same answer, and a larger one a later answer.
func TestForecastsAreRepeatable(t *testing.T) {
	basis := []int{0, 2, 1, 0, 0, 4, 1, 1, 0, 3}
	q := flow.Question{Remaining: 30, Basis: basis, Runs: 500}
	if !slices.Equal(q.When(), q.When()) {
		t.Error("another answer to the same question")
	}
	larger := q
	larger.Remaining = 60
	grown := q
	grown.Growth = []int{1, 0, 1, 0, 1, 0, 1, 0, 1, 0}
	for _, p := range []int{5, 50, 85, 95} {
		at := flow.Percentile(q.When(), p)
		if flow.Percentile(larger.When(), p) <= at || flow.Percentile(grown.When(), p) <= at {
			t.Errorf("P%d: not later with more to do", p)
		}
	}
}

func TestForecastsOfEdges(t *testing.T) {
	for name, c := range map[string]struct {
		q    flow.Question
		want int
	}{
		"nothing left":           {flow.Question{Basis: []int{1}, Runs: 10}, 0},
		"one a day":              {flow.Question{Remaining: 5, Basis: []int{1}, Runs: 10}, 4},
		"no pace":                {flow.Question{Remaining: 5, Basis: []int{0, 0}, Runs: 10}, flow.Never},
		"no past":                {flow.Question{Remaining: 5, Runs: 10}, flow.Never},
		"grows as fast":          {flow.Question{Remaining: 5, Basis: []int{1}, Growth: []int{1}, Runs: 10}, flow.Never},
		"today has more than it": {flow.Question{Remaining: 5, Today: 4, Basis: []int{1}, Runs: 10}, 1},
	} {
		if got := flow.Percentile(c.q.When(), 85); got != c.want {
			t.Errorf("%s: %d, not %d", name, got, c.want)
		}
	}
	done, all := flow.Question{Remaining: 9, Today: 1, Basis: []int{2}, Runs: 10}.HowMany(3)
	if done[0] != 5 || done[9] != 5 || all != 0 {
		t.Errorf("how many: %v, all %d", done, all)
	}
	if done, all = (flow.Question{Remaining: 4, Basis: []int{2}, Runs: 10}).HowMany(3); done[0] != 4 || all != 10 {
		t.Errorf("how many: %v, all %d", done, all)
	}
}

// The basis is the last 30 days, and more where little was finished in them.
func TestBasis(t *testing.T) {
	days := func(n, each int) (all []int) {
		for range n {
			all = append(all, each)
		}
		return all
	}
	for _, c := range []struct {
		daily []int
		want  int
	}{{days(200, 5), 30}, {days(200, 1), 30}, {days(10, 1), 10}, {append(days(100, 1), days(20, 0)...), 50}, {append(days(100, 1), days(80, 0)...), 90}} {
		p := flow.Past{Daily: c.daily, Growth: make([]int, len(c.daily))}
		if got := len(p.Question(5, false).Basis); got != c.want {
			t.Errorf("%d days: a basis of %d, not %d", len(c.daily), got, c.want)
		}
	}
	if got := (flow.Past{Today: 12}).Question(5, false); len(got.Basis) != 1 || got.Remaining != 17 {
		t.Errorf("of a plan of today: %+v", got)
	}
}

// naive is a schedule by the plainest means: at each end of a job or of a
// pause, all that can begin does.
func naive(s flow.Schedule) (ends []float64) {
	ends = make([]float64, len(s.Jobs))
	var free [][]float64 // when each worker of a trade is free
	for _, t := range s.Trades {
		free = append(free, make([]float64, t.Workers))
	}
	for i := range ends {
		ends[i] = -1
	}
	now := 0.0
	for {
		next := math.Inf(1)
		for i, j := range s.Jobs {
			if ends[i] >= 0 {
				if ends[i] > now {
					next = min(next, ends[i])
				}
				continue
			}
			if slices.ContainsFunc(j.Needs, func(n int32) bool { return ends[n] < 0 || ends[n] > now }) {
				continue
			}
			for w := range free[j.Trade] {
				if free[j.Trade][w] <= now && ends[i] < 0 {
					takes := s.Trades[j.Trade].Hours[0]
					ends[i], free[j.Trade][w] = now+takes, now+takes*s.Trades[j.Trade].Idle
					next = min(next, ends[i])
				}
			}
		}
		for _, of := range free {
			for _, at := range of {
				if at > now {
					next = min(next, at)
				}
			}
		}
		if math.IsInf(next, 1) {
			return ends
		}
		now = next
	}
}

// Where nothing is left to chance, a schedule is what the plainest simulation
// gives.
func TestScheduleEqualsThePlainOne(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	for range histories() {
		s := flow.Schedule{Groups: 3, Runs: 2}
		for range 1 + r.IntN(3) {
			s.Trades = append(s.Trades, flow.Trade{Workers: 1 + r.IntN(3), Hours: []float64{float64(1 + r.IntN(8))}, Idle: []float64{1, 1.5, 2}[r.IntN(3)]})
		}
		for i := range 1 + r.IntN(25) {
			j := flow.Job{Trade: r.IntN(len(s.Trades)), Group: r.IntN(3)}
			for n := range i {
				if r.IntN(6) == 0 {
					j.Needs = append(j.Needs, int32(n))
				}
			}
			s.Jobs = append(s.Jobs, j)
		}
		want := naive(s)
		got := s.Simulate()
		if last := slices.Max(want); math.Abs(got.Ends[0]-last) > 1e-9 || math.Abs(got.Ends[1]-last) > 1e-9 {
			t.Fatalf("seed %d: ends %v, not %v: %+v", seed, got.Ends, last, s)
		}
		for g := range 3 {
			end := 0.0
			for i, j := range s.Jobs {
				if j.Group == g {
					end = max(end, want[i])
				}
			}
			if math.Abs(got.Groups[g][0]-end) > 1e-9 {
				t.Fatalf("seed %d: group %d ends at %v, not %v", seed, g, got.Groups[g], end)
			}
		}
		if !slices.Equal(s.Simulate().Ends, got.Ends) {
			t.Fatal("another outcome of the same schedule")
		}
	}
}

// What is under way takes longer than it has, and a group is critical if it is
// on the chain that ends last.
func TestScheduleOfWhatIsUnderWay(t *testing.T) {
	s := flow.Schedule{Groups: 2, Runs: 50, Trades: []flow.Trade{{Workers: 2, Hours: []float64{1, 4, 10}, Idle: 1}},
		Jobs: []flow.Job{{Group: 0, Held: true, Age: 5}, {Group: 1, Needs: []int32{0}}}}
	o := s.Simulate()
	if o.Groups[0][0] != 5 || o.Groups[0][49] != 5 {
		t.Errorf("five hours are left of ten: %v", o.Groups[0])
	}
	if o.Critical[0] != 50 || o.Critical[1] != 50 || math.IsInf(o.Ends[49], 1) {
		t.Errorf("critical %v", o.Critical)
	}
	s.Jobs[0].Held, s.Jobs[0].Needs = false, []int32{1}
	if o := s.Simulate(); !math.IsInf(o.Ends[49], 1) {
		t.Error("two jobs that need each other end")
	}
}

// Agents are those seen at work; what they did not work, they are idle.
func TestTrades(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	var tasks []flow.Task
	for i := range 12 { // two agents, each a day of two
		start := now.AddDate(0, 0, -24+2*i)
		tasks = append(tasks, flow.Task{Status: plan.Completed, Trade: "backend", Agent: []string{"ann", "bob"}[i%2], Created: start, Start: start, Finish: start.AddDate(0, 0, 1)})
	}
	trades, at := flow.TradesOf(tasks, now)
	b := trades[at["backend"]]
	if b.Workers != 2 || len(b.Hours) != 12 || b.Hours[0] != 24 || math.Abs(b.Idle-4) > 0.01 {
		t.Errorf("%+v", b)
	}
}
