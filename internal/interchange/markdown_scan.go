package interchange

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"pm/internal/plan"
)

// maxDepth is how deep folders are looked into. A plan needs five levels.
const maxDepth = 32

// A role says what the files of a folder can be.
type role int

const (
	outside       role = iota // no epic's folder around it
	epicFolder                // documents of the epic
	featureFolder             // documents of the feature
	tasksFolder               // tasks of the feature
	aside                     // some other folder in an epic or a feature
)

// A place is where a file lies: the folder's role, the epic or feature around
// it, and the folders around that stand for a status.
type place struct {
	role  role
	key   plan.Key
	state string // the status folder within the feature, or where there is none around
	above string // the status folder around the epic or the feature
}

// A file is one that may be a document of the plan.
type file struct {
	path  string
	place place
}

func (f file) stem() string { return strings.TrimSuffix(path.Base(f.path), path.Ext(f.path)) }

// A scanning is the state, and then the result, of one walk over the tree.
type scanning struct {
	files   int
	tasks   []file
	parents map[plan.Key]*parent
	places  map[string]place
	other   map[string]int // how many files of a folder are no documents at all
	order   []string       // the keys of other
	report  report
}

// scan walks the tree and sorts its files by their names, without opening any.
func scan(ctx context.Context, fsys fs.FS, root string) (*scanning, error) {
	s := &scanning{parents: map[plan.Key]*parent{}, places: map[string]place{}, other: map[string]int{}}
	start, slug := rootPlace(root)
	s.places["."] = start
	s.open(".", start, slug)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && name == ".":
			return err
		case err != nil:
			s.report.add(name, 0, Failed, "cannot be read: %s", reason(err))
			return nil
		case d.IsDir():
			return s.folder(name)
		}
		s.file(name, d.Type())
		return nil
	})
	if err != nil {
		return nil, scanError(root, err)
	}
	for _, dir := range s.order {
		s.report.add(dir, 0, Skipped, "%s", otherFiles(s.places[dir], s.other[dir]))
	}
	return s, nil
}

// folder works out the place of a folder, or keeps the walk out of it.
func (s *scanning) folder(name string) error {
	base := path.Base(name)
	switch {
	case name == ".":
		return nil
	case strings.HasPrefix(base, "."), base == "node_modules", base == "vendor":
		return fs.SkipDir
	case strings.Count(name, "/") >= maxDepth:
		s.report.add(name, 0, Skipped, "the directory is more than %d levels deep", maxDepth)
		return fs.SkipDir
	}
	p, slug := s.places[path.Dir(name)].child(base)
	s.places[name] = p
	s.open(name, p, slug)
	return nil
}

// open notes the folder of an epic or a feature.
func (s *scanning) open(name string, p place, slug string) {
	if p.role == epicFolder || p.role == featureFolder {
		s.parent(p.key).folders = append(s.parent(p.key).folders, folder{name, slug, p.above})
	}
}

func (s *scanning) file(name string, mode fs.FileMode) {
	dir, base := path.Split(name)
	if strings.HasPrefix(base, ".") {
		return
	}
	s.files++
	f := file{name, s.places[path.Clean(dir)]}
	switch {
	case mode&fs.ModeSymlink != 0:
		s.report.add(name, 0, Skipped, "a symbolic link, which an import does not follow")
	case !mode.IsRegular():
		s.report.add(name, 0, Skipped, "not a regular file")
	case isMarkdown(base) && f.maybeTask():
		s.tasks = append(s.tasks, f)
	case isMarkdown(base) && (f.place.role == epicFolder || f.place.role == featureFolder):
		s.parent(f.place.key).documents = append(s.parent(f.place.key).documents, f)
	default:
		s.countOther(path.Clean(dir))
	}
}

// tasksBelow returns how many tasks lie in each folder and below it.
func (s *scanning) tasksBelow() map[string]int {
	below := map[string]int{}
	for _, f := range s.tasks {
		if _, ok := parseTaskName(f.stem(), f.place.key); !ok {
			continue
		}
		for dir := path.Dir(f.path); ; dir = path.Dir(dir) {
			below[dir]++
			if dir == "." {
				break
			}
		}
	}
	return below
}

func (s *scanning) countOther(dir string) {
	if s.other[dir] == 0 {
		s.order = append(s.order, dir)
	}
	s.other[dir]++
}

func otherFiles(p place, n int) string {
	files := fmt.Sprintf("%d files", n)
	if n == 1 {
		files = "1 file"
	}
	switch p.role {
	case outside:
		return files + " outside any epic's directory"
	case aside:
		return files + " in a directory without tasks"
	}
	return "not markdown: " + files
}

// documents returns how many files are to be opened.
func (s *scanning) documents() int {
	n := len(s.tasks)
	below := s.tasksBelow()
	for k, p := range s.parents {
		if p.described(k, below) >= 0 {
			n++
		}
	}
	return n
}

func isMarkdown(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".md" || ext == ".markdown"
}

func scanError(root string, err error) error {
	root = filepath.ToSlash(root)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return plan.Errorf(plan.NotFound, "cannot import %s: directory not found", root)
	case errors.Is(err, fs.ErrPermission):
		return plan.Errorf(plan.Permission, "cannot import %s: permission denied", root)
	}
	return plan.Errorf(plan.Invalid, "import %s: %w", root, err)
}

// reason returns what went wrong without the path, which stands beside it.
func reason(err error) string {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return e.Err.Error()
	}
	return err.Error()
}
