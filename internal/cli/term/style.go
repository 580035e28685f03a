package term

import "strconv"

// Style is a set of attributes and at most one colour: Bold|Red. The zero
// Style is plain. Colours are of the basic sixteen, so that the theme of the
// terminal decides how they look.
type Style uint8

const (
	Bold Style = 1 << iota
	Dim
	Red
	Green
	Yellow
	Blue
	Magenta
	Cyan
)

// Paint returns s in style, or s itself where there is no colour. s must be
// clean and already cut to its width: Width does not measure painted text.
func (o Output) Paint(style Style, s string) string {
	if !o.Color || style == 0 || s == "" {
		return s
	}
	b := make([]byte, 0, len(s)+16)
	for i := range 8 {
		if style&(1<<i) != 0 {
			b = append(b, "\x1b["...)
			b = strconv.AppendInt(b, sgr(i), 10)
			b = append(b, 'm')
		}
	}
	b = append(b, s...)
	return string(append(b, "\x1b[0m"...))
}

// sgr returns the parameter of ECMA-48 "select graphic rendition" for the
// style of bit i: 1 and 2 for bold and dim, from 31 for the colours.
func sgr(i int) int64 {
	if i < 2 {
		return int64(1 + i)
	}
	return int64(31 + i - 2)
}
