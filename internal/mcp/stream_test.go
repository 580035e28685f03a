package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// A speaker is a server that says more than it is asked.
type speaker struct {
	changes chan Change
	watched chan struct{}
}

func (s *speaker) server() *Server {
	page := func(_ context.Context, _ Caller, uri string) (string, error) { return uri, nil }
	return New(Options{
		Info: Implementation{Name: "speaker", Version: "1"},
		Tools: []Tool{{Name: "ask", InputSchema: map[string]string{"type": "object"}, Call: func(ctx context.Context, from Caller, _ json.RawMessage) (*ToolResult, error) {
			if from.Progress != nil {
				from.Progress(1, 2, "half")
			}
			if from.Ask == nil {
				return text("nobody"), nil
			}
			values, err := from.Ask(ctx, "Why?", map[string]any{"type": "object", "properties": map[string]any{"why": map[string]any{"type": "string"}}})
			if err != nil {
				return nil, err
			}
			return text("because " + string(values["why"])), nil
		}}},
		Templates: []ResourceTemplate{{Name: "item", URITemplate: "test://item/{key}", Read: page}},
		More: func(context.Context, Caller) ([]Resource, error) {
			return []Resource{{Name: "a", URI: "test://item/a", Read: page}}, nil
		},
		Watch: func(ctx context.Context, _ Caller, _ func() bool, tell func(Change)) (func(), error) {
			return func() {
				defer close(s.watched)
				for {
					select {
					case c := <-s.changes:
						tell(c)
					case <-ctx.Done():
						return
					}
				}
			}, nil
		},
		Complete: func(_ context.Context, _ Caller, of Completion) ([]string, error) {
			return slices.Repeat([]string{of.Value + "x"}, 120), nil
		},
	})
}

// speak returns a client of a speaker on lines, and what ends its connection.
func speak(t *testing.T, s *Server, revision string, o *sdk.ClientOptions) (c *sdk.ClientSession, hangUp func()) {
	t.Helper()
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- s.ServeLines(context.Background(), toServer, fromServer)
		fromServer.Close()
	}()
	c, err := sdk.NewClient(&sdk.Implementation{Name: "listener", Version: "1"}, o).Connect(t.Context(),
		&sdk.IOTransport{Reader: toClient, Writer: fromClient}, &sdk.ClientSessionOptions{ProtocolVersion: revision})
	if err != nil {
		t.Fatal(err)
	}
	return c, func() {
		fromClient.Close()
		if err := <-ended; err != nil && !errors.Is(err, io.ErrClosedPipe) { // the client has gone
			t.Errorf("the server ended with %v", err)
		}
	}
}

// A server tells what changes to whoever watches it, until the client leaves.
func TestSubscriptions(t *testing.T) {
	for _, revision := range []string{"2025-06-18", latest} {
		s := &speaker{make(chan Change), make(chan struct{})}
		updated, listed := make(chan string, 10), make(chan bool, 10)
		c, hangUp := speak(t, s.server(), revision, &sdk.ClientOptions{
			ResourceUpdatedHandler: func(_ context.Context, r *sdk.ResourceUpdatedNotificationRequest) {
				select {
				case updated <- r.Params.URI:
				default:
				}
			},
			ResourceListChangedHandler: func(context.Context, *sdk.ResourceListChangedRequest) {
				select {
				case listed <- true:
				default:
				}
			},
		})
		for _, uri := range []string{"test://item/a", "test://item/b"} {
			if err := c.Subscribe(t.Context(), &sdk.SubscribeParams{URI: uri}); err != nil {
				t.Fatal(revision, err)
			}
		}
		if all, err := c.ListResources(t.Context(), nil); err != nil || len(all.Resources) != 1 {
			t.Fatalf("%s: %+v, %v", revision, all, err)
		}
		stop := make(chan struct{})
		go func() { // again, since in the latest revision the client subscribes when it has time to
			for {
				select {
				case s.changes <- Change{Concerns: func(uri string) bool { return uri == "test://item/b" }, Lists: true}:
				case <-stop:
					return
				}
			}
		}()
		if uri := <-updated; uri != "test://item/b" || !<-listed {
			t.Errorf("%s: %s was updated", revision, uri)
		}
		close(stop)
		hangUp()
		<-s.watched
	}
}

