//go:build unix

package forms

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pm/internal/interchange/form"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestHostile does to the files of every form what somebody might who means
// harm: each is read as what it is, or refused, and nothing outside of the folder
// is read.
func TestHostile(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, []byte(`- [ ] T001 hunter2 {"id":"hunter2"}`))
	long := 2 << 20
	if os.Getenv("PM_TEST_LOAD") == "full" {
		long = 200 << 20
	}
	for name, harm := range map[string]func(t *testing.T, path string, data []byte){
		"a link out of the tree": func(t *testing.T, path string, _ []byte) { must(t, os.Symlink(secret, path)) },
		"a link to itself":       func(t *testing.T, path string, _ []byte) { must(t, os.Symlink(filepath.Base(path), path)) },
		"a pipe":                 func(t *testing.T, path string, _ []byte) { must(t, syscall.Mkfifo(path, 0o600)) },
		"a folder":               func(t *testing.T, path string, _ []byte) { must(t, os.Mkdir(path, 0o700)) },
		"an unreadable file": func(t *testing.T, path string, data []byte) {
			write(t, path, data)
			must(t, os.Chmod(path, 0))
		},
		"zero bytes": func(t *testing.T, path string, data []byte) {
			write(t, path, bytes.ReplaceAll(data, []byte(" "), []byte{0}))
		},
		"cut in half": func(t *testing.T, path string, data []byte) { write(t, path, data[:len(data)/2]) },
		"empty":       func(t *testing.T, path string, _ []byte) { write(t, path, nil) },
		"brackets":    func(t *testing.T, path string, _ []byte) { write(t, path, bytes.Repeat([]byte("["), 10_000)) },
		"braces":      func(t *testing.T, path string, _ []byte) { write(t, path, bytes.Repeat([]byte(`{"tasks":[`), 10_000)) },
		"a long line": func(t *testing.T, path string, data []byte) {
			write(t, path, append(data, bytes.Repeat([]byte("x"), long)...))
		},
		"deep lists": func(t *testing.T, path string, data []byte) { write(t, path, append(data, deep()...)) },
		"not UTF-8": func(t *testing.T, path string, data []byte) {
			write(t, path, bytes.ReplaceAll(data, []byte("a"), []byte{0xff}))
		},
		"a bomb of aliases": func(t *testing.T, path string, _ []byte) { write(t, path, bomb()) },
	} {
		t.Run(name, func(t *testing.T) {
			for of := range own() {
				archive, err := txtar.ParseFile(filepath.Join("testdata", of+".txtar"))
				must(t, err)
				root := t.TempDir()
				must(t, os.Symlink(".", filepath.Join(root, "loop")))
				for _, file := range archive.Files {
					if file.Name != "EDIT" && file.Name != "CHANGED" {
						path := filepath.Join(root, file.Name)
						must(t, os.MkdirAll(filepath.Dir(path), 0o755))
						harm(t, path, file.Data)
					}
				}
				readHostile(t, of, root)
			}
		})
	}
}

// readHostile reads a folder as a form, once with its files there and once with
// files that vanish while it is read.
func readHostile(t *testing.T, of, root string) {
	for _, vanish := range []bool{false, true} {
		s, err := form.Open(root)
		must(t, err)
		s.Zone, s.Now = time.UTC, time.Now()
		found, err := Detect(t.Context(), s, of)
		if err == nil {
			if vanish {
				for _, f := range found.Files {
					os.RemoveAll(filepath.Join(root, f.Path))
				}
			}
			o, err := readWhole(t, s, found)
			if err == nil {
				for _, i := range o.Items {
					if strings.Contains(fmt.Sprint(i.ID, i.Title, i.Description), "hunter2") {
						t.Errorf("%s has read what lies outside: %s", of, i.Title)
					}
				}
			}
		}
		s.Close()
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// deep is a list of a thousand levels.
func deep() []byte {
	var b bytes.Buffer
	for n := range 1000 {
		fmt.Fprintf(&b, "\n%s- [ ] level %d", strings.Repeat(" ", 2*n), n)
	}
	return b.Bytes()
}

// bomb is a front matter that would stand for gigabytes.
func bomb() []byte {
	var b bytes.Buffer
	b.WriteString("---\nid: task-1\na0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for n := 1; n < 10; n++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", n, n, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", n-1), 9), ","))
	}
	b.WriteString("development_status: *a9\nstatuses: *a9\n---\n")
	return b.Bytes()
}
