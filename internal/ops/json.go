package ops

import (
	"bytes"
	"slices"

	"pm/internal/plan"
)

// JSON formats an answer as every surface returns it: compact, on one line,
// with a newline, and without the escapes that only HTML needs.
func JSON(answer any) ([]byte, error) { return ChangeJSON(answer, "") }

// ChangeJSON is JSON for the answer of a call that changed something: it adds
// the operation, unless that is empty.
func ChangeJSON(answer any, operation string) ([]byte, error) {
	b, err := plan.JSON(answer)
	if err == nil && operation != "" && bytes.HasPrefix(b, []byte("{")) && bytes.HasSuffix(b, []byte("}")) {
		member := `,"operation":"` + operation + `"}`
		if len(b) == len("{}") {
			member = member[1:]
		}
		b = slices.Concat(b[:len(b)-1], []byte(member))
	}
	return append(b, '\n'), err
}
