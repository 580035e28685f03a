package render

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pm/internal/cli/term"
	"pm/internal/interchange"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// answers returns an empty answer of every type that a command has.
func answers() map[string]any {
	out := map[string]any{}
	for _, op := range ops.Table() {
		out[op.Output.String()] = reflect.Zero(op.Output).Interface()
	}
	out["imported"] = tracker.Imported{}
	return out
}

func TestEveryAnswerHasText(t *testing.T) {
	if len(answers()) < 15 {
		t.Fatalf("the table has %d answers", len(answers()))
	}
	for name, a := range answers() {
		for _, o := range []Options{terminal(80), pipe(), {}} {
			var b strings.Builder
			if err := Text(&b, o, a); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := Footer(&b, o, a); err != nil {
				t.Errorf("footer of %s: %v", name, err)
			}
		}
		if err := Keys(&strings.Builder{}, a); err != nil {
			t.Errorf("keys of %s: %v", name, err)
		}
	}
}

func TestAnUnknownAnswerIsAnInternalError(t *testing.T) {
	for _, a := range []any{nil, 7, &plan.Task{}, tracker.Page[int]{}} {
		var b strings.Builder
		for _, err := range []error{Text(&b, pipe(), a), Keys(&b, a)} {
			if err == nil || plan.KindOf(err) != plan.Internal {
				t.Errorf("%T: %v", a, err)
			}
		}
		if b.Len() > 0 {
			t.Errorf("%T wrote %q", a, b.String())
		}
	}
}

type broken struct{}

var errBroken = errors.New("broken pipe")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestTheErrorOfTheWriterComesBack(t *testing.T) {
	page := tracker.Page[plan.Task]{Items: []plan.Task{held()}, More: 1}
	for _, err := range []error{Text(broken{}, pipe(), page), Footer(broken{}, pipe(), page), Keys(broken{}, page)} {
		if !errors.Is(err, errBroken) {
			t.Error(err)
		}
	}
	if err := Keys(broken{}, tracker.Changed{}); err != nil {
		t.Error("nothing was to be written, yet:", err)
	}
}

// fill sets every string under v to s, except statuses and the like when
// words is false: then they are some that exist.
func fill(v reflect.Value, s string, words bool) {
	if !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), s, words)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), s, words)
		fill(v.Index(1), s, words)
	case reflect.Map:
		if v.Type() != reflect.TypeFor[plan.Change]() { // such as the fields of the project's own
			v.Set(reflect.MakeMap(v.Type()))
			value := reflect.New(v.Type().Elem()).Elem()
			if fill(value, s, words); value.Kind() == reflect.Interface {
				value.Set(reflect.ValueOf(s))
			}
			v.SetMapIndex(reflect.ValueOf("severity").Convert(v.Type().Key()), value) // which is a checked word
			return
		}
		v.Set(reflect.ValueOf(plan.Change{s: {s, s}, "note": {nil, s}}))
	case reflect.Struct:
		switch v.Addr().Interface().(type) {
		case *time.Time:
			v.Set(reflect.ValueOf(ago(time.Hour)))
			return
		case *plan.Key:
			v.Set(reflect.ValueOf(key("T-E01-F01-001")))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), s, words)
		}
		if name := v.FieldByName("Name"); name.IsValid() && slices.Contains([]string{"CustomField", "SettingValue", "View", "DeletedView", "Stage", "DeletedStage"}, v.Type().Name()) {
			name.SetString("severity") // likewise
		}
	case reflect.String:
		v.SetString(word(v.Type(), s, words))
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	}
}

func word(t reflect.Type, s string, words bool) string {
	switch t {
	case reflect.TypeFor[string]():
		return s
	case reflect.TypeFor[plan.TaskStatus]():
		if !words {
			return string(plan.InProgress)
		}
	case reflect.TypeFor[interchange.Severity]():
		if !words {
			return string(interchange.Failed)
		}
	}
	return s
}

