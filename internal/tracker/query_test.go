package tracker_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
	"pm/internal/tracker"
)

const queryDocument = "../../docs/query.md"

func readQueryDocument(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(queryDocument)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every example of docs/query.md works, on both engines.
func TestDocumentedQueries(t *testing.T) {
	var queries []string
	for line := range strings.Lines(readQueryDocument(t)) {
		if args, is := strings.CutPrefix(strings.TrimSpace(line), "pm list "); is {
			queries = append(queries, queryOfLine(args))
		}
	}
	if len(queries) < 10 {
		t.Fatalf("there are %d examples", len(queries))
	}
	each(t, func(t *testing.T, r *rig) {
		feature := r.feature(r.epic("Payments"), "Cards")
		ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), tracker.CreateTasks{Tasks: []tracker.CreateTask{{Feature: feature.String(), Title: "Show the receipt"}}}))
		for _, q := range queries {
			if _, err := r.ListTasks(as("ann"), tracker.ListTasks{Query: q}); err != nil {
				t.Errorf("pm list %s: %v", q, err)
			}
		}
	})
}

// queryOfLine is what pm list makes of arguments that a shell has read:
// those in single quotes without them, and no flags.
func queryOfLine(line string) string {
	var out []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		words := strings.Fields(part)
		for _, flag := range []string{"--limit", "--group"} {
			if at := slices.Index(words, flag); at >= 0 {
				words = slices.Delete(words, at, at+2)
			}
		}
		for _, w := range words {
			if w != "--" && w != "--count" {
				out = append(out, w)
			}
		}
	}
	return strings.Join(out, " ")
}

// docs/query.md speaks of every field and of every word there is.
func TestQueryDocumentIsComplete(t *testing.T) {
	text := readQueryDocument(t)
	for _, f := range query.Fields() {
		for _, name := range append(f.Also, f.Name) {
			if !strings.Contains(text, "`"+name+":") {
				t.Errorf("it does not speak of %s:", name)
			}
		}
		for _, w := range f.Words {
			if !strings.Contains(text, "`"+w+"`") && !strings.Contains(text, "`"+f.Name+":"+w+"`") {
				t.Errorf("it does not speak of %s:%s", f.Name, w)
			}
		}
	}
}

// The orders of the language are the store's.
func TestQuerySortsAreTheStores(t *testing.T) {
	for _, s := range store.Sorts() {
		q, err := query.Parse("sort:"+string(s), time.Now())
		if err != nil || string(q.Sort) != string(s) {
			t.Errorf("sort:%s is %q, %v", s, q.Sort, err)
		}
	}
	for _, f := range query.Fields() {
		if f.Name == "sort" && len(f.Words) != len(store.Sorts()) {
			t.Errorf("the language has the orders %v, the store %v", f.Words, store.Sorts())
		}
	}
}

// A query and the other filters of a list narrow it together; an order is
// given once; keys are checked.
func TestListByQuery(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		feature := r.feature(r.epic("Payments"), "Cards").String()
		one, three := 1, 3
		ok[tracker.Tasks](t)(r.CreateTasks(as("ann"), tracker.CreateTasks{Tasks: []tracker.CreateTask{
			{Feature: feature, Title: "Card numbers", AgentType: "backend", Priority: &three},
			{Feature: feature, Title: "Card page", AgentType: "frontend"},
			{Feature: feature, Title: "Write it down", AgentType: "docs", Priority: &one},
			{Feature: feature, Title: "No type", Description: "of cards", DependsOn: []string{"T-E01-F01-001"}},
		}}))
		r.do("ann", plan.Claim, plan.MustKey("T-E01-F01-002"))
		list := func(in tracker.ListTasks) string {
			t.Helper()
			var numbers []string
			for _, task := range ok[tracker.Page[plan.Task]](t)(r.ListTasks(as("ann"), in)).Items {
				numbers = append(numbers, strings.TrimPrefix(task.Key.String(), "T-E01-F01-00"))
			}
			return strings.Join(numbers, " ")
		}
		for q, want := range map[string]string{
			"":                                   "1 2 3 4",
			"-type:docs":                         "1 2 4",
			"type:backend,docs":                  "1 3",
			"priority:..3 sort:priority":         "3 1",
			"priority:..3 sort:-priority":        "1 3",
			"is:waiting":                         "4",
			"is:ready -has:notes":                "1 3",
			"depends-on:e01-f01-001":             "4",
			"needed-by:e01-f01-004":              "1",
			"key:t-e01-f01-002,E01-F01-003-slug": "2 3",
			"card":                               "1 2 4",
			`"card"`:                             "1 2",
			"card -page":                         "1 4",
			"card numbers -":                     "1",
			"created:-1d..":                      "1 2 3 4",
			"updated:-1d..tomorrow,-9d..-8d":     "1 2 3 4",
			"updated:<yesterday":                 "",
			"type:docs or numbers":               "1 3",
			"priority:1 or (card -type:backend)": "2 3 4",
			"-(type:docs or page)":               "1 4",
			"is:open -(type:docs or priority:3)": "2 4",
			"key:T-E01-F01-001 or depends-on:T-E01-F01-001": "1 4",
			"agent:me or type:docs":                         "2 3",
			`agent:"me"`:                                    "",
		} {
			if got := list(tracker.ListTasks{Query: q}); got != want {
				t.Errorf("%q lists %q, want %q", q, got, want)
			}
		}
		if got := list(tracker.ListTasks{HeldBy: []string{"me"}}); got != "2" {
			t.Errorf("agent me lists %q", got)
		}
		if got := list(tracker.ListTasks{Query: "-type:docs sort:-key", AgentType: []string{"docs", "backend"}, Epic: "E01", Sort: "-key"}); got != "1" {
			t.Errorf("a query with other filters lists %q", got)
		}
		for q, want := range map[string]string{
			"statsu:todo": "bad_query", "epic:E09": "not_found", "feature:E01-F09": "not_found", "-key:T-E01-F01-009": "not_found",
			"depends-on:T-E01-F01-009": "not_found", "card or epic:E09": "not_found", "card or -": "no_words", "(card": "bad_query", "sort:priority": "bad_sort", "--": "no_words", `"!"`: "no_words",
		} {
			_, err := r.ListTasks(as("ann"), tracker.ListTasks{Query: q, Sort: "key"})
			refused(t, err, want)
		}
	})
}
