package form

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"pm/internal/interchange"
	"pm/internal/utf"
)

// EachRecord calls f with each record of a file: with the members of a list, or
// with the value on each line, which may end in a comma. What is none is a finding.
// One record at a time is in memory.
func (s *Source) EachRecord(o *Outline, name string, f func(*Value)) {
	file, err := s.open(name)
	if err != nil {
		o.Find(name, 0, interchange.Failed, "cannot be read: %s", Reason(err))
		return
	}
	defer file.Close()
	o.Files++
	text := ends{bufio.NewReaderSize(utf.NewReader(file), 1<<16)}
	r := recordReader{r: bufio.NewReaderSize(text, 1<<16), o: o, name: name, f: f, line: 1}
	if err := r.all(); err != nil && !errors.Is(err, io.EOF) {
		o.Find(name, r.line, interchange.Failed, "cannot be read: %s", Reason(err))
	}
}

// ends passes on a text whose lines all end with a line feed.
type ends struct{ r *bufio.Reader }

func (e ends) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	LineFeeds(p[:n], e.r)
	return n, err
}

// LineFeeds replaces the carriage returns that end lines alone. The text goes on in r;
// nil: it ends there.
func LineFeeds(text []byte, r *bufio.Reader) {
	follows := func(at int) bool {
		if at+1 < len(text) {
			return text[at+1] == '\n'
		}
		if r == nil {
			return false
		}
		next, _ := r.Peek(1)
		return len(next) > 0 && next[0] == '\n'
	}
	for at := bytes.IndexByte(text, '\r'); at >= 0 && at < len(text); at++ {
		if text[at] == '\r' && !follows(at) {
			text[at] = '\n'
		}
	}
}

// A recordReader reads the records of a file.
type recordReader struct {
	r    *bufio.Reader
	o    *Outline
	name string
	f    func(*Value)
	line int
	buf  []byte
}

func (r *recordReader) all() error {
	if read, err := r.list(); read || err != nil {
		return err
	}
	return r.lines()
}

// list reads the list that begins here, if one does.
func (r *recordReader) list() (read bool, err error) {
	c, err := r.next()
	switch {
	case err != nil:
		return false, err
	case c == '[':
		return true, r.members()
	}
	return false, r.r.UnreadByte()
}

// next reads the next byte that is no white space.
func (r *recordReader) next() (byte, error) {
	for {
		c, err := r.r.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case c == '\n':
			r.line++
		case c != ' ' && c != '\t' && c != '\r':
			return c, nil
		}
	}
}

// record reads one.
func (r *recordReader) record(text []byte, line int) {
	v, comma, err := parseJSON(text, line, &r.o.words, nil)
	if err != nil {
		r.o.Records++
		r.o.Find(r.name, max(LineOf(err), line), interchange.Failed, "not a record: %s", err)
		return
	}
	r.o.tellComma(r.name, comma)
	r.f(v)
}

func (r *recordReader) tooLong(line int) {
	r.o.Records++
	r.o.Find(r.name, line, interchange.Failed, "the record is longer than %d MiB", MaxLine>>20)
}

// lines reads a record on each line.
func (r *recordReader) lines() error {
	for ; ; r.line++ {
		line, long, err := readLine(r.r, r.buf[:0])
		if long {
			r.tooLong(r.line)
		} else if text := bytes.TrimSuffix(bytes.TrimSpace(line), []byte(",")); len(text) > 0 {
			r.record(text, r.line)
		}
		if err != nil {
			return err
		}
		if cap(line) <= 1<<20 {
			r.buf = line
		}
	}
}

// members reads a list, behind its bracket.
func (r *recordReader) members() error {
	for first := true; ; first = false {
		text, line, last, err := r.member()
		if err != nil {
			if errors.Is(err, io.EOF) {
				r.o.Find(r.name, r.line, interchange.Failed, "cannot be read: the JSON is truncated")
			}
			return err
		}
		if len(text) > MaxLine {
			r.tooLong(line)
		} else if len(text) > 0 {
			r.record(text, line)
		} else if !first || !last {
			r.o.tellComma(r.name, line)
		}
		if last {
			return r.behind()
		}
		if cap(text) <= 1<<20 {
			r.buf = text
		}
	}
}

// behind reports what stands behind the end of a list, unless it is another list.
func (r *recordReader) behind() error {
	if read, err := r.list(); read || err != nil {
		return err
	}
	r.o.Find(r.name, r.line, interchange.Failed, "cannot be read: more than one JSON value")
	return nil
}

// member returns the text of the next member of a list, its first line, and
// whether it is the last: one ends where a comma or the bracket stands outside of
// its texts and brackets.
func (r *recordReader) member() (text []byte, line int, last bool, err error) {
	depth, quoted, escaped := 0, false, false
	text = r.buf[:0]
	c, err := r.next()
	for line = r.line; err == nil; c, err = r.r.ReadByte() {
		if c == '\n' {
			r.line++
		}
		switch {
		case escaped:
			escaped = false
		case quoted:
			quoted, escaped = c != '"', c == '\\'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == ']'):
			return bytes.TrimSpace(text), line, c == ']', nil
		case c == '}' || c == ']':
			depth = max(depth-1, 0) // one too many is a mistake of this record, not of all
		}
		if len(text) <= MaxLine {
			text = append(text, c)
		}
	}
	return text, line, false, err
}

// readLine reads a line behind what buf has; of one that is too long nothing is kept.
func readLine(r *bufio.Reader, buf []byte) (line []byte, long bool, err error) {
	line = buf
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > MaxLine {
			line, long = nil, true
		}
		if !long {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}
