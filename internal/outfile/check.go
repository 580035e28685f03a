package outfile

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"pm/internal/plan"
)

// besides are the endings of the files that lie beside a database: SQLite's
// own, and pm's lock.
var besides = []string{"-wal", "-shm", "-journal", "-lock"}

// Beside returns the files that lie beside the database at path, whether they
// exist or not.
func Beside(path string) []string {
	out := make([]string, len(besides))
	for i, ending := range besides {
		out[i] = path + ending
	}
	return out
}

// check refuses what must not or cannot be overwritten.
func (p place) check(o Options) error {
	for _, keep := range o.Keep {
		if p.is(keep) {
			return p.refuse("pm needs this file")
		}
	}
	if p.straight() || o.InUse {
		return nil
	}
	if owner := p.databaseBeside(); owner != "" {
		return p.refuse("it belongs to the database " + owner)
	}
	if p.info == nil {
		return nil
	}
	if isDatabase(p.path) && (!o.Database || inUse(p.path)) {
		return p.refuse("it is a database")
	}
	if !writable(p.path, p.info) {
		return plan.Errorf(plan.Permission, "cannot write to %s: it is read-only", p.named).WithHint("name another file, or make it writable")
	}
	return nil
}

func (p place) refuse(reason string) error {
	return plan.Errorf(plan.Refused, "cannot write to %s: %s", p.named, reason).WithCode("protected_file").WithHint("name another file")
}

// is reports whether both are one file, or will be: the same name in the same
// directory. Names that differ in case only are one name on some systems.
func (p place) is(path string) bool {
	if info, err := os.Stat(path); err == nil && p.info != nil && os.SameFile(info, p.info) {
		return true
	}
	if p.descriptor >= 0 {
		return false
	}
	other, err := find(path)
	return err == nil && strings.EqualFold(filepath.Base(p.path), filepath.Base(other.path)) &&
		sameDir(filepath.Dir(p.path), filepath.Dir(other.path))
}

func sameDir(a, b string) bool {
	one, err := os.Stat(a)
	other, otherErr := os.Stat(b)
	return err == nil && otherErr == nil && os.SameFile(one, other)
}

// databaseBeside returns the database that the file belongs to, by its name.
func (p place) databaseBeside() string {
	for _, ending := range besides {
		if base, ok := strings.CutSuffix(p.path, ending); ok && isDatabase(base) {
			return base
		}
	}
	return ""
}

func isDatabase(path string) bool { return HeadOfDatabase(path) != nil }

// HeadOfDatabase returns up to 100 bytes from the beginning of an SQLite database
// (https://sqlite.org/fileformat.html), which are its header; nil if the file is none.
func HeadOfDatabase(path string) []byte {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil // opening a pipe would wait
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 100))
	if err != nil || !bytes.HasPrefix(head, []byte("SQLite format 3\x00")) {
		return nil
	}
	return head
}

// inUse reports whether a database has files beside it: then it is no copy
// that lies there.
func inUse(path string) bool {
	for _, beside := range Beside(path) {
		if _, err := os.Lstat(beside); err == nil {
			return true
		}
	}
	return false
}
