package tracker

import (
	"context"
	"slices"
	"strings"
	"time"

	"pm/internal/insight"
	"pm/internal/plan"
	"pm/internal/store"
)

// ShowInsights is the input of Tracker.Insights.
type ShowInsights struct {
	Query string `json:"query,omitempty" jsonschema:"an epic, a feature, or terms and words as in a list; all tasks if not given" arg:"query..."`
	Days  *int   `json:"days,omitempty" jsonschema:"how many days to look back, including today; 90 if not given"`
	Chart string `json:"chart,omitempty" jsonschema:"only the data of this chart"`
	AsOf  string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// How many days insights look back: unless told, and at most.
const (
	insightDays = 90
	mostDays    = 3650
)

// window reads how many days to look back.
func (in ShowInsights) window() (int, error) {
	days := insightDays
	if in.Days != nil {
		days = *in.Days
	}
	if days < 1 || days > mostDays {
		return 0, plan.Errorf(plan.Invalid, "days must be 1 to %d, not %d", mostDays, days).WithCode("bad_days")
	}
	if in.Chart != "" && !slices.Contains(insight.Charts(), in.Chart) {
		return 0, plan.Errorf(plan.Invalid, "unknown chart %.40q", in.Chart).WithCode("bad_chart").
			WithHint("use one of %s", strings.Join(insight.Charts(), ", "))
	}
	return days, nil
}

// Insights returns how work flows through the tasks of a query.
func (t *Tracker) Insights(ctx context.Context, in ShowInsights) (out insight.Insights, err error) {
	days, err := in.window()
	if err != nil {
		return out, err
	}
	f, err := t.scopeFilter(ctx, in.Query)
	if err != nil {
		return out, err
	}
	return readAt(ctx, t, in.AsOf, func(tx *store.Tx) (out insight.Insights, err error) {
		w := insight.Window{Days: days, Chart: in.Chart}
		if strings.TrimSpace(in.Query) != "" {
			w.Tasks = &f
		}
		if w.Now, err = scopeNow(tx, f); err != nil {
			return out, err
		}
		out, err = insight.Read(tx, w)
		out.Query = in.Query
		return out, err
	})
}

// scopeFilter is the tasks of an epic, of a feature, or of a query.
func (t *Tracker) scopeFilter(ctx context.Context, scope string) (store.TaskFilter, error) {
	if k, err := plan.ParseKey(strings.TrimSpace(scope)); err == nil && k.Level() != plan.LevelTask {
		return store.TaskFilter{Under: k}, nil
	} else if err == nil {
		scope = "key:" + k.String()
	}
	return t.taskFilter(ctx, ListTasks{Query: scope})
}

// scopeNow is the moment of the transaction in the project's time zone. It
// refuses a scope that names what does not exist.
func scopeNow(tx *store.Tx, f store.TaskFilter) (time.Time, error) {
	if err := firstError(scopeExists(tx, f.Under), keysExist(tx, f.Condition)); err != nil {
		return time.Time{}, err
	}
	return zonedNow(tx)
}
