package backup

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"pm/internal/outfile"
	"pm/internal/plan"
)

// A segment is a file with the pages of a database that changed between two
// moments; the first has all of them. It holds, one after the other:
//
//	the magic line
//	each page, deflated, or as it is where that is not shorter
//	an index: the number, the stored length and the SHA-256 of each page
//	a footer in JSON
//	the lengths of index and footer
//	the SHA-256 of everything before
//
// A segment never changes. It gets its name once it is whole and synced.
const (
	segmentMagic  = "pm pages 1\n"
	segmentEnding = ".pages"
	indexEntry    = 4 + 4 + sha256.Size
	segmentTail   = 4 + 4 + sha256.Size
	mostPageSize  = 1 << 16
)

// A footer says what a segment is.
type footer struct {
	At       time.Time `json:"at"`               // everything acknowledged before it is in
	Parent   string    `json:"parent,omitempty"` // the name of the segment before; empty: this one has all pages
	State    string    `json:"state"`            // the hash of all pages at the moment, as a table has it
	Pages    int       `json:"pages"`            // of the database
	PageSize int       `json:"page_size"`
}

// A stored page lies in a segment.
type stored struct {
	n      int // its number in the database, from 1
	at     int64
	length int
	sum    sum
}

// A segment is one that can be read.
type segment struct {
	path string
	size int64
	footer
	index []stored
}

func (s *segment) name() string { return filepath.Base(s.path) }

// A segmentWriter writes a segment.
type segmentWriter struct {
	f      *outfile.File
	w      io.Writer // into f and hash
	hash   hash.Hash
	at     int64
	index  []stored
	packed bytes.Buffer
	pack   *flate.Writer
}

func newSegmentWriter(ctx context.Context, path string) (*segmentWriter, error) {
	f, err := outfile.Create(ctx, path, outfile.Options{Mode: 0o600})
	if err != nil {
		return nil, err
	}
	w := &segmentWriter{f: f, hash: sha256.New()}
	w.w = io.MultiWriter(f, w.hash)
	w.pack, _ = flate.NewWriter(&w.packed, flate.BestSpeed)
	return w, w.write([]byte(segmentMagic))
}

func (w *segmentWriter) write(b []byte) error {
	w.at += int64(len(b))
	_, err := w.w.Write(b)
	return err
}

// page adds a page.
func (w *segmentWriter) page(n int, page []byte, s sum) error {
	w.packed.Reset()
	w.pack.Reset(&w.packed)
	w.pack.Write(page) // into memory
	w.pack.Close()
	packed := w.packed.Bytes()
	if len(packed) >= len(page) {
		packed = page
	}
	return w.raw(stored{n: n, sum: s}, packed)
}

// raw adds a page as another segment has it.
func (w *segmentWriter) raw(p stored, packed []byte) error {
	p.at, p.length = w.at, len(packed)
	w.index = append(w.index, p)
	return w.write(packed)
}

// commit ends the segment and gives it its name.
func (w *segmentWriter) commit(about footer) error {
	text, err := json.Marshal(about)
	if err != nil {
		return err
	}
	var tail []byte
	for _, p := range w.index {
		tail = binary.BigEndian.AppendUint32(tail, uint32(p.n))
		tail = binary.BigEndian.AppendUint32(tail, uint32(p.length))
		tail = append(tail, p.sum[:]...)
	}
	index := len(tail)
	tail = append(tail, text...)
	tail = binary.BigEndian.AppendUint32(tail, uint32(index))
	tail = binary.BigEndian.AppendUint32(tail, uint32(len(text)))
	if err := w.write(tail); err != nil {
		return err
	}
	if err := w.write(w.hash.Sum(nil)); err != nil {
		return err
	}
	return w.f.Commit()
}

// damaged is the error of a file of a backup that is not as it was written.
func damaged(path, format string, args ...any) error {
	return plan.Errorf(plan.Corrupt, "%s is damaged: %s", path, fmt.Sprintf(format, args...)).WithCode("bad_backup").
		WithHint("restore an earlier moment: pm backup list %s", filepath.Dir(path))
}

