package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// unspacedScripts are written without spaces between words, and where a word
// ends only a dictionary could tell.
var unspacedScripts = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tai_Le, unicode.New_Tai_Lue, unicode.Tai_Tham, unicode.Tai_Viet,
	unicode.Javanese, unicode.Balinese,
}

// isUnspaced reports whether a letter belongs to such a script. The marks of
// length and voice and the closing mark of Japanese are of no script.
func isUnspaced(r rune) bool {
	switch {
	case r < 0x0e00: // Thai is the first of them
		return false
	case r == 'ー' || r == 'ｰ' || r == '〆' || isVoice(r):
		return true
	}
	return unicode.In(r, unspacedScripts...)
}

// isVoice reports whether r is a halfwidth mark of voice, a letter to Unicode.
func isVoice(r rune) bool { return r == 'ﾞ' || r == 'ﾟ' }

// eachPair is eachOfRun for a run with unspaced letters. A stretch of these
// gives each two neighbours as a word, and the last letter alone: so a
// search for one letter finds it as the beginning of a word, wherever it is.
func eachPair(text string, start, end int, f func(word) bool) bool {
	spaced := start // where a stretch of other letters begins
	last := word{}  // the letter before, if it is an unspaced one
	for at := start; at < end; {
		next, unspaced := letterEnd(text, at, end)
		if !unspaced {
			if last.text != "" && !f(last) {
				return false
			}
			if last.text != "" {
				last, spaced = word{}, at
			}
			at = next
			continue
		}
		if last.text == "" && spaced < at && !f(word{text: fold(text[spaced:at]), start: spaced, end: at}) {
			return false
		}
		letter := word{text: foldLetter(text[at:next]), start: at, end: next}
		if last.text != "" && !f(word{text: last.text + letter.text, start: last.start, end: next, first: at}) {
			return false
		}
		last, spaced, at = letter, next, next
	}
	if last.text != "" {
		return f(last)
	}
	return f(word{text: fold(text[spaced:end]), start: spaced, end: end})
}

// letterEnd returns where the letter ends that begins at at, with its marks,
// and whether it is an unspaced one.
func letterEnd(text string, at, end int) (next int, unspaced bool) {
	for i, r := range text[at:end] {
		if i == 0 {
			unspaced = isUnspaced(r)
			continue
		}
		if !unicode.IsMark(r) && !isVoice(r) {
			return at + i, unspaced
		}
	}
	return end, unspaced
}

// foldLetter is fold for one unspaced letter, whose marks are vowels, tones
// and voices, and make it another. What only chooses a glyph is left out.
func foldLetter(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if unicode.Is(unicode.Variation_Selector, r) || !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
