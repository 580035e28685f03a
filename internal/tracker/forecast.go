package tracker

import (
	"context"
	"strconv"
	"strings"
	"time"

	"pm/internal/flow"
	"pm/internal/insight"
	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// ShowForecast is the input of Tracker.Forecast.
type ShowForecast struct {
	Query   string   `json:"query,omitempty" jsonschema:"an epic, a feature, or terms and words as in a list; all tasks if not given" arg:"query..."`
	By      string   `json:"by,omitempty" jsonschema:"also forecast how many tasks will be finished by this day: 2026-12-24, fri, +2w"`
	Agents  []string `json:"agents,omitempty" jsonschema:"simulate with this many agents of a type, such as backend=8"`
	Without []string `json:"without,omitempty" jsonschema:"leave out these epics, features or tasks"`
	Growth  bool     `json:"growth,omitempty" jsonschema:"if set, assume the scope keeps growing as it did"`
	AsOf    string   `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// Forecast says when the open tasks of a scope will be done.
func (t *Tracker) Forecast(ctx context.Context, in ShowForecast) (out insight.Forecast, err error) {
	o := insight.Outlook{Growth: in.Growth}
	var scopeErr, agentsErr, withoutErr error
	o.Tasks, scopeErr = t.scopeFilter(ctx, in.Query)
	o.Agents, agentsErr = in.workers()
	if len(in.Without) > 0 {
		o.Without, withoutErr = anyKeys(in.Without)
	}
	if err := firstError(scopeErr, agentsErr, withoutErr); err != nil {
		return out, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (out insight.Forecast, err error) {
		for _, k := range o.Without {
			if err := itemExists(tx, k); err != nil {
				return out, err
			}
		}
		if o.Now, err = scopeNow(tx, o.Tasks); err != nil {
			return out, err
		}
		if o.By, err = in.by(o.Now); err != nil {
			return out, err
		}
		out, err = insight.Predict(tx, o)
		out.Query = in.Query
		return out, err
	})
}

// workers reads the numbers of agents by trade.
func (in ShowForecast) workers() (map[string]int, error) {
	out := map[string]int{}
	for _, pair := range in.Agents {
		trade, number, is := strings.Cut(pair, "=")
		n, err := strconv.Atoi(strings.TrimSpace(number))
		if !is || err != nil || n < 1 || n > 10_000 {
			return nil, plan.Errorf(plan.Invalid, "invalid agents %.40q: must be TYPE=N", pair).WithCode("bad_agents").WithHint("such as --agents backend=8")
		}
		out[strings.TrimSpace(trade)] = n
	}
	return out, nil
}

// by reads the day of the question how many.
func (in ShowForecast) by(now time.Time) (*flow.Day, error) {
	if in.By == "" {
		return nil, nil
	}
	from, _, is := query.ParseTime(strings.TrimSpace(in.By), now)
	if !is {
		return nil, plan.Errorf(plan.Invalid, "invalid day %.40q", in.By).WithCode("bad_date").WithHint("use a day such as 2026-12-24, fri or +2w")
	}
	day := flow.DayOf(from, now.Location())
	if day < flow.DayOf(now, now.Location()) {
		return nil, plan.Errorf(plan.Invalid, "%s is in the past", day).WithCode("bad_date").WithHint("use a day from today on")
	}
	return &day, nil
}
