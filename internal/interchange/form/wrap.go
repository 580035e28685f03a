package form

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// wrapColumn is where editors begin to break lines, in columns: a line that ends
// before it was ended by hand, unless the next one goes on in the middle of a
// sentence.
const wrapColumn = 66

var (
	fieldLine  = interchange.Pattern(`^[*_]*\pL[\pL\pN /&'-]{0,30}[*_]*:(?:[*_\s]|$)`)
	blockStart = interchange.Pattern("^(?:[-*+>|#<~]|`{3}|_|\\d{1,9}[.)]\\s|\\*\\*|\\[[^\\]]*\\]:)")
)

// unwrap takes what goes on with the sentence of the box's text over from the
// lines that belong to it: the text was broken over several of them. A line that
// is a field or a list of its own is none of it.
func (b *Box) unwrap() {
	text, last := b.Text, b.indent+len("- [ ] ")+columns(b.Text)
	n := 0
	for ; n < len(b.Body) && n != b.own; n++ {
		indent, line := indentOf(b.Body[n])
		if line == "" || !goesOn(text, line, last) || utf8.RuneCountInString(text)+utf8.RuneCountInString(line) >= plan.MaxTitle {
			break
		}
		if !unspaced(text, line) {
			text += " "
		}
		text += line
		last = indent + columns(line)
	}
	if n > 0 {
		b.Text, b.Body = text, b.Body[n:]
	}
}

// goesOn reports whether a line goes on with the sentence that a text begins,
// whose last line ends in a column.
func goesOn(text, line string, last int) bool {
	if text == "" || strings.HasSuffix(text, "**") || strings.HasSuffix(text, "__") || strings.HasSuffix(text, "-->") || blockStart().MatchString(line) || fieldLine().MatchString(line) {
		return false
	}
	end, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, "*_`)\"'»”"))
	if strings.ContainsRune(".!?:…。！？：", end) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(line, "(\"'`«“"))
	return last >= wrapColumn || unicode.IsLower(first) || strings.ContainsRune(",;", end)
}

// columns returns how wide a text is shown: ideographs take two columns.
func columns(text string) (n int) {
	for _, r := range text {
		if n++; ideograph(r) {
			n++
		}
	}
	return n
}

func ideograph(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

// unspaced reports whether a line goes on with a text in a script that has no spaces
// between words.
func unspaced(text, line string) bool {
	before, _ := utf8.DecodeLastRuneInString(text)
	first, _ := utf8.DecodeRuneInString(line)
	return ideograph(before) && ideograph(first)
}
