package reference_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pm/internal/cli"
	"pm/internal/ops"
	"pm/internal/reference"
)

var update = flag.Bool("update", false, "write the pages")

const docs = "../../docs"

// TestPagesAreCurrent compares the pages with what the surfaces say today.
func TestPagesAreCurrent(t *testing.T) {
	pages, err := reference.Pages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range pages {
		path := filepath.Join(docs, name)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), want) {
			t.Errorf("docs/%s is not what the program says: go test ./internal/reference -update writes it anew", name)
		}
	}
}

// TestNothingIsLeftOut looks for every operation on each page.
func TestNothingIsLeftOut(t *testing.T) {
	pages, err := reference.Pages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range ops.Table() {
		if !strings.Contains(string(pages["api.md"]), "### "+op.Route+"\n") {
			t.Errorf("api.md has no %s", op.Route)
		}
	}
	for _, c := range cli.Commands().Commands() {
		if !c.Hidden && !strings.Contains(string(pages["cli.md"]), "### "+c.CommandPath()+"\n") {
			t.Errorf("cli.md has no %s", c.CommandPath())
		}
	}
}
