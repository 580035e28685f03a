package term

import (
	"bytes"
	"io"
	"unicode"
	"unicode/utf8"
)

// maxHeld is how much of a line is held until it ends.
const maxHeld = 64 << 10

// Lines passes text on line by line, as CleanText has it, and a long line in
// parts.
type Lines struct {
	W    io.Writer
	held []byte // of a line that has not ended
}

func (l *Lines) Write(p []byte) (int, error) {
	l.held = append(l.held, p...)
	end := bytes.LastIndexByte(l.held, '\n') + 1
	if end == 0 && len(l.held) > maxHeld {
		end = lastCut(l.held)
	}
	if end == 0 {
		return len(p), nil
	}
	if _, err := io.WriteString(l.W, CleanText(string(l.held[:end]))); err != nil {
		return 0, err
	}
	l.held = append(l.held[:0], l.held[end:]...)
	return len(p), nil
}

// lastCut is where a part of a line can end: before a character that is safe or not
// whatever is in front of it, unlike a joiner or a mark; if there is none, before
// the last bytes.
func lastCut(line []byte) int {
	alone := func(r rune) bool { return r != utf8.RuneError && !unicode.In(r, unicode.Cf, unicode.M) }
	if at := bytes.LastIndexFunc(line, alone); at > 0 {
		return at
	}
	at := len(line) - 1
	for at > 0 && !utf8.RuneStart(line[at]) {
		at--
	}
	return at
}

// Flush passes on a last line that does not end.
func (l *Lines) Flush() error {
	_, err := io.WriteString(l.W, CleanText(string(l.held)))
	l.held = nil
	return err
}
