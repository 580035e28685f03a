package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// page is docs/architecture.md.
func page(t *testing.T) string {
	b, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	quoted     = regexp.MustCompile("`([^`\n]+)`")
	identifier = regexp.MustCompile(`^[A-Za-z]+(\.[A-Za-z]+)*$`)
	sized      = regexp.MustCompile("(?m)^\\| `(internal/[a-z/]+)` \\| ([0-9,]+) \\|")
)

// TestArchitecturePageNamesWhatExists: files, packages and, on the way of one
// command, functions.
func TestArchitecturePageNamesWhatExists(t *testing.T) {
	text := page(t)
	files, names := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		if files[filepath.Base(path)] = true; strings.HasSuffix(path, "_test.go") {
			return nil
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				names[d.Name.Name] = true
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, is := s.(*ast.TypeSpec); is {
						names[s.Name.Name] = true
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		switch name := m[1]; {
		case strings.HasSuffix(name, ".go") && !strings.Contains(name, "/"):
			if !files[name] {
				t.Errorf("no file is called %s", name)
			}
		case strings.HasPrefix(name, "internal/") || strings.HasPrefix(name, "cmd/") || strings.HasSuffix(name, ".go"):
			if _, err := os.Stat(filepath.Join("..", name)); err != nil {
				if _, err := os.Stat(name); err != nil {
					t.Errorf("%s does not exist", name)
				}
			}
		}
	}
	_, way, _ := strings.Cut(text, "## One command")
	way, _, _ = strings.Cut(way, "\n## ")
	for _, m := range quoted.FindAllStringSubmatch(way, -1) {
		parts := strings.Split(m[1], ".")
		last := parts[len(parts)-1]
		if _, err := os.Stat(last); identifier.MatchString(m[1]) && last != "go" && !names[last] && err != nil {
			t.Errorf("nothing is called %s", m[1])
		}
	}
}

// TestArchitecturePageHasEveryPackage: a package that is not on the page is found
// by nobody, and sizes that are a fifth off are wrong.
func TestArchitecturePageHasEveryPackage(t *testing.T) {
	text := page(t)
	folders, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for i := range folders {
		folders[i] = filepath.Dir(folders[i])
	}
	for _, f := range slices.Compact(folders) {
		if !strings.Contains(text, "internal/"+f) {
			t.Errorf("internal/%s is not on the page", f)
		}
	}
	for _, m := range sized.FindAllStringSubmatch(text, -1) {
		said, err := strconv.Atoi(strings.ReplaceAll(m[2], ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		lines := linesBelow(t, strings.TrimPrefix(m[1], "internal/"))
		if lines < said*8/10 || lines > said*12/10 {
			t.Errorf("%s has %d lines, not about %d", m[1], lines, said)
		}
	}
}

// linesBelow counts the lines of code in a folder and below it, tests left out.
func linesBelow(t *testing.T, folder string) (lines int) {
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		lines += strings.Count(string(b), "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// TestArchitecturePageDrawsTheArrows that TestArrowsPointOneWay checks.
func TestArchitecturePageDrawsTheArrows(t *testing.T) {
	drawn := 0
	for _, chain := range regexp.MustCompile(`\n|\s{4,}`).Split(page(t), -1) {
		ends := strings.Split(chain, " <- ")
		for i := 1; i < len(ends); i++ {
			for _, to := range packagesIn(ends[i]) {
				for _, from := range packagesIn(ends[i-1]) {
					drawn++
					if allowed, listed := arrows[to]; listed && !slices.Contains(allowed, from) {
						t.Errorf("%s does not import %s", to, from)
					}
				}
			}
		}
	}
	if drawn < 10 {
		t.Errorf("%d arrows are drawn", drawn)
	}
}

func packagesIn(end string) []string { return regexp.MustCompile(`[a-z/]+`).FindAllString(end, -1) }
