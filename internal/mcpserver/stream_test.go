package mcpserver_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"pm/internal/mcpserver"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// hear returns a client on lines with handlers of its own.
func hear(t *testing.T, o mcpserver.Options, revision string, handlers *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	go func() {
		mcpserver.New(o).ServeLines(context.Background(), toServer, fromServer)
		fromServer.Close()
	}()
	s, err := mcp.NewClient(&mcp.Implementation{Name: "tester", Version: "1"}, handlers).Connect(t.Context(),
		&mcp.IOTransport{Reader: toClient, Writer: fromClient}, &mcp.ClientSessionOptions{ProtocolVersion: revision})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// hearHTTP is hear over HTTP.
func hearHTTP(t *testing.T, url, revision string, handlers *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	s, err := mcp.NewClient(&mcp.Implementation{Name: "tester", Version: "1"}, handlers).Connect(t.Context(),
		&mcp.StreamableClientTransport{Endpoint: url, DisableStandaloneSSE: true}, &mcp.ClientSessionOptions{ProtocolVersion: revision})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestCompletions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := plant(t, db)
		s := connect(t, options(db))
		item := &mcp.CompleteReference{Type: "ref/resource", URI: "pm://item/{key}"}
		work := &mcp.CompleteReference{Type: "ref/prompt", Name: "work"}
		for _, c := range []struct {
			ref         *mcp.CompleteReference
			name, value string
			want        string
		}{
			{item, "key", "", "E01 E01-F01"},
			{item, "key", "e01-", "E01-F01"},
			{item, "key", "T-", "T-E01-F01-001 T-E01-F01-002"},
			{item, "key", "t-e01-f01-002", "T-E01-F01-002"},
			{item, "key", "E09", ""},
			{work, "epic", "E", "E01"},
			{work, "agent_type", "back", "backend"},
			{work, "colour", "", ""},
		} {
			r, err := s.Complete(t.Context(), &mcp.CompleteParams{Ref: c.ref, Argument: mcp.CompleteParamsArgument{Name: c.name, Value: c.value}})
			if err != nil || strings.Join(r.Completion.Values, " ") != c.want || r.Completion.HasMore {
				t.Errorf("%s %q is completed with %+v, %v, want %s", c.name, c.value, r, err, c.want)
			}
		}
		for _, ref := range []*mcp.CompleteReference{{Type: "ref/prompt", Name: "play"}, {Type: "ref/resource", URI: "pm://none/{key}"}} {
			if r, err := s.Complete(t.Context(), &mcp.CompleteParams{Ref: ref, Argument: mcp.CompleteParamsArgument{Name: "key"}}); err == nil {
				t.Errorf("%+v is completed with %+v", ref, r)
			}
		}
		in := tracker.CreateTasks{Tasks: slices.Repeat([]tracker.CreateTask{{Feature: "E01-F01", Title: "Step"}}, 120)}
		if _, err := p.CreateTasks(plan.WithActor(t.Context(), plan.Actor{Name: "ann"}), in); err != nil {
			t.Fatal(err)
		}
		r, err := s.Complete(t.Context(), &mcp.CompleteParams{Ref: item, Argument: mcp.CompleteParamsArgument{Name: "key", Value: "T-E01-F01-"}})
		if err != nil || len(r.Completion.Values) != 100 || !r.Completion.HasMore || r.Completion.Total != 0 {
			t.Errorf("offered are %+v, %v", r, err)
		}
		for typed, want := range map[string]string{"T-E01-F01-11": "T-E01-F01-110 ", "t-e01-f01-122": "T-E01-F01-122 "} { // behind the first hundred
			r, err := s.Complete(t.Context(), &mcp.CompleteParams{Ref: item, Argument: mcp.CompleteParamsArgument{Name: "key", Value: typed}})
			if err != nil || !strings.HasPrefix(strings.Join(r.Completion.Values, " ")+" ", want) {
				t.Errorf("%s is completed with %+v, %v", typed, r, err)
			}
		}
	})
}

