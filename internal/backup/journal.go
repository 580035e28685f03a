package backup

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"pm/internal/outfile"
)

// A journal is a directory of segments that together are an export at each of
// their moments: plain JSON lines, on both engines. The first segment has all
// lines of an export, each one after it says which of the lines before it stay,
// and has those that are new:
//
//	{"type":"segment",…}               what it is and which file it builds on
//	{"type":"keep","lines":N}          the next N lines of the export before stay
//	{"type":"drop","lines":N}          the next N lines of it are gone
//	{"type":"task",…}                  any other line is one of the export
//	{"type":"segment_end",…}           the hash of the export, and of this file
const (
	journalEnding = ".lines"
	journalFormat = 1

	// endPrefix begins the last line.
	endPrefix = `{"type":"segment_end",`
)

// A journalHead is the first line of a segment.
type journalHead struct {
	Type   string    `json:"type"` // "segment"
	Format int       `json:"format"`
	At     time.Time `json:"at"`                      // everything acknowledged before it is in
	Parent string    `json:"parent,omitempty"`        // the name of the segment before
	Seal   string    `json:"parent_sha256,omitempty"` // the seal of that
}

// A journalStep is a line about lines of the export before.
type journalStep struct {
	Type  string `json:"type"` // "keep" or "drop"
	Lines int    `json:"lines"`
}

// A journalEnd is the last line of a segment.
type journalEnd struct {
	Type   string `json:"type"`   // "segment_end"
	Lines  int    `json:"lines"`  // of the export
	Export string `json:"export"` // the SHA-256 of the export
	SHA256 string `json:"sha256"` // of all bytes before this line, and of what else it says
}

// seal returns the SHA256 of an end behind the bytes that were hashed.
func (e journalEnd) seal(before hash.Hash) string {
	fmt.Fprintf(before, "%d %s\n", e.Lines, e.Export)
	return hex.EncodeToString(before.Sum(nil))
}

// A digest tells the lines of an export apart.
type digest [16]byte

func digestOf(line []byte) digest {
	s := sha256.Sum256(line)
	return digest(s[:16])
}

// A journalWriter takes an export, and writes the segment that makes it of the
// one before.
type journalWriter struct {
	f      *outfile.File
	w      *bufio.Writer // into f and seal
	seal   hash.Hash
	export hash.Hash

	before  []digest // the lines of the export before
	where   map[digest]int
	at      int // how many of before are dealt with
	keep    int // lines to keep that are not written down yet
	lines   []digest
	partial []byte // the beginning of a line
	added   int
	bytes   int64
}

func newJournalWriter(ctx context.Context, path string, head journalHead, before []digest) (*journalWriter, error) {
	f, err := outfile.Create(ctx, path, outfile.Options{Mode: 0o600})
	if err != nil {
		return nil, err
	}
	w := &journalWriter{f: f, seal: sha256.New(), export: sha256.New(), before: before, where: make(map[digest]int, len(before))}
	w.w = bufio.NewWriterSize(io.MultiWriter(f, w.seal), 1<<16)
	for i, d := range before {
		w.where[d] = i
	}
	return w, w.own(head)
}

// own writes a line that is none of the export.
func (w *journalWriter) own(line any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	return w.put(append(b, '\n'))
}

func (w *journalWriter) put(b []byte) error {
	w.bytes += int64(len(b))
	_, err := w.w.Write(b)
	return err
}

// Write takes the next bytes of the export.
func (w *journalWriter) Write(b []byte) (int, error) {
	n := len(b)
	w.export.Write(b)
	for {
		end := bytes.IndexByte(b, '\n')
		if end < 0 {
			w.partial = append(w.partial, b...)
			return n, nil
		}
		line := b[:end+1]
		if len(w.partial) > 0 {
			w.partial = append(w.partial, line...)
			line = w.partial
		}
		if err := w.line(line); err != nil {
			return 0, err
		}
		w.partial, b = w.partial[:0], b[end+1:]
	}
}

func (w *journalWriter) line(line []byte) error {
	d := digestOf(line)
	w.lines = append(w.lines, d)
	if w.at < len(w.before) && w.before[w.at] == d {
		w.at, w.keep = w.at+1, w.keep+1
		return nil
	}
	at, there := w.where[d]
	there = there && at >= w.at
	if err := w.flushKeep(); err != nil {
		return err
	}
	if !there {
		w.added++
		return w.put(line)
	}
	err := w.own(journalStep{"drop", at - w.at})
	w.at, w.keep = at+1, 1
	return err
}

func (w *journalWriter) flushKeep() error {
	if w.keep == 0 {
		return nil
	}
	n := w.keep
	w.keep = 0
	return w.own(journalStep{"keep", n})
}

// same reports whether the export is the one before.
func (w *journalWriter) same() bool { return w.added == 0 && len(w.lines) == len(w.before) }

// commit ends the segment, gives it its name, and returns its seal.
func (w *journalWriter) commit() (seal string, err error) {
	if err := w.flushKeep(); err != nil {
		return "", err
	}
	if err := w.w.Flush(); err != nil {
		return "", err
	}
	end := journalEnd{Type: "segment_end", Lines: len(w.lines), Export: hex.EncodeToString(w.export.Sum(nil))}
	end.SHA256 = end.seal(w.seal)
	if err := w.own(end); err != nil {
		return "", err
	}
	if err := w.w.Flush(); err != nil {
		return "", err
	}
	return end.SHA256, w.f.Commit()
}

// A lineRef says where a line of an export lies.
type lineRef struct {
	file   int // of journal.files
	length int
	at     int64
	digest digest
}

// A journal is one that has been read, up to a moment.
type journal struct {
	dir   string
	files []string // their names, oldest first
	ends  []journalEnd
	at    time.Time // of the last
	lines []lineRef
}

// readSegment checks the seal of a segment, and applies it to what was read
// before.
func (j *journal) readSegment(name string) error {
	path := filepath.Join(j.dir, name)
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	end, err := readEnd(f, path)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	p := &journalReader{j: j, path: path, file: len(j.files)}
	if err := eachLine(f, p.line); err != nil {
		return err
	}
	if len(p.lines) != end.Lines {
		return damaged(path, "it has %d lines, but its last one says %d", len(p.lines), end.Lines)
	}
	j.files, j.ends, j.lines, j.at = append(j.files, name), append(j.ends, end), p.lines, p.head.At
	return nil
}

// readEnd returns the last line of a segment, whose bytes it checks.
func readEnd(f io.Reader, path string) (end journalEnd, err error) {
	h := sha256.New()
	ended := false
	err = eachLine(f, func(line []byte) error {
		if ended {
			return damaged(path, "it has lines after its end")
		}
		if ended = bytes.HasPrefix(line, []byte(endPrefix)); !ended {
			h.Write(line)
			return nil
		}
		err := json.Unmarshal(line, &end)
		again, marshalErr := json.Marshal(end)
		if err != nil || marshalErr != nil || string(again)+"\n" != string(line) || end.SHA256 != end.seal(h) {
			return damaged(path, "its bytes do not match its seal")
		}
		return nil
	})
	if err == nil && !ended {
		err = damaged(path, "it is truncated")
	}
	return end, err
}

// eachLine calls f with every line, the end of line included.
func eachLine(from io.Reader, f func(line []byte) error) error {
	r := bufio.NewReaderSize(from, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			if err := f(line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
