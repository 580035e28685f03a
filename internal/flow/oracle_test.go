package flow_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
)

// histories is how many random histories are compared.
func histories() int {
	if os.Getenv("PM_TEST_LOAD") == "full" {
		return 1000
	}
	return 200
}

var zone = time.FixedZone("test", -5*3600)

// A past is a task as it was lived: its moves, in whole minutes.
type past struct{ moves []flow.Move }

// randomPast lives a task by the status table, for at most some days.
func randomPast(r *rand.Rand, from, now time.Time) (p past) {
	at := from.Add(time.Duration(r.IntN(30*24*60)) * time.Minute)
	p.moves = []flow.Move{{To: plan.Todo, At: at, Agent: "lead"}}
	status := plan.Todo
	for range r.IntN(12) {
		verbs := plan.VerbsFrom(status)
		v := verbs[r.IntN(len(verbs))]
		if (v == plan.Archive || v == plan.Reopen) && r.IntN(3) > 0 {
			continue
		}
		at = at.Add(time.Duration(r.IntN(3*24*60)) * time.Minute)
		if at.After(now) {
			break
		}
		to := plan.Todo
		if t, _ := plan.TransitionOf(v); t.To != "" {
			to = t.To
		} else if len(p.moves) > 1 {
			to = p.moves[len(p.moves)-2].To
		}
		if to == status {
			continue
		}
		status = to
		p.moves = append(p.moves, flow.Move{To: to, At: at, Agent: []string{"ann", "bob", "lead"}[r.IntN(3)]})
	}
	return p
}

// task is the row of a past, as the verbs would have left it.
func (p past) task(n int) (t flow.Task) {
	t.Key = plan.Key{Epic: 1, Feature: 1, Task: n}
	for _, m := range p.moves {
		t.Status, t.Updated = m.To, m.At
		switch m.To {
		case plan.Todo:
			t.Started, t.Done = time.Time{}, time.Time{}
		case plan.InProgress:
			if t.Done = (time.Time{}); t.Started.IsZero() {
				t.Started = m.At
			}
		case plan.Completed:
			t.Done = m.At
		case plan.Archived:
		default:
			t.Done = time.Time{}
		}
	}
	t.Created = p.moves[0].At
	return t
}

// at is the status of a past at a moment; empty before it.
func (p past) at(t time.Time) (s plan.TaskStatus) {
	for _, m := range p.moves {
		if !m.At.After(t) {
			s = m.To
		}
	}
	return s
}

// finish is by the definition: the last entry into completed, unless it was
// left again, other than into the archive.
func (p past) finish() (at time.Time) {
	n := len(p.moves) - 1
	if n > 0 && p.moves[n].To == plan.Archived {
		n--
	}
	if p.moves[n].To == plan.Completed {
		at = p.moves[n].At
	}
	return at
}

func (p past) start() (at time.Time) {
	for _, m := range p.moves {
		if m.To == plan.InProgress {
			return m.At
		}
	}
	return at
}

// follow is the task as the package reads it.
func (p past) follow(n int, now time.Time) flow.Task {
	t := p.task(n)
	var f flow.Follower
	f.Follow(&t)
	for _, m := range p.moves {
		f.Move(m)
	}
	f.End(now)
	return t
}

// TestFiguresEqualTheDefinitions compares what is computed in one pass with
// what the definitions say, moment by moment.
func TestFiguresEqualTheDefinitions(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	from := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	now := from.AddDate(0, 0, 60)
	c := flow.Calendar{Zone: zone, First: flow.DayOf(from, zone), Last: flow.DayOf(now, zone)}
	for range histories() {
		var pasts []past
		var tasks []flow.Task
		for n := range 1 + r.IntN(12) {
			pasts = append(pasts, randomPast(r, from, now))
			tasks = append(tasks, pasts[n].follow(n+1, now))
		}
		for i, p := range pasts {
			checkTask(t, p, tasks[i], now)
		}
		checkDays(t, c, pasts, tasks)
		if t.Failed() {
			t.Fatalf("seed %d: %v", seed, pasts)
		}
	}
}

