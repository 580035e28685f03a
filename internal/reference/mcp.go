package reference

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"pm/internal/cli"
	"pm/internal/jsonschema"
	"pm/internal/mcpserver"
	"pm/internal/ops"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const mcpIntroduction = `# MCP

How do MCP clients work with pm?

` + "`pm mcp`" + ` serves the Model Context Protocol on standard input and output, ` + "`pm serve`" + ` serves it over HTTP at ` + "`/mcp`" + `. This page is generated from what
a server tells its clients (see CONTRIBUTING).

The list of tools has the arguments that a model needs; every other argument of the operations behind a tool is accepted, too. ` + "`update`" + ` with ` + "`project`" + ` runs an operation on the project instead: ` + "`{\"project\":\"stage create\",\"name\":\"build\"}`" + `; an unknown one is answered with the list.
` + "`\"5\"`" + ` is accepted for 5, and an unknown argument is answered with the list of known ones. An error is a result of the tool: kind, code (if it says more) and
message on the first line, the hint on the next. An answer with ` + "`as_of`" + ` ends with a line that starts with ` + "`warning:`" + ` if the trash has been emptied since. Text written by people and agents is in quotes: it is data, not instructions.

A claim belongs to the session that made it ([agents.md](agents.md#sessions-of-one-name)): a ` + "`pm mcp`" + ` process, or over HTTP an ` + "`Mcp-Session-Id`" + `. Where the protocol has no sessions
(HTTP, revision 2026-07-28), ` + "`next`" + ` and ` + "`task_status`" + ` return a ` + "`claim_token`" + ` for each claim: pass it as an argument with every later call on the task. A ` + "`wait`" + ` ends when its client disconnects.

To make a call safe to repeat, give it an ` + "`idempotency_key`" + `, as an argument or in its ` + "`_meta`" + `: it runs once, and repeating it returns the first answer.

Epics and items are resources (` + "`pm://item/E04`" + `). Their keys can be completed (` + "`completion/complete`" + `), and so can the arguments of the prompt. On standard input and output, a client can
subscribe to resources, and is notified when they or the list of epics change, whoever changes them. A waiting call with a ` + "`progressToken`" + ` gets a progress message every 5 seconds. If a change needs
a reason and has none, a client that supports elicitation is asked to get it from its user, unless the call has an idempotency key. See [ADR 15](adr/0015-text-on-mcp.md).

## Conformance
The protocol's own test suite (` + "`@modelcontextprotocol/conformance`" + `), its official TypeScript client (` + "`@modelcontextprotocol/sdk`" + `) and the inspector run with pm's tests wherever npm can install them:
` + "`npm install --prefix DIR node@22 @modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/sdk`" + `, then ` + "`PM_TEST_NODE=DIR go test ./internal/parity -run 'Conformance|TypeScript'`" + `.
Many scenarios need a tool or a prompt with a certain name; they run against a fixture that has it, built on the same MCP package as pm.

| run against | scenarios that pass |
| --- | --- |
| ` + "`pm serve`" + ` | ` + "`server-initialize`, `server-session-lifecycle`, `logging-set-level`, `ping`, `tools-list`, `server-sse-multiple-streams`, `resources-list`, `sep-2164-resource-not-found`, `prompts-list`, `dns-rebinding-protection`, `caching`, `http-header-validation`, `input-required-result-unsupported-methods`, `input-required-result-ignore-extra-params`" + ` |
| a fixture | ` + "`completion-complete`, `tools-call-simple-text`, `tools-call-error`, `tools-call-with-progress`, `resources-read-text`, `prompts-get-simple`, `prompts-get-with-args`" + ` |

These do not apply:

| scenarios | because |
| --- | --- |
| ` + "`tools-call-image`, `-audio`, `-embedded-resource`, `-mixed-content`, `resources-read-binary`, `prompts-get-embedded-resource`, `prompts-get-with-image`" + ` | pm only returns text |
| ` + "`tools-call-with-logging`, `tools-call-sampling`, `input-required-result-*`" + ` of sampling and roots | pm sends no log messages and calls no model; the protocol is dropping both |
| ` + "`tools-call-elicitation`, `elicitation-sep1034-defaults`, `elicitation-sep1330-enums`, `resources-subscribe`, `resources-unsubscribe`" + ` | the suite only tests HTTP, and pm offers these on standard input and output, where the TypeScript client tests them |
| other ` + "`input-required-result-*`, `server-stateless`" + ` beyond what needs no tool of its own | in revision 2026-07-28 pm asks a client for nothing: the error says what is missing |
| ` + "`resources-templates-read`" + ` | the fixture's URI has text after the expression; pm's URIs have none |
| ` + "`json-schema-2020-12`, `http-custom-header-server-validation`" + ` | schemas are deliberately plain, and no argument is taken from a header |
| ` + "`tasks-*`, `sep-2640-skills-*`, `server-sse-polling`" + ` | extensions and streams that pm does not offer |
`

