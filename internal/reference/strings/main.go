// Command strings prints every text that pm shows to somebody, a line each:
// where it stands, what it is, and the text. An editor reads it whole:
//
//	go run ./internal/reference/strings | less
package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	texts, err := collect(root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "strings:", err)
		os.Exit(1)
	}
	w := bufio.NewWriter(os.Stdout)
	for _, t := range texts {
		fmt.Fprintf(w, "%s:%d\t%s\t%s\n", t.File, t.Line, t.Kind, strings.ReplaceAll(t.Words, "\n", `\n`))
	}
	if err := w.Flush(); err != nil {
		os.Exit(1)
	}
}

// A kind of text has rules of its own.
type kind string

const (
	failure kind = "error" // the message of an error
	hint    kind = "hint"  // what to do about one
	help    kind = "help"  // of a flag, an argument, or a field of an answer
	word    kind = "text"  // whatever else is shown
	page    kind = "page"  // shown in the browser
)

// A text is a literal of the sources that is shown.
type text struct {
	File  string
	Line  int
	Kind  kind
	Words string
}

// collect returns the texts of the sources under root, by file and line.
func collect(root string) ([]text, error) {
	var all []text
	for _, dir := range []string{"internal", "cmd", "web/src"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			var found []text
			switch name = filepath.ToSlash(name); {
			case strings.HasSuffix(name, "_test.go") || silent(name):
			case strings.HasSuffix(name, ".go"):
				found, err = goTexts(path)
			case strings.HasSuffix(name, ".ts"), strings.HasSuffix(name, ".tsx"):
				found, err = pageTexts(path)
			}
			for i := range found {
				found[i].File = name
			}
			all = append(all, found...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// silent reports whether nobody is shown what stands in the file: it serves
// tests, or is this program.
func silent(name string) bool {
	for _, dir := range []string{"internal/reference/", "internal/proof/", "internal/parity/", "internal/store/storetest/", "internal/db/pgtest/"} {
		if strings.HasPrefix(name, dir) {
			return true
		}
	}
	return false
}
