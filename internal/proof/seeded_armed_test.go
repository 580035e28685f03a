package proof

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The seeded bugs of one package of tests are compiled into one binary: beside
// each function that a bug changes stands a copy with the bug, which it calls
// instead of itself when the bug is armed. A binary arms the bug whose number its own
// file ends with, so that the processes that a test starts from its own binary, or
// from a copy of it, have the bug, too. What is no change of a function or of a variable is compiled
// by itself.

// arming is the package that tells which bug is armed; it is in the overlay only.
const arming = `package seeded

import (
	"io"
	"os"
	"strconv"
	"strings"
)

var armed = read()

func read() int {
	path, _ := os.Executable()
	self, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer self.Close()
	self.Seek(-8, io.SeekEnd)
	b, _ := io.ReadAll(self)
	number, ends := strings.CutPrefix(string(b), "bug ")
	n, err := strconv.Atoi(number)
	if !ends || err != nil {
		return 0
	}
	return n
}

func Is(n int) bool { return n == armed }

func Pick[T any](n int, broken, whole T) T {
	if Is(n) {
		return broken
	}
	return whole
}
`

// An arsenal holds bugs by their numbers, from 1 on, and the binaries that have
// them.
type arsenal struct {
	bugs  []seededBug
	alone map[int]bool      // cannot be beside what it changes
	built map[string]string // by the package of the tests
	dir   string
}

func newArsenal(t *testing.T, bugs []seededBug) *arsenal {
	t.Helper()
	a := &arsenal{bugs: bugs, alone: map[int]bool{}, built: map[string]string{}, dir: t.TempDir()}
	for i, b := range bugs {
		for _, c := range b.changes {
			if f, err := a.source(c.file); err != nil || !f.holds(c) {
				a.alone[i+1] = true
			}
		}
	}
	return a
}

// binary returns a binary of the bug's tests with the bug in it.
func (a *arsenal) binary(t *testing.T, n int) string {
	t.Helper()
	bug := a.bugs[n-1]
	if a.alone[n] {
		dir := t.TempDir()
		if err := bug.overlay(dir); err != nil {
			t.Fatal(err)
		}
		return compile(t, dir, bug.dir())
	}
	whole := a.built[bug.in]
	if whole == "" {
		dir := filepath.Join(a.dir, "in"+strings.ReplaceAll(bug.in, "/", "_"))
		if err := a.overlay(dir, bug.in); err != nil {
			t.Fatal(err)
		}
		whole = compile(t, dir, bug.dir())
		a.built[bug.in] = whole
	}
	armed := fmt.Sprintf("%s.%d", whole, n)
	b, err := os.ReadFile(whole)
	if err == nil {
		err = os.WriteFile(armed, fmt.Appendf(b, "bug %04d", n), 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(armed) })
	return armed
}

// compile builds the tests of a package with the overlay in dir.
func compile(t *testing.T, dir, of string) string {
	t.Helper()
	binary := filepath.Join(dir, "broken.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, of)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the bug does not compile: %v\n%s", err, out)
	}
	return binary
}

// overlay writes all files that bugs of a package of tests change, with these bugs
// in them, each at rest.
func (a *arsenal) overlay(dir, in string) error {
	files := map[string]*armedFile{}
	for i, b := range a.bugs {
		if b.in != in || a.alone[i+1] {
			continue
		}
		for _, c := range b.changes {
			f := files[c.file]
			if f == nil {
				var err error
				if f, err = a.source(c.file); err != nil {
					return err
				}
				files[c.file] = f
			}
			f.change(i+1, c)
		}
	}
	text := map[string]string{"internal/seeded/seeded.go": arming}
	for name, f := range files {
		text[name] = f.armed()
	}
	return writeOverlay(dir, text)
}

// writeOverlay writes files into dir, and with them overlay.json as go build
// -overlay reads it.
func writeOverlay(dir string, text map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	replace := map[string]string{}
	for file, changed := range text {
		real, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			return err
		}
		replace[real] = filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(replace[real], []byte(changed), 0o600); err != nil {
			return err
		}
	}
	j, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "overlay.json"), j, 0o600)
}

// An armedFile is a file of the product that bugs are put into.
type armedFile struct {
	text   string
	set    *token.FileSet
	parsed *ast.File
	places map[ast.Node]map[int][]change // by bug, what it changes there
	plain  []change                      // of imports: they hurt nobody
}

func (a *arsenal) source(file string) (*armedFile, error) {
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		return nil, err
	}
	f := &armedFile{text: string(b), set: token.NewFileSet(), places: map[ast.Node]map[int][]change{}}
	f.parsed, err = parser.ParseFile(f.set, file, b, parser.SkipObjectResolution)
	return f, err
}

func (f *armedFile) at(p token.Pos) int { return f.set.Position(p).Offset }

