//go:build unix

package outfile_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"pm/internal/outfile"
	"pm/internal/plan"
)

// database is the beginning of any SQLite database.
const database = "SQLite format 3\x00 and more"

func write(path, text string, keep ...string) error {
	return outfile.Write(context.Background(), path, []byte(text), outfile.Options{Mode: 0o640, Keep: keep})
}

func put(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func has(t *testing.T, path, text string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || string(b) != text {
		t.Errorf("%s holds %q (%v), want %q", path, b, err, text)
	}
}

// alone demands that a directory holds these names and no temporary file.
func alone(t *testing.T, dir string, names ...string) {
	t.Helper()
	var found []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		found = append(found, e.Name())
	}
	slices.Sort(names)
	if !slices.Equal(found, names) {
		t.Errorf("%s holds %q, want %q", dir, found, names)
	}
}

func TestARegularFileIsReplacedWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	put(t, path, "before", 0o604)
	f, err := outfile.Create(t.Context(), path, outfile.Options{Mode: 0o600})
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, "half")
	has(t, path, "before")
	f.Discard()
	has(t, path, "before")
	alone(t, dir, "out")

	before, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	if err := write(path, "after"); err != nil {
		t.Fatal(err)
	}
	has(t, path, "after")
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o604 {
		t.Errorf("the mode is %v (%v), and was 0604", info.Mode(), err)
	}
	if b, _ := io.ReadAll(before); string(b) != "before" {
		t.Errorf("who had opened the old file reads %q", b)
	}
	alone(t, dir, "out")
}

func TestANewFileHasTheModeLessTheUmask(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o027))
	path := filepath.Join(t.TempDir(), "out")
	if err := outfile.Write(t.Context(), path, nil, outfile.Options{Mode: 0o666}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 {
		t.Errorf("the mode is %v (%v)", info.Mode(), err)
	}
}

func TestLinksAreFollowed(t *testing.T) {
	dir := t.TempDir()
	real := filepath.Join(dir, "real")
	if err := os.Mkdir(real, 0o700); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"there": "real/file", "nothing": "real/new", "second": "there", "folder": "real", "up": "folder/../real/up"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(real, "file"), "before", 0o600)
	for link, target := range map[string]string{"there": "file", "nothing": "new", "second": "file", "folder/in": "in", "up": "up"} {
		if err := write(filepath.Join(dir, link), link); err != nil {
			t.Errorf("%s: %v", link, err)
			continue
		}
		has(t, filepath.Join(real, target), link)
		if info, err := os.Lstat(filepath.Join(dir, link)); err != nil || link != "folder/in" && info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more (%v)", link, err)
		}
	}
	if err := os.Symlink("circle", filepath.Join(dir, "circle")); err != nil {
		t.Fatal(err)
	}
	if write(filepath.Join(dir, "circle"), "") == nil {
		t.Error("a link to itself was written to")
	}
}

func TestPipesAreWrittenToAsTheyStand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		b, _ := os.ReadFile(path)
		read <- string(b)
	}()
	if err := write(path, "through"); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "through" {
		t.Errorf("%q came through", got)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("it is no pipe any more: %v", err)
	}

	// Nobody reads: the wait ends with the context.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := outfile.Write(ctx, path, nil, outfile.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("without a reader: %v", err)
	}
	syscall.Open(path, syscall.O_RDONLY|syscall.O_NONBLOCK, 0) // lets the opening go
}

// A shell names what it has opened: >(command) is /dev/fd/63, and /dev/stdout
// may be a socket, or a file to append to.
func TestOpenFilesOfTheProcess(t *testing.T) {
	if _, err := os.Stat("/dev/fd"); err != nil {
		t.Skip("there is no /dev/fd")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "log")
	put(t, path, "one ", 0o600)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := "/dev/fd/" + strconv.Itoa(int(f.Fd()))
	if err := write(name, "two"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(" three"); err != nil {
		t.Errorf("the process's own descriptor was closed: %v", err)
	}
	has(t, path, "one two three")
	if err := write(name, "x", path); plan.KindOf(err) != plan.Refused {
		t.Errorf("a descriptor of a file to keep: %v", err)
	}
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := write("/dev/fd/"+strconv.Itoa(pair[0]), "socket"); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 10)
	if n, err := syscall.Read(pair[1], b); string(b[:n]) != "socket" {
		t.Errorf("%q came through the socket: %v", b[:n], err)
	}
	if err := write("/dev/fd/999", "x"); err == nil {
		t.Error("a descriptor that is not open was written to")
	}
}

func TestTheDatabaseIsKept(t *testing.T) {
	dir := t.TempDir()
	db, other := filepath.Join(dir, "pm.db"), filepath.Join(dir, "other.db")
	put(t, db, "damaged: not even its beginning is there", 0o600)
	put(t, other, database, 0o600)
	put(t, db+"-lock", "", 0o600)
	if err := os.Link(db, filepath.Join(dir, "hard")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"soft": "pm.db", "soft-wal": "pm.db-wal", "here": "."} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	keep := append(outfile.Beside(db), db)
	for _, name := range []string{"pm.db", "pm.db-wal", "pm.db-shm", "pm.db-journal", "pm.db-lock", "hard", "soft", "soft-wal",
		"here/pm.db", "here/pm.db-shm", "here/sub/../pm.db", "other.db", "other.db-wal", "other.db-lock"} {
		err := write(dir+"/"+name, "export", keep...)
		if e := plan.Describe(errOr(err)); e.Kind != plan.Refused || e.Code != "protected_file" || e.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	has(t, db, "damaged: not even its beginning is there")
	has(t, other, database)
	alone(t, dir, "hard", "here", "other.db", "pm.db", "pm.db-lock", "soft", "soft-wal", "sub")

	// A database may take the place of a copy, and not of one that is in use.
	o := outfile.Options{Mode: 0o600, Database: true}
	if err := outfile.Write(t.Context(), other, []byte("copy"), o); err != nil {
		t.Error(err)
	}
	put(t, other, database, 0o600)
	put(t, other+"-lock", "", 0o600)
	if err := outfile.Write(t.Context(), other, []byte("copy"), o); plan.KindOf(errOr(err)) != plan.Refused {
		t.Errorf("a database in use: %v", err)
	}
}

// errOr makes an error of none, which plan.Describe does not take.
func errOr(err error) error {
	if err == nil {
		return errors.New("it was written")
	}
	return err
}

func TestWhatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir, ""); plan.Describe(errOr(err)).Code != "is_directory" {
		t.Errorf("a directory: %v", err)
	}
	if err := write(dir+"/", ""); plan.Describe(errOr(err)).Code != "is_directory" {
		t.Errorf("a directory: %v", err)
	}
	if err := write(filepath.Join(dir, "no", "file"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
	if os.Geteuid() == 0 {
		return // may write everywhere
	}
	path := filepath.Join(dir, "read-only")
	put(t, path, "mine", 0o400)
	if err := write(path, ""); plan.KindOf(errOr(err)) != plan.Permission {
		t.Errorf("a file that is read-only: %v", err)
	}
	has(t, path, "mine")
}

// What SQLite leaves beside a database that it could not finish goes with it.
func TestNothingStaysBesideAnUnfinishedDatabase(t *testing.T) {
	dir := t.TempDir()
	f, err := outfile.Create(context.Background(), filepath.Join(dir, "copy.db"), outfile.Options{Mode: 0o600, Database: true})
	if err != nil {
		t.Fatal(err)
	}
	put(t, f.Name()+"-journal", "half", 0o600)
	f.Discard()
	alone(t, dir)
}
