package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which packages of pm each package may import: the arrows of
// docs/architecture.md, which point one way.
var arrows = map[string][]string{
	"plan":             {},
	"config":           {"plan", "outfile", "utf"},
	"query":            {"plan"},
	"sqlite":           {},
	"mcp":              {},
	"jsonschema":       {},
	"startup":          {},
	"utf":              {},
	"outfile":          {"plan"},
	"spill":            {"plan"},
	"db":               {"plan", "sqlite", "outfile"},
	"db/pgtest":        {},
	"store":            {"plan", "query", "db"},
	"interchange":      {"plan", "utf"},
	"interchange/form": {"plan", "utf", "spill", "interchange"},
	"interchange/vet":  {"plan", "interchange"},
	"flow":             {"plan"},
	"insight":          {"plan", "flow", "store"},
	"depgraph":         {"plan", "graph", "store"},
	"svg":              {},
	"graph":            {"plan", "svg"},
	"chart":            {"svg"},
	"picture":          {"plan", "flow", "insight", "depgraph", "graph", "chart", "svg", "tracker"},
	"trash":            {"plan", "store", "interchange"},
	"dump":             {"plan", "store", "interchange", "trash"},
	"past":             {"plan", "store", "interchange", "trash"},
	"tracker":          {"plan", "query", "db", "store", "trash", "dump", "past", "interchange", "interchange/form", "interchange/vet", "utf", "flow", "insight", "depgraph"},
	"ops":              {"plan", "query", "tracker", "interchange", "jsonschema", "flow", "insight"},
	"agents":           {"plan", "outfile", "utf"},
	"tokens":           {"plan", "tracker", "ops"},
	"cli/term":         {},
	"backup":           {"plan", "db", "store", "tracker", "outfile"},
	"pty":              {},
	"bench":            {"plan", "db", "store", "tracker", "pty"},
	"cli/render":       {"plan", "tracker", "interchange", "bench", "cli/term", "flow", "insight", "depgraph", "svg", "chart", "picture"},
}

// TestArrowsPointOneWay reads the imports of every package. A package that is
// not in the table may be imported by surfaces only, and is checked for
// drivers like all others.
func TestArrowsPointOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Skipf("go list does not work here: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		name := strings.TrimPrefix(words[0], "pm/internal/")
		allowed, listed := arrows[name]
		for _, imported := range words[1:] {
			if isDriver(imported) && !mayImportDriver(name) {
				t.Errorf("%s imports the driver %s: only db does, and its own driver", name, imported)
			}
			own, isOwn := strings.CutPrefix(imported, "pm/internal/")
			if listed && isOwn && !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s, which is against the arrows", name, own)
			}
			if name == "plan" && strings.Contains(imported, ".") {
				t.Errorf("plan imports %s: it is standard library only", imported)
			}
		}
	}
}

// mayImportDriver allows a driver to package db, to the driver of pm's own, and
// to what tests are run with.
func mayImportDriver(name string) bool {
	return slices.Contains([]string{"db", "sqlite", "db/pgtest", "store/storetest"}, name)
}

func isDriver(path string) bool {
	return strings.HasPrefix(path, "modernc.org/sqlite") || strings.HasPrefix(path, "github.com/jackc/pgx")
}

// statement is what a text begins with that is SQL on a table.
var statement = regexp.MustCompile(`(?s)^\s*(select\s.*\sfrom|insert (or \w+ )?into|update \w+ set|delete from|create (unique )?(table|index)|with (recursive )?\w+.* as) `)

// TestOnlyTheStoreWritesSQL looks at the texts in the source of every other
// package, tests left out.
func TestOnlyTheStoreWritesSQL(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path == "store" || path == "db" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if lit, is := n.(*ast.BasicLit); is && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil && statement.MatchString(text) {
					t.Errorf("%s: SQL is written in store and db only: %s", files.Position(lit.Pos()), text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestStartUpStaysLight keeps what costs much at every start out of the
// program: the first four tens of milliseconds, the others half of one (ADR 9).
func TestStartUpStaysLight(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "pm/cmd/pm").Output()
	if err != nil {
		t.Skipf("go list does not work here: %v", err)
	}
	for _, heavy := range []string{"github.com/alecthomas/chroma", "github.com/charmbracelet/glamour", "charm.land/glamour", "github.com/spf13/viper",
		"github.com/modelcontextprotocol/go-sdk", "github.com/segmentio", "golang.org/x/oauth2", "github.com/yosida95/uritemplate", "encoding/gob",
		"github.com/google/jsonschema-go"} {
		if strings.Contains(string(out), heavy) {
			t.Errorf("%s is part of the program", heavy)
		}
	}
}

// TestNoExpressionIsCompiledAtTheStart: a regular expression of a package is
// compiled when it is first used (sync.OnceValue), not at every start.
func TestNoExpressionIsCompiledAtTheStart(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		tree, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range tree.Decls {
			vars, is := decl.(*ast.GenDecl)
			if !is {
				continue
			}
			ast.Inspect(vars, func(n ast.Node) bool {
				if _, later := n.(*ast.FuncLit); later {
					return false
				}
				if of, is := n.(*ast.SelectorExpr); is && of.Sel.Name == "MustCompile" {
					t.Errorf("%s: compiled at every start", files.Position(n.Pos()))
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
