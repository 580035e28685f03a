package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// crowd makes a plan of 10,000 tasks, with titles, labels, names and reasons of all
// kinds: what is there to see when a hundred agents have worked for a while.
func crowd(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	titles := []string{"Refuse expired cards with a reason that a customer understands", "支払い画面のエラー文を直す", "إرسال الإيصال بالبريد الإلكتروني إلى العميل بعد الدفع",
		"Round amounts the way the bank does", "在付款页面上显示错误信息，并且不要丢失客户已经输入的内容", "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen polieren", "x",
		"Check digit, network and length in one pass, and say which of the three was wrong, so that nobody has to guess; also for cards that were saved before", "תיקון הודעות השגיאה במסך התשלום"}
	labels := make([]string, 40)
	for i := range labels {
		labels[i] = fmt.Sprintf("%s-%02d", []string{"checkout", "mail", "i18n", "标签", "وسم", "a-label-that-is-longer-than-most"}[i%6], i)
	}
	const epics, features, each = 10, 10, 100
	at := func(n int) (feature, key string) {
		feature = fmt.Sprintf("E%02d-F%02d", 1+n/(features*each), 1+n/each%features)
		return feature, fmt.Sprintf("T-%s-%03d", feature, 1+n%each)
	}
	for e := range epics {
		s.do(t, "lead", "epic create", `{"title":`+quoted(titles[e%len(titles)])+`}`)
		for f := range features {
			s.do(t, "lead", "feature create", `{"epic":"`+fmt.Sprintf("E%02d", e+1)+`","title":`+quoted(titles[(e+f)%len(titles)])+`}`)
			var tasks []map[string]any
			for i := range each {
				n := (e*features+f)*each + i
				feature, _ := at(n)
				one := map[string]any{"feature": feature, "title": fmt.Sprintf("%s %d", titles[n%len(titles)], n), "priority": 1 + n*7%10}
				if n%3 == 0 {
					one["labels"] = labels[n%37 : n%37+1+n%3]
				}
				if n%997 == 0 {
					one["labels"] = labels
				}
				if n%11 == 0 {
					one["due"] = fmt.Sprintf("%+dd", n%40-10)
				}
				if n%5 == 0 {
					one["checks"] = []string{"a", "b", "c"}[:1+n%3]
				}
				if n%13 == 0 && i > 0 {
					_, one["depends_on"] = at(n - 1)
					one["depends_on"] = []any{one["depends_on"]}
				}
				tasks = append(tasks, one)
			}
			b, err := json.Marshal(map[string]any{"tasks": tasks})
			if err != nil {
				t.Fatal(err)
			}
			s.do(t, "lead", "task create-many", string(b))
		}
	}
	agents := []string{"ada", "bob", "backend-agent-12", "frontend-agent-3", "claude-code@ci-runner-17.internal", "דנה", "小林"}
	held := map[string][]string{}
	for n := 1; n < epics*features*each; n++ {
		if n%13 != 0 && n%3 == 1 {
			_, key := at(n)
			held[agents[n%len(agents)]] = append(held[agents[n%len(agents)]], quoted(key))
		}
	}
	for agent, keys := range held {
		all := func(verb string, keys []string, more string) {
			for len(keys) > 0 {
				n := min(100, len(keys))
				s.do(t, agent, "task "+verb, `{"keys":[`+strings.Join(keys[:n], ",")+`]`+more+`}`)
				keys = keys[n:]
			}
		}
		all("claim", keys, "")
		q := len(keys) / 8
		all("complete", keys[:5*q], "")
		all("submit", keys[5*q:6*q], "")
		all("block", keys[6*q:7*q], `,"reason":"the carrier has not answered, and nobody knows who is to be asked instead"`)
	}
	return s
}
