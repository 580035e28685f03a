package bench

import (
	"context"
	"fmt"
	"time"
)

// patience bounds how long one row is measured: with fewer rounds rather than
// without an end.
const patience = 5 * time.Second

// fewest is how many rounds a row is measured at least, unless fewer were
// asked for.
const fewest = 5

// measure runs a row in so many rounds.
func (w *world) measure(ctx context.Context, r row, rounds int) (Sample, error) {
	least := min(rounds, fewest)
	rounds = max(rounds/max(r.share, 1), least)
	took := make([]time.Duration, 0, rounds)
	for began := time.Now(); len(took) < rounds; {
		if len(took) >= least && time.Since(began) > patience {
			break
		}
		d, err := w.once(ctx, r)
		if err != nil {
			return Sample{}, fmt.Errorf("%s: %w", r.name, err)
		}
		took = append(took, d)
	}
	return sample(took), nil
}

// inTurn runs a row on each world, round by round, when it has run there for
// as long as warm.
func inTurn(ctx context.Context, worlds []*world, r row, rounds int, warm time.Duration) ([]Sample, error) {
	took := make([][]time.Duration, len(worlds))
	for began, counts := time.Now(), false; len(took[0]) < rounds; counts = counts || time.Since(began) >= warm {
		for i, w := range worlds {
			d, err := w.once(ctx, r)
			if err != nil {
				return nil, fmt.Errorf("%d tasks: %s: %w", w.tasks, r.name, err)
			}
			if counts {
				took[i] = append(took[i], d)
			}
		}
	}
	samples := make([]Sample, len(worlds))
	for i := range took {
		samples[i] = sample(took[i])
	}
	return samples, nil
}

// once runs a row once, and takes the time of what is timed in it.
func (w *world) once(ctx context.Context, r row) (time.Duration, error) {
	timed, after, err := r.prepare(ctx, w)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	err = timed()
	d := time.Since(began)
	if err == nil && after != nil {
		err = after()
	}
	return d, firstError(err, ctx.Err())
}
