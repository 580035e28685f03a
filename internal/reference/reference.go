// Package reference writes the pages that describe pm's surfaces, each from
// the surface itself: docs/cli.md, docs/api.md, docs/openapi.json,
// docs/mcp.md, and the types of the client in clients/typescript. Its test fails when a page is not what the surface says; with
// -update it writes them:
//
//	go test ./internal/reference -update
package reference

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"pm/internal/cli"
	"pm/internal/httpapi"
)

// Pages returns the pages by their names in docs.
func Pages(ctx context.Context) (map[string][]byte, error) {
	api := httpapi.Describe(cli.Version)
	var openapi bytes.Buffer
	e := json.NewEncoder(&openapi)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(api); err != nil {
		return nil, err
	}
	tools, err := mcpPage(ctx)
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	return map[string][]byte{
		"cli.md":                           cliPage(cli.Commands()),
		"api.md":                           apiPage(api),
		"openapi.json":                     openapi.Bytes(),
		"mcp.md":                           tools,
		"../clients/typescript/src/api.ts": typeScript(api),
	}, nil
}

// A page is Markdown in the making.
type page struct{ bytes.Buffer }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// code writes a block of code.
func (p *page) code(text string) { p.line("```\n%s\n```", strings.TrimRight(text, "\n")) }

// row writes a row of a table.
func (p *page) row(cells ...string) {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	p.line("| %s |", strings.Join(cells, " | "))
}
