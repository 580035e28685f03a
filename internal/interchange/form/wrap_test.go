package form

import (
	"slices"
	"strings"
	"testing"
)

// TestTitlesOverSeveralLines: the text of a box is a whole sentence where an editor
// broke its line, and nothing more.
func TestTitlesOverSeveralLines(t *testing.T) {
	long := "Charge the card of everybody who has ordered something and"
	for _, c := range []struct{ page, text, body string }{
		{"- [ ] " + long + "\n  has not paid", long + " has not paid", ""},
		{"- [ ] " + long + "\nhas not paid", long + " has not paid", ""},
		{"- [ ] " + long + "\n  has not paid for\n  Two weeks.\n  Then close it", long + " has not paid for", "Two weeks.\nThen close it"},
		{"1. [ ] Short,\n   and going on", "Short, and going on", ""},
		{"- [ ] Charge the card of everybody who has ordered something from us\n  Not paid yet", "Charge the card of everybody who has ordered something from us Not paid yet", ""},
		{"- [ ] Charge the card\n  Details of it", "Charge the card", "Details of it"},
		{"- [ ] Charge the card.\n  details of it", "Charge the card.", "details of it"},
		{"- [ ] **Charge the card**\n  as the form says", "**Charge the card**", "as the form says"},
		{"- [ ] Charge the card\n  files: a.go", "Charge the card", "files: a.go"},
		{"- [ ] Charge the card\n  - a detail", "Charge the card", "- a detail"},
		{"- [ ] Charge the card\n  _Requirements: 1.1_", "Charge the card", "_Requirements: 1.1_"},
		{"- [ ] Charge the card\n\n  behind an empty line", "Charge the card", "behind an empty line"},
		{"- [ ] Charge the card\n  ```\n  code\n  ```", "Charge the card", "```\ncode\n```"},
		{"- [ ] 支持通过银行卡和信用卡进行支付并且在支付失败之后自动重新尝试三次直到\n  成功为止", "支持通过银行卡和信用卡进行支付并且在支付失败之后自动重新尝试三次直到成功为止", ""},
		{"- [ ] Charge the card\n  - [ ] a part\n  behind the part", "Charge the card", "behind the part"},
	} {
		b := ReadPage(strings.Split(c.page, "\n"), 1).Boxes[0]
		if b.Text != c.text || b.Details() != c.body {
			t.Errorf("%q is %q, %q", c.page, b.Text, b.Details())
		}
	}
}

// TestCommasAtTheEnd: a comma that nothing follows is passed over, and told.
func TestCommasAtTheEnd(t *testing.T) {
	for text, line := range map[string]int{`{"a":[1,2,]}`: 1, "{\n\"a\": 1,\n}": 2, "[1,\n2\n,\n]": 3, `{"a":[1,2]}`: 0, `[]`: 0} {
		v, comma, err := parseJSON([]byte(text), 1, &words{})
		if err != nil || v == nil || comma != line {
			t.Errorf("%s: %v, line %d", text, err, comma)
		}
	}
	for _, text := range []string{`[,]`, `{,}`, `[1,,2]`, `[1 2]`} {
		if _, _, err := parseJSON([]byte(text), 1, &words{}); err == nil {
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
		{"{\"a\":[1 2]}", "", nil},
		{"{\"a\":", "", nil},
		{"{\"a\":[{\"id\":1}]}}", "", nil},
	} {
		v, bad := mend([]byte(c.text), &words{})
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
