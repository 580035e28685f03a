package cli

import (
	"time"

	"pm/internal/plan"
)

// A duration is the value of a flag, written as everywhere: 90s, 2h, 1d.
type duration time.Duration

func (d *duration) Set(s string) error {
	v, ok := plan.ParseDuration(s)
	if !ok {
		return usageError("invalid duration %q: write it like 90s, 30m (minutes), 2h or 1d", s)
	}
	*d = duration(v)
	return nil
}

func (d *duration) String() string { return time.Duration(*d).String() }
func (d *duration) Type() string   { return "duration" }
