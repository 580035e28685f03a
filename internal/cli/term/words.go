package term

import (
	"errors"
	"strings"
)

// Words parts a command line as a shell does, with both kinds of quotation marks and
// a backslash before one outside of them, and nothing else of a shell.
func Words(line string) (all []string, err error) {
	var word strings.Builder
	quote, inside, escaped := rune(0), false, false
	for i, r := range line {
		switch {
		case escaped:
			word.WriteRune(r)
			inside, escaped = true, false
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\\' && strings.IndexAny(line[i+1:], `'"`) == 0:
			escaped = true
		case r == '"' || r == '\'':
			quote, inside = r, true
		case r == ' ':
			if inside {
				all = append(all, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if quote != 0 {
		return nil, errors.New("unclosed quotation mark")
	}
	if inside {
		all = append(all, word.String())
	}
	return all, nil
}
