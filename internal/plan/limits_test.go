package plan_test

import (
	"strings"
	"testing"

	"pm/internal/plan"
)

func TestLimits(t *testing.T) {
	name := func(s string) error { return plan.CheckName("agent type", s) }
	text := func(s string) error { return plan.CheckText("note", s) }
	for _, c := range []struct {
		what  string
		check func(string) error
		in    string
		want  string // what the refusal says; empty: allowed
	}{
		{"title of one character", plan.CheckTitle, "x", ""},
		{"title of 500 characters", plan.CheckTitle, strings.Repeat("ü", 500), ""},
		{"title of 501 characters", plan.CheckTitle, strings.Repeat("ü", 501), "title is too long: 501 characters (maximum 500)"},
		{"empty title", plan.CheckTitle, "", "title is empty"},
		{"title of spaces", plan.CheckTitle, " \u00a0 ", "title is empty"},
		{"title of two lines", plan.CheckTitle, "a\nb", "title contains the control character U+000A"},
		{"title with an escape", plan.CheckTitle, "a\x1b]52;c;\a", "title contains the control character U+001B"},
		{"title with a tab", plan.CheckTitle, "a\tb", "title contains the control character U+0009"},
		{"title with a C1 control", plan.CheckTitle, "a\u0085b", "title contains the control character U+0085"},
		{"title with a line separator", plan.CheckTitle, "a\u2028b", "title contains the control character U+2028"},
		{"title that is not UTF-8", plan.CheckTitle, "a\xff", "title is not valid UTF-8"},
		{"text of lines", text, "a\n\tb\r\n", ""},
		{"empty text", text, "", ""},
		{"text of 1 MiB", text, strings.Repeat("x", plan.MaxText), ""},
		{"text over 1 MiB", text, strings.Repeat("x", plan.MaxText+1), "note is too long: 1048577 bytes (maximum 1048576)"},
		{"text with a zero byte", text, "a\x00b", "note contains a NUL byte"},
		{"text that is not UTF-8", text, "\xc3\x28", "note is not valid UTF-8"},
		{"no name", name, "", ""},
		{"name of 64 characters", name, strings.Repeat("日", 64), ""},
		{"name of 65 characters", name, strings.Repeat("日", 65), "agent type is too long: 65 characters (maximum 64)"},
		{"name with a control character", name, "a\rb", "agent type contains the control character U+000D"},
		{"path of 4096 characters", plan.CheckPath, strings.Repeat("p", 4096), ""},
		{"path of 4097 characters", plan.CheckPath, strings.Repeat("p", 4097), "file path is too long: 4097 characters (maximum 4096)"},
	} {
		err := c.check(c.in)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.what, err)
			}
			continue
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
			continue
		}
		if d := plan.Describe(err); d.Kind != plan.Invalid || !strings.HasPrefix(d.Code, "bad_") || strings.Contains(d.Code, " ") || d.Hint == "" {
			t.Errorf("%s: kind %s, code %s, hint %q", c.what, d.Kind, d.Code, d.Hint)
		}
	}
}

func TestPriorities(t *testing.T) {
	for n := -1; n <= 12; n++ {
		err := plan.CheckPriority(n)
		if ok := 1 <= n && n <= 10; ok != (err == nil) {
			t.Errorf("priority %d: %v", n, err)
		}
		if err != nil && plan.Describe(err).Code != "bad_priority" {
			t.Errorf("priority %d has the code %s", n, plan.Describe(err).Code)
		}
	}
}
