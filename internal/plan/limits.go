package plan

import (
	"unicode"
	"unicode/utf8"
)

// The limits of field values.
const (
	MaxTitle    = 500     // characters
	MaxText     = 1 << 20 // bytes, of a description or a note
	MaxName     = 64      // characters, of an agent, an agent type, a label
	MaxPath     = 4096    // bytes
	MinPriority = 1       // most urgent
	MaxPriority = 10
)

// CheckTitle rejects texts that cannot be a title.
func CheckTitle(s string) error {
	if err := checkLine("title", s, MaxTitle); err != nil {
		return err
	}
	for _, r := range s {
		if !unicode.IsSpace(r) {
			return nil
		}
	}
	return limit("title", "title is empty").WithHint("a title is 1 to %d characters on one line", MaxTitle)
}

// CheckText rejects texts that cannot be a description, a reason or the body
// of a note. Newlines and tabs are allowed.
func CheckText(field, s string) error {
	if !utf8.ValidString(s) {
		return limit(field, "%s is not valid UTF-8", field).WithHint("convert it to UTF-8 first")
	}
	if len(s) > MaxText {
		return limit(field, "%s is too long: %d bytes (maximum %d)", field, len(s), MaxText).
			WithHint("keep the text in a file of the project and name it with --file-path")
	}
	for _, r := range s {
		if r == 0 {
			return limit(field, "%s contains a NUL byte", field).WithHint("remove it")
		}
	}
	return nil
}

// CheckName rejects texts that cannot be the name of an agent or an agent
// type. Empty is allowed: it means none.
func CheckName(field, s string) error { return checkLine(field, s, MaxName) }

// CheckPath rejects texts that cannot be a file path. Empty means none.
func CheckPath(s string) error { return checkLine("file path", s, MaxPath) }

// CheckPriority rejects priorities outside 1 to 10.
func CheckPriority(n int) error {
	if n < MinPriority || n > MaxPriority {
		return limit("priority", "priority must be %d (most urgent) to %d, not %d", MinPriority, MaxPriority, n).
			WithHint("the default is %d", DefaultPriority)
	}
	return nil
}

func checkLine(field, s string, most int) error {
	if !utf8.ValidString(s) {
		return limit(field, "%s is not valid UTF-8", field).WithHint("convert it to UTF-8 first")
	}
	if n := utf8.RuneCountInString(s); n > most {
		return limit(field, "%s is too long: %d characters (maximum %d)", field, n, most).
			WithHint("shorten it, and put longer text in the description")
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return limit(field, "%s contains the control character %U", field, r).
				WithHint("%s must be one line without control characters", field)
		}
	}
	return nil
}

func limit(field, format string, args ...any) *Error {
	return Errorf(Invalid, format, args...).WithCode("bad_" + codeWord(field))
}

func codeWord(field string) string {
	b := []byte(field)
	for i := range b {
		if b[i] == ' ' {
			b[i] = '_'
		}
	}
	return string(b)
}
