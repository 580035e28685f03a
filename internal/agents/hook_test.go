package agents

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
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

// commented are settings with comments and commas behind the last item, as
// several tools take them.
var commented = []string{
	"// x\n{}", "{} // x", "\ufeff{}", "{ /* nothing yet */ }", "{ // nothing yet\n}\n", "/* a */ {\n  // b\n}\n",
	"{\n  // the model\n  \"model\": \"x\" // the best\n}\n",
	"{\n  \"model\": \"x\", // the best\n}\n", "{\n  \"model\": \"x\",\n  // no hooks yet\n}\n", "{\"a\": 1, /* b */ \"c\": [1, 2,],}",
	"{\r\n  // a\r\n  \"model\": \"x\" /* b */ // c\r\n}\r\n",
	"{\n  \"hooks\": {\n    // ours\n    \"Stop\": [ /* none */ ]\n  } /* end */\n}\n",
	"{\n  \"hooks\": {\n    \"SessionStart\": [\n      // first\n      {\"hooks\": []}, // second\n    ],\n  },\n}\n",
	"{\"hooks\": {\"SessionStart\": [{\"hooks\": []} /* a, b */]}, \"url\": \"http://x // y\"}",
}

// allIn puts every hook of a tool in, one after the other, and allOut takes them
// out as Remove does.
func (f hookForm) allIn(text string) (_ string, err error) {
	for _, e := range f.events {
		if text, err = f.add(e, text); err != nil {
			return text, err
		}
	}
	return text, nil
}

func (f hookForm) allOut(text string) (_ string, err error) {
	for _, e := range slices.Backward(f.events) {
		if text, err = f.take(e, text); err != nil {
			return text, err
		}
	}
	return text, nil
}

func TestHooksGoInAndOutWithoutATrace(t *testing.T) {
	for _, f := range hookForms() {
		for _, before := range append(commented, settings...) {
			before = strings.ReplaceAll(before, "SessionStart", f.events[0].name)
			in, err := f.allIn(before)
			if err != nil {
				t.Fatalf("%s: %q: %v", f.tool, before, err)
			}
			for _, e := range f.events {
				if at, err := f.find(e, in); err != nil || len(at.ours) != 1 {
					t.Fatalf("%s: %q became %q: %v", f.tool, before, in, err)
				}
			}
			if again, err := f.allIn(in); again != in || err != nil {
				t.Errorf("%s: a second time changes %q to %q (%v)", f.tool, in, again, err)
			}
			if out, err := f.allOut(in); out != before || err != nil {
				t.Errorf("%s: %q is %q after %q (%v)", f.tool, before, out, in, err)
			}
			if got, want := comments(in), comments(before); got != want {
				t.Errorf("%s: %q has the comments %s", f.tool, in, got)
			}
			if got, want := f.rest(t, in), f.rest(t, before); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: beside the hooks %v became %v", f.tool, want, got)
			}
		}
	}
}

// rest is what settings say beside our hooks.
func (f hookForm) rest(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(bare(text)), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	hooks, _ := v["hooks"].(map[string]any)
	for _, e := range f.events {
		events, _ := hooks[e.name].([]any)
		var others []any
		for _, one := range events {
			if !strings.Contains(fmt.Sprint(one), e.command) {
				others = append(others, one)
			}
		}
		delete(hooks, e.name)
		if len(others) > 0 {
			hooks[e.name] = others
		}
	}
	if len(hooks) == 0 {
		delete(v, "hooks")
	}
	return v
}

// claudeStart is the hook that pm has put in since it has hooks.
func claudeStart() (hookForm, hookEvent) {
	f := hookForms()[0]
	return f, f.events[0]
}

func addHook(text string) (string, error)  { f, e := claudeStart(); return f.add(e, text) }
func takeHook(text string) (string, error) { f, e := claudeStart(); return f.take(e, text) }
func hookDocument() string                 { f, e := claudeStart(); return f.document(e) }

