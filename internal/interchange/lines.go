package interchange

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"pm/internal/plan"
	"pm/internal/utf"
)

// A LineWriter writes JSON lines. Call Flush at the end, of an export End
// before.
type LineWriter struct {
	w    *bufio.Writer
	line bytes.Buffer
	e    *json.Encoder // into line
	seal seal
}

// A seal is the hash of lines, each with a newline behind it.
type seal struct {
	sum   hash.Hash
	lines int
}

func newSeal() seal { return seal{sum: sha256.New()} }

func (s *seal) add(line []byte) {
	s.sum.Write(bytes.TrimRight(line, "\r\n"))
	s.sum.Write([]byte{'\n'})
	s.lines++
}

func (s *seal) end() End {
	return End{Type: "end", Lines: s.lines + 1, SHA256: hex.EncodeToString(s.sum.Sum(nil))}
}

// NewLineWriter returns a writer of JSON lines to w.
func NewLineWriter(w io.Writer) *LineWriter {
	l := &LineWriter{w: bufio.NewWriterSize(w, 1<<16), seal: newSeal()}
	l.e = json.NewEncoder(&l.line)
	l.e.SetEscapeHTML(false)
	return l
}

// Write writes one line: a Header or one of the records.
func (w *LineWriter) Write(line any) error {
	w.line.Reset()
	if err := w.e.Encode(line); err != nil {
		return err
	}
	b := plan.EscapeJSON(w.line.Bytes())
	w.seal.add(b)
	_, err := w.w.Write(b)
	return err
}

// End writes the last line of an export.
func (w *LineWriter) End() error { return w.Write(w.seal.end()) }

// Flush writes out what is buffered.
func (w *LineWriter) Flush() error { return w.w.Flush() }

// A LineReader reads an export line by line. One that begins with a Header
// must be whole: as its End says.
type LineReader struct {
	name    string
	r       *bufio.Reader
	line    int
	seal    seal
	sealed  bool // began with a Header
	ended   bool
	unknown []string
	most    int       // of a line, in bytes
	size    int       // of the line
	more    *plan.Key // the item that the next line goes on with; nil: none
}

// maxLine bounds one line, in bytes. The longest that an export can have is
// that of a task with two texts of the largest size, every byte of them escaped
// as six, and dependencies on a million tasks.
const maxLine = 32 << 20

// NewLineReader returns a reader of the export r, called name in errors. It
// may have a byte order mark, or be UTF-16, as shells on Windows redirect it.
func NewLineReader(r io.Reader, name string) *LineReader {
	return &LineReader{name: name, r: bufio.NewReaderSize(utf.NewReader(r), 1<<16), seal: newSeal(), most: maxLine}
}

// NewRowReader returns a reader of rows in the trash. They are lines of an
// export, but each is one item with all its notes, however long that is.
func NewRowReader(rows string) *LineReader {
	return &LineReader{name: "the trash", r: bufio.NewReaderSize(strings.NewReader(rows), 1<<16), seal: newSeal(), most: math.MaxInt}
}

// Next returns the next line: a Header, one of the records or an End; io.EOF
// at the end. Errors name the file and the line.
func (r *LineReader) Next() (any, error) {
	r.unknown = nil
	b, err := r.readLine()
	if errors.Is(err, io.EOF) && (r.sealed && !r.ended || r.more != nil) {
		return nil, r.refuse("the export is truncated: its last line is missing")
	}
	if err != nil {
		return nil, err
	}
	if r.ended {
		return nil, r.refuse("there are lines after the end of the export")
	}
	line, err := r.decode(b)
	if err == nil {
		err = r.follows(line)
	}
	return line, err
}

func (r *LineReader) decode(b []byte) (any, error) {
	if !utf8.Valid(b) {
		return nil, r.errorf("the line is not valid UTF-8") // the decoder would replace what it cannot read
	}
	kind, err := kindOf(b)
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	if kind == "end" {
		return r.end(b)
	}
	r.seal.add(b)
	switch kind {
	case "pm":
		r.sealed = true
		return decodeLine[Header](r, b)
	case "project":
		return decodeLine[ProjectRecord](r, b)
	case "epic":
		return decodeLine[EpicRecord](r, b)
	case "feature":
		return decodeLine[FeatureRecord](r, b)
	case "task":
		return decodeLine[TaskRecord](r, b)
	case "operation":
		return decodeLine[OperationRecord](r, b)
	case "dependency":
		return decodeLine[EdgeRecord](r, b)
	case "link":
		return decodeLine[LinkRecord](r, b)
	case "history":
		return decodeLine[HistoryRecord](r, b)
	case "trash":
		return decodeLine[TrashRecord](r, b)
	case "more":
		return decodeLine[MoreRecord](r, b)
	}
	return nil, r.errorf("unknown type of line %q", kind)
}

// kindOf returns the type of a line. It comes first in what pm writes, where no
// more has to be read for it.
func kindOf(b []byte) (string, error) {
	if rest, first := bytes.CutPrefix(b, []byte(`{"type":"`)); first {
		if end := bytes.IndexAny(rest, `"\\`); end > 0 && rest[end] == '"' {
			return string(rest[:end]), nil
		}
	}
	var head struct {
		Type string `json:"type"`
	}
	err := json.Unmarshal(b, &head)
	return head.Type, err
}

