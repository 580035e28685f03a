package flow

import (
	"math"
	"slices"
	"time"
)

// TradesOf says what is known of each trade from the last 90 days: who works
// in it, how long its tasks took, and how much of the time its workers were
// idle. A trade with less than ten finished tasks takes as long as all do
// together. It returns the place of each trade by name.
func TradesOf(tasks []Task, now time.Time) (trades []Trade, at map[string]int) {
	since := now.AddDate(0, 0, -longBasis)
	at = map[string]int{}
	var works []tradeWork
	all := []float64{}
	for i := range tasks {
		t := &tasks[i]
		n, there := at[t.Trade]
		if !there {
			n = len(trades)
			at[t.Trade] = n
			trades, works = append(trades, Trade{Name: t.Trade, Idle: 1}), append(works, tradeWork{agents: map[string]bool{}})
		}
		if d, is := t.Cycle(); is && t.Finish.After(since) {
			trades[n].Hours, all = append(trades[n].Hours, d.Hours()), append(all, d.Hours())
		}
		works[n].add(t, since, now)
	}
	slices.Sort(all)
	for n := range trades {
		if slices.Sort(trades[n].Hours); len(trades[n].Hours) < Least {
			trades[n].Hours = all
		}
		works[n].settle(&trades[n], now)
	}
	return trades, at
}

// A tradeWork is who worked in a trade, and how much.
type tradeWork struct {
	agents map[string]bool
	first  time.Time
	under  time.Duration // task time: two tasks under way for an hour are two hours
}

func (w *tradeWork) add(t *Task, since, now time.Time) {
	from, to := t.Start, t.Finish
	if from.IsZero() || !t.Dropped.IsZero() {
		return
	}
	if to.IsZero() {
		to = now
	}
	if !to.After(since) {
		return
	}
	if from.Before(since) {
		from = since
	}
	if w.first.IsZero() || from.Before(w.first) {
		w.first = from
	}
	w.under += max(to.Sub(from), 0)
	if t.Agent != "" {
		w.agents[t.Agent] = true
	}
}

// settle sets the workers, and how much they were idle: with three workers and
// two tasks under way on average, a task takes half as long again.
func (w *tradeWork) settle(t *Trade, now time.Time) {
	t.Workers = max(len(w.agents), 1)
	span := now.Sub(w.first)
	if w.first.IsZero() || span <= 0 || w.under <= 0 {
		return
	}
	average := float64(w.under) / float64(span)
	t.Workers = max(t.Workers, int(math.Ceil(average)))
	t.Idle = max(float64(t.Workers)/average, 1)
}
