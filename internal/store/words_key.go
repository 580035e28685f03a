package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pm/internal/plan"
)

// keyToken returns the word that stands for a feature or a task in the index.
// That of a feature begins those of its tasks and of no others.
func keyToken(k plan.Key) string {
	text := strings.ToLower(strings.TrimPrefix(k.FeatureKey().String(), "T-"))
	token := strings.ReplaceAll(text, "-", "") + "t"
	if k.Level() == plan.LevelTask {
		token += k.String()[strings.LastIndexByte(k.String(), '-')+1:]
	}
	return token
}

// keyWord returns the word for the key of a feature or a task that s begins
// with, and how long the key is; 0 if there is none. The key of an epic is a
// word like any other, which begins the words of what lies under it.
func keyWord(s string) (token string, length int) {
	at := 0
	if len(s) > 1 && (s[0] == 'T' || s[0] == 't') && s[1] == '-' {
		at = 2
	}
	if length = numbered(s, at, 'E'); length == 0 {
		return "", 0
	}
	if length >= len(s) || s[length] != '-' {
		return "", 0
	}
	if length = numbered(s, length+1, 'F'); length == 0 {
		return "", 0
	}
	if length < len(s) && s[length] == '-' {
		if n := max(numbered(s, length+1, 'T'), digitsEnd(s, length+1)); n > 0 {
			length = n
		}
	}
	if r, _ := utf8.DecodeRuneInString(s[length:]); unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
		return "", 0
	}
	k, err := plan.ParseKeyInText(s[:length])
	if err != nil || k.Level() == plan.LevelEpic {
		return "", 0
	}
	return keyToken(k), length
}

// numbered returns where a letter with a number behind it ends that stands at
// at in either case; 0 if none does.
func numbered(s string, at int, letter byte) int {
	if at >= len(s) || s[at]&^0x20 != letter {
		return 0
	}
	return digitsEnd(s, at+1)
}

// digitsEnd returns where the digits end that begin at at; 0 if none do.
func digitsEnd(s string, at int) int {
	end := at
	for end < len(s) && '0' <= s[end] && s[end] <= '9' {
		end++
	}
	if end == at {
		return 0
	}
	return end
}
