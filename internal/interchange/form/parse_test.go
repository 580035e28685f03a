package form

import (
	"slices"
	"strings"
	"testing"
)

// TestCommasAtTheEnd: a comma that nothing follows is passed over, and told.
func TestCommasAtTheEnd(t *testing.T) {
	for text, line := range map[string]int{`{"a":[1,2,]}`: 1, "{\n\"a\": 1,\n}": 2, "[1,\n2\n,\n]": 3, `{"a":[1,2]}`: 0, `[]`: 0} {
		v, comma, err := parseJSON([]byte(text), 1, &words{}, nil)
		if err != nil || v == nil || comma != line {
			t.Errorf("%s: %v, line %d", text, err, comma)
		}
	}
	for _, text := range []string{`[,]`, `{,}`, `[1,,2]`, `[1 2]`} {
		if _, _, err := parseJSON([]byte(text), 1, &words{}, nil); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}

// TestMending: of a file that is one value, the records come in that are JSON, and
// the others are told with their lines.
func TestMending(t *testing.T) {
	for _, c := range []struct {
		text  string
		ids   string
		lines []int
	}{
		{"{\"a\":[\n{\"id\":1},\n{\"id\":2 \"x\":3},\n{\"id\":3}]}", "1 3", []int{3}},
		{"{\"a\":[\n{\"id\":1},\n{\"id\":2,\n\"c\":[\"x\" \"y, ]\"]},\n{\"id\":3}]}", "1 3", []int{4}},
		{"{\"a\":[\n{\"id\":1},\n{\"id\":2", "1", []int{3}},
		{"{\"a\":[{\"id\":1} {\"id\":2}, {\"id\":3}]}", "3", []int{1}},
		{"{\"a\":[\n{\"id\":1},\n{\"id\":2,\n\"c\":[{\"y\" 1},{\"z\":1}] 3},\n{\"id\":3}]}", "1 3", []int{4}},
		{"{\"a\":[1 2]}", "", nil},
		{"{\"a\":", "", nil},
		{"{\"a\":[{\"id\":1}]}}", "", nil},
	} {
		v, bad := mend([]byte(c.text), &words{}, nil)
		var ids []string
		for _, one := range v.Get("a").Items() {
			ids = append(ids, one.Str("id"))
		}
		var lines []int
		for _, b := range bad {
			lines = append(lines, b.Line)
		}
		if strings.Join(ids, " ") != c.ids || !slices.Equal(lines, c.lines) {
			t.Errorf("%s: %q, lines %v", c.text, ids, lines)
		}
	}
}