func checkTask(t *testing.T, p past, got flow.Task, now time.Time) {
	t.Helper()
	if !got.Start.Equal(p.start()) || !got.Finish.Equal(p.finish()) {
		t.Errorf("%v: start %v, finish %v, not %v, %v", p.moves, got.Start, got.Finish, p.start(), p.finish())
	}
	var want flow.Times
	for at := p.start(); !at.IsZero() && at.Before(now); at = at.Add(time.Minute) {
		switch p.at(at) {
		case plan.InProgress:
			want.Held += time.Minute
		case plan.Todo:
			want.Waiting += time.Minute
		case plan.Blocked:
			want.Blocked += time.Minute
		case plan.ReadyForReview:
			want.Review += time.Minute
		}
	}
	var spells time.Duration
	for _, s := range got.Spells {
		spells += s.Held
	}
	if got.Times != want || spells != want.Held {
		t.Errorf("%v: %+v, spells %v, not %+v", p.moves, got.Times, spells, want)
	}
}

func checkDays(t *testing.T, c flow.Calendar, pasts []past, tasks []flow.Task) {
	t.Helper()
	throughput, burnup, cumulative, growth := c.Throughput(tasks), c.Burnup(tasks), c.Cumulative(tasks), c.Growth(tasks)
	scope := 0
	for i := range c.Days() {
		day := c.First + flow.Day(i)
		end := day.Date().AddDate(0, 0, 1).Add(5 * time.Hour) // midnight in the zone
		before := func(at time.Time) bool { return !at.IsZero() && at.Before(end) }
		var on, planned, done, started, submitted, arrived int
		for n, p := range pasts {
			f, last := p.finish(), p.moves[len(p.moves)-1]
			if before(f) {
				done++
				if !f.Before(end.AddDate(0, 0, -1)) {
					on++
				}
			}
			dropped := last.To == plan.Archived && f.IsZero()
			if before(p.moves[0].At) && !(dropped && before(last.At)) {
				planned++
			}
			if dropped {
				continue
			}
			if before(p.moves[0].At) {
				arrived++
			}
			if s := p.start(); before(s) && (f.IsZero() || !s.After(f)) || before(f) {
				started++
			}
			if before(f) || before(tasks[n].Submitted) {
				submitted++
			}
		}
		scope += growth[i]
		got := fmt.Sprint(throughput[i], burnup.Scope[i], burnup.Done[i], cumulative.Arrived[i], cumulative.Started[i], cumulative.Submitted[i], cumulative.Finished[i], scope)
		if want := fmt.Sprint(on, planned, done, arrived, started, submitted, done, planned); got != want {
			t.Errorf("%s: %s, not %s", day, got, want)
		}
	}
	for _, line := range [][]int{cumulative.Arrived, cumulative.Started, cumulative.Submitted, cumulative.Finished} {
		if !slices.IsSorted(line) {
			t.Errorf("a line of the cumulative flow falls: %v", line)
		}
	}
	for i := range c.Days() {
		if cumulative.Finished[i] > cumulative.Submitted[i] || cumulative.Submitted[i] > cumulative.Started[i] || cumulative.Started[i] > cumulative.Arrived[i] {
			t.Errorf("day %d: lines cross", i)
		}
	}
}

// A percentile is the smallest value that so many percent do not exceed.
func TestPercentileIsNearestRank(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		values := make([]int, 1+r.IntN(40))
		for i := range values {
			values[i] = r.IntN(50)
		}
		slices.Sort(values)
		for _, p := range []int{1, 5, 15, 50, 85, 95, 100} {
			want := slices.IndexFunc(values, func(v int) bool {
				n := 0
				for _, other := range values {
					if other <= v {
						n++
					}
				}
				return 100*n >= p*len(values)
			})
			if got := flow.Percentile(values, p); got != values[want] {
				t.Fatalf("P%d of %v is %d, not %d", p, values, got, values[want])
			}
		}
	}
	if flow.Percentile([]int(nil), 50) != 0 {
		t.Error("a percentile of nothing")
	}
}

// A day is from midnight to midnight where the project is, also when clocks are
// changed.
func TestDays(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	for text, want := range map[string]string{
		"2026-03-28T22:59:59Z": "2026-03-28", "2026-03-28T23:00:00Z": "2026-03-29", "2026-03-29T21:59:59Z": "2026-03-29", "2026-03-29T22:00:00Z": "2026-03-30",
		"2026-10-24T22:00:00Z": "2026-10-25", "2026-10-25T22:59:59Z": "2026-10-25", "2026-10-25T23:00:00Z": "2026-10-26", "1969-12-31T22:00:00Z": "1969-12-31",
	} {
		at, _ := time.Parse(time.RFC3339, text)
		if got := flow.DayOf(at, berlin).String(); got != want {
			t.Errorf("%s is on %s, not %s", text, got, want)
		}
	}
	var d flow.Day
	if err := d.UnmarshalText([]byte("2026-11-28")); err != nil || d.String() != "2026-11-28" {
		t.Errorf("%s %v", d, err)
	}
}
