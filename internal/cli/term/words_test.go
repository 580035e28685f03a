package term_test

import (
	"slices"
	"testing"

	"pm/internal/cli/term"
)

// Words takes apart what a shell would, and leaves backslashes in paths alone.
func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		"":                                nil,
		"  list  --limit 5 ":              {"list", "--limit", "5"},
		`add "two words" 'and "more"' ''`: {"add", "two words", `and "more"`, ""},
		`add 'it'\''s' --priority high`:   {"add", "it's", "--priority", "high"},
		`add it\"s`:                       {"add", `it"s`},
		`export -o C:\plans\a.csv`:        {"export", "-o", `C:\plans\a.csv`},
	} {
		if got, err := term.Words(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", line, got, err)
		}
	}
	if got, err := term.Words("add 'it"); err == nil {
		t.Errorf("an open quotation mark: %q", got)
	}
}