// follows refuses a line that does not go on with the item before it, if there
// is more of that, or goes on with another.
func (r *LineReader) follows(line any) error {
	before := r.more
	key, more := plan.Key{}, false
	goesOn := false
	switch l := line.(type) {
	case ProjectRecord:
		more = l.More
	case EpicRecord:
		key, more = l.Key, l.More
	case FeatureRecord:
		key, more = l.Key, l.More
	case TaskRecord:
		key, more = l.Key, l.More
	case HistoryRecord:
		key, more = l.Key, l.More
	case TrashRecord:
		key, more = l.Key, l.More
	case MoreRecord:
		key, more, goesOn = l.Key, l.More, true
	}
	switch {
	case goesOn && (before == nil || *before != key):
		return r.errorf("the line continues %s, which is not the item of the line before it", key.Name())
	case !goesOn && before != nil:
		return r.errorf("the rest of %s is missing", before.Name())
	}
	if r.more = nil; more {
		r.more = &key
	}
	return nil
}

// end checks the seal of an export.
func (r *LineReader) end(b []byte) (any, error) {
	v, err := decodeLine[End](r, b)
	if err != nil {
		return nil, err
	}
	r.ended = true // also without a Header, which may be what was cut off
	switch end, want := v.(End), r.seal.end(); {
	case end.Lines != want.Lines:
		return nil, r.refuse("the export is truncated or was added to: it has %d lines, but its last one says %d", want.Lines, end.Lines)
	case end.SHA256 != want.SHA256:
		return nil, r.refuse("the export was altered: its lines do not match the hash in the last one")
	}
	return v, nil
}

// Unknown returns the names of the fields in the line that Next returned last
// that no line of its type has.
func (r *LineReader) Unknown() []string { return r.unknown }

// Each calls f with every line that is left.
func (r *LineReader) Each(f func(line any) error) error {
	for {
		line, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = f(line)
		}
		if err != nil {
			return err
		}
	}
}

// Size returns the length of the line that Next returned last, in bytes.
func (r *LineReader) Size() int { return r.size }

// Line returns the number of the line that Next returned last.
func (r *LineReader) Line() int { return r.line }

func (r *LineReader) readLine() ([]byte, error) {
	for {
		var line []byte
		for {
			part, err := r.r.ReadSlice('\n')
			line = append(line, part...)
			if len(line) > r.most {
				r.line++
				return nil, r.errorf("the line is longer than %d MiB, the most that pm export writes", maxLine>>20)
			}
			if err == nil || errors.Is(err, io.EOF) {
				if errors.Is(err, io.EOF) && len(line) == 0 {
					return nil, io.EOF
				}
				break
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return nil, fmt.Errorf("read %s: %w", r.name, err)
			}
		}
		r.line++
		r.size = len(line)
		for _, c := range line {
			if c > ' ' || c == 0 {
				return line, nil
			}
		}
	}
}

func decodeLine[T any](r *LineReader, b []byte) (any, error) {
	v, err := r.value(b, func() any { return new(T) })
	if err != nil {
		return nil, err
	}
	return *v.(*T), nil
}

// value reads one line into a fresh value, and notes the fields that it has
// no room for.
func (r *LineReader) value(b []byte, fresh func() any) (any, error) {
	v, d := fresh(), json.NewDecoder(bytes.NewReader(b))
	d.UseNumber() // a change holds numbers, which must come out as they went in
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err != nil && strings.Contains(err.Error(), "unknown field") {
		v, d = fresh(), json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		err = d.Decode(v)
		r.unknown = unknownFields(b, fresh)
	}
	if err != nil {
		return nil, r.errorf("%v", err)
	}
	if len(bytes.TrimSpace(b[d.InputOffset():])) > 0 {
		return nil, r.errorf("there is more than one JSON value on the line")
	}
	return v, nil
}

// unknownFields names the fields of an object that a fresh value has no room
// for, one at a time: the decoder says of the first only.
func unknownFields(b []byte, fresh func() any) (names []string) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(b, &fields) != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		one, err := json.Marshal(map[string]json.RawMessage{name: fields[name]})
		if err != nil {
			continue
		}
		d := json.NewDecoder(bytes.NewReader(one))
		d.DisallowUnknownFields()
		if err := d.Decode(fresh()); err != nil {
			if _, inside, found := strings.Cut(err.Error(), "unknown field "); found {
				names = append(names, strings.Trim(inside, `"`))
			}
		}
	}
	return names
}

// refuse is an error about the whole file.
func (r *LineReader) refuse(format string, args ...any) error {
	return plan.Errorf(plan.Invalid, "%s:%d: %s", r.name, r.line, fmt.Sprintf(format, args...)).WithCode("bad_export").
		WithHint("export it again; nothing was changed")
}

func (r *LineReader) errorf(format string, args ...any) error {
	return plan.Errorf(plan.Invalid, "%s:%d: %s", r.name, r.line, fmt.Sprintf(format, args...)).WithCode("bad_line").
		WithHint("use a file that pm export wrote; nothing was changed")
}
