package agents

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// settings are files as tools and people write them.
var settings = []string{
	`{}`, "{}\n", "{\n}\n", "{ }", "{\"hooks\":{}}", "{\"hooks\": {}}", "{\n  \"hooks\": {\n  }\n}\n",
	`{"hooks":{"SessionStart":[]}}`, `{"hooks": {"SessionStart": []}}`, `{"hooks":{"SessionStart":[ ]}}`,
	`{"model":"x"}`, "{\n  \"model\": \"x\"\n}", "{\n\t\"model\": \"x\",\n\t\"hooks\": {}\n}\n", "{\r\n  \"model\": \"x\"\r\n}\r\n",
	"{\n    \"hooks\": {\n        \"PreToolUse\": [\n            {\"matcher\": \"Bash\", \"hooks\": []}\n        ]\n    },\n    \"last\": [1, 2]\n}\n",
	"{\n  \"hooks\": {\n    \"SessionStart\": [\n      {\n        \"hooks\": [\n          {\n            \"type\": \"command\",\n            \"command\": \"other\"\n          }\n        ]\n      }\n    ]\n  }\n}\n",
	`{"hooks":{"SessionStart":[{"matcher":"startup","hooks":[{"type":"command","command":"a"}]}],"Stop":[]},"x":"\" , : { \\u0041"}`,
}

func TestAHookGoesInAndOutWithoutATrace(t *testing.T) {
	for _, before := range settings {
		in, err := addHook(before)
		if err != nil {
			t.Fatalf("%q: %v", before, err)
		}
		if at, err := findHook(in); err != nil || len(at.ours) != 1 {
			t.Fatalf("%q became %q: %v", before, in, err)
		}
		if again, err := addHook(in); again != in || err != nil {
			t.Errorf("a second time changes %q to %q (%v)", in, again, err)
		}
		if out, err := takeHook(in); out != before || err != nil {
			t.Errorf("%q is %q after %q (%v)", before, out, in, err)
		}
		if got, want := rest(t, in), rest(t, before); !reflect.DeepEqual(got, want) {
			t.Errorf("beside the hook %v became %v", want, got)
		}
	}
}

// rest is what settings say beside our hook.
func rest(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	hooks, _ := v["hooks"].(map[string]any)
	events, _ := hooks[hookEvent].([]any)
	var others []any
	for _, e := range events {
		if !strings.Contains(fmt.Sprint(e), hookCommand) {
			others = append(others, e)
		}
	}
	delete(hooks, hookEvent)
	if len(others) > 0 {
		hooks[hookEvent] = others
	}
	if len(hooks) == 0 {
		delete(v, "hooks")
	}
	return v
}

func TestAHookIsTakenOutOfWhatSomebodyChangedSince(t *testing.T) {
	in := strings.Replace(hookDocument, "  \"hooks\"", "  \"model\": \"x\",\n  \"hooks\"", 1)
	out, err := takeHook(in)
	if err != nil || out != "{\n  \"model\": \"x\"\n}\n" {
		t.Errorf("left %q (%v)", out, err)
	}
	in = strings.Replace(hookDocument, "SessionStart\": [", "Stop\": [],\n    \"SessionStart\": [", 1)
	out, err = takeHook(in)
	if err != nil || out != "{\n  \"hooks\": {\n    \"Stop\": []\n  }\n}\n" {
		t.Errorf("left %q (%v)", out, err)
	}
}

func TestSettingsThatAreNoneAreLeftAlone(t *testing.T) {
	for _, text := range []string{"", "[]", "{", `{"a":1}{}`, `{"hooks":1}`, `{"hooks":{"SessionStart":{}}}`, `{"hooks":{},"hooks":{}}`, "// x\n{}", "\ufeff{}"} {
		if out, err := addHook(text); err == nil {
			t.Errorf("%q became %q", text, out)
		}
	}
}

func FuzzHook(f *testing.F) {
	for _, s := range settings {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, before string) {
		in, err := addHook(before)
		if err != nil || in == before {
			return
		}
		if !json.Valid([]byte(in)) {
			t.Fatalf("%q became %q", before, in)
		}
		if out, err := takeHook(in); out != before || err != nil {
			t.Errorf("%q is %q after %q (%v)", before, out, in, err)
		}
	})
}