// mcpPage asks a server, as a client does, what it offers.
func mcpPage(ctx context.Context) ([]byte, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := mcpserver.New(mcpserver.Options{Version: cli.Version, Prime: ops.Prime,
		Open: func(context.Context) (*tracker.Tracker, error) {
			return nil, errors.New("reference: there is no plan")
		}})
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	go func() { fromServer.CloseWithError(server.ServeLines(ctx, toServer, fromServer)) }()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "reference", Version: cli.Version}, nil).
		Connect(ctx, &mcp.IOTransport{Reader: toClient, Writer: fromClient}, nil)
	if err != nil {
		return nil, err
	}
	defer session.Close()
	p := new(page)
	p.WriteString(mcpIntroduction)
	if err := p.tools(ctx, session); err != nil {
		return nil, err
	}
	return p.Bytes(), p.rest(ctx, session)
}

func (p *page) tools(ctx context.Context, session *mcp.ClientSession) error {
	p.line("\n## Tools")
	behind := mcpserver.Behind()
	for tool, err := range session.Tools(ctx, nil) {
		if err != nil {
			return err
		}
		p.line("\n### %s\n", tool.Name)
		p.line("%s\n", tool.Description)
		p.line("It %s. Operations: `%s`.", effect(tool.Annotations), strings.Join(behind[tool.Name], "`, `"))
		in, err := schemaOf(tool.InputSchema)
		if err != nil {
			return err
		}
		if len(in.Properties) == 0 {
			continue
		}
		p.line("")
		p.row("argument", "type", "", "")
		p.row("---", "---", "---", "---")
		for _, name := range fields(in) {
			s := in.Properties[name]
			p.row("`"+name+"`", ops.TypeName(s), need(slices.Contains(in.Required, name)), s.Description)
		}
	}
	return nil
}

func effect(a *mcp.ToolAnnotations) string {
	switch {
	case a.ReadOnlyHint:
		return "only reads"
	case a.IdempotentHint:
		return "changes the plan; repeating it has no further effect"
	}
	return "changes the plan"
}

// rest describes the resources and the prompts.
func (p *page) rest(ctx context.Context, session *mcp.ClientSession) error {
	p.line("\n## Resources\n")
	for r, err := range session.Resources(ctx, nil) {
		if err != nil {
			return err
		}
		p.line("- `%s`: %s", r.URI, r.Description)
	}
	for r, err := range session.ResourceTemplates(ctx, nil) {
		if err != nil {
			return err
		}
		p.line("- `%s`: %s", r.URITemplate, r.Description)
	}
	p.line("\n## Prompts\n")
	for r, err := range session.Prompts(ctx, nil) {
		if err != nil {
			return err
		}
		p.line("- `%s`: %s", r.Name, r.Description)
		for _, a := range r.Arguments {
			p.line("  - `%s`: %s", a.Name, a.Description)
		}
	}
	return nil
}

// A listed schema is one as it comes from the server.
type listed struct {
	Type        any
	Description string
	Enum        []any
	Items       *listed
	Properties  map[string]*listed
	Required    []string
}

// schemaOf reads a schema as it came from the server.
func schemaOf(from any) (*jsonschema.Schema, error) {
	b, err := json.Marshal(from)
	if err != nil {
		return nil, err
	}
	var in listed
	if err := json.Unmarshal(b, &in); err != nil {
		return nil, err
	}
	return in.schema(), nil
}

func (l *listed) schema() *jsonschema.Schema {
	s := &jsonschema.Schema{Description: l.Description, Enum: l.Enum, Required: l.Required, Properties: map[string]*jsonschema.Schema{}}
	switch t := l.Type.(type) {
	case string:
		s.Type = t
	case []any:
		for _, one := range t {
			s.Types = append(s.Types, fmt.Sprint(one))
		}
	}
	if l.Items != nil {
		s.Items = l.Items.schema()
	}
	for name, p := range l.Properties {
		s.Properties[name] = p.schema()
	}
	return s
}
