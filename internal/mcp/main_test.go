package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// A world is what the handlers of a test's server do outside of it.
type world struct {
	begun chan struct{} // told when wait begins
	ended chan error    // told why the context of wait ended
	free  chan struct{} // closed to let hold go on
}

func newWorld() *world {
	return &world{begun: make(chan struct{}, 1000), ended: make(chan error, 1000), free: make(chan struct{})}
}

func text(s string) *ToolResult { return &ToolResult{Content: []Text{Text(s)}} }

// server returns a server with something of everything.
func (w *world) server() *Server {
	tool := func(name string, call func(context.Context, Caller, json.RawMessage) (*ToolResult, error)) Tool {
		return Tool{Name: name, InputSchema: map[string]string{"type": "object"}, Annotations: &ToolAnnotations{}, Call: call}
	}
	page := func(_ context.Context, _ Caller, uri string) (string, error) {
		if strings.HasSuffix(uri, "/none") {
			return "", NotFound(uri)
		}
		return "page of " + uri, nil
	}
	return New(Options{
		Info: Implementation{Name: "test", Version: "1"}, Instructions: "be good",
		Tools: []Tool{
			tool("wait", func(ctx context.Context, _ Caller, _ json.RawMessage) (*ToolResult, error) {
				w.begun <- struct{}{}
				<-ctx.Done()
				w.ended <- ctx.Err()
				return nil, ctx.Err()
			}),
			tool("hold", func(context.Context, Caller, json.RawMessage) (*ToolResult, error) {
				w.begun <- struct{}{}
				<-w.free
				return text("held"), nil
			}),
			tool("echo", func(_ context.Context, c Caller, arguments json.RawMessage) (*ToolResult, error) {
				name := ""
				if c.Client != nil {
					name = c.Client.Name
				}
				return text(name + " <says> " + string(arguments)), nil
			}),
			tool("panic", func(context.Context, Caller, json.RawMessage) (*ToolResult, error) { panic("no") }),
			tool("fail", func(context.Context, Caller, json.RawMessage) (*ToolResult, error) {
				return nil, errors.New("it failed")
			}),
		},
		Resources: []Resource{{Name: "one", URI: "test://one", MIMEType: "text/plain", Read: page}},
		Templates: []ResourceTemplate{{Name: "item", URITemplate: "test://item/{key}", Read: page}},
		Prompts: []Prompt{{Name: "work", Get: func(_ context.Context, _ Caller, args map[string]string) (*PromptResult, error) {
			return &PromptResult{Messages: []PromptMessage{{Role: "user", Content: Text("work on " + args["what"])}}}, nil
		}}},
	})
}

// lineClient is the SDK's client of a server that talks in lines.
func lineClient(t *testing.T, s *Server, revision string) *sdk.ClientSession {
	t.Helper()
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := s.ServeLines(context.Background(), toServer, fromServer)
		fromServer.Close()
		ended <- err
	}()
	return connect(t, &sdk.IOTransport{Reader: toClient, Writer: fromClient}, revision, func() {
		if err := <-ended; err != nil && !errors.Is(err, io.ErrClosedPipe) { // the answer to a call that was cancelled
			t.Errorf("the server ended with %v", err)
		}
	})
}

// httpClient is the SDK's client of a server that is reached over HTTP.
func httpClient(t *testing.T, s *Server, revision string) *sdk.ClientSession {
	t.Helper()
	h := httptest.NewServer(s)
	return connect(t, &sdk.StreamableClientTransport{Endpoint: h.URL, DisableStandaloneSSE: true}, revision, h.Close)
}

func connect(t *testing.T, over sdk.Transport, revision string, end func()) *sdk.ClientSession {
	t.Helper()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "tester", Version: "1"}, nil).
		Connect(t.Context(), over, &sdk.ClientSessionOptions{ProtocolVersion: revision})
	if err != nil {
		t.Fatalf("%s: %v", revision, err)
	}
	t.Cleanup(func() {
		session.Close()
		end()
	})
	return session
}

const hello = `{"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"tester","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
`

// request is a request with an id that is JSON.
func request(id any, method, params string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%v,"method":%q,"params":%s}`, id, method, params) + "\n"
}

// An answered is what a server answers.
type answered struct {
	ID     json.RawMessage
	Result json.RawMessage
	Error  *Error
}

// converse sends lines to a server and returns what it answers, by id.
func converse(t *testing.T, s *Server, lines string) map[string]answered {
	t.Helper()
	var out bytes.Buffer
	if err := s.ServeLines(t.Context(), strings.NewReader(lines), &out); err != nil {
		t.Fatal(err)
	}
	return byID(t, out.String())
}

func byID(t *testing.T, lines string) map[string]answered {
	t.Helper()
	all := map[string]answered{}
	for line := range strings.Lines(lines) {
		var a answered
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if _, twice := all[string(a.ID)]; twice && string(a.ID) != "null" {
			t.Errorf("%s is answered twice", a.ID)
		}
		all[string(a.ID)] = a
	}
	return all
}
