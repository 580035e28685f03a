package term

import (
	"bytes"
	"io"
)

// Lines passes text on line by line, as CleanText has it.
type Lines struct {
	W    io.Writer
	held []byte // of a line that has not ended
}

func (l *Lines) Write(p []byte) (int, error) {
	end := bytes.LastIndexByte(p, '\n') + 1
	if end == 0 {
		l.held = append(l.held, p...)
		return len(p), nil
	}
	if _, err := io.WriteString(l.W, CleanText(string(append(l.held, p[:end]...)))); err != nil {
		return 0, err
	}
	l.held = append(l.held[:0], p[end:]...)
	return len(p), nil
}

// Flush passes on a last line that does not end.
func (l *Lines) Flush() error {
	_, err := io.WriteString(l.W, CleanText(string(l.held)))
	l.held = nil
	return err
}
