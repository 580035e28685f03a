package mcpserver_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pm/internal/mcpserver"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// maxListing is what the list of tools may cost, in tokens: every
// conversation pays for it.
const maxListing = 1900

func TestListingIsSmall(t *testing.T) {
	s := connect(t, mcpserver.Options{Version: "test"})
	list, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(list.Tools)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d tools, %d bytes, %d tokens", len(list.Tools), len(b), ops.Tokens(len(b)))
	if n := ops.Tokens(len(b)); n > maxListing {
		t.Errorf("the list of tools costs %d tokens: at most %d", n, maxListing)
	}
	if n := len(list.Tools); n < 8 || n > 12 {
		t.Errorf("there are %d tools: 8 to 12", n)
	}
	for name, behind := range mcpserver.Behind() {
		slices.Sort(behind)
		if len(slices.Compact(slices.Clone(behind))) < len(behind) {
			t.Errorf("an operation is behind %s twice: %v", name, behind)
		}
	}
}

// TestWhatIsNotListedIsTaken calls tools with arguments that cost more in the list
// than they are worth there, and with a plan as an object, as text, and unpacked.
func TestWhatIsNotListedIsTaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, options(db))
		keys := []string{"T-E01-F01-001"}
		for _, args := range []map[string]any{
			{"keys": keys, "labels": []string{"ui", "api"}}, {"keys": keys, "remove_labels": []string{"ui"}},
			{"keys": keys, "checks": []string{"one", "two"}}, {"keys": keys, "check": []int{1}}, {"keys": keys, "uncheck": []int{1}}, {"keys": keys, "remove_checks": []int{2}},
			{"keys": keys, "refs": []string{"github:1", "github:2"}}, {"keys": keys, "remove_refs": []string{"github:2"}},
			{"keys": keys, "links": []string{"T-E01-F01-002"}, "as": "duplicates"}, {"keys": keys, "kind": "bug", "estimate": "2", "defer": "2030-01-01", "file_path": "a.go"},
			{"undo": true}, {"redo": true},
		} {
			if text, isError := call(t, s, "update", args); isError {
				t.Errorf("update of %v: %s", args, text)
			}
		}
		text := must(t, s, "show", map[string]any{"key": keys[0]})
		for _, want := range []string{`"api"`, `"one"`, "github:1", `"duplicates"`, `"bug"`, `"a.go"`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is not in %s", want, text)
			}
		}
		for _, gone := range []string{`"ui"`, `"two"`, "github:2", `"done":true`} {
			if strings.Contains(text, gone) {
				t.Errorf("%s is still in %s", gone, text)
			}
		}
		nested := []any{map[string]any{"title": "As an object", "features": []any{map[string]any{"title": "F", "tasks": []any{map[string]any{"title": "T"}}}}}}
		for _, args := range []map[string]any{
			{"plan": map[string]any{"epics": nested}}, {"epics": nested},
			{"plan": "epics:\n- title: As text\n  features:\n  - title: F\n    tasks:\n    - {id: a, title: A}\n    - {title: B, depends_on: [a]}\n"},
			{"plan": `{"epics": [{"title": "As JSON", "features": []}]}`},
		} {
			if text, isError := call(t, s, "create_task", args); isError {
				t.Errorf("create_task of %v: %s", args, text)
			}
		}
		if text := must(t, s, "tree", map[string]any{"depth": "task"}); !strings.Contains(text, `"As text"`) || strings.Count(text, `"As an object"`) != 1 || !strings.Contains(text, `"B"`) {
			t.Errorf("the tree is %s", text)
		}
		refusedWith(t, s, "invalid bad_plan", "create_task", map[string]any{"plan": "[a list]"})
		refusedWith(t, s, "not_found: line 3", "create_task", map[string]any{"plan": "# E\n## F\n- A after:T-E09-F01-001"})
	})
}