// A server asks the user of a client that can, and of no other.
func TestQuestionsToTheUser(t *testing.T) {
	s := (&speaker{make(chan Change), make(chan struct{})}).server()
	can := &sdk.ClientOptions{ElicitationHandler: func(ctx context.Context, r *sdk.ElicitRequest) (*sdk.ElicitResult, error) {
		return &sdk.ElicitResult{Action: "accept", Content: map[string]any{"why": r.Params.Message}}, nil
	}}
	for _, one := range []struct {
		revision string
		o        *sdk.ClientOptions
		want     string
	}{{"2025-06-18", can, `because "Why?"`}, {"2025-11-25", can, `because "Why?"`}, {"2025-11-25", nil, "nobody"}, {"2025-03-26", can, "nobody"}, {latest, can, "nobody"}} {
		c, hangUp := speak(t, s, one.revision, one.o)
		r, err := c.CallTool(t.Context(), &sdk.CallToolParams{Name: "ask"})
		if err != nil || r.Content[0].(*sdk.TextContent).Text != one.want {
			t.Errorf("%s: %+v, %v", one.revision, r, err)
		}
		hangUp()
	}
}

// A question ends with the call that asks it, and with its client.
func TestQuestionsEnd(t *testing.T) {
	asked := make(chan bool, 1)
	o := &sdk.ClientOptions{ElicitationHandler: func(ctx context.Context, _ *sdk.ElicitRequest) (*sdk.ElicitResult, error) {
		asked <- true
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	c, hangUp := speak(t, (&speaker{make(chan Change), make(chan struct{})}).server(), "2025-11-25", o)
	ctx, cancel := context.WithCancel(t.Context())
	called := make(chan error, 1)
	call := func(ctx context.Context) {
		_, err := c.CallTool(ctx, &sdk.CallToolParams{Name: "ask"})
		called <- err
	}
	go call(ctx)
	<-asked
	cancel()
	if err := <-called; err == nil {
		t.Error("a call that was cancelled has a result")
	}
	go call(t.Context())
	<-asked
	hangUp()
	if err := <-called; err == nil {
		t.Error("a call whose client has left has a result")
	}
}

// An answer has a hundred values at most, and says that there are more; how many,
// who gives them need not know.
func TestCompletionsAreBounded(t *testing.T) {
	c, hangUp := speak(t, (&speaker{make(chan Change), make(chan struct{})}).server(), "2025-11-25", nil)
	r, err := c.Complete(t.Context(), &sdk.CompleteParams{Ref: &sdk.CompleteReference{Type: "ref/resource", URI: "test://item/{key}"}, Argument: sdk.CompleteParamsArgument{Name: "key", Value: "a"}})
	if err != nil || len(r.Completion.Values) != 100 || r.Completion.Total != 0 || !r.Completion.HasMore || r.Completion.Values[0] != "ax" {
		t.Errorf("%+v, %v", r, err)
	}
	hangUp()
}

// A client that leaves while its watch begins gets the answer to what it asked.
func TestLeavesWhileWatchBegins(t *testing.T) {
	s := New(Options{Info: Implementation{Name: "late"},
		Watch: func(ctx context.Context, _ Caller, _ func() bool, _ func(Change)) (func(), error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
	})
	var out strings.Builder
	asked := request(1, "subscriptions/listen", `{"notifications":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"`+latest+`","io.modelcontextprotocol/clientCapabilities":{}}}`)
	if err := s.ServeLines(t.Context(), strings.NewReader(asked), &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"resultType":"complete"`) {
		t.Errorf("answered with %s", out.String())
	}
}
