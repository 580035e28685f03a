package cli

import (
	"runtime"
	"slices"
	"strings"
	"unicode"
)

// line writes a command line as a shell reads it, for a hint: the caller's own
// words, but not the address of a server, which may hold a password.
func line(args []string) string {
	words := []string{"pm"}
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--db" && i+1 < len(args) && strings.Contains(args[i+1], "://"):
			i++
		case strings.HasPrefix(args[i], "--db=") && strings.Contains(args[i], "://"):
		default:
			words = append(words, shellWord(args[i]))
		}
	}
	return strings.Join(words, " ")
}

// shellWord returns a word in quotes where a shell would not take it as it is.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-./:@%+=,", r) || runtime.GOOS == "windows" && r == '\\'
	}
	switch {
	case s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0:
		return s
	case runtime.GOOS == "windows":
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// instead is the caller's line with another word in the place of the first one
// that is word.
func (a *app) instead(word, other string) string {
	args := slices.Clone(a.args)
	if i := slices.Index(args, word); i >= 0 {
		args[i] = other
	}
	return line(args)
}

// among reports whether a word is one of those in a list, with spaces between them.
func among(word, list string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}
