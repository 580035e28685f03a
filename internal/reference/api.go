package reference

import (
	"maps"
	"slices"
	"strings"

	"pm/internal/httpapi"
	"pm/internal/jsonschema"
	"pm/internal/ops"
)

const apiIntroduction = `# HTTP

How do programs use pm over HTTP?

` + "`pm serve`" + ` listens on 127.0.0.1:7780 unless ` + "`--listen`" + ` names another address; an address that other machines can reach needs tokens
(` + "`pm serve --help`" + `). [openapi.json](openapi.json) describes the API for programs; a running server serves it at
` + "`/openapi.json`" + `. [clients/typescript](../clients/typescript/README.md) is a typed client. This page is generated from that description (see CONTRIBUTING).

Answers are JSON, with the same fields as ` + "`pm --json`" + `; ` + "`next_commands`" + ` are requests such as ` + "`POST /v1/tasks/T-E01-F01-001/submit {\"fence\":\"1\"}`" + `. Add ` + "`?fields=key,title`" + ` to a GET to get only these fields, or for a list only these fields of its items. Every error is
` + "`application/problem+json`" + ` (RFC 9457) with pm's own kind, code and hint, including a wrong method (405), and a body (413) or header (431) that is too large.

An answer about one item has an ETag. Send it as ` + "`If-Match`" + ` with a change to change the item only if it is still at that version, or as
` + "`If-None-Match`" + ` with a GET to get 304 without a body if nothing has changed. Add ` + "`Idempotency-Key`" + ` to a change to make the request safe to repeat: repeating it has no
further effect and returns the first answer. Each agent has its own keys, so two agents can use the same one.

A list has ` + "`items`" + `; if there are more, it also has ` + "`more`" + ` and ` + "`next_cursor`" + `. In a query string, separate several values with commas; a DELETE also takes its arguments as a JSON body. Long answers are streamed: lists of
notes, and other lists and the tree with a ` + "`limit`" + ` of 0 or more than 1,000, end with ` + "`\"complete\":true`" + `. An answer that does not, or that is cut off, is incomplete.

With ` + "`as_of`" + `, an answer shows the plan as it was. If the trash has been emptied since, the response has the header ` + "`X-PM-Warning`" + `: items that were in the trash at that moment, or were deleted after it, may be missing.

A claim belongs to the session that made it ([agents.md](agents.md#sessions-of-one-name)). Name your session in ` + "`X-PM-Session`" + `. Without it, a claim returns a ` + "`claim_token`" + `: send that as
` + "`X-PM-Session`" + ` in later requests on the task. ` + "`{\"take_over\":true}`" + ` moves a claim here from another session under your name.
`

// apiPage describes every route.
func apiPage(d httpapi.Document) []byte {
	p := new(page)
	p.WriteString(apiIntroduction)
	p.line("\n## Headers\n")
	headers := d.Components.Parameters
	p.row("header", "means")
	p.row("---", "---")
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if headers[name].In != "header" {
			continue // the introduction has it
		}
		p.row("`"+headers[name].Name+"`", headers[name].Description)
	}
	p.line("\n## Routes")
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range []string{"get", "post", "patch", "put", "delete"} {
			if o, there := d.Paths[path][method]; there {
				p.route(strings.ToUpper(method)+" "+path, o, headers)
			}
		}
	}
	return p.Bytes()
}

func (p *page) route(name string, o httpapi.Operation, headers map[string]httpapi.Parameter) {
	p.line("\n### %s\n", name)
	p.line("%s", sentence(o.Summary))
	if o.Description != "" {
		p.line("%s", o.Description)
	}
	var rows [][]string
	var refs []string
	for _, q := range o.Parameters {
		if q.Ref != "" {
			if h := headers[q.Ref[strings.LastIndex(q.Ref, "/")+1:]]; h.In == "header" {
				refs = append(refs, "`"+h.Name+"`")
			}
			continue
		}
		rows = append(rows, []string{"`" + q.Name + "`", q.In, typeOf(q.Schema), need(q.Required), q.Description})
	}
	if o.Body != nil {
		body := o.Body.Content["application/json"].Schema
		for _, field := range fields(body) {
			s := body.Properties[field]
			rows = append(rows, []string{"`" + field + "`", "body", typeOf(s), need(slices.Contains(body.Required, field)), s.Description})
		}
	}
	if len(rows) > 0 {
		p.line("")
		p.row("takes", "in", "type", "", "")
		p.row("---", "---", "---", "---", "---")
		for _, r := range rows {
			p.row(r...)
		}
	}
	p.line("")
	if len(refs) > 0 {
		p.line("Headers: %s.", strings.Join(refs, ", "))
	}
	p.answers(o)
}

func (p *page) answers(o httpapi.Operation) {
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if o.Responses[status].Ref != "" {
			continue
		}
		for media, content := range o.Responses[status].Content {
			p.line("Returns %s: %s, %s.", status, typeOf(content.Schema), media)
		}
	}
}

func need(required bool) string {
	if required {
		return "required"
	}
	return ""
}

// fields are the names of an object's fields, in their order.
func fields(s *jsonschema.Schema) []string {
	if len(s.PropertyOrder) == 0 {
		return slices.Sorted(maps.Keys(s.Properties))
	}
	return slices.DeleteFunc(slices.Clone(s.PropertyOrder), func(name string) bool { return s.Properties[name] == nil })
}

// typeOf names a type in a word or two.
func typeOf(s *jsonschema.Schema) string {
	if s == nil {
		return "text"
	}
	return ops.TypeName(s)
}

// sentence ends a summary as a sentence.
func sentence(s string) string {
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