// filled returns every answer with s for each of its texts.
func filled(s string, words bool) map[string]any {
	out := map[string]any{}
	for name, a := range answers() {
		v := reflect.New(reflect.TypeOf(a))
		fill(v.Elem(), s, words)
		out[name] = v.Elem().Interface()
	}
	return out
}

const hostile = "a\x1b[2J\x1b]52;c;ZXZpbA==\x07\u009b6n\x9b\x00\b\r\n\t\x7f\u202eb\u2066\u200b\u2028\ufeff\U000e0041\xff漢字 end"

func TestNoTextSteersATerminal(t *testing.T) {
	paint := regexp.MustCompile("\x1b\\[[0-9]+m") // hostile has none
	colored := terminal(80)
	colored.Out.Color = true
	forced := pipe()
	forced.Out.Color = true
	for _, words := range []bool{false, true} {
		for name, a := range filled(hostile, words) {
			for _, o := range []Options{terminal(80), terminal(20), colored} {
				got := paint.ReplaceAllString(text(t, o, a)+footer(t, o, a), "")
				checkSafe(t, name, got, "\n")
				if got == "" {
					t.Errorf("%s: nothing was written", name)
				}
			}
			for _, o := range []Options{pipe(), forced} {
				checkSafe(t, name+" in a pipe", text(t, o, a)+footer(t, o, a), "\n\t")
			}
		}
	}
}

func checkSafe(t *testing.T, name, got, allowed string) {
	t.Helper()
	if !utf8.ValidString(got) {
		t.Errorf("%s: not UTF-8: %q", name, got)
	}
	for _, r := range got {
		if strings.ContainsRune(allowed, r) {
			continue
		}
		if r < ' ' || r >= 0x7f && r < 0xa0 || strings.ContainsRune("\u202e\u2066\u200b\u2028\ufeff\U000e0041", r) {
			t.Errorf("%s: %U came through: %q", name, r, got)
			return
		}
	}
}

func TestATextInAPipeAddsNeitherLinesNorColumns(t *testing.T) {
	shape := func(s string) string {
		return regexp.MustCompile(`[^\t\n]+`).ReplaceAllString(s, "")
	}
	plain := filled("x", false)
	for name, a := range filled("x\n\ty\r\nz", false) {
		if got, want := shape(text(t, pipe(), a)), shape(text(t, pipe(), plain[name])); got != want {
			t.Errorf("%s: the shape is %q, with plain text %q", name, got, want)
		}
	}
}

func TestNoTextPassesForAField(t *testing.T) {
	for _, s := range []string{"x\nforged: y", "x\r\nforged y", strings.Repeat("forged ", 60), "\nforged"} {
		for name, a := range filled(s, false) {
			for _, o := range []Options{terminal(80), terminal(25)} {
				for _, line := range strings.Split(text(t, o, a), "\n") {
					if strings.HasPrefix(line, "forged") {
						t.Errorf("%s at %d columns: a line begins with %q", name, o.Out.Width, line)
					}
				}
			}
		}
	}
}

func TestLinesFitTheTerminal(t *testing.T) {
	for _, s := range []string{"x", "some words of a title 漢字漢字 and more", strings.Repeat("long", 40)} {
		for name, a := range filled(s, false) {
			for _, width := range []int{20, 40, 59, 79, 80, 200} {
				for _, line := range strings.Split(text(t, terminal(width), a)+footer(t, terminal(width), a), "\n") {
					if term.Width(line) > width && !strings.Contains(line, "pm restore") {
						t.Errorf("%s at %d columns: %q", name, width, line)
					}
				}
			}
			for width := range 20 { // no fit is promised, but no panic either
				text(t, terminal(width), a)
			}
		}
	}
}

