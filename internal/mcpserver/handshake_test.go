package mcpserver_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pm/internal/mcpserver"
	"pm/internal/store"
	"pm/internal/store/storetest"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

var update = flag.Bool("update", false, "write the answers anew")

// The recorded handshakes are what clients of each revision of the protocol
// send at the start, one message a line; beside them stands what is answered.
func TestHandshakes(t *testing.T) {
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no handshakes: %v", err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) { handshake(t, db, file) })
		}
	})
}

func handshake(t *testing.T, db *store.DB, file string) {
	lines, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var answers []string
	for _, all := range converse(t, options(db), string(lines)) {
		for _, a := range all {
			answers = append(answers, normalise(t, a))
		}
	}
	slices.Sort(answers)
	got := strings.Join(answers, "\n") + "\n"
	golden := strings.TrimSuffix(file, ".jsonl") + ".golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("answers\n%s\nwant\n%s", got, want)
	}
}

var (
	stamps = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	tools  = regexp.MustCompile(`"tools":\[.*\]`)
)

// normalise orders the fields, and leaves out times and the tools, which have
// tests of their own.
func normalise(t *testing.T, line string) string {
	var v any
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := json.Unmarshal([]byte(line), &v); err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	s := stamps.ReplaceAllString(strings.TrimSpace(b.String()), "TIME")
	return tools.ReplaceAllString(s, `"tools":[…]`)
}

// Every revision that the SDK knows can be spoken.
func TestAllRevisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		for _, version := range mcp.SupportedProtocolVersions() {
			if version >= "2026" {
				continue // has no handshake: recorded
			}
			answers := converse(t, options(db), strings.Replace(hello, "2025-11-25", version, 1)+
				`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"show","arguments":{"key":"E01"}}}`+"\n")
			if a := strings.Join(answers[`"hello"`], ""); !strings.Contains(a, `"protocolVersion":"`+version+`"`) {
				t.Errorf("%s: %s", version, a)
			}
			if a := strings.Join(answers["1"], ""); !strings.Contains(a, "Payments") {
				t.Errorf("%s: %s", version, a)
			}
		}
	})
}

// An agent that names itself by nothing else acts under its client's name.
func TestActor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		o := options(db)
		o.Actor.Name = ""
		call(t, connect(t, o), "note", map[string]any{"key": "T-E01-F01-001", "body": "from the client"})
		call(t, connect(t, options(db)), "note", map[string]any{"key": "T-E01-F01-001", "body": "from a1"})
		text, _ := call(t, connect(t, options(db)), "note", map[string]any{"key": "T-E01-F01-001"})
		if !strings.Contains(text, `"agent":"tester","kind":"comment","body":"from the client"`) || !strings.Contains(text, `"agent":"a1","kind":"comment","body":"from a1"`) {
			t.Errorf("notes %s", text)
		}
	})
}

func TestResourcesAndPrompt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, options(db))
		for uri, want := range map[string]string{"pm://item/E01": `"title":"Payments"`, "pm://item/T-E01-F01-002": `"depends_on":[{"key":"T-E01-F01-001"`} {
			r, err := s.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri})
			if err != nil || !strings.Contains(r.Contents[0].Text, want) {
				t.Errorf("%s: %v, %v", uri, r, err)
			}
		}
		for _, uri := range []string{"pm://item/E09", "pm://item/nonsense", "pm://prime", "pm://item/..%2F..%2Fetc"} {
			if r, err := s.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err == nil {
				t.Errorf("%s: %s", uri, r.Contents[0].Text)
			}
		}
		p, err := s.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "work", Arguments: map[string]string{"agent_type": "backend"}})
		if err != nil || !strings.Contains(p.Messages[0].Content.(*mcp.TextContent).Text, `claim true, agent_type "backend"`) {
			t.Errorf("the prompt is %v, %v", p, err)
		}
	})
}

func TestPrime(t *testing.T) {
	o := mcpserver.Options{Open: noPlan, Prime: nil}
	if list, err := connect(t, o).ListResources(t.Context(), nil); err != nil || len(list.Resources) != 0 {
		t.Errorf("without a page there are the resources %v, %v", list, err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := options(db)
		o.Prime = primePage
		r, err := connect(t, o).ReadResource(t.Context(), &mcp.ReadResourceParams{URI: "pm://prime"})
		if err != nil || r.Contents[0].Text != "a1 begins" {
			t.Errorf("the page is %v, %v", r, err)
		}
	})
}