// Who waits for a task, and asks for it, is told so from the beginning.
func TestProgress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := plant(t, db)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		if _, err := p.Block(ctx, tracker.ChangeStatus{Keys: []string{"T-E01-F01-001"}, Reason: "later"}); err != nil {
			t.Fatal(err)
		}
		told := make(chan *mcp.ProgressNotificationParams, 100)
		hearing := &mcp.ClientOptions{ProgressNotificationHandler: func(_ context.Context, r *mcp.ProgressNotificationClientRequest) { told <- r.Params }}
		h := httptest.NewServer(mcpserver.New(options(db)))
		t.Cleanup(h.Close)
		for over, s := range map[string]*mcp.ClientSession{"lines": hear(t, options(db), "2025-11-25", hearing),
			"HTTP": hearHTTP(t, h.URL, "2025-11-25", hearing), "HTTP without sessions": hearHTTP(t, h.URL, "2026-07-28", hearing)} {
			ended := make(chan *mcp.CallToolResult, 1)
			go func() {
				r, _ := s.CallTool(t.Context(), &mcp.CallToolParams{Meta: mcp.Meta{"progressToken": "p1"}, Name: "next", Arguments: map[string]any{"wait": "30s"}})
				ended <- r
			}()
			if n := <-told; n.ProgressToken != "p1" || n.Progress != 0 || n.Total != 30 || n.Message != "waiting for a task: 0s of 30s" {
				t.Errorf("over %s it is told %+v", over, n)
			}
			if _, err := p.Unblock(ctx, tracker.ChangeStatus{Keys: []string{"T-E01-F01-001"}}); err != nil {
				t.Fatal(err)
			}
			if r := <-ended; r == nil || r.IsError {
				t.Errorf("over %s the wait ends with %+v", over, r)
			}
			if _, err := p.Block(ctx, tracker.ChangeStatus{Keys: []string{"T-E01-F01-001"}, Reason: "later"}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A client is told of the items that it watches, whoever changes them, and of
// the list of epics.
func TestChangesAreTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := plant(t, db)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		for _, revision := range []string{"2025-11-25", "2026-07-28"} {
			updated, listed := make(chan string, 100), make(chan bool, 100)
			s := hear(t, options(db), revision, &mcp.ClientOptions{
				ResourceUpdatedHandler:     func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) { updated <- r.Params.URI },
				ResourceListChangedHandler: func(context.Context, *mcp.ResourceListChangedRequest) { listed <- true },
			})
			all, err := s.ListResources(t.Context(), nil)
			if err != nil || len(all.Resources) == 0 || all.Resources[0].URI != "pm://item/E01" || all.Resources[0].Title != "Payments" {
				t.Fatalf("%s: the resources are %+v, %v", revision, all, err)
			}
			for _, uri := range []string{"pm://item/E01", "pm://item/T-E01-F01-002"} {
				if err := s.Subscribe(t.Context(), &mcp.SubscribeParams{URI: uri}); err != nil {
					t.Fatal(revision, err)
				}
			}
			s.Subscribe(t.Context(), &mcp.SubscribeParams{URI: "pm://none"}) // which is none, and never changes
			if _, err := s.ListResources(t.Context(), nil); err != nil {     // behind the subscriptions
				t.Fatal(err)
			}
			title := "Watched in " + revision
			if _, err := p.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{"T-E01-F01-001"}, Title: &title}); err != nil {
				t.Fatal(err)
			}
			if uri := <-updated; uri != "pm://item/E01" {
				t.Errorf("%s: it is told of %s", revision, uri)
			}
			if _, err := p.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{"T-E01-F01-002"}, Title: &title}); err != nil {
				t.Fatal(err)
			}
			got := []string{<-updated, <-updated}
			if slices.Sort(got); !slices.Equal(got, []string{"pm://item/E01", "pm://item/T-E01-F01-002"}) {
				t.Errorf("%s: it is told of %s", revision, got)
			}
			if err := s.Unsubscribe(t.Context(), &mcp.UnsubscribeParams{URI: "pm://item/E01"}); err != nil {
				t.Error(err)
			}
			if _, err := p.CreateEpic(ctx, tracker.CreateEpic{Title: "Another"}); err != nil {
				t.Fatal(err)
			}
			<-listed
			if len(updated) > 0 {
				t.Errorf("%s: it is told of %s, which it does not watch", revision, <-updated)
			}
		}
	})
}

// Who watches the epic that a task moves out of is told so, and who watches the
// task by its key of before.
func TestMovesAreTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := plant(t, db)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann"})
		if _, err := p.CreateEpic(ctx, tracker.CreateEpic{Title: "Another"}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.CreateFeature(ctx, tracker.CreateFeature{Epic: "E02", Title: "Invoices"}); err != nil {
			t.Fatal(err)
		}
		updated := make(chan string, 100)
		s := hear(t, options(db), "2025-11-25", &mcp.ClientOptions{
			ResourceUpdatedHandler: func(_ context.Context, r *mcp.ResourceUpdatedNotificationRequest) { updated <- r.Params.URI },
		})
		want := []string{"pm://item/E01", "pm://item/E02", "pm://item/T-E01-F01-001"}
		for _, uri := range want {
			if err := s.Subscribe(t.Context(), &mcp.SubscribeParams{URI: uri}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := p.Move(ctx, tracker.Move{Keys: []string{"T-E01-F01-001"}, To: "E02-F01"}); err != nil {
			t.Fatal(err)
		}
		if got := []string{<-updated, <-updated, <-updated}; !slices.Equal(got, want) {
			t.Errorf("it is told of %s, want %s", got, want)
		}
	})
}

