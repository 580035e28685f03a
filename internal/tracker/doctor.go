package tracker

import (
	"context"

	"pm/internal/plan"
	"pm/internal/store"
)

// Doctor is the input of Tracker.Doctor.
type Doctor struct {
	Fix bool // mend what can be told from the rest of the plan
}

// A Flaw is something stored that is not as pm stores it.
type Flaw = store.Flaw

// A Diagnosis says what is wrong with a database.
type Diagnosis struct {
	Checks []Check `json:"checks"`
	Flaws  int     `json:"flaws"` // that are left
}

// A Check is one thing that was looked at.
type Check struct {
	Name  string `json:"name"`
	Flaws []Flaw `json:"flaws"`
	Fixed bool   `json:"fixed,omitempty"` // they were mended

	fix func(*store.Tx, []Flaw) error // nil: only a backup helps
}

// Doctor checks the whole database: the engine's own file, what is kept of
// what can be counted, the chain of every history, the text index. With Fix
// it counts anew and fills the text index anew in one transaction; a damaged
// file or history it cannot mend. It reads every row.
func (t *Tracker) Doctor(ctx context.Context, in Doctor) (Diagnosis, error) {
	if !in.Fix {
		return read(ctx, t, diagnose)
	}
	return write(ctx, t, call{}, func(tx *store.Tx) (d Diagnosis, err error) {
		if d, err = diagnose(tx); err != nil {
			return d, err
		}
		for i := range d.Checks {
			c := &d.Checks[i]
			// The text index is filled anew in any case: what it says of a
			// text that it has cannot be checked.
			if c.fix == nil || len(c.Flaws) == 0 && c.Name != "text index" {
				continue
			}
			if err := c.fix(tx, c.Flaws); err != nil {
				return d, err
			}
			c.Fixed = true
			d.Flaws -= len(c.Flaws)
		}
		return d, nil
	})
}

func diagnose(tx *store.Tx) (d Diagnosis, err error) {
	for _, c := range []struct {
		name string
		find func(*store.Tx) ([]Flaw, error)
		fix  func(*store.Tx, []Flaw) error
	}{
		{"file", (*store.Tx).FileFlaws, nil},
		{"history", (*store.Tx).HistoryFlaws, nil},
		{"progress", progressFlaws, correctProgress},
		{"dependencies", openFlaws, correctOpen},
		{"offers", (*store.Tx).OfferFlaws, offerAnew},
		{"text index", (*store.Tx).SearchFlaws, func(tx *store.Tx, _ []Flaw) error { return tx.RebuildSearch() }},
	} {
		flaws, err := c.find(tx)
		if err != nil && kindOf(err) == plan.Corrupt {
			flaws, err = append(flaws, Flaw{Text: plan.Describe(err).Message}), nil
		}
		if err != nil {
			return d, err
		}
		if flaws == nil {
			flaws = []Flaw{}
		}
		d.Checks = append(d.Checks, Check{Name: c.name, Flaws: flaws, fix: c.fix})
		d.Flaws += len(flaws)
	}
	return d, nil
}

func progressFlaws(tx *store.Tx) (out []Flaw, err error) {
	drifts, err := tx.Drifts()
	for _, d := range drifts {
		out = append(out, Flaw{Key: d.Key, Text: d.String()})
	}
	return out, err
}

// correctProgress adds what is missing, so that what others change meanwhile
// counts, too.
func correctProgress(tx *store.Tx, _ []Flaw) error {
	drifts, err := tx.Drifts()
	for _, d := range drifts {
		total, completed := d.CountedTotal-d.Total, d.CountedCompleted-d.Completed
		if d.Key.Level() == plan.LevelFeature {
			err = tx.AddFeatureCounts(d.Key, total, completed)
		} else {
			_, err = tx.AddEpicCounts(d.Key, total, completed)
		}
		if err != nil {
			return err
		}
	}
	return err
}

func openFlaws(tx *store.Tx) (out []Flaw, err error) {
	drifts, err := tx.OpenDrifts()
	for _, d := range drifts {
		out = append(out, Flaw{Key: d.Key, Text: d.String()})
	}
	return out, err
}

func correctOpen(tx *store.Tx, _ []Flaw) error {
	drifts, err := tx.OpenDrifts()
	for _, d := range drifts {
		if err := tx.AddOpen(d.Key, d.Counted-d.Kept); err != nil {
			return err
		}
	}
	return err
}

func offerAnew(tx *store.Tx, of []Flaw) error {
	for _, f := range of {
		if err := tx.OfferTasks(f.Key); err != nil {
			return err
		}
	}
	return nil
}
