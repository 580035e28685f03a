package tracker_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pm/internal/flow"
	"pm/internal/insight"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// lived puts what happened to a task into the past: its records get these
// times, and its row those that follow from them.
func (r *rig) lived(task plan.Key, at []time.Time) (moves []flow.Move) {
	r.t.Helper()
	rows, err := r.raw.Query(`select id, coalesce(old_status, ''), new_status, coalesce(agent, '') from task_history where task_id = $1 order by id`, task.Ordinal())
	if err != nil {
		r.t.Fatal(err)
	}
	var ids []int64
	for rows.Next() {
		var id int64
		var before, after, agent string
		if err := rows.Scan(&id, &before, &after, &agent); err != nil {
			r.t.Fatal(err)
		}
		if before != after {
			moves = append(moves, flow.Move{To: plan.TaskStatus(after), Agent: agent, At: at[len(ids)]})
		}
		ids = append(ids, id)
	}
	rows.Close()
	for i, id := range ids {
		r.sql(`update task_history set timestamp = $1 where id = $2`, plan.Stamp(at[i]), id)
	}
	var started, done any
	for _, m := range moves {
		switch m.To {
		case plan.Todo:
			started, done = nil, nil
		case plan.InProgress:
			if done = nil; started == nil {
				started = plan.Stamp(m.At)
			}
		case plan.Completed:
			done = plan.Stamp(m.At)
		case plan.Archived:
		default:
			done = nil
		}
	}
	r.sql(`update tasks set created_at = $1, started_at = $2, completed_at = $3, updated_at = $4 where id = $5`,
		plan.Stamp(moves[0].At), started, done, plan.Stamp(moves[len(moves)-1].At), task.Ordinal())
	return moves
}

// Insights of what the verbs have done are those of the moves, on every scope
// and whatever finds it.
func TestInsightsFollowTheHistory(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		seed := uint64(time.Now().UnixNano())
		random := rand.New(rand.NewPCG(seed, 0))
		ok[tracker.Project](t)(r.SetProject(as("ann"), tracker.SetProject{Name: plan.TimeZone, Value: "America/Lima"}))
		zone := ok[*time.Location](t)(time.LoadLocation("America/Lima"))
		now := time.Now()
		features := []plan.Key{r.plan(), r.plan()}
		var all []life
		for n := range 24 {
			f := features[n%2]
			r.taskOf(f, 5, []string{"backend", ""}[n%3/2])
			k := f.Child(n/2 + 1)
			status := plan.Todo
			for range random.IntN(7) {
				verbs := plan.VerbsFrom(status)
				v := verbs[random.IntN(len(verbs))]
				if v == plan.Archive && random.IntN(3) > 0 {
					continue
				}
				changed, err := r.verb([]string{"ann", "bob"}[random.IntN(2)], v, tracker.ChangeStatus{Keys: []string{k.String()}, Reason: "because"})
				if err != nil {
					continue // held by the other one
				}
				status = changed.Items[0].Status
			}
			at := now.AddDate(0, 0, -40)
			times := make([]time.Time, 30)
			for i := range times {
				at = at.Add(time.Duration(1+random.IntN(4*24*60)) * time.Minute)
				times[i] = at.Truncate(time.Millisecond)
				if at.After(now) {
					at = now.Add(-time.Hour)
				}
			}
			slices.SortFunc(times, time.Time.Compare)
			moves := r.lived(k, times)
			task := flow.Task{Key: k, Status: status, Trade: []string{"backend", ""}[n%3/2], Created: moves[0].At, Updated: moves[len(moves)-1].At}
			for _, m := range moves {
				switch {
				case m.To == plan.Completed:
					task.Done = m.At
				case m.To != plan.Archived:
					task.Done = time.Time{}
				}
			}
			all = append(all, life{task, moves})
		}
		for scope, is := range map[string]func(flow.Task) bool{
			"":                                func(flow.Task) bool { return true },
			features[0].String():              func(t flow.Task) bool { return t.Key.FeatureKey() == features[0] },
			features[1].EpicKey().String():    func(t flow.Task) bool { return t.Key.EpicKey() == features[1].EpicKey() },
			"type:backend":                    func(t flow.Task) bool { return t.Trade == "backend" },
			"-type:backend epic:E01":          func(t flow.Task) bool { return t.Trade == "" && t.Key.Epic == 1 },
			"status:completed or is:held":     func(t flow.Task) bool { return t.Status == plan.Completed || t.Status == plan.InProgress },
			"key:" + all[3].task.Key.String(): func(t flow.Task) bool { return t.Key == all[3].task.Key },
			"status:todo status:completed":    func(flow.Task) bool { return false },
			"status:completed sort:-updated":  func(t flow.Task) bool { return t.Status == plan.Completed },
		} {
			began := time.Now().Add(-time.Second)
			got := ok[insight.Insights](t)(r.Insights(as("ann"), tracker.ShowInsights{Query: scope}))
			before, after := livesAt(all, began, is), livesAt(all, time.Now().Add(time.Second), is)
			g, stages := figuresOf(got)
			w, most := expected(got, after, zone)
			_, least := expected(got, before, zone)
			if g != w {
				t.Errorf("seed %d, %q:\n%s, not\n%s", seed, scope, g, w)
			}
			for i, seconds := range stages { // which go on while the answer is read
				if seconds < least[i] || seconds > most[i] {
					t.Errorf("seed %d, %q: stage %d took %d s, not %d to %d", seed, scope, i, seconds, least[i], most[i])
				}
			}
		}
	})
}

