package tracker_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
	"time"

	"pm/internal/insight"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// Insights of the whole plan read what happened in the window, and count the
// rest. They are those of a query that every task matches, for which all is
// read: after verbs, deletions, restores, undos and an import, with a past of a
// hundred days, whatever the window and the time zone.
func TestInsightsOfAWindow(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		seed := uint64(time.Now().UnixNano())
		random := rand.New(rand.NewPCG(seed, 1))
		f := r.plan()
		lead := as("lead")
		for n := range 60 {
			k := r.taskOf(f, 1+random.IntN(9), []string{"backend", ""}[n%2])
			r.liveOn(random, k)
		}
		compare := func(when string) {
			t.Helper()
			for _, zone := range []string{"Pacific/Kiritimati", "America/Lima", "Asia/Kathmandu"} {
				ok[tracker.Project](t)(r.SetProject(lead, tracker.SetProject{Name: plan.TimeZone, Value: zone}))
				for _, days := range []int{1, 2, 7, 30, 90, 120, 3650} {
					whole := insightsText(t, ok[insight.Insights](t)(r.Insights(lead, tracker.ShowInsights{Days: &days})))
					read := insightsText(t, ok[insight.Insights](t)(r.Insights(lead, tracker.ShowInsights{Query: "priority:1.. ", Days: &days})))
					if whole != read {
						t.Fatalf("seed %d, %s, %s, %d days:\n%s, not\n%s", seed, when, zone, days, whole, read)
					}
				}
			}
		}
		compare("after the verbs")
		for n := range 6 {
			k := f.Child(1 + random.IntN(60))
			if _, err := r.Delete(lead, tracker.Delete{Key: k.String(), Force: true}); err != nil {
				continue
			}
			if n%2 == 0 {
				_, err := r.Undo(lead, tracker.Undo{})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		compare("after deletions that were undone")
		for range 12 {
			k := f.Child(1 + random.IntN(60)).String()
			title := fmt.Sprint("Another ", random.IntN(1000))
			r.UpdateTask(lead, tracker.UpdateTask{Keys: []string{k}, Title: &title})
			r.Reopen(lead, tracker.ChangeStatus{Keys: []string{k}, Reason: "because"})
			if random.IntN(2) == 0 {
				r.Undo(lead, tracker.Undo{})
			}
		}
		compare("after reopening")
	})
}

// liveOn runs verbs on a task and puts what happened into the last hundred days.
func (r *rig) liveOn(random *rand.Rand, k plan.Key) {
	r.t.Helper()
	status := plan.Todo
	for range random.IntN(6) {
		verbs := plan.VerbsFrom(status)
		if changed, err := r.verb([]string{"ann", "bob"}[random.IntN(2)], verbs[random.IntN(len(verbs))], tracker.ChangeStatus{Keys: []string{k.String()}, Reason: "because"}); err == nil {
			status = changed.Items[0].Status
		}
	}
	now := time.Now()
	times := make([]time.Time, 30)
	at := now.AddDate(0, 0, -random.IntN(100))
	for i := range times {
		times[i] = at.Truncate(time.Millisecond)
		if at = at.Add(time.Duration(1+random.IntN(10*24*60)) * time.Minute); at.After(now) {
			at = times[i]
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	r.lived(k, times)
}

// What is counted up to now differs by the time between two questions.
var untilNow = regexp.MustCompile(`"(seconds|held_seconds|waiting_seconds|blocked_seconds|review_seconds|efficiency_pct|over)":("[a-z0-9]+"|[0-9.]+),?`)

func insightsText(t *testing.T, in insight.Insights) string {
	t.Helper()
	in.Query = ""
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	return untilNow.ReplaceAllString(string(b), "")
}
