package tracker

import (
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// firstError returns the first error that is one.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// optional parses s into its place unless it is empty.
func optional[T any](s string, parse func(string) (T, error), into *T) error {
	if s == "" {
		return nil
	}
	v, err := parse(s)
	if err == nil {
		*into = v
	}
	return err
}

// parseDate reads a date as it is typed, looked at from now, in whose time zone
// days are; empty is none.
func parseDate(field string, now time.Time) func(string) (plan.Date, error) {
	return func(s string) (plan.Date, error) {
		if word := strings.ToLower(strings.TrimSpace(s)); word == "" || word == "none" || word == "never" {
			return "", nil
		}
		d, ok := query.ParseDate(strings.TrimSpace(s), now)
		if !ok {
			return "", plan.Errorf(plan.Invalid, "invalid %s %q", field, s).WithCode("bad_date").
				WithHint("use 2026-12-01, 2026-12-01T15:00, today, tomorrow, friday, +3d, +2w, +1m (a month) or eom; empty for none")
		}
		return d, nil
	}
}

// parseEstimate reads estimates, which may name the project's unit: that is looked
// up once.
func parseEstimate(tx *store.Tx) func(plan.Typed) (plan.Estimate, error) {
	unit := ""
	return func(s plan.Typed) (_ plan.Estimate, err error) {
		if !s.NamesUnit() {
			return plan.ParseEstimate(string(s))
		}
		if unit == "" {
			if unit, err = estimateUnit(tx); err != nil {
				return 0, err
			}
		}
		return plan.ParseEstimateIn(string(s), unit)
	}
}

func grade(field string) func(string) (plan.Grade, error) {
	return func(s string) (plan.Grade, error) { return plan.ParseGrade(field, s) }
}
