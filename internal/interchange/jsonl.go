package interchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"pm/internal/plan"
	"pm/internal/utf"
)

// Format is the version of the JSON lines that this program writes, and the
// highest that it reads.
const Format = 1

// An export is a file of JSON lines: a Header, then every item with all that
// belongs to it, in the order of the keys, so that a parent comes before what
// lies under it. Nothing in it depends on the engine or on when it was
// written: the same plan gives the same bytes.

// A Header is the first line of an export.
type Header struct {
	Type     string `json:"type"` // "pm"
	Format   int    `json:"format"`
	LastEpic int    `json:"last_epic"` // the highest epic number ever given
}

// An EpicRecord is the line of an epic.
type EpicRecord struct {
	Type string `json:"type"` // "epic"
	UID  string `json:"uid"`
	plan.Epic
	LastFeature int            `json:"last_feature"` // the highest feature number ever given in it
	HistoryHash string         `json:"history_hash"`
	History     []plan.History `json:"history,omitempty"`
}

// A FeatureRecord is the line of a feature.
type FeatureRecord struct {
	Type string `json:"type"` // "feature"
	UID  string `json:"uid"`
	plan.Feature
	LastTask    int            `json:"last_task"` // the highest task number ever given in it
	HistoryHash string         `json:"history_hash"`
	History     []plan.History `json:"history,omitempty"`
}

// A TaskRecord is the line of a task.
type TaskRecord struct {
	Type string `json:"type"` // "task"
	UID  string `json:"uid"`
	plan.Task
	Session      string          `json:"session,omitempty"`
	BlockedFrom  plan.TaskStatus `json:"blocked_from,omitempty"`
	LeaseUntil   *time.Time      `json:"lease_until,omitempty"`
	LeaseSeconds int64           `json:"lease_seconds,omitempty"`
	Fence        int64           `json:"fence,omitempty"`     // the highest ever given
	LastNote     int             `json:"last_note,omitempty"` // the highest number ever given to a note
	HistoryHash  string          `json:"history_hash"`
	Notes        []plan.Note     `json:"notes,omitempty"`
	History      []plan.History  `json:"history,omitempty"`
}

// An EdgeRecord is the line of a dependency of a task that is not in the file
// itself: what a deleted item had pointing at it.
type EdgeRecord struct {
	Type      string   `json:"type"` // "dependency"
	Task      plan.Key `json:"task"`
	DependsOn plan.Key `json:"depends_on"`
}

// An OperationRecord is the line of an operation.
type OperationRecord struct {
	Type string `json:"type"` // "operation"
	plan.Operation
}

// NewEpicRecord, NewFeatureRecord and NewTaskRecord make the line of an item.
func NewEpicRecord(e plan.Epic, history []plan.History) EpicRecord {
	return EpicRecord{Type: "epic", UID: e.UID, Epic: e, LastFeature: e.LastChild, HistoryHash: e.HistoryHash, History: history}
}

func NewFeatureRecord(f plan.Feature, history []plan.History) FeatureRecord {
	return FeatureRecord{Type: "feature", UID: f.UID, Feature: f, LastTask: f.LastChild, HistoryHash: f.HistoryHash, History: history}
}

func NewTaskRecord(t plan.Task, notes []plan.Note, history []plan.History) TaskRecord {
	return TaskRecord{Type: "task", UID: t.UID, Task: t, Session: t.Session, BlockedFrom: t.BlockedFrom, LeaseUntil: t.LeaseUntil,
		LeaseSeconds: t.LeaseSeconds, Fence: t.LastFence, LastNote: t.LastNote, HistoryHash: t.HistoryHash, Notes: notes, History: history}
}

// Item returns the epic with every field that the line has.
func (r EpicRecord) Item() plan.Epic {
	e := r.Epic
	e.UID, e.LastChild, e.HistoryHash = r.UID, r.LastFeature, r.HistoryHash
	return e
}

// Item returns the feature with every field that the line has.
func (r FeatureRecord) Item() plan.Feature {
	f := r.Feature
	f.UID, f.LastChild, f.HistoryHash = r.UID, r.LastTask, r.HistoryHash
	return f
}

// Item returns the task with every field that the line has.
func (r TaskRecord) Item() plan.Task {
	t := r.Task
	t.Session, t.BlockedFrom, t.LeaseUntil, t.LeaseSeconds = r.Session, r.BlockedFrom, r.LeaseUntil, r.LeaseSeconds
	t.UID, t.LastFence, t.LastNote, t.HistoryHash = r.UID, r.Fence, r.LastNote, r.HistoryHash
	t.LeaseDigest = t.DigestLease()
	return t
}

// A LineWriter writes JSON lines. Call Flush at the end.
type LineWriter struct {
	w    *bufio.Writer
	line bytes.Buffer
	e    *json.Encoder // into line
}

// NewLineWriter returns a writer of JSON lines to w.
func NewLineWriter(w io.Writer) *LineWriter {
	l := &LineWriter{w: bufio.NewWriterSize(w, 1<<16)}
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
	_, err := w.w.Write(plan.EscapeJSON(w.line.Bytes()))
	return err
}

// Flush writes out what is buffered.
func (w *LineWriter) Flush() error { return w.w.Flush() }

// A LineReader reads an export line by line.
type LineReader struct {
	name string
	r    *bufio.Reader
	line int
}

// maxLine bounds one line: an item with all its history.
const maxLine = 1 << 28

// NewLineReader returns a reader of the export r, called name in errors. It
// may have a byte order mark, or be UTF-16, as shells on Windows redirect it.
func NewLineReader(r io.Reader, name string) *LineReader {
	return &LineReader{name: name, r: bufio.NewReaderSize(utf.NewReader(r), 1<<16)}
}

// Next returns the next line: a Header, an EpicRecord, a FeatureRecord, a
// TaskRecord or an EdgeRecord; io.EOF at the end. Errors name the file and
// the line.
func (r *LineReader) Next() (any, error) {
	b, err := r.readLine()
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(b) {
		return nil, r.errorf("the line is not valid UTF-8") // the decoder would replace what it cannot read
	}
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, r.errorf("%v", err)
	}
	switch head.Type {
	case "pm":
		return decodeLine[Header](r, b)
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
	}
	return nil, r.errorf("a line of type %q is unknown", head.Type)
}

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

// Line returns the number of the line that Next returned last.
func (r *LineReader) Line() int { return r.line }

func (r *LineReader) readLine() ([]byte, error) {
	for {
		var line []byte
		for {
			part, err := r.r.ReadSlice('\n')
			line = append(line, part...)
			if len(line) > maxLine {
				r.line++
				return nil, r.errorf("the line is longer than %d MiB", maxLine>>20)
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
		for _, c := range line {
			if c > ' ' {
				return line, nil
			}
		}
	}
}

func decodeLine[T any](r *LineReader, b []byte) (any, error) {
	var v T
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber() // a change holds numbers, which must come out as they went in
	if err := d.Decode(&v); err != nil {
		return nil, r.errorf("%v", err)
	}
	return v, nil
}

func (r *LineReader) errorf(format string, args ...any) error {
	return plan.Errorf(plan.Invalid, "%s:%d: %s", r.name, r.line, fmt.Sprintf(format, args...)).WithCode("bad_line").
		WithHint("pm export writes files that can be read; nothing was changed")
}