// What paints a word must not be cleaned like one: pm doctor once showed
// \x1b[32mok\x1b[0m.
func TestNoColorIsShownAsText(t *testing.T) {
	paint := regexp.MustCompile("\x1b\\[[0-9]+m")
	all := filled("x", false)
	for _, a := range []any{tracker.Diagnosis{}, tracker.Stats{}, tracker.Explanation{}} {
		v := reflect.New(reflect.TypeOf(a))
		fill(v.Elem(), "x", false)
		all[fmt.Sprintf("%T", a)] = v.Elem().Interface()
	}
	for name, a := range all {
		for _, width := range []int{20, 40, 80} {
			plain := terminal(width)
			colored := plain
			colored.Out.Color = true
			if got, want := paint.ReplaceAllString(text(t, colored, a), ""), text(t, plain, a); got != want {
				t.Errorf("%s in colour is\n%s\nnot\n%s", name, got, want)
			}
		}
	}
}

func TestColorIsForTerminals(t *testing.T) {
	for name, a := range filled("x", false) {
		o := pipe()
		o.Out.Color = true
		if got := text(t, o, a); strings.Contains(got, "\x1b") {
			t.Errorf("%s: %q", name, got)
		}
	}
	o := terminal(80)
	o.Out.Color = true
	expect(t, text(t, o, tracker.Changed{Items: []plan.Task{blocked()}}),
		"\x1b[1mT-E01-F01-003\x1b[0m  \x1b[31mblocked\x1b[0m  Refunds\n")
}

func TestFooterSaysHowMuchIsLeft(t *testing.T) {
	for _, test := range []struct {
		more      int
		uncounted bool
		want      string
	}{
		{0, false, ""},
		{132, false, "+132 more: --limit 0 for all\n"},
		{1000, false, "+1,000 more: --limit 0 for all\n"},
		{1000, true, "more than 1,000 more: --limit 0 for all\n"},
	} {
		for _, a := range []any{
			tracker.Page[plan.Task]{More: test.more, Uncounted: test.uncounted},
			tracker.Page[plan.Epic]{More: test.more, Uncounted: test.uncounted},
			tracker.Page[plan.Feature]{More: test.more, Uncounted: test.uncounted},
			tracker.Page[plan.History]{More: test.more, Uncounted: test.uncounted},
		} {
			for _, o := range []Options{terminal(80), pipe()} {
				if got := footer(t, o, a); got != test.want {
					t.Errorf("%T: %q, want %q", a, got, test.want)
				}
			}
		}
	}
	o := terminal(80)
	o.Out.Color = true
	expect(t, footer(t, o, tracker.Page[plan.Task]{More: 1}), "\x1b[2m+1 more: --limit 0 for all\x1b[0m\n")
}

func TestTheLocalZoneIsTheDefault(t *testing.T) {
	p := newPrinter(Options{Now: now})
	if p.now.Location() != time.Local || p.out.Width != 80 {
		t.Errorf("%v, %d columns", p.now.Location(), p.out.Width)
	}
}

func TestEmptyLists(t *testing.T) {
	for _, test := range []struct {
		answer any
		want   string
	}{
		{tracker.Page[plan.Task]{}, "no tasks match\n"},
		{tracker.Page[plan.Epic]{}, "no epics match\n"},
		{tracker.Page[plan.Feature]{}, "no features match\n"},
		{tracker.Page[plan.History]{}, "no changes recorded\n"},
		{tracker.Notes{}, "no notes\n"},
		{tracker.Tree{}, "no epics match\n"},
		{tracker.Dependencies{Task: key("T-E01-F01-001")}, "T-E01-F01-001 has no dependencies, and nothing depends on it\n"},
		{tracker.Status{}, "nothing planned yet: pm epic create TITLE\n"},
		{tracker.Imported{}, "nothing to change\n"},
		{tracker.Changed{}, ""},
	} {
		t.Run(fmt.Sprintf("%T", test.answer), func(t *testing.T) {
			expect(t, text(t, terminal(80), test.answer), test.want)
		})
	}
	for _, a := range []any{tracker.Page[plan.Task]{}, tracker.Page[plan.History]{}, tracker.Notes{}, tracker.Tree{}, tracker.Dependencies{}} {
		if got := text(t, pipe(), a); got != "" {
			t.Errorf("%T in a pipe: %q", a, got)
		}
	}
}
