package store

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The limits of what is indexed of one text: what lies beyond is not found.
const (
	maxWordRunes = 64
	maxTextWords = 20_000 // different words of one text
)

// fewWords is what most texts have.
const fewWords = 16

// A word is one word of a text as the index knows it, and where it stands.
type word struct {
	text       string
	start, end int // bytes in the text
}

// eachWord calls f with the words of a text until it returns false: runs of
// letters and digits, in lower case, without diacritics. Both engines index
// what this makes of a text, and so find the same.
func eachWord(text string, f func(word) bool) {
	start := -1
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsNumber(r) || start >= 0 && unicode.IsMark(r)
		if inside && start < 0 {
			start = i
		}
		if !inside && start >= 0 {
			if !f(word{fold(text[start:i]), start, i}) {
				return
			}
			start = -1
		}
	}
	if start >= 0 {
		f(word{fold(text[start:]), start, len(text)})
	}
}

// fold returns a word in the form that the index compares.
func fold(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		s = strings.ToLower(s)
		return s[:min(len(s), maxWordRunes)]
	}
	var b strings.Builder
	n := 0
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if unicode.IsMark(r) {
			continue
		}
		if n++; n > maxWordRunes {
			break
		}
		if plain, ok := unfoldable[r]; ok {
			b.WriteString(plain)
			continue
		}
		// What a compatibility form leaves beside letters would split the word.
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// unfoldable are the letters with a stroke and the like, which Unicode does
// not decompose, as people type them without.
var unfoldable = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h"}

// wordsOf returns the different words of the texts, in the order in which
// they first come.
func wordsOf(texts ...string) []string {
	out := make([]string, 0, fewWords)
	var seen map[string]bool // none while the words are few: looking at all of them is quicker
	for _, text := range texts {
		eachWord(text, func(w word) bool {
			switch {
			case w.text == "" || seen[w.text] || seen == nil && slices.Contains(out, w.text):
				return true
			case seen == nil && len(out) == fewWords:
				seen = make(map[string]bool, 4*fewWords)
				for _, known := range out {
					seen[known] = true
				}
			}
			if out = append(out, w.text); seen != nil {
				seen[w.text] = true
			}
			return len(out) < maxTextWords
		})
	}
	return out
}

// A Word is one word of a search. Without Whole it also finds the words that
// begin with it.
type Word struct {
	Text  string
	Whole bool
}

// ParseWords reads what somebody typed into a search: any text is allowed. A
// word finds the words that begin with it, and a word in quotes only itself.
func ParseWords(s string) []Word {
	var out []Word
	for i, part := range strings.Split(s, `"`) {
		eachWord(part, func(w word) bool {
			if w.text != "" {
				out = append(out, Word{w.text, i%2 == 1})
			}
			return true
		})
	}
	return out
}

// found reports whether a word of a text is one that the search looks for.
func (w Word) found(text string) bool {
	return text == w.Text || !w.Whole && strings.HasPrefix(text, w.Text)
}
