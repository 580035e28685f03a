package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// JSON returns v as JSON on one line without its end, without the escapes
// that only HTML needs, and escaped as EscapeJSON does it.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return EscapeJSON(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

// EscapeJSON escapes what JSON lets through raw although it steers a terminal
// or reorders the text around it: DEL, C1 controls and bidirectional controls
// (\u0085, \u202e). Bytes that are not UTF-8 become \ufffd. Such characters
// occur in strings only, so the JSON means what it meant. JSON with nothing to
// escape is returned as is.
func EscapeJSON(b []byte) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(b); {
		if b[i] < 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 || r < 0xa0 || unicode.Is(unicode.Bidi_Control, r) {
			if out == nil {
				out = make([]byte, 0, len(b)+64)
			}
			out = fmt.Appendf(append(out, b[done:i]...), `\u%04x`, r)
			done = i + n
		}
		i += n
	}
	if out == nil {
		return b
	}
	return append(out, b[done:]...)
}
