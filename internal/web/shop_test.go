package web_test

import (
	"fmt"
	"strings"
	"testing"
)

// shop makes the plan of an online shop, as the documents show it.
func shop(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	for _, title := range []string{"Payments", "Receipts", "Returns"} {
		s.do(t, "lead", "epic create", `{"title":"`+title+`"}`)
	}
	for _, f := range [][2]string{{"E01", "Card payments"}, {"E01", "Bank sandbox"}, {"E02", "Receipts by mail"}, {"E03", "Labels and refunds"}} {
		s.do(t, "lead", "feature create", `{"epic":"`+f[0]+`","title":"`+f[1]+`"}`)
	}
	s.do(t, "lead", "task create-many", `{"tasks":[
		{"feature":"E01-F01","title":"Refuse expired cards with a reason that a customer understands","priority":1,"labels":["checkout"],"due":"+3d","agent_type":"backend",
			"description":"The bank refuses about two of a hundred cards today, and each refusal costs a fee. Check the **date** before the bank is asked, and say so beside the field.",
			"checks":["the form shows the reason beside the field","no request leaves for an expired card","cases in testdata pass"]},
		{"feature":"E01-F01","title":"Check digit, network and length in one pass","priority":1,"labels":["checkout"],"checks":["digits","networks","lengths"]},
		{"feature":"E01-F01","title":"Never log a card number","priority":2,"checks":["form","bank","mail","errors","traces"]},
		{"feature":"E01-F01","title":"Show the reason beside the field","priority":2,"labels":["checkout"],"checks":["text","place","screen reader"]},
		{"feature":"E01-F01","title":"Round amounts the way the bank does","priority":4},
		{"feature":"E01-F01","title":"支払い画面のエラー文を直す","priority":5,"checks":["文","訳"]},
		{"feature":"E01-F01","title":"Collect the rules of the card networks","priority":1,"checks":["a","b","c"]},
		{"feature":"E01-F01","title":"Test cards in testdata/cards","priority":3},
		{"feature":"E01-F02","title":"Talk to the bank's sandbox","priority":3},
		{"feature":"E01-F02","title":"Refunds to the card that paid","priority":2,"kind":"bug"},
		{"feature":"E01-F02","title":"Retry the bank after a timeout, at most three times","priority":2,"depends_on":["T-E01-F02-001","T-E01-F01-002"]},
		{"feature":"E02-F01","title":"Mail the receipt in the customer's language","priority":4,"labels":["mail"],"due":"yesterday"},
		{"feature":"E02-F01","title":"A worker that sends mail and survives a crash","priority":3,"labels":["mail","worker","i18n"]},
		{"feature":"E02-F01","title":"Number receipts without gaps","priority":3,"checks":["one","two"]},
		{"feature":"E02-F01","title":"Keep receipts for ten years","priority":7},
		{"feature":"E02-F01","title":"Template of the receipt","priority":6},
		{"feature":"E02-F01","title":"إرسال الإيصال بالبريد الإلكتروني إلى العميل بعد الدفع","priority":6},
		{"feature":"E03-F01","title":"Decide who pays for a return","priority":6,"assignee":"lena"},
		{"feature":"E03-F01","title":"Print a return label","priority":5}]}`)
	for _, c := range [][2]string{{"T-E01-F01-002", "ada"}, {"T-E01-F01-003", "bob"}, {"T-E01-F01-004", "ada"}, {"T-E01-F01-007", "ada"}, {"T-E01-F01-008", "bob"},
		{"T-E01-F02-001", "dia"}, {"T-E01-F02-002", "dia"}, {"T-E02-F01-002", "cyd"}, {"T-E02-F01-003", "eve"}} {
		s.do(t, c[1], "task claim", `{"keys":["`+c[0]+`"]}`)
	}
	s.do(t, "finn", "task claim", `{"keys":["T-E02-F01-004"],"lease":"4m"}`)
	s.do(t, "ada", "check tick", `{"key":"T-E01-F01-002","n":[1,2]}`)
	s.do(t, "ada", "check tick", `{"key":"T-E01-F01-004","n":[1,2,3]}`)
	s.do(t, "ada", "task submit", `{"keys":["T-E01-F01-004"]}`)
	s.do(t, "eve", "task submit", `{"keys":["T-E02-F01-003"]}`)
	s.do(t, "ada", "task complete", `{"keys":["T-E01-F01-007"]}`)
	s.do(t, "bob", "task complete", `{"keys":["T-E01-F01-008"]}`)
	s.do(t, "dia", "task block", `{"keys":["T-E01-F02-002"],"reason":"no access to the refund API"}`)
	s.do(t, "lead", "task block", `{"keys":["T-E03-F01-002"],"reason":"the carrier has not answered"}`)
	s.do(t, "ada", "note add", `{"key":"T-E01-F01-001","body":"the rules are in **testdata/rules.md**","kind":"decision"}`)
	s.do(t, "lead", "task update", `{"keys":["T-E01-F01-001"],"priority":2}`)
	s.do(t, "ada", "question ask", `{"key":"T-E01-F01-001","body":"The month a card expires in still counts, doesn't it?","choices":["Yes","No"]}`)
	s.do(t, "lead", "feature create", `{"epic":"E03","title":"Gift cards"}`)
	s.do(t, "lead", "task create-many", `{"tasks":[{"feature":"E03-F02","title":"Print a gift card"},{"feature":"E03-F02","title":"Pay with two cards"}]}`)
	s.do(t, "lena", "item delete", `{"key":"E03-F02"}`)
	s.do(t, "ada", "task update", `{"keys":["T-E01-F01-005"],"priority":9}`)
	s.do(t, "ada", "plan undo", `{}`)
	s.do(t, "lead", "task update", `{"keys":["T-E02-F01-005"],"title":"Template of the receipt and the refund","priority":7,"estimate":"3"}`)
	return s
}

// odd makes a plan of long and foreign titles and of many labels.
func odd(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.do(t, "lead", "epic create", `{"title":"إدارة المدفوعات والفواتير والإيصالات لجميع العملاء في المنطقة"}`)
	s.do(t, "lead", "feature create", `{"epic":"E01","title":"一个非常长的功能名称，用来检查标题在很窄的屏幕上是否仍然可以阅读并且不会破坏布局"}`)
	labels := make([]string, 40)
	for i := range labels {
		labels[i] = fmt.Sprintf(`"label-%02d-of-many"`, i+1)
	}
	s.do(t, "lead", "task create", `{"feature":"E01-F01","title":"`+strings.Repeat("A title that does not end where a title should end, ", 6)+`","labels":[`+strings.Join(labels, ",")+`],"description":"`+strings.Repeat("unbreakable", 30)+`"}`)
	for _, title := range []string{strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitän", 4), "إرسال الإيصال بالبريد الإلكتروني إلى العميل بعد الدفع", "在付款页面上显示错误信息，并且不要丢失客户已经输入的内容", "x", "👩‍👩‍👧‍👦 🏳️‍🌈 emoji and `code`"} {
		s.do(t, "lead", "task create", `{"feature":"E01-F01","title":"`+title+`","labels":["标签","وسم"]}`)
	}
	s.do(t, "an-agent-with-a-name-that-is-much-too-long-for-a-card", "task claim", `{"keys":["T-E01-F01-002"]}`)
	s.do(t, "lead", "task block", `{"keys":["T-E01-F01-003"],"reason":"`+strings.Repeat("a reason that goes on and on, ", 8)+`"}`)
	return s
}
