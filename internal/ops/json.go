package ops

import (
	"bytes"
	"encoding/json"
)

// JSON writes an answer as every surface gives it: compact, on one line, with
// its end, and without the escapes that only HTML needs.
func JSON(answer any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(answer)
	return b.Bytes(), err
}
