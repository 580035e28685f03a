package form

import (
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
