package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// JSON returns v as JSON on one line without a newline, without the escapes
// that only HTML needs, and escaped by EscapeJSON.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return EscapeJSON(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}

// EscapeJSON escapes characters that JSON allows unescaped although they
// control a terminal or reorder the text around them: DEL, C1 controls and
// bidirectional controls (\u0085, \u202e). Bytes that are not UTF-8 become
// \ufffd. Such characters occur only in strings, so the meaning of the JSON
// does not change. JSON with nothing to escape is returned unchanged.
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