// TestACheckIsMoved moves a check before another one, by their numbers.
func TestACheckIsMoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, options(db))
		keys := []string{"T-E01-F01-001"}
		for _, args := range []map[string]any{
			{"keys": keys, "checks": []string{"first"}},
			{"keys": keys, "checks": []string{"second"}},
			{"keys": keys, "check": []int{2}, "before": "1"},
		} {
			if text, isError := call(t, s, "update", args); isError {
				t.Fatalf("update of %v: %s", args, text)
			}
		}
		text, _ := call(t, s, "show", map[string]any{"key": keys[0]})
		if first, second := strings.Index(text, "first"), strings.Index(text, "second"); second < 0 || first < second {
			t.Errorf("the second check is not first: %s", text)
		}
		if text, isError := call(t, s, "update", map[string]any{"keys": keys, "check": []int{1, 2}, "after": "1"}); !isError || !strings.Contains(text, "only one check can be moved") {
			t.Errorf("two checks at once are answered with %q", text)
		}
	})
}

func TestToolsSayWhatTheyDo(t *testing.T) {
	s := connect(t, mcpserver.Options{Version: "test"})
	list, err := s.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	behind := mcpserver.Behind()
	for _, tool := range list.Tools {
		reads := true
		for _, name := range behind[tool.Name] {
			op, ok := ops.Find(name)
			if !ok {
				t.Errorf("%s stands for %q, which is no operation", tool.Name, name)
			}
			if op.Effect == ops.Deletes {
				t.Errorf("%s can delete", tool.Name)
			}
			reads = reads && op.Effect == ops.Reads
		}
		if tool.Annotations.ReadOnlyHint != reads {
			t.Errorf("%s: readOnlyHint is %t", tool.Name, !reads)
		}
		if !reads && (tool.Annotations.DestructiveHint == nil || *tool.Annotations.DestructiveHint) {
			t.Errorf("%s is said to destroy", tool.Name)
		}
		if len(tool.Description) == 0 || len(tool.Description) > 200 {
			t.Errorf("%s is described in %d characters", tool.Name, len(tool.Description))
		}
		schema := tool.InputSchema.(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if properties[name.(string)] == nil {
				t.Errorf("%s needs %s, which it does not list", tool.Name, name)
			}
		}
		for name, p := range properties {
			if p == nil {
				t.Errorf("%s lists %s without a schema", tool.Name, name)
			}
		}
	}
}

// An argument that does not exist is answered with those that do, the
// nearest first, and what is nearly right is taken.
func TestForgiving(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, options(db))
		text, isError := call(t, s, "note", map[string]any{"key": "T-E01-F01-001", "bodi": "x"})
		if !isError || !strings.HasPrefix(text, "usage unknown_argument: ") || !strings.Contains(text, "did you mean body?") {
			t.Errorf("an unknown argument is answered with %q", text)
		}
		if text, isError := call(t, s, "note", map[string]any{"key": "T-E01-F01-001", "evidence": "x"}); !isError || !strings.Contains(text, "use one of ") {
			t.Errorf("an argument that is like none is answered with %q", text)
		}
		for tool, args := range map[string]map[string]any{
			"create_task": {"feature": "e01-f01", "title": "Third", "priority": "3", "depends_on": "T-E01-F01-001"},
			"task_status": {"verb": "START", "keys": "T-E01-F01-001"},
			"list":        {"limit": "1", "mine": "true"},
			"update":      {"key": "E01", "priority": "high"},
			"show":        {"key": "t-e01-f01-001", "context": "true"},
		} {
			if text, isError := call(t, s, tool, args); isError {
				t.Errorf("%s of %v: %s", tool, args, text)
			}
		}
		for _, args := range []map[string]any{{"status": "in_review"}, {"verb": "approved"}, {"verb": "cancelled", "keys": "T-E01-F01-002"}} {
			if args["keys"] == nil {
				args["keys"] = "T-E01-F01-001"
			}
			text, isError := call(t, s, "task_status", args)
			if isError != (args["verb"] == "approved") {
				t.Errorf("task_status of %v: %s", args, text)
			}
		}
		if text, isError := call(t, s, "update", map[string]any{"keys": "T-E01-F01-001", "status": "done"}); !isError || !strings.HasSuffix(text, "hint: call task_status with verb complete and keys T-E01-F01-001") {
			t.Errorf("a status for update is answered with %q", text)
		}
		if text, isError := call(t, s, "create_task", map[string]any{"feature": "E01-F01", "titel": "x"}); !isError || !strings.HasSuffix(text, "hint: did you mean title?") {
			t.Errorf("a mistyped argument is answered with %q", text)
		}
		if text, isError := call(t, s, "update", map[string]any{"keys": "T-E01-F01-001", "check": []string{"tested"}}); !isError || !strings.Contains(text, `invalid check ["tested"]`) {
			t.Errorf("a text in the place of a number is answered with %q", text)
		}
		for want, args := range map[string]map[string]any{" links=relates:T-E01-F01-001": {"links": "T-E01-F01-001"}, " labels=ui": {"labels": "ui"}} {
			args["keys"] = "T-E01-F01-002"
			if text, _ := call(t, s, "update", args); !strings.HasPrefix(text, "T-E01-F01-002 ") || !strings.Contains(text, want) {
				t.Errorf("update of %v is answered with %q", args, text)
			}
		}
		if _, err := s.CallTool(t.Context(), &mcp.CallToolParams{Name: "search"}); err == nil || !strings.Contains(err.Error(), "the tools are create_parent, ") {
			t.Errorf("an unknown tool is answered with %v", err)
		}
		if text, isError := call(t, s, "task_status", map[string]any{"verb": "destroy", "keys": []string{"T-E01-F01-001"}}); !isError || !strings.Contains(text, "claim, renew") {
			t.Errorf("an unknown verb is answered with %q", text)
		}
		for _, args := range []map[string]any{{"key": map[string]any{"a": 1}}, {"key": []string{"E01", "E02"}}, {}, {"key": nil}} {
			if text, isError := call(t, s, "show", args); !isError || !strings.HasPrefix(text, "usage") {
				t.Errorf("show of %v: %q", args, text)
			}
		}
	})
}