// What older versions wrote is found, and taken out, byte for byte.
func TestTheFormsOfAHookStayAsTheyWere(t *testing.T) {
	for before, want := range map[string]string{
		"{}":                            `{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "pm prime --hook-json"}]}]}}`,
		`{"hooks":{}}`:                  `{"hooks":{"SessionStart":[{"hooks":[{"type":"command","command":"pm prime --hook-json"}]}]}}`,
		`{"hooks":{"SessionStart":[]}}`: `{"hooks":{"SessionStart":[{"hooks":[{"command":"pm prime --hook-json","type":"command"}]}]}}`,
	} {
		if in, err := addHook(before); in != want || err != nil {
			t.Errorf("%s became %s (%v)", before, in, err)
		}
	}
}

var (
	pieces   = regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/|[^"/]+|.`)
	trailing = regexp.MustCompile(`,\s*[\]}]`)
)

// comments returns the comments of a text, and bare what is left without them
// and without commas behind the last item, for package json.
func comments(text string) (all string) {
	for _, piece := range pieces.FindAllString(text, -1) {
		if piece[0] == '/' {
			all += strings.TrimSuffix(piece, "\r") + "\n"
		}
	}
	return all
}

func bare(text string) (out string) {
	for _, piece := range pieces.FindAllString(strings.TrimPrefix(text, bom), -1) {
		if piece[0] != '/' {
			out += piece
		}
	}
	return trailing.ReplaceAllStringFunc(out, func(s string) string { return s[1:] })
}

// A line comment stays with what it is about.
func TestACommentStaysWithItsLine(t *testing.T) {
	in, err := addHook("{\n  \"model\": \"x\" // the best\n}\n")
	if err != nil || !strings.HasPrefix(in, "{\n  \"model\": \"x\", // the best\n  \"hooks\": {\n") || !strings.HasSuffix(in, "\n  }\n}\n") {
		t.Errorf("it became\n%s (%v)", in, err)
	}
}

func TestAHookIsTakenOutOfWhatSomebodyChangedSince(t *testing.T) {
	in := strings.Replace(hookDocument(), "  \"hooks\"", "  \"model\": \"x\",\n  \"hooks\"", 1)
	out, err := takeHook(in)
	if err != nil || out != "{\n  \"model\": \"x\"\n}\n" {
		t.Errorf("left %q (%v)", out, err)
	}
	in = strings.Replace(hookDocument(), "SessionStart\": [", "Stop\": [],\n    \"SessionStart\": [", 1)
	out, err = takeHook(in)
	if err != nil || out != "{\n  \"hooks\": {\n    \"Stop\": []\n  }\n}\n" {
		t.Errorf("left %q (%v)", out, err)
	}
}

func TestSettingsThatAreNoneAreLeftAlone(t *testing.T) {
	for _, text := range []string{"", "[]", "{", `{"a":1}{}`, `{"hooks":1}`, `{"hooks":{"SessionStart":{}}}`, `{"hooks":{},"hooks":{}}`, "/* x", "{} x", `{"a" 1}`, `{1: 2}`, `{"a":}`, `[1 2]`, `{"a":1 /* x }`, "{,}", `{"a":1,,}`, `{"a":"` + "\x01" + `"}`, strings.Repeat("[", 5000)} {
		if out, err := addHook(text); err == nil {
			t.Errorf("%q became %q", text, out)
		}
	}
}

func FuzzHook(f *testing.F) {
	for _, s := range append(commented, settings...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, before string) {
		for _, f := range hookForms() {
			in, err := f.allIn(before)
			if err != nil || in == before || slices.ContainsFunc(f.events, func(e hookEvent) bool { at, _ := f.find(e, before); return len(at.ours) > 0 }) {
				continue
			}
			if !json.Valid([]byte(bare(in))) || comments(in) != comments(before) {
				t.Fatalf("%q became %q", before, in)
			}
			if out, err := f.allOut(in); out != before || err != nil {
				t.Errorf("%q is %q after %q (%v)", before, out, in, err)
			}
		}
	})
}