// What a change lacks, and only a person knows, the person is asked.
func TestElicitation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		answer := &mcp.ElicitResult{Action: "accept", Content: map[string]any{"reason": "the bank is closed"}}
		asked := 0
		s := hear(t, options(db), "2025-11-25", &mcp.ClientOptions{ElicitationHandler: func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			if asked++; r.Params.Message != "block needs a reason: why?" {
				t.Errorf("it asks %q", r.Params.Message)
			}
			return answer, nil
		}})
		if text := must(t, s, "task_status", verb("block", "T-E01-F01-001")); !strings.Contains(text, `blocked="the bank is closed"`) {
			t.Errorf("it is %s", text)
		}
		must(t, s, "task_status", verb("unblock", "T-E01-F01-001"))
		for _, answer = range []*mcp.ElicitResult{{Action: "decline"}, {Action: "cancel"}} {
			refusedWith(t, s, "refused reason_required", "task_status", verb("block", "T-E01-F01-001"))
		}
		given := verb("block", "T-E01-F01-001")
		given["reason"] = "it rains"
		must(t, s, "task_status", given)
		// Under a key the same call again must be the same: what lacks is an argument.
		keyed := verb("block", "T-E01-F01-002")
		keyed["idempotency_key"] = "one"
		refusedWith(t, s, "refused reason_required", "task_status", keyed)
		keyed["reason"] = "it snows"
		for range 2 {
			must(t, s, "task_status", keyed)
		}
		must(t, s, "task_status", verb("unblock", "T-E01-F01-002"))
		if asked != 3 {
			t.Errorf("the user was asked %d times", asked)
		}
		// Who cannot ask is told what is missing.
		other := connect(t, options(db))
		refusedWith(t, other, "refused reason_required", "task_status", verb("block", "T-E01-F01-002"))
	})
}

// A call under an idempotency key, an argument or in _meta, is run once.
func TestIdempotencyKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, options(db))
		create := func(meta mcp.Meta, key string) string {
			args := map[string]any{"feature": "E01-F01", "title": "Once"}
			if key != "" {
				args["idempotency_key"] = key
			}
			r, err := s.CallTool(t.Context(), &mcp.CallToolParams{Meta: meta, Name: "create_task", Arguments: args})
			if err != nil || r.IsError {
				t.Fatalf("%+v, %v", r, err)
			}
			return r.Content[0].(*mcp.TextContent).Text[:len("T-E01-F01-003")]
		}
		for range 2 {
			if k := create(nil, "one"); k != "T-E01-F01-003" {
				t.Errorf("one makes %s", k)
			}
			if k := create(mcp.Meta{"idempotency_key": "two"}, ""); k != "T-E01-F01-004" {
				t.Errorf("two makes %s", k)
			}
		}
		refusedWith(t, s, "refused idempotency_key_reused", "create_task", map[string]any{"feature": "E01-F01", "title": "Other", "idempotency_key": "one"})
		refusedWith(t, s, "usage bad_type", "create_task", map[string]any{"feature": "E01-F01", "title": "Other", "idempotency_key": 1})
		must(t, s, "list", map[string]any{"idempotency_key": "three"})
	})
}

// project_status has what leads ask as well.
func TestViews(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, options(db))
		must(t, s, "task_status", verb("complete", "T-E01-F01-001"))
		for about, want := range map[string]string{
			"report":   "0/0 -> 1/2 completed\ndone T-E01-F01-001 ",
			"diff":     "created E01 active \"Payments\"\n",
			"insights": "2 tasks, 1 finished\n",
			"forecast": `"remaining":1,`,
			"status":   "1 of 2 tasks completed\n",
		} {
			args := map[string]any{"about": about}
			if about == "report" || about == "diff" {
				args["since"] = "1d"
			}
			if text := must(t, s, "project_status", args); !strings.Contains(text, want) {
				t.Errorf("%s is %s", about, text)
			}
		}
		refusedWith(t, s, "usage bad_about", "project_status", map[string]any{"about": "weather"})
	})
}

// Whether schemas are as strict converters want them.
func TestSchemasArePlain(t *testing.T) {
	s := connect(t, mcpserver.Options{Version: "test"})
	list, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range list.Tools {
		if tool.Title == "" {
			t.Errorf("%s has no title", tool.Name)
		}
		b, _ := json.Marshal(tool.InputSchema)
		var schema map[string]any
		if err := json.Unmarshal(b, &schema); err != nil {
			t.Fatal(err)
		}
		plainSchema(t, tool.Name, schema)
	}
}

// plainSchema checks that a schema has one type, a list its items, an object
// its properties, a choice only texts, and nothing that some converter refuses.
func plainSchema(t *testing.T, at string, schema map[string]any) {
	t.Helper()
	for name := range schema {
		if !slices.Contains([]string{"type", "description", "properties", "required", "items", "enum"}, name) {
			t.Errorf("%s has %s", at, name)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	items, _ := schema["items"].(map[string]any)
	kind, _ := schema["type"].(string)
	choices, _ := schema["enum"].([]any)
	switch {
	case kind == "object" && len(properties) == 0:
		t.Errorf("%s is an object without properties", at)
	case kind == "array" && items == nil:
		t.Errorf("%s is a list without items", at)
	case len(choices) > 0 && kind != "string":
		t.Errorf("%s is a choice of the type %q", at, kind)
	case !slices.Contains([]string{"object", "array", "string", "integer", "number", "boolean"}, kind):
		t.Errorf("%s has the type %v", at, schema["type"])
	}
	for name, p := range properties {
		plainSchema(t, at+"."+name, p.(map[string]any))
	}
	if items != nil {
		plainSchema(t, at+"[]", items)
	}
}
