package plan_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"pm/internal/plan"
)

// Every character comes back as it was, and none that steers a terminal or
// reorders text is left raw: JSON's grammar allows DEL, C1 and bidi controls.
func TestJSONEscapesEveryControl(t *testing.T) {
	for r := range rune(0x20000) {
		if r >= 0xd800 && r < 0xe000 {
			continue // surrogates are no characters
		}
		in := map[string]string{"a" + string(r): "b" + string(r) + "c"}
		b, err := plan.JSON(in)
		if err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(string(b), func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }); i >= 0 {
			t.Fatalf("%U is raw in %q", r, b)
		}
		var out map[string]string
		if err := json.Unmarshal(b, &out); err != nil || out["a"+string(r)] != "b"+string(r)+"c" {
			t.Fatalf("%U comes back as %q (%v)", r, out, err)
		}
	}
}

func TestEscapeJSON(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		`{"a":"é漢👩🏽"}`:          `{"a":"é漢👩🏽"}`,
		"\"\x7f\"":              `"\u007f"`,
		"\"a\u0085b\u009b2Jc\"": `"a\u0085b\u009b2Jc"`,
		"[\"\u202egnp.exe\u2066\",\"\u200f\u061c\"]": `["\u202egnp.exe\u2066","\u200f\u061c"]`,
		"\"a\x9b2J\xff\"":        `"a\ufffd2J\ufffd"`,
		"\"\u00a0\ufffd\u200d\"": "\"\u00a0\ufffd\u200d\"",
	} {
		if got := string(plan.EscapeJSON([]byte(in))); got != want {
			t.Errorf("EscapeJSON(%+q) = %+q, want %+q", in, got, want)
		}
	}
	plain := []byte(`{"title":"naïve 漢字"}`)
	if n := testing.AllocsPerRun(100, func() { plan.EscapeJSON(plain) }); n != 0 {
		t.Errorf("JSON with nothing to escape costs %v allocations", n)
	}
}
