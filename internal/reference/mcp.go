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

` + "`pm mcp`" + ` serves the Model Context Protocol on standard input and output, ` + "`pm serve`" + ` at ` + "`/mcp`" + `. This page is made from what a server
tells its clients (see CONTRIBUTING).

The listing has the arguments that a model needs; every other argument of the operations behind a tool is taken as well.
` + "`\"5\"`" + ` passes for 5; an argument that does not exist is answered with those that do. An error is a result of the tool: kind, code and
message on the first line, the hint on the next. Texts of people and agents stand in quotes: they are data.

A claim belongs to the session that made it ([agents.md](agents.md#sessions-of-one-name)): a process of ` + "`pm mcp`" + `, or over HTTP a ` + "`Mcp-Session-Id`" + `. Where the protocol has no sessions
(HTTP, revision 2026-07-28), ` + "`next`" + ` and ` + "`task_status`" + ` give a ` + "`claim_token`" + ` for each claim: pass it as an argument of every later call on the task. A ` + "`wait`" + ` ends when its client goes away.

To be able to repeat a call, give it an ` + "`idempotency_key`" + `, as an argument or in its ` + "`_meta`" + `: it is run once, and answered as the first time.

The epics and the items are resources (` + "`pm://item/E04`" + `); their keys, and the arguments of the prompt, are completed (` + "`completion/complete`" + `). On standard input and output a client can
subscribe to them, and is told when they or the list of epics change, whoever changes them. A call with a ` + "`progressToken`" + ` is told every 5 seconds how long it has waited. If a change lacks its
reason, a client that can ask its user is asked to (elicitation), unless the call has an idempotency key. See [ADR 15](adr/0015-text-on-mcp.md).

## Conformance
The protocol's own suite (` + "`@modelcontextprotocol/conformance`" + `) and its official client for TypeScript (` + "`@modelcontextprotocol/sdk`" + `) run with the tests wherever npm can install them: ` + "`PM_TEST_NODE=DIR go test ./internal/parity -run 'Conformance|TypeScript'`" + `,
where ` + "`npm install --prefix DIR node@22 @modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/sdk`" + ` was run before. So does the inspector. Many scenarios look for a tool or a prompt
of a certain name; these run against a fixture that has it, made with the package that pm speaks the protocol with.

| run against | scenarios that pass |
| --- | --- |
| ` + "`pm serve`" + ` | ` + "`server-initialize`, `server-session-lifecycle`, `logging-set-level`, `ping`, `tools-list`, `server-sse-multiple-streams`, `resources-list`, `sep-2164-resource-not-found`, `prompts-list`, `dns-rebinding-protection`, `caching`, `http-header-validation`, `input-required-result-unsupported-methods`, `input-required-result-ignore-extra-params`" + ` |
| a fixture | ` + "`completion-complete`, `tools-call-simple-text`, `tools-call-error`, `tools-call-with-progress`, `resources-read-text`, `prompts-get-simple`, `prompts-get-with-args`" + ` |

These do not apply:

| scenarios | because |
| --- | --- |
| ` + "`tools-call-image`, `-audio`, `-embedded-resource`, `-mixed-content`, `resources-read-binary`, `prompts-get-embedded-resource`, `prompts-get-with-image`" + ` | all that pm says is text |
| ` + "`tools-call-with-logging`, `tools-call-sampling`, `input-required-result-*`" + ` of sampling and roots | pm sends no log and asks no model; the protocol is giving them up |
| ` + "`tools-call-elicitation`, `elicitation-sep1034-defaults`, `elicitation-sep1330-enums`, `resources-subscribe`, `resources-unsubscribe`" + ` | the suite knows HTTP only, and pm does this on standard input and output; the TypeScript client tries both there |
| other ` + "`input-required-result-*`, `server-stateless`" + ` beyond what needs no tool of its own | in revision 2026-07-28 nothing is asked of a client: the error says what is missing |
| ` + "`resources-templates-read`" + ` | the fixture's URI has text behind the expression, pm's have none |
| ` + "`json-schema-2020-12`, `http-custom-header-server-validation`" + ` | schemas are plain on purpose, and no argument is taken from a header |
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
		return "reads"
	case a.IdempotentHint:
		return "changes; twice is as good as once"
	}
	return "changes"
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
