package mcpserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"pm/internal/mcpserver"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// options are those of a server on db, on which a1 acts.
func options(db *store.DB) mcpserver.Options {
	t := tracker.New(db)
	return mcpserver.Options{Version: "test", Actor: plan.Actor{Name: "a1"},
		Open: func(context.Context) (*tracker.Tracker, error) { return t, nil }}
}

// plant makes a plan of two tasks, of which the second waits for the first.
func plant(t *testing.T, db *store.DB) *tracker.Tracker {
	t.Helper()
	ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann", Surface: "cli"})
	tr := tracker.New(db)
	if _, err := tr.CreateEpic(ctx, tracker.CreateEpic{Title: "Payments"}); err != nil {
		t.Fatal(err)
	}
	if _, err := tr.CreateFeature(ctx, tracker.CreateFeature{Epic: "E01", Title: "Cards"}); err != nil {
		t.Fatal(err)
	}
	for _, in := range []tracker.CreateTask{
		{Feature: "E01-F01", Title: `Validate "card" numbers`, Description: "with Luhn", AgentType: "backend"},
		{Feature: "E01-F01", Title: "Show the receipt", DependsOn: []string{"T-E01-F01-001"}},
	} {
		if _, err := tr.CreateTask(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	return tr
}

// connect returns a client of a server that talks in lines, as on stdio.
func connect(t *testing.T, o mcpserver.Options) *mcp.ClientSession {
	t.Helper()
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := mcpserver.New(o).ServeLines(context.Background(), toServer, fromServer)
		fromServer.Close()
		ended <- err
	}()
	client := mcp.NewClient(&mcp.Implementation{Name: "tester", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.IOTransport{Reader: toClient, Writer: fromClient}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		session.Close()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return session
}

// call calls a tool, and returns the text of its result.
func call(t *testing.T, s *mcp.ClientSession, tool string, args map[string]any) (text string, isError bool) {
	t.Helper()
	r, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: args})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	if len(r.Content) != 1 {
		t.Fatalf("%s: %d pieces of content", tool, len(r.Content))
	}
	return r.Content[0].(*mcp.TextContent).Text, r.IsError
}

// converse sends lines to a server and returns what it answers, by id; what
// has none is under the empty id.
func converse(t *testing.T, o mcpserver.Options, lines string) map[string][]string {
	t.Helper()
	var out bytes.Buffer
	if err := mcpserver.New(o).ServeLines(t.Context(), strings.NewReader(lines), &out); err != nil {
		t.Fatal(err)
	}
	answers := map[string][]string{}
	for line := range strings.Lines(out.String()) {
		var m struct {
			JSONRPC string          `json:"jsonrpc"`
			ID      json.RawMessage `json:"id"`
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil || m.JSONRPC != "2.0" {
			t.Fatalf("%q is no message of the protocol", line)
		}
		id := string(m.ID)
		if id == "null" {
			id = ""
		}
		answers[id] = append(answers[id], strings.TrimSpace(line))
	}
	return answers
}
