package store_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// someOrder is an order at random: none, of one field or of two.
func someOrder(r *rand.Rand) string {
	word := func(of ...string) string { return []string{"", "-"}[r.IntN(2)] + of[r.IntN(len(of))] }
	one := word("key", "priority", "created", "updated", "due", "defer", "estimate", "position", "stage", "severity")
	switch r.IntN(3) {
	case 0:
		return ""
	case 1:
		return "sort:" + one
	}
	for {
		first, second := word("stage", "priority", "created", "updated", "due", "defer", "estimate", "severity"), word("key", "priority", "created", "updated", "due", "defer", "estimate", "position", "severity")
		if strings.TrimPrefix(first, "-") != strings.TrimPrefix(second, "-") {
			return "sort:" + first + "," + second
		}
	}
}

// somePart is a term of a query, or a word, at random.
func somePart(r *rand.Rand) string {
	any := func(of ...string) string {
		r.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
		return strings.Join(of[:1+r.IntN(min(3, len(of)))], ",")
	}
	day := func() string { return modelStart.AddDate(0, 0, r.IntN(30)).Format("2006-01-02") }
	date := func() string {
		return any(day(), ">"+day(), "<="+day(), day()+"..", "2026-03-05..2026-03-"+fmt.Sprint(10+r.IntN(15)))
	}
	task := func() string { return fmt.Sprintf("T-E01-F0%d-0%02d", 1+r.IntN(4), 1+r.IntN(10)) }
	parts := []string{
		"status:" + any("todo", "in_progress", "blocked", "ready_for_review", "completed", "archived"),
		"is:" + any(query.Open, query.Done, query.Held, query.Blocked, query.Review, query.Ready, query.Waiting, query.Expired, query.Deferred, query.Rejected, query.Overdue),
		"type:" + any("backend", "docs", `"front end"`, "nobody"), "agent:" + any("a1", "a2", `"Ann B"`), "held-by:" + any("a1", "a2", `"Ann B"`),
		"priority:" + any("1", "<4", ">=7", "3..5"), "priority:" + any("2", "9.."),
		"epic:" + any("E01", "E02", "E03"), "feature:" + any("E01-F01", "E02-F03", "E03-F02"), "key:" + any(task(), "E02", "E01-F02"),
		"created:" + date(), "updated:" + date(), "started:" + date(), "completed:" + date(), "blocked:" + date(),
		"depends-on:" + any(task(), task()), "needed-by:" + any(task(), task()),
		"has:" + any(query.Notes, query.Dependencies, query.OfType, query.Assigned, query.Description, query.File, query.DueDate, query.Estimated, query.DeferDate, query.ForSomebody, query.Staged, query.Checklist), "stage:" + any("test", "build", "gone", "nowhere"), "defer:" + date(), "due:" + date(), "assignee:" + any("a1", "a2", `"Ann B"`), "label:" + any("l1", "l2", "l3", "above", "none"), "label:" + any("l2", "l3"), "own-label:" + any("l1", "l2", "above"),
		"severity:" + any("low", "high", "fatal"), "resolution:" + any("done", "wont_do", "duplicate", "obsolete"), "resolution:wont_do", "estimate:" + any("2.5", "<4", ">=1", "0.1..10"),
		[]string{"card", "bill", "re", `"bills"`, "creme"}[r.IntN(5)],
	}
	part := parts[r.IntN(len(parts))]
	if r.IntN(3) == 0 {
		part = "-" + part
	}
	return part
}

func parsedFilter(t testing.TB, text string) store.TaskFilter {
	t.Helper()
	q, err := query.Env{Now: modelStart, Own: func(name string) (plan.CustomField, bool) { return modelField, name == modelField.Name }}.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return store.TaskFilter{Condition: condition(q.All), Sort: store.Sort(q.Sort), Descending: q.Descending, Then: store.Sort(q.Then), ThenDescending: q.ThenDescending}
}

func condition(a query.All) store.Condition {
	c := store.Condition{Terms: a.Terms}
	for _, w := range a.Words {
		words := store.ParseWords(w.String())
		if w.Not {
			words = store.ParseWords(strings.TrimPrefix(w.String(), "-"))
			c.NotWords = append(c.NotWords, words)
			continue
		}
		c.Words = append(c.Words, words...)
	}
	for _, g := range a.Groups {
		var some []store.Condition
		for _, one := range g {
			some = append(some, condition(one))
		}
		c.Groups = append(c.Groups, some)
	}
	return c
}

