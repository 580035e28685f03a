package mcp

import (
	"slices"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

func TestRevisionsAreThoseOfTheSDK(t *testing.T) {
	if !slices.Equal(revisions(), sdk.SupportedProtocolVersions()) {
		t.Errorf("revisions are %q, and the SDK has %q", revisions(), sdk.SupportedProtocolVersions())
	}
}

// The SDK's client is the judge: it does all that it can do, in every revision
// and over both transports.
func TestClientOfEveryRevision(t *testing.T) {
	over := map[string]func(*testing.T, *Server, string) *sdk.ClientSession{"lines": lineClient, "HTTP": httpClient}
	for name, connect := range over {
		for _, revision := range sdk.SupportedProtocolVersions() {
			t.Run(name+"/"+revision, func(t *testing.T) {
				s := connect(t, newWorld().server(), revision)
				if got := s.InitializeResult(); got.ProtocolVersion != revision || got.Instructions != "be good" {
					t.Errorf("the server greets with %q, %q", got.ProtocolVersion, got.Instructions)
				}
				useTools(t, s, "tester")
				useResources(t, s)
				usePrompts(t, s)
			})
		}
	}
}

func useTools(t *testing.T, s *sdk.ClientSession, who string) {
	t.Helper()
	list, err := s.ListTools(t.Context(), nil)
	if err != nil || len(list.Tools) != 5 || list.Tools[0].Name != "echo" {
		t.Errorf("tools %v, %v", list, err)
	}
	r, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: "echo", Arguments: map[string]any{"a": 1}})
	if err != nil || r.IsError || r.Content[0].(*sdk.TextContent).Text != who+` <says> {"a":1}` {
		t.Errorf("a call is answered with %v, %v", r, err)
	}
	for tool, want := range map[string]string{"none": `unknown tool "none"`, "fail": "it failed", "panic": "internal error"} {
		if _, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a call of %s is answered with %v", tool, err)
		}
	}
}

func useResources(t *testing.T, s *sdk.ClientSession) {
	t.Helper()
	list, err := s.ListResources(t.Context(), nil)
	if err != nil || len(list.Resources) != 1 || list.Resources[0].URI != "test://one" {
		t.Errorf("resources %v, %v", list, err)
	}
	templates, err := s.ListResourceTemplates(t.Context(), nil)
	if err != nil || len(templates.ResourceTemplates) != 1 || templates.ResourceTemplates[0].URITemplate != "test://item/{key}" {
		t.Errorf("templates %v, %v", templates, err)
	}
	for _, uri := range []string{"test://one", "test://item/T-1"} {
		r, err := s.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: uri})
		if err != nil || r.Contents[0].Text != "page of "+uri || r.Contents[0].URI != uri {
			t.Errorf("%s: %v, %v", uri, r, err)
		}
	}
	for _, uri := range []string{"test://item/none", "test://item/a/b", "test://two", "test://item/{key}"} {
		if r, err := s.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: uri}); err == nil || !strings.Contains(err.Error(), "resource not found") {
			t.Errorf("%s: %v, %v", uri, r, err)
		}
	}
}

func usePrompts(t *testing.T, s *sdk.ClientSession) {
	t.Helper()
	list, err := s.ListPrompts(t.Context(), nil)
	if err != nil || len(list.Prompts) != 1 || list.Prompts[0].Name != "work" {
		t.Errorf("prompts %v, %v", list, err)
	}
	p, err := s.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: "work", Arguments: map[string]string{"what": "cards"}})
	if err != nil || p.Messages[0].Content.(*sdk.TextContent).Text != "work on cards" {
		t.Errorf("the prompt is %v, %v", p, err)
	}
	if p, err := s.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: "none"}); err == nil {
		t.Errorf("a prompt that is not there is %v", p)
	}
}

// A client that asks for a revision that is not known, or has no handshake,
// is offered the last one that has.
func TestNegotiation(t *testing.T) {
	for asked, want := range map[string]string{"2025-06-18": "2025-06-18", "2024-11-05": "2024-11-05", "1999-01-01": "2025-11-25",
		"2026-07-28": "2025-11-25", "2099-01-01": "2025-11-25", "": "2025-11-25", "soon": "2025-11-25"} {
		answers := converse(t, newWorld().server(), strings.Replace(hello, "2025-11-25", asked, 1))
		if r := string(answers[`"hello"`].Result); !strings.Contains(r, `"protocolVersion":"`+want+`"`) {
			t.Errorf("%q is answered with %s", asked, r)
		}
	}
}

// A client may ask what there is, and then shake hands.
func TestHandshakeAfterDiscovery(t *testing.T) {
	meta := `{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}`
	answers := converse(t, newWorld().server(), request(1, "server/discover", meta)+hello+request(2, "ping", "{}")+
		request(3, "initialize", "{}"))
	for _, id := range []string{"1", `"hello"`, "2"} {
		if answers[id].Error != nil || answers[id].Result == nil {
			t.Errorf("%s is answered with %v", id, answers[id].Error)
		}
	}
	if e := answers["3"].Error; e == nil || e.Code != invalidRequest {
		t.Errorf("a second handshake is answered with %v", e)
	}
}
