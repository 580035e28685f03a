package plan

import (
	"bytes"
	"encoding/json"
)

// JSON returns v as JSON on one line without its end, and without the escapes
// that only HTML needs.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
