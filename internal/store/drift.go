package store

import (
	"fmt"

	"pm/internal/db"
	"pm/internal/plan"
)

// A Drift is an epic or a feature whose progress, as it is kept with it, is
// not what its tasks say. There should never be one.
type Drift struct {
	Key              plan.Key `json:"key"`
	Total            int      `json:"tasks_total"`
	Completed        int      `json:"tasks_completed"`
	ProgressPct      *float64 `json:"progress_pct,omitempty"` // of a feature: an epic's is not kept
	CountedTotal     int      `json:"counted_total"`
	CountedCompleted int      `json:"counted_completed"`

	Estimate, EstimateDone               plan.Estimate `json:"-"`
	CountedEstimate, CountedEstimateDone plan.Estimate `json:"-"`
}

// Missing is what has to be added for the sums to be right.
func (d Drift) Missing() Sums {
	return Sums{d.CountedTotal - d.Total, d.CountedCompleted - d.Completed, d.CountedEstimate - d.Estimate, d.CountedEstimateDone - d.EstimateDone}
}

func (d Drift) String() string {
	s := fmt.Sprintf("stored as %d of %d completed, but its tasks give %d of %d", d.Completed, d.Total, d.CountedCompleted, d.CountedTotal)
	if d.ProgressPct != nil {
		s += fmt.Sprintf("; progress %.4g%%", *d.ProgressPct)
	}
	if d.Estimate != d.CountedEstimate || d.EstimateDone != d.CountedEstimateDone {
		s += fmt.Sprintf("; estimates stored as %s, %s of them done, but its tasks give %s, %s", d.Estimate, d.EstimateDone, d.CountedEstimate, d.CountedEstimateDone)
	}
	return s
}

// taskTally are the columns that count tasks as plan.Task.Counts does.
const taskTally = `count(*) filter (where status <> 'archived' or completed_at is not null) total,
	count(*) filter (where status = 'completed' or status = 'archived' and completed_at is not null) completed,
	cast(coalesce(sum(estimate) filter (where status <> 'archived' or completed_at is not null), 0) as bigint) estimate,
	cast(coalesce(sum(estimate) filter (where status = 'completed' or status = 'archived' and completed_at is not null), 0) as bigint) estimate_done`

var (
	featureDrift = db.Named("feature.drift", `select f.key, f.tasks_total, f.tasks_completed, f.progress_pct, coalesce(c.total, 0), coalesce(c.completed, 0), f.estimate_total, f.estimate_done, coalesce(c.estimate, 0), coalesce(c.estimate_done, 0)
		from features f left join (select feature_id, `+taskTally+` from tasks group by feature_id) c on c.feature_id = f.id
		where f.tasks_total <> coalesce(c.total, 0) or f.tasks_completed <> coalesce(c.completed, 0) or f.estimate_total <> coalesce(c.estimate, 0) or f.estimate_done <> coalesce(c.estimate_done, 0)
		or abs(f.progress_pct - case when coalesce(c.total, 0) = 0 then 0 else cast(c.completed as double precision) / c.total * 100 end) > 0.000001
		order by f.id`)
	epicDrift = db.Named("epic.drift", `select e.key, e.tasks_total, e.tasks_completed, null, coalesce(c.total, 0), coalesce(c.completed, 0), e.estimate_total, e.estimate_done, cast(coalesce(c.estimate, 0) as bigint), cast(coalesce(c.estimate_done, 0) as bigint)
		from epics e left join (select f.epic_id, sum(t.total) total, sum(t.completed) completed, sum(t.estimate) estimate, sum(t.estimate_done) estimate_done from features f
			join (select feature_id, `+taskTally+` from tasks group by feature_id) t on t.feature_id = f.id group by f.epic_id) c on c.epic_id = e.id
		where e.tasks_total <> coalesce(c.total, 0) or e.tasks_completed <> coalesce(c.completed, 0)
		or e.estimate_total <> coalesce(c.estimate, 0) or e.estimate_done <> coalesce(c.estimate_done, 0) order by e.id`)
)

// Drifts compares the progress that is kept with every feature and epic with
// their tasks, all of which it reads.
func (tx *Tx) Drifts() ([]Drift, error) {
	out := []Drift{}
	for _, s := range []db.Stmt{featureDrift, epicDrift} {
		found, err := db.List(tx.Tx, s, func(d *Drift) []any {
			return []any{keyText{&d.Key}, &d.Total, &d.Completed, &d.ProgressPct, &d.CountedTotal, &d.CountedCompleted,
				(*int64)(&d.Estimate), (*int64)(&d.EstimateDone), (*int64)(&d.CountedEstimate), (*int64)(&d.CountedEstimateDone)}
		})
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
