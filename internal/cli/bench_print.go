package cli

import (
	"fmt"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/tokens"
)

// printTokens writes a line for each call, and the sums.
func (a *app) printTokens(r tokens.Report) error {
	out, b := a.out(), new(strings.Builder)
	table := &term.Table{Columns: []term.Column{{}, {}, {Shrink: true}, {Align: term.Right}, {Align: term.Right}, {Align: term.Right}}}
	row := func(style term.Style, cells ...any) {
		words := make([]string, len(cells))
		line := make([]term.Cell, len(cells))
		for i, c := range cells {
			words[i] = fmt.Sprint(c)
			line[i] = term.Cell{Text: words[i], Style: style}
		}
		if out.Terminal {
			table.Cells(line...)
			return
		}
		b.WriteString(strings.Join(words, "\t") + "\n")
	}
	row(term.Dim, "SURFACE", "SESSION", "CALL", "SENT", "GOT", "TOKENS")
	for _, l := range r.Listings {
		row(0, l.Surface, "", "listing of tools", 0, l.Bytes, l.Tokens)
	}
	for _, s := range r.Sessions {
		sent, got := 0, 0
		for _, c := range s.Calls {
			row(0, s.Surface, s.Name, c.Operation, c.Sent, c.Got, c.Tokens)
			sent, got = sent+c.Sent, got+c.Got
		}
		row(term.Bold, s.Surface, s.Name, "in all", sent, got, s.Tokens)
	}
	if out.Terminal {
		table.Render(b, out)
	}
	if _, err := a.stdout.Write([]byte(b.String())); err != nil {
		return err
	}
	a.say("%s", r.Rule)
	return nil
}
