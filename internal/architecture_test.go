package internal_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says which packages of pm each package may import: the arrows of
// docs/architecture.md, which point one way.
var arrows = map[string][]string{
	"plan":        {},
	"config":      {"plan"},
	"query":       {"plan"},
	"sqlite":      {},
	"mcp":         {},
	"jsonschema":  {},
	"startup":     {},
	"outfile":     {"plan"},
	"store":       {"plan", "query", "sqlite"},
	"interchange": {"plan"},
	"tracker":     {"plan", "query", "store", "interchange"},
	"ops":         {"plan", "tracker", "jsonschema"},
	"agents":      {"plan", "outfile"},
	"tokens":      {"plan", "tracker", "ops"},
	"cli/term":    {},
	"bench":       {"plan", "store", "tracker"},
	"cli/render":  {"plan", "tracker", "interchange", "bench", "cli/term"},
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
			if isDriver(imported) && name != "sqlite" && name != "store" && !strings.HasPrefix(name, "store/") {
				t.Errorf("%s imports the driver %s: only the store does, and its own driver", name, imported)
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

func isDriver(path string) bool {
	return strings.HasPrefix(path, "modernc.org/sqlite") || strings.HasPrefix(path, "github.com/jackc/pgx")
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
