package ops

import "pm/internal/plan"

// JSON writes an answer as every surface gives it: compact, on one line, with
// its end, and without the escapes that only HTML needs.
func JSON(answer any) ([]byte, error) {
	b, err := plan.JSON(answer)
	return append(b, '\n'), err
}