// someQuery is up to three parts of a query, at random; some of them are groups
// in brackets.
func someQuery(r *rand.Rand, depth int) string {
	var parts []string
	for range r.IntN(4) {
		if depth == 0 || r.IntN(3) > 0 {
			parts = append(parts, somePart(r))
			continue
		}
		var some []string
		for range 1 + r.IntN(3) {
			some = append(some, cmp.Or(someQuery(r, depth-1), somePart(r)))
		}
		parts = append(parts, []string{"", "-"}[r.IntN(2)]+"("+strings.Join(some, " or ")+")")
	}
	return strings.Join(parts, " ")
}

// Whatever is asked for in whatever order, a list is what the plain model
// says, page by page, whichever way its pages are found.
func TestListsAreAsTheModelSays(t *testing.T) {
	queries := 150
	if testing.Short() {
		queries = 40
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seed := uint64(time.Now().UnixNano())
		r := rand.New(rand.NewPCG(seed, 0))
		m := newModel(r, 240)
		m.fill(t, db)
		for range queries {
			text := someQuery(r, 2) + " " + someOrder(r)
			f := parsedFilter(t, text)
			few, many, walk := []int{0, 5, 1000}[r.IntN(3)], []int{0, 30, 1000}[r.IntN(3)], []int64{3, 40, 1000}[r.IntN(3)]
			f.Limit = []int{0, 3, 20, 300}[r.IntN(4)]
			if !samePages(t, db, m, f, few, many, walk) {
				t.Fatalf("%s, limit %d, few %d, many %d, walk %d, seed %d", text, f.Limit, few, many, walk, seed)
			}
		}
	})
}

// samePages reads all pages of a list and compares them with the model's, and
// what is said to be left with what is.
func samePages(t *testing.T, db *store.DB, m *model, f store.TaskFilter, few, many int, walk int64) bool {
	t.Helper()
	same, err := store.Read(t.Context(), db, func(tx *store.Tx) (bool, error) {
		var err error
		if m.now, err = tx.Now(); err != nil {
			return false, err
		}
		want := m.list(f)
		for done := 0; ; {
			l, err := store.ListWithin(tx, few, many, walk, f)
			if err != nil {
				return false, err
			}
			tasks, err := l.Tasks()
			if err != nil {
				return false, err
			}
			page := len(want) - done
			if f.Limit > 0 {
				page = min(page, f.Limit)
			}
			if got := keysOf(tasks); !slices.Equal(got, want[done:done+page]) {
				t.Errorf("got %v, want %v", got, want[done:done+page])
				return false, nil
			}
			if done += page; f.Limit == 0 || page < f.Limit {
				return true, nil
			}
			f.After = &tasks[page-1]
			n, exact, err := l.Count(page, f.After, 60)
			if err != nil {
				return false, err
			}
			if left := len(want) - done; exact && n != left || !exact && min(n, 60) > left {
				t.Errorf("%d tasks are left, counted %d, exact %t", left, n, exact)
				return false, nil
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
	return same
}

func keysOf(ts []plan.Task) (out []plan.Key) {
	for _, t := range ts {
		out = append(out, t.Key)
	}
	return out
}

// The last task of the page before need not be listed any more: a window of
// times moves on between two pages. The next page is what comes behind it, and
// all of it matches.
func TestAPageBehindATaskThatIsNotListed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seed := uint64(time.Now().UnixNano())
		r := rand.New(rand.NewPCG(seed, 0))
		m := newModel(r, 120)
		m.fill(t, db)
		for _, text := range []string{"created:2026-03-10..2026-03-20 sort:created", "updated:2026-03-10..2026-03-20 sort:updated", "priority:4..6 sort:priority",
			"epic:E02 sort:key", "epic:E02 sort:updated", "status:todo created:>2026-03-15 sort:created", "card key:E01-F02,E02-F03 sort:key"} {
			for _, text := range []string{text, strings.Replace(text, "sort:", "sort:-", 1)} {
				f := parsedFilter(t, text)
				f.Limit = 40
				for range 20 {
					last := m.tasks[r.IntN(len(m.tasks))]
					f.After = &last
					var want []plan.Key
					for _, k := range m.list(f) {
						i := slices.IndexFunc(m.tasks, func(t plan.Task) bool { return t.Key == k })
						if orderOf(f)(m.tasks[i], last) > 0 && len(want) < f.Limit {
							want = append(want, k)
						}
					}
					for _, bounds := range [][2]int{{0, 3}, {1000, 1000}} {
						got, err := store.Read(t.Context(), db, func(tx *store.Tx) ([]plan.Task, error) {
							l, err := store.ListWithin(tx, bounds[0], bounds[0], int64(bounds[1]), f)
							if err != nil {
								return nil, err
							}
							return l.Tasks()
						})
						if err != nil || !slices.Equal(keysOf(got), want) {
							t.Fatalf("%s behind %s, bounds %v, seed %d: got %v, %v, want %v", text, last.Key, bounds, seed, keysOf(got), err, want)
						}
					}
				}
			}
		}
	})
}
