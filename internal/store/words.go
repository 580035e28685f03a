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
	start, end int  // bytes in the text
	first      int  // of two letters: where the first ends, else 0
	key        bool // a feature or a task is named here; its parts follow as words of their own
}

// eachWord calls f with the words of a text until it returns false: runs of
// letters and digits, in lower case, without diacritics. Scripts that are
// written without spaces are cut into overlapping pairs of letters, and a key
// of a feature or a task is a word, too. Both engines index what this makes
// of a text, and so find the same.
func eachWord(text string, f func(word) bool) {
	start, keyEnd, unspaced := -1, 0, false
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || start >= 0 && unicode.IsMark(r) {
			if start < 0 {
				start, unspaced = i, false
				if token, length := keyWord(text[i:]); length > 0 && i >= keyEnd {
					keyEnd = i + length
					if !f(word{text: token, start: i, end: keyEnd, key: true}) {
						return
					}
				}
			}
			unspaced = unspaced || isUnspaced(r)
			continue
		}
		if start >= 0 && !eachOfRun(text, start, i, unspaced, f) {
			return
		}
		start = -1
	}
	if start >= 0 {
		eachOfRun(text, start, len(text), unspaced, f)
	}
}

// eachOfRun calls f with the words of text[start:end], which are letters and
// digits only, and reports whether f wants more.
func eachOfRun(text string, start, end int, unspaced bool, f func(word) bool) bool {
	if !unspaced {
		return f(word{text: fold(text[start:end]), start: start, end: end})
	}
	return eachPair(text, start, end, f)
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
	return (&wordBag{}).of(texts...)
}

// mostKept is how many words one may have had in whose room the next ones come.
const mostKept = 512

// A wordBag is room for the words of one text after another.
type wordBag struct {
	words []string
	seen  map[string]bool // nothing while the words are few: looking at all of them is quicker
}

// of is wordsOf. The words are good until the next call.
func (l *wordBag) of(texts ...string) []string {
	if cap(l.words) > mostKept {
		*l = wordBag{}
	}
	clear(l.seen)
	l.words = l.words[:0]
	for _, text := range texts {
		eachWord(text, l.add)
	}
	return l.words
}

// add adds a word that is not there yet, and reports whether there is room for more.
func (l *wordBag) add(w word) bool {
	many := len(l.words) > fewWords
	switch {
	case w.text == "" || many && l.seen[w.text] || !many && slices.Contains(l.words, w.text):
		return true
	case len(l.words) == fewWords:
		if l.seen == nil {
			l.seen = make(map[string]bool, 4*fewWords)
		}
		for _, known := range l.words {
			l.seen[known] = true
		}
		fallthrough
	case many:
		l.seen[w.text] = true
	}
	l.words = append(l.words, w.text)
	return len(l.words) < maxTextWords
}

// A Word is one word of a search. Without Whole it also finds the words that
// begin with it.
type Word struct {
	Text  string
	Whole bool
}

// ParseWords reads what somebody typed into a search: any text is allowed. A
// word finds the words that begin with it, and a word in quotes only itself;
// the key of a feature finds it and its tasks, and that of a task only itself.
func ParseWords(s string) []Word {
	var out []Word
	for i, part := range strings.Split(s, `"`) {
		keyEnd := 0
		last := word{first: -1} // of a pair of letters, the word before
		eachWord(part, func(w word) bool {
			switch {
			case w.key:
				keyEnd = w.end
				out = append(out, Word{w.text, !strings.HasSuffix(w.text, "t")})
			case w.text == "" || w.start < keyEnd || w.first == 0 && w.start == last.first: // the last letter of a pair says nothing new
			default:
				out = append(out, Word{w.text, i%2 == 1 && !isLetter(part[w.start:w.end])})
			}
			last = w
			return true
		})
	}
	return out
}

// isLetter reports whether s is one letter of an unspaced script, which in
// the index mostly is the beginning of a pair.
func isLetter(s string) bool {
	end, unspaced := letterEnd(s, 0, len(s))
	return unspaced && end == len(s)
}

// found reports whether a word of a text is one that the search looks for.
func (w Word) found(text string) bool {
	return text == w.Text || !w.Whole && strings.HasPrefix(text, w.Text)
}

// matchesAll reports whether the index would find the text by all the words.
func matchesAll(words []Word, text string) bool {
	there := wordsOf(text)
	for _, w := range words {
		if !slices.ContainsFunc(there, w.found) {
			return false
		}
	}
	return true
}