// A life is a task with its moves.
type life struct {
	task  flow.Task
	moves []flow.Move
}

// livesAt returns the tasks that are asked for as they are at a moment.
func livesAt(all []life, now time.Time, is func(flow.Task) bool) (out []flow.Task) {
	for _, l := range all {
		task := l.task
		var follower flow.Follower
		follower.Follow(&task)
		for _, m := range l.moves {
			follower.Move(m)
		}
		follower.End(now)
		if is(task) {
			out = append(out, task)
		}
	}
	return out
}

// figuresOf returns the figures, and apart from them the seconds that tasks were
// held, blocked and in review.
func figuresOf(in insight.Insights) (string, [3]int64) {
	return fmt.Sprint(in.Tasks, in.Finished, in.Cycle.Count, in.Cycle.P50, in.Cycle.P85, in.Throughput.Count, in.Burnup, in.Flow, len(in.Aging.Items)),
		[3]int64{in.Time.Held, in.Time.Blocked, in.Time.Review}
}

func expected(in insight.Insights, tasks []flow.Task, zone *time.Location) (string, [3]int64) {
	c := flow.Calendar{Zone: zone, First: in.From, Last: in.To}
	var total, finished, under int
	var window []*flow.Task
	for i := range tasks {
		if tasks[i].Dropped.IsZero() {
			total++
		}
		if !tasks[i].Finish.IsZero() {
			finished++
			window = append(window, &tasks[i])
		}
		if tasks[i].Underway() {
			under++
		}
	}
	cycles := flow.CycleTimes(window)
	for i := range tasks {
		if tasks[i].Underway() {
			window = append(window, &tasks[i])
		}
	}
	stages := flow.Stages(window)
	var days []insight.BurnupDay
	var flows []insight.FlowDay
	b, f := c.Burnup(tasks), c.Cumulative(tasks)
	for i := range c.Days() {
		day := c.First + flow.Day(i)
		days = append(days, insight.BurnupDay{Day: day, Scope: b.Scope[i], Done: b.Done[i]})
		flows = append(flows, insight.FlowDay{Day: day, Arrived: f.Arrived[i], Started: f.Started[i], Submitted: f.Submitted[i], Finished: f.Finished[i]})
	}
	return fmt.Sprint(total, finished, len(cycles), int64(flow.Percentile(cycles, 50)/time.Second), int64(flow.Percentile(cycles, 85)/time.Second), finished, days, flows, under),
		[3]int64{int64(stages.Held / time.Second), int64(stages.Blocked / time.Second), int64(stages.Review / time.Second)}
}

// A forecast of a plan with a past: the same answer to the same question, the
// back-test with it, and what waits elsewhere in the schedule.
func TestForecastOfAPlanWithAPast(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		now := time.Now()
		noon := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.Local) // so that a task ends on the day it began, at any hour of the test
		f, other := r.plan(), r.plan()
		for n := range 40 {
			k := r.taskOf(f, 5, "backend")
			if n < 30 {
				r.do("ann", plan.Claim, k)
				r.do("ann", plan.Complete, k)
				start := noon.AddDate(0, 0, -31+n)
				r.lived(k, []time.Time{start.Add(-time.Hour), start, start.Add(5 * time.Hour)})
			}
		}
		elsewhere := r.task(other, "Elsewhere")
		ok[tracker.Items](t)(r.AddDependencies(as("ann"), tracker.Depend{Task: f.Child(35).String(), DependsOn: []string{elsewhere.String()}}))
		in := tracker.ShowForecast{Query: f.String(), By: "+3d"}
		got := ok[insight.Forecast](t)(r.Forecast(as("ann"), in))
		again := ok[insight.Forecast](t)(r.Forecast(as("ann"), in))
		if fmt.Sprint(*got.P50, *got.P85, *got.P95, got.By, got.BackTest, *got.Schedule.P85) != fmt.Sprint(*again.P50, *again.P85, *again.P95, again.By, again.BackTest, *again.Schedule.P85) {
			t.Errorf("%+v, then %+v", got, again)
		}
		today := flow.DayOf(now, time.Local)
		if got.Remaining != 10 || got.Finished != 30 || got.BasisDays != 31 || *got.P50 < today+7 || *got.P85 > today+14 || got.BackTest.Of < 10 || got.BackTest.Right < got.BackTest.Of*7/10 {
			t.Errorf("%+v, P50 %s, P85 %s", got, *got.P50, *got.P85)
		}
		if s := got.Schedule; s.Tasks != 11 || len(s.Features) != 2 || s.Trades[len(s.Trades)-1].Agents != 1 {
			t.Errorf("%+v", s)
		}
		more := ok[insight.Forecast](t)(r.Forecast(as("ann"), tracker.ShowForecast{Query: f.String(), Agents: []string{"backend=9"}, Without: []string{f.Child(40).String()}}))
		if more.Method != "schedule" || more.Remaining != 9 || *more.P85 >= *more.Schedule.Before.P85 {
			t.Errorf("%+v, before %s", more, *more.Schedule.Before.P85)
		}
		for want, in := range map[string]tracker.ShowForecast{"bad_agents": {Agents: []string{"x"}}, "bad_date": {By: "yesterday"}, "not_found": {Without: []string{"E77"}}} {
			_, err := r.Forecast(as("ann"), in)
			refused(t, err, want)
		}
	})
}