// place is the function, the value of a variable, or the import in which a change
// lies; nil if it is none of these.
func (f *armedFile) place(c change) ast.Node {
	first := strings.Index(f.text, c.old)
	last := first + len(c.old)
	within := func(n ast.Node) bool { return f.at(n.Pos()) <= first && last <= f.at(n.End())+1 }
	for _, d := range f.parsed.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if within(d) && f.callable(d) {
				return d
			}
		case *ast.GenDecl:
			if d.Tok == token.IMPORT && within(d) {
				return d
			}
			if d.Tok != token.VAR {
				continue
			}
			for _, s := range d.Specs {
				for _, v := range s.(*ast.ValueSpec).Values {
					if within(v) {
						return v
					}
				}
			}
		}
	}
	return nil
}

// callable reports whether a function can call its copy with what it was called
// with.
func (f *armedFile) callable(d *ast.FuncDecl) bool {
	if d.Recv != nil && (len(d.Recv.List[0].Names) == 0 || d.Recv.List[0].Names[0].Name == "_") {
		return false
	}
	for _, p := range d.Type.Params.List {
		if len(p.Names) == 0 || slices.ContainsFunc(p.Names, func(n *ast.Ident) bool { return n.Name == "_" }) {
			return false
		}
	}
	return d.Body != nil
}

func (f *armedFile) holds(c change) bool {
	return strings.Count(f.text, c.old) == 1 && f.place(c) != nil
}

func (f *armedFile) change(bug int, c change) {
	p := f.place(c)
	if d, is := p.(*ast.GenDecl); is && d.Tok == token.IMPORT {
		if !slices.Contains(f.plain, c) {
			f.plain = append(f.plain, c)
		}
		return
	}
	if f.places[p] == nil {
		f.places[p] = map[int][]change{}
	}
	f.places[p][bug] = append(f.places[p][bug], c)
}

// armed returns the file with the bugs in it, from the end on.
func (f *armedFile) armed() string {
	text := f.text
	var places []ast.Node
	for p := range f.places {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b ast.Node) int { return int(b.Pos() - a.Pos()) })
	for _, p := range places {
		first, last := f.at(p.Pos()), f.at(p.End())
		var with string
		if d, is := p.(*ast.FuncDecl); is {
			with = f.function(d)
		} else {
			with = f.value(p)
		}
		text = text[:first] + with + text[last:]
	}
	name := f.at(f.parsed.Name.End())
	text = text[:name] + `; import seeded "pm/internal/seeded"` + text[name:]
	for _, c := range f.plain {
		text = strings.Replace(text, c.old, c.new, 1)
	}
	return text
}

// broken is the text from first to last with what a bug changes of it.
func broken(text string, changes []change) string {
	for _, c := range changes {
		text = strings.Replace(text+"\n", c.old, c.new, 1)
	}
	return text
}

func (f *armedFile) value(p ast.Node) string {
	text := f.text[f.at(p.Pos()):f.at(p.End())]
	for bug, changes := range f.places[p] {
		text = fmt.Sprintf("seeded.Pick(%d, %s, %s)", bug, strings.TrimSpace(broken(f.text[f.at(p.Pos()):f.at(p.End())], changes)), text)
	}
	return text
}

// function is a function that calls its copy with a bug if that is armed, and the
// copies.
func (f *armedFile) function(d *ast.FuncDecl) string {
	first, last := f.at(d.Pos()), f.at(d.End())
	begins, named, body := f.at(d.Name.Pos()), f.at(d.Name.End()), f.at(d.Body.Lbrace)+1
	var args []string
	for _, p := range d.Type.Params.List {
		for _, n := range p.Names {
			arg := n.Name
			if _, is := p.Type.(*ast.Ellipsis); is {
				arg += "..."
			}
			args = append(args, arg)
		}
	}
	receiver, types, copies, calls := "", "", "", ""
	if d.Type.TypeParams != nil {
		var names []string
		for _, p := range d.Type.TypeParams.List {
			for _, n := range p.Names {
				names = append(names, n.Name)
			}
		}
		types = "[" + strings.Join(names, ", ") + "]"
	}
	if d.Recv != nil {
		receiver = d.Recv.List[0].Names[0].Name + "."
	}
	for bug, changes := range f.places[d] {
		name := fmt.Sprintf("%sWithBug%d", d.Name.Name, bug)
		call := fmt.Sprintf("%s%s%s(%s)", receiver, name, types, strings.Join(args, ", "))
		if d.Type.Results != nil {
			call = "return " + call
		} else {
			call += "; return"
		}
		calls += fmt.Sprintf(" if seeded.Is(%d) { %s };", bug, call)
		copies += "\n\n" + f.text[first:begins] + name + broken(f.text[named:last], changes)
	}
	return f.text[first:body] + calls + f.text[body:last] + copies
}
