package mcpserver

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// aboutPm are words that follow pm where it is no command.
var aboutPm = regexp.MustCompile(`\bpm (did|database|that|only|cannot|needs|no|knows|and|keeps|here|which)\b`)

// commandWords are words of a command line.
var commandWords = regexp.MustCompile(`\bpm [a-z]+\b|(^|[\s"'` + "`" + `(])--[a-z]`)

func hasCommand(text string) bool {
	return commandWords.MatchString(aboutPm.ReplaceAllString(text, ""))
}

// TestToolsSpeakOfTools holds every hint of an error, as a tool gives it, to the
// words that a caller of tools knows.
func TestToolsSpeakOfTools(t *testing.T) {
	hints := 0
	for _, dir := range []string{"plan", "query", "db", "store", "tracker", "ops"} {
		for _, hint := range hintsIn(t, filepath.Join("..", dir)) {
			hints++
			if said := hintText(hint.text); hasCommand(said) {
				t.Errorf("%s: a tool says %q", hint.at, said)
			}
		}
	}
	if hints < 100 {
		t.Errorf("%d hints were found", hints)
	}
	for _, tool := range tools() {
		texts := []string{tool.about, tool.title}
		for _, s := range tool.schema().Properties {
			texts = append(texts, s.Description)
		}
		for _, text := range texts {
			if hasCommand(text) {
				t.Errorf("%s says %q", tool.name, text)
			}
		}
	}
	for _, text := range []string{instructions, workPrompt("backend", "E01")} {
		if hasCommand(text) {
			t.Errorf("a client is told %q", text)
		}
	}
}

type hint struct{ at, text string }

// placeholder is what a verb of fmt stands for in a hint.
var placeholder = regexp.MustCompile(`%(\.\d+)?[a-z]`)

// hintsIn returns the texts that errors of a package end with, with keys in
// the place of what they are filled with.
func hintsIn(t *testing.T, dir string) (all []hint) {
	t.Helper()
	fset := token.NewFileSet()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		p, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(p, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is || len(call.Args) == 0 {
				return true
			}
			method, is := call.Fun.(*ast.SelectorExpr)
			if !is || method.Sel.Name != "WithHint" && method.Sel.Name != "hint" && method.Sel.Name != "Errorf" && method.Sel.Name != "refuse" {
				return true
			}
			for _, arg := range call.Args {
				if text, is := arg.(*ast.BasicLit); is && text.Kind == token.STRING {
					s, err := strconv.Unquote(text.Value)
					if err != nil {
						t.Fatal(err)
					}
					all = append(all, hint{fset.Position(text.Pos()).String(), placeholder.ReplaceAllString(s, "T-E01-F01-001")})
				}
			}
			return true
		})
	}
	return all
}

// A hint of a command with a query or a reference names the argument that takes it.
func TestHintsNameTheArguments(t *testing.T) {
	for hint, want := range map[string]string{
		"add it with pm ref add KEY github:42, or run pm list has:ref":         "add it with update with keys and refs github:42, or run list with query has:ref",
		"to give an item another key, move it: pm move KEY --to PARENT":        "to give an item another key, move it: update with keys and to PARENT",
		"tick what is done: pm check T-E01-F01-001 1 2":                        "tick what is done: update with keys T-E01-F01-001 and check 1, 2",
		`pm note T-E01-F01-001 "…" --kind evidence`:                            "note with key T-E01-F01-001 and body … and kind evidence",
		"have another agent approve it: pm approve T-E01-F01-001 --agent NAME": "have another agent approve it: task_status with verb approve and keys T-E01-F01-001",
		"move them: pm stage delete test --to STAGE":                           "move them: update with project stage delete and name test and to STAGE",
		`to end the series: pm update T-E01-F01-001 --repeat ""`:               `to end the series: update with keys T-E01-F01-001 and repeat ""`,
		"set another: pm project set time_zone UTC":                            "set another: update with project project set and name time_zone and value UTC",
		"see them: pm note list --plan":                                        "see them: note with key plan",
		"see them: pm stage list; pm show T-E01-F01-001 --context":             "see them: project_status with about stages; show with context and key T-E01-F01-001",
		"see what is held: pm list epic:E01 is:held":                           "see what is held: list with query epic:E01 is:held",
	} {
		if got := hintText(hint); got != want {
			t.Errorf("%s\n%s, want\n%s", hint, got, want)
		}
	}
}