// openSegment reads the index and the footer of a segment.
func openSegment(path string) (*segment, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	s := &segment{path: path, size: info.Size()}
	var tail [segmentTail]byte
	if s.size < int64(len(segmentMagic)+segmentTail) {
		return nil, damaged(path, "it is truncated")
	}
	if _, err := f.ReadAt(tail[:], s.size-segmentTail); err != nil {
		return nil, err
	}
	index, text := int64(binary.BigEndian.Uint32(tail[0:])), int64(binary.BigEndian.Uint32(tail[4:]))
	from := s.size - segmentTail - text - index
	if from < int64(len(segmentMagic)) || index%indexEntry != 0 {
		return nil, damaged(path, "it is truncated, or its end was altered")
	}
	b := make([]byte, index+text)
	if _, err := f.ReadAt(b, from); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b[index:], &s.footer); err != nil {
		return nil, damaged(path, "its footer was altered")
	}
	if s.PageSize < 512 || s.PageSize > mostPageSize || s.Pages < 1 || s.Pages > math.MaxInt32 || filepath.Base(s.Parent) != s.Parent && s.Parent != "" {
		return nil, damaged(path, "its footer was altered")
	}
	return s, s.readIndex(b[:index], from)
}

func (s *segment) readIndex(b []byte, end int64) error {
	at := int64(len(segmentMagic))
	for ; len(b) > 0; b = b[indexEntry:] {
		p := stored{n: int(binary.BigEndian.Uint32(b)), at: at, length: int(binary.BigEndian.Uint32(b[4:])), sum: sum(b[8:indexEntry])}
		if at += int64(p.length); p.n < 1 || p.length < 1 || p.length > s.PageSize || at > end {
			return damaged(s.path, "its index was altered")
		}
		s.index = append(s.index, p)
	}
	if at != end {
		return damaged(s.path, "its index was altered")
	}
	return nil
}

// An unpacker makes pages of what segments store.
type unpacker struct {
	packed []byte
	page   []byte
	r      io.ReadCloser
}

// page reads a page of a segment that is open as f, and checks it.
func (u *unpacker) read(f io.ReaderAt, s *segment, p stored) ([]byte, error) {
	if u.r == nil {
		u.r, u.packed = flate.NewReader(nil), make([]byte, mostPageSize)
	}
	if len(u.page) != s.PageSize {
		u.page = make([]byte, s.PageSize)
	}
	packed := u.packed[:p.length]
	if _, err := f.ReadAt(packed, p.at); err != nil {
		return nil, err
	}
	page := packed
	if p.length < s.PageSize {
		u.r.(flate.Resetter).Reset(bytes.NewReader(packed), nil)
		if _, err := io.ReadFull(u.r, u.page); err != nil {
			return nil, damaged(s.path, "page %d was altered", p.n)
		}
		page = u.page
	}
	if sha256.Sum256(page) != p.sum {
		return nil, damaged(s.path, "page %d was altered", p.n)
	}
	return page, nil
}

// check reads a segment whole: its seal, and every page.
func (s *segment) check(ctx context.Context) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer f.Close()
	h, seal, magic := sha256.New(), make([]byte, sha256.Size), make([]byte, len(segmentMagic))
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, s.size-sha256.Size)); err != nil {
		return err
	}
	_, err = f.ReadAt(seal, s.size-sha256.Size)
	if _, magicErr := f.ReadAt(magic, 0); err != nil || magicErr != nil {
		return errors.Join(err, magicErr)
	}
	if !bytes.Equal(h.Sum(nil), seal) || string(magic) != segmentMagic {
		return damaged(s.path, "its bytes do not match its seal")
	}
	var u unpacker
	for _, p := range s.index {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := u.read(f, s, p); err != nil {
			return err
		}
	}
	return nil
}
