package reference_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pm/internal/reference"
)

func TestMan(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "man1")
	pages, err := reference.Man(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != pages {
		t.Errorf("%d files for %d pages, %v", len(files), pages, err)
	}
	for name, holds := range map[string][]string{
		"pm.1":             {".SH NAME", "pm-next(1)"},
		"pm-next.1":        {`"PM-NEXT"`, ".SH SYNOPSIS", "--claim", "pm next --claim"},
		"pm-task-create.1": {"--depends-on", ".SH EXAMPLE"},
	} {
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(page), `\-`, "-")
		for _, want := range holds {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q:\n%.600s", name, want, text)
			}
		}
	}
}
