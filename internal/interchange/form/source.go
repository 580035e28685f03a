package form

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pm/internal/interchange"
	"pm/internal/utf"
)

// The limits of what is read.
const (
	MaxFile    = 64 << 20 // bytes, of one file that is a whole plan
	MaxPage    = 4 << 20  // bytes, of one document
	mostDirs   = 64       // levels of folders
	mostUnread = 100      // folders that are named since they cannot be looked into
	headSize   = 64 << 10 // bytes of a file that its form is told by
)

// A File is a file of a source.
type File struct {
	Path string // below the folder that is imported
	Full string // the same with the folder's own path before it, by which marks are told
	Size int64
}

// Dir returns the last elements of the full path of the folder that a file is in.
func (f File) Dir() string { return path.Base(path.Dir(f.Full)) }

// A Source is a folder or a file that is imported.
type Source struct {
	Root  string // absolute
	Files []File // those that bear the form's mark, in order
	Zone  *time.Location
	Now   time.Time

	Options Options
	Unread  []Unread // found by Walk

	root *os.Root
	file string // where Root is a single file: its name
}

// An Unread is a folder that cannot be looked into.
type Unread struct {
	Path string
	Err  error
}

// Options say how a source is read.
type Options struct {
	PhasesBlock bool              // phases come one after the other
	Map         map[string]string // columns of a table, by the fields of pm
}

// hidden are the folders of forms whose names begin with a dot.
var hidden = map[string]bool{".kiro": true, ".taskmaster": true, ".beads": true, ".planning": true, ".backlog": true, ".specify": true, ".claude": true, ".ralph": true, ".bmad": true, ".gsd": true, ".openspec": true, ".conductor": true}

// foreign are the folders that hold what others wrote.
var foreign = map[string]bool{"node_modules": true, "vendor": true, "third_party": true, "bower_components": true, "site-packages": true, "__pycache__": true}

// Open opens what is imported, also where the user names a link to it. Nothing outside
// of it is read: links that lead out are none of its files.
func Open(root string) (*Source, error) {
	s := &Source{Root: root, Zone: time.Local}
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	dir := root
	if !info.IsDir() {
		if root, err = filepath.EvalSymlinks(root); err != nil {
			return nil, err
		}
		dir, s.file = filepath.Dir(root), filepath.Base(root)
	}
	if s.root, err = os.OpenRoot(dir); err != nil || s.file == "" {
		return s, err
	}
	f, err := s.open(s.file)
	if err != nil {
		s.root.Close()
		return nil, err
	}
	return s, f.Close()
}

// Close closes it.
func (s *Source) Close() error { return s.root.Close() }

// IsFile reports whether one file is imported.
func (s *Source) IsFile() bool { return s.file != "" }

// Single returns the one file that is imported.
func (s *Source) Single() File { return s.named(s.file) }

func (s *Source) named(name string) File {
	full := filepath.ToSlash(s.Root)
	if s.file == "" {
		full += "/" + name
	}
	f := File{Path: name, Full: full}
	if info, err := s.root.Stat(name); err == nil {
		f.Size = info.Size()
	}
	return f
}

// Walk calls f with each regular file below the folder, in the order of their
// paths, and returns their number. Links are not followed.
func (s *Source) Walk(ctx context.Context, f func(File)) (n int, err error) {
	full := filepath.ToSlash(s.Root)
	err = fs.WalkDir(s.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if name == "." {
				return err
			}
			if len(s.Unread) < mostUnread {
				s.Unread = append(s.Unread, Unread{name, err})
			}
			return nil
		}
		base := entry.Name()
		if entry.IsDir() {
			if name != "." && (foreign[base] || strings.HasPrefix(base, ".") && !hidden[base] || strings.Count(name, "/") >= mostDirs) {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		n++
		f(File{Path: name, Full: full + "/" + name})
		return nil
	})
	return n, err
}

// Read returns the text of a file of at most so many bytes, in UTF-8 and with line feeds
// for the carriage returns that alone end lines.
func (s *Source) Read(name string, most int64) ([]byte, error) {
	f, err := s.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("it is longer than %d MiB", most>>20)
	}
	b = utf.Decode(b)
	LineFeeds(b, nil)
	return b, err
}

// open opens a regular file: a pipe or a device could keep the reader for ever.
func (s *Source) open(name string) (*os.File, error) {
	info, err := s.root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	return s.root.Open(name)
}

// Stream returns the text of a file in UTF-8.
func (s *Source) Stream(name string) (io.ReadCloser, error) {
	f, err := s.open(name)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{utf.NewReader(f), f}, nil
}

// Head returns the beginning of the text of a file, in UTF-8.
func (s *Source) Head(name string) []byte {
	f, err := s.open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, headSize))
	b = utf.Decode(b)
	LineFeeds(b, nil)
	return b
}

// Has reports whether there is a file of that name in the source.
func (s *Source) Has(name string) bool {
	info, err := s.root.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// Names returns the names in a folder of the source, in their order.
func (s *Source) Names(dir string) []string {
	d, err := s.root.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	names, _ := d.Readdirnames(10_000)
	slices.Sort(names)
	return names
}

// Page reads a document: its front matter and its text. One that cannot be read
// is a finding, and nil.
func (s *Source) Page(o *Outline, name string) *Document {
	raw, err := s.Read(name, MaxPage)
	if err != nil {
		o.Find(name, 0, interchange.Failed, "cannot be read: %s", Reason(err))
		return nil
	}
	if isBinary(raw) {
		o.Find(name, 0, interchange.Failed, "cannot be read: it is not text")
		return nil
	}
	d := &Document{Path: name}
	var found []interchange.Finding
	d.Fields, d.Lines, d.First, found = interchange.FrontMatter(name, raw)
	o.Findings = append(o.Findings, found...)
	o.Files++
	return d
}

// isBinary reports whether a text begins with several zero bytes.
func isBinary(text []byte) bool { return bytes.Count(text[:min(len(text), 1024)], []byte{0}) > 16 }

// A Document is a markdown file.
type Document struct {
	Path   string
	Fields []interchange.Field // of its front matter
	Lines  []string            // behind that
	First  int                 // the number of the first of them
}

// Page takes the document apart.
func (d *Document) Page() *Page { return ReadPage(d.Lines, d.First) }

// Text returns the text behind the front matter.
func (d *Document) Text() string { return strings.TrimSpace(strings.Join(d.Lines, "\n")) }

// Field returns a field of the front matter, by any of its names.
func (d *Document) Field(names ...string) (interchange.Field, bool) {
	for _, f := range d.Fields {
		for _, name := range names {
			if strings.EqualFold(strings.ReplaceAll(f.Name, "-", "_"), name) {
				return f, true
			}
		}
	}
	return interchange.Field{}, false
}

// Value returns the text of a field.
func (d *Document) Value(names ...string) string {
	f, _ := d.Field(names...)
	return f.Text()
}

// Reason says why a file cannot be read, without its path.
func Reason(err error) string {
	var pe *fs.PathError
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, fs.ErrNotExist):
		return "it does not exist"
	case errors.Is(err, fs.ErrInvalid):
		return "its name is not valid UTF-8"
	case errors.As(err, &pe):
		return pe.Err.Error()
	}
	return err.Error()
}