// An answer as of a moment ends with a line if the trash was emptied since.
func TestAnswersSayThatTheTrashWasEmptied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tr := plant(t, db)
		ctx := plan.WithActor(t.Context(), plan.Actor{Name: "ann", Surface: "cli"})
		then := ""
		if _, err := tr.CreateEpic(tracker.WithOperation(ctx, &then), tracker.CreateEpic{Title: "Gone soon"}); err != nil {
			t.Fatal(err)
		}
		s := connect(t, stranger(db))
		calls := []struct {
			tool string
			args map[string]any
		}{{"list", map[string]any{"as_of": then}}, {"list", map[string]any{"as_of": then, "limit": 0}}, {"show", map[string]any{"as_of": then, "key": "T-E01-F01-001"}},
			{"tree", map[string]any{"as_of": then}}, {"log", map[string]any{"as_of": then}}, {"project_status", map[string]any{"as_of": then}},
			{"project_status", map[string]any{"about": "diff", "from": then}}, {"project_status", map[string]any{"about": "report", "since": then}}}
		const want = "\nwarning: the trash was emptied on 20"
		for _, c := range calls {
			if text := must(t, s, c.tool, c.args); strings.Contains(text, "warning") {
				t.Errorf("%s %v: %q", c.tool, c.args, text)
			}
		}
		if _, err := tr.Delete(ctx, tracker.Delete{Key: "E02"}); err != nil {
			t.Fatal(err)
		}
		if _, err := tr.EmptyTrash(ctx, tracker.EmptyTrash{}); err != nil {
			t.Fatal(err)
		}
		for _, c := range calls {
			if text := must(t, s, c.tool, c.args); strings.Count(text, want) != 1 || strings.Contains(text, "()") {
				t.Errorf("%s %v: %q", c.tool, c.args, text)
			}
		}
	})
}

func TestLongAnswersAreCut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		plant(t, db)
		s := connect(t, options(db))
		tasks := slices.Repeat([]map[string]any{{"feature": "E01-F01", "title": strings.Repeat("long ", 90)}}, 200)
		if text, isError := call(t, s, "create_task", map[string]any{"tasks": tasks}); isError {
			t.Fatal(text)
		}
		text, isError := call(t, s, "list", map[string]any{"limit": 200})
		if isError || len(text) > 25<<10 || !strings.Contains(text, "more lines: narrow it") {
			t.Errorf("200 long lines are answered with %d bytes: …%s", len(text), text[max(0, len(text)-80):])
		}
	})
}
