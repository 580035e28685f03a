package ops

import (
	"io"

	"pm/internal/plan"
)

// A Joiner writes the JSON of a long answer from its parts, identical to the
// JSON of the whole answer.
type Joiner struct {
	w io.Writer
	j *plan.Joiner
}

// NewJoiner returns a Joiner that writes to w.
func NewJoiner(w io.Writer) *Joiner { return &Joiner{w, plan.NewJoiner(w)} }

// Add writes the next part.
func (j *Joiner) Add(part Part) error {
	part.Join(j.j)
	return j.j.Err()
}

// End completes the answer after all parts were added.
func (j *Joiner) End() error {
	j.j.To(0)
	if err := j.j.Err(); err != nil {
		return err
	}
	_, err := io.WriteString(j.w, "\n")
	return err
}
