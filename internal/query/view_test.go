package query_test

import (
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/query"
)

// A view stands for its query, in brackets; its order holds where there is no
// other.
func TestViews(t *testing.T) {
	env := query.Env{Now: now, Me: "ada", Views: func() map[string]string {
		return map[string]string{"review": "is:review sort:updated", "either": "type:docs or label:x", "mine": "held-by:me", "both": "@mine @either sort:due",
			"loop": "@loop", "bad": "statsu:todo", "text": "card"}
	}}
	for text, want := range map[string]string{
		"@review":                   "is:review sort:updated",
		"@Review sort:-key":         "is:review sort:-key",
		"@review @both":             "is:review held-by:ada (type:docs or label:x) sort:updated",
		"is:open -@either":          "is:open -type:docs -label:x",
		"(@review or priority:1) x": "x (is:review or priority:1) sort:updated",
		"@both":                     "held-by:ada (type:docs or label:x) sort:due",
		"@text":                     "card",
		`"@review" @ a@b is:open`:   `is:open "@review" @ a@b`,
		"label:@x":                  "label:@x",
	} {
		q, err := env.Parse(text)
		if err != nil || q.String() != want {
			t.Errorf("%q is %q, %v, want %q", text, q, err, want)
		}
	}
	for text, want := range map[string][2]string{
		"x @revew": {`query, column 3: unknown view "@revew"`, "did you mean @review?"},
		"@loop":    {"query, column 1: view @loop: ", "pm view show loop"},
		"@bad":     {`query, column 1: view @bad: query, column 1: unknown field "statsu"`, "pm view show bad"},
	} {
		_, err := env.Parse(text)
		if err == nil {
			t.Errorf("%q is taken for a query", text)
			continue
		}
		if e := plan.Describe(err); e.Code != "bad_query" || !strings.HasPrefix(e.Message, want[0]) || !strings.Contains(e.Hint, want[1]) {
			t.Errorf("%q: %s\nhint: %s", text, e.Message, e.Hint)
		}
	}
	for _, v := range plan.BuiltInViews() {
		q, err := env.Parse(v.Query)
		if name, nameErr := plan.ViewName("@" + v.Name); err != nil || nameErr != nil || name != v.Name || q.Sort == "" {
			t.Errorf("@%s: %v, %v, %s", v.Name, err, nameErr, q)
		}
	}
}
