// Package utf turns what files and standard input hold into UTF-8. Editors and
// shells on Windows write a byte order mark before UTF-8, or UTF-16; whatever
// pm reads of a file or of stdin passes through here, and only here.
package utf

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A form is how a text is stored.
type form int

const (
	unknown form = iota
	plain        // UTF-8, or bytes that are left as they are
	littleEndian
	bigEndian
)

// NewReader returns the text of r in UTF-8, without a byte order mark. UTF-16
// is recognized by its mark or, without one, by the zero byte of its first
// character. Anything else passes through as it is, valid or not; half a
// surrogate pair and an odd last byte come out as invalid UTF-8, so that the
// caller's own check finds them.
//
// A Read returns what r has to offer: it waits for more only where the first
// bytes could still be a mark.
func NewReader(r io.Reader) io.Reader {
	if known, ok := r.(*reader); ok {
		return known
	}
	return &reader{source: r}
}

// Decode returns b in UTF-8, as NewReader does. What needs no change is not copied.
func Decode(b []byte) []byte {
	f, mark := formOf(b, true)
	if f == plain {
		return b[mark:]
	}
	return decode(nil, f, b[mark:], true)
}

// Wide reports whether b is UTF-16.
func Wide(b []byte) bool {
	f, _ := formOf(b, true)
	return f != plain
}

// Mark is the byte order mark of UTF-8.
const Mark = "\ufeff"

type reader struct {
	source io.Reader
	form   form
	raw    []byte // read and not yet decoded
	ready  []byte // decoded and not yet given out
	err    error  // what ended the source
}

func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(r.ready) == 0 && r.err == nil {
		if r.form == plain {
			return r.source.Read(p)
		}
		r.fill()
	}
	if len(r.ready) == 0 {
		return 0, r.err
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// fill reads once and decodes what can be decoded.
func (r *reader) fill() {
	var part [4096]byte
	n, err := r.source.Read(part[:])
	r.raw, r.err = append(r.raw, part[:n]...), err
	last := errors.Is(err, io.EOF)
	if r.form == unknown {
		f, mark := formOf(r.raw, last)
		if f == unknown {
			return
		}
		r.form, r.raw = f, r.raw[mark:]
	}
	if r.form == plain {
		r.ready, r.raw = r.raw, nil
		return
	}
	whole := wholeUnits(r.form, r.raw)
	if last {
		whole = len(r.raw)
	}
	r.ready = decode(r.ready[:0], r.form, r.raw[:whole], last)
	r.raw = append(r.raw[:0], r.raw[whole:]...)
}

var (
	markUTF8   = []byte(Mark)
	markLittle = []byte{0xff, 0xfe}
	markBig    = []byte{0xfe, 0xff}
)

// formOf returns the form of a text that begins with b, and the length of its
// mark. It is unknown while more bytes could decide otherwise; last says that
// there are none.
func formOf(b []byte, last bool) (f form, mark int) {
	switch {
	case bytes.HasPrefix(b, markUTF8):
		return plain, len(markUTF8)
	case bytes.HasPrefix(b, markLittle):
		return littleEndian, len(markLittle)
	case bytes.HasPrefix(b, markBig):
		return bigEndian, len(markBig)
	case len(b) >= 2 && b[0] != 0 && b[1] == 0:
		return littleEndian, 0
	case len(b) >= 2 && b[0] == 0 && b[1] != 0:
		return bigEndian, 0
	case last, len(b) >= 2 && !bytes.HasPrefix(markUTF8, b), len(b) == 1 && b[0] == '\n':
		return plain, 0
	}
	return unknown, 0
}

// wholeUnits returns how many bytes of b can be decoded without what follows.
func wholeUnits(f form, b []byte) int {
	n := len(b) &^ 1
	if n >= 2 && isHighSurrogate(unit(f, b[n-2:])) {
		n -= 2
	}
	return n
}

// decode appends b, which is UTF-16, to out. Half a pair keeps its three
// bytes, which are no valid UTF-8; an odd byte becomes 0xff.
func decode(out []byte, f form, b []byte, last bool) []byte {
	for len(b) >= 2 {
		u := unit(f, b)
		b = b[2:]
		if isHighSurrogate(u) && len(b) >= 2 {
			if r := utf16.DecodeRune(rune(u), rune(unit(f, b))); r != utf8.RuneError {
				out, b = utf8.AppendRune(out, r), b[2:]
				continue
			}
		}
		if utf16.IsSurrogate(rune(u)) {
			out = append(out, 0xe0|byte(u>>12), 0x80|byte(u>>6)&0x3f, 0x80|byte(u)&0x3f)
			continue
		}
		out = utf8.AppendRune(out, rune(u))
	}
	if last && len(b) == 1 {
		out = append(out, 0xff)
	}
	return out
}

func unit(f form, b []byte) uint16 {
	if f == bigEndian {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return uint16(b[1])<<8 | uint16(b[0])
}

func isHighSurrogate(u uint16) bool { return u >= 0xd800 && u < 0xdc00 }
