package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// texts of the tasks that the search tests look through, by task number.
var searchTexts = []struct{ title, description string }{
	{"Crème brûlée", "the recipe"},
	{"Payment page", "shows the card's number, café style"},
	{"Card payments", "validate"},
	{"Straße nach Łódź", "ÅNGSTRÖM and œuvre"},
	{"AND OR NOT NEAR", `quotes " and 'single' - minus: colon * star ( paren`},
	{"日本語 タイトル", "описание задачи"},
}

func fillSearch(t *testing.T, db *store.DB) {
	t.Helper()
	fillTexts(t, db, searchTexts)
	_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
		now, err := tx.Now()
		if err != nil {
			return 0, err
		}
		return 0, tx.PutNote(plan.Note{N: 1, Key: plan.MustKey("T-E01-F01-001"), Agent: "a", Kind: plan.Comment, Body: "the number of the card", CreatedAt: now})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fillTexts makes tasks with these texts in E01-F01.
func fillTexts(t *testing.T, db *store.DB, texts []struct{ title, description string }) {
	t.Helper()
	_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
		now, err := tx.Now()
		if err != nil {
			return 0, err
		}
		e := plan.Epic{Key: plan.MustKey("E01"), Title: "e", Status: plan.PlanActive, Priority: plan.Low, CreatedAt: now, UpdatedAt: now}
		f := plan.Feature{Key: plan.MustKey("E01-F01"), Title: "f", Status: plan.PlanActive, CreatedAt: now, UpdatedAt: now}
		if err := tx.PutEpic(&e); err != nil {
			return 0, err
		}
		if err := tx.PutFeature(&f); err != nil {
			return 0, err
		}
		for i, s := range texts {
			task := plan.Task{Key: f.Key.Child(i + 1), Title: s.title, Description: s.description, Status: plan.Todo, Priority: 5, CreatedAt: now, UpdatedAt: now}
			if err := tx.PutTask(&task); err != nil {
				return 0, err
			}
		}
		return 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func searchFor(t *testing.T, db *store.DB, text string, limit int, after *store.Hit) []store.Hit {
	t.Helper()
	hits, err := store.Read(t.Context(), db, func(tx *store.Tx) ([]store.Hit, error) {
		return tx.Search(store.SearchFilter{Words: store.ParseWords(text), Limit: limit, After: after})
	})
	if err != nil {
		t.Fatalf("search for %q: %v", text, err)
	}
	return hits
}

func numbers(hits []store.Hit) string {
	var out []string
	for _, h := range hits {
		out = append(out, fmt.Sprintf("%d:%d", h.Rank, h.Key.Task))
	}
	return strings.Join(out, " ")
}

func TestSearchFindsTheSameOnBothEngines(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fillSearch(t, db)
		for _, test := range []struct{ text, want string }{
			{"creme BRULEE", "0:1"},
			{"cafe", "1:2"},
			{"pay", "0:2 0:3"},
			{"card", "0:3 1:2 2:1"},
			{`"pay"`, ""},
			{`"payment"`, "0:2"},
			{"card number", "1:2 2:1"},
			{"strasse lodz", "0:4"},
			{"Angstrom Oeuvre", "1:4"},
			{"and or not", "0:5"},
			{`AND "NEAR"`, "0:5"},
			{"quotes'; drop table tasks; --", ""},
			{"minus:colon", "1:5"},
			{"日本", "0:6"},
			{"ОПИСАНИЕ", "1:6"},
			{"nothing here", ""},
		} {
			if got := numbers(searchFor(t, db, test.text, 0, nil)); got != test.want {
				t.Errorf("%q finds %q, want %q", test.text, got, test.want)
			}
		}
	})
}

func TestSearchPagesAgreeWithTheWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fillSearch(t, db)
		whole := searchFor(t, db, "card", 0, nil)
		var paged []store.Hit
		var after *store.Hit
		for {
			page := searchFor(t, db, "card", 1, after)
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
			after = &page[0]
		}
		if !slices.Equal(whole, paged) {
			t.Errorf("pages give %v, the whole is %v", paged, whole)
		}
	})
}

func TestSearchForgetsWhatIsDeletedAndFollowsEdits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fillSearch(t, db)
		_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
			task, err := tx.LockTask(plan.MustKey("T-E01-F01-003"))
			if err != nil {
				return 0, err
			}
			before := task
			task.Title = "Invoices"
			if err := tx.SaveTask(before, &task, plan.History{}); err != nil {
				return 0, err
			}
			return 0, tx.DeleteTask(plan.MustKey("T-E01-F01-001"))
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := numbers(searchFor(t, db, "card", 0, nil)); got != "1:2" {
			t.Errorf("card finds %q, want 1:2", got)
		}
		if got := numbers(searchFor(t, db, "invoice", 0, nil)); got != "0:3" {
			t.Errorf("invoice finds %q, want 0:3", got)
		}
	})
}

// Whatever is typed is an answer, never an error of the engine.
func FuzzSearch(f *testing.F) {
	db, err := store.Open(f.Context(), storetest.SQLite(f), store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { db.Close() })
	for _, s := range []string{`a "b" -c:*`, "NEAR(x, 2)", "\x00'\\", "½ ⅷ ﬁ", "a\u0301\u200d", `{title} : x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := store.ParseWords(text)
		if len(words) == 0 {
			return
		}
		if _, err := store.Read(t.Context(), db, func(tx *store.Tx) ([]store.Hit, error) {
			return tx.Search(store.SearchFilter{Words: words, Limit: 5})
		}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		store.Snippet(text, words, "[", "]")
	})
}

// What begins words is asked for by these words: FTS5 puts together all that
// begin with a word before it gives the first row. So it does with one letter or
// two, of which it has an index.
func TestBeginningsAreSpelledOut(t *testing.T) {
	var asked []string
	db, _, err := store.Create(t.Context(), storetest.SQLite(t), store.Options{Observe: func(s db.Statement) {
		if s.Name == "search.title" || s.Name == "search.text" || s.Name == "search.few_notes" {
			asked = append(asked, s.Args[0].(string))
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	fillTexts(t, db, []struct{ title, description string }{{"Card, cards and cardinals", "of carding"}, {"carded", "cardigan"}})
	searchFor(t, db, "card", 10, nil)
	if len(asked) != 3 || strings.Contains(strings.Join(asked, " "), "*") || !strings.Contains(asked[1], `"cardigan" OR "cardinals" OR "carding"`) {
		t.Errorf("asked for %q", asked)
	}
	asked = nil
	searchFor(t, db, "ca", 10, nil)
	if len(asked) != 3 || !strings.Contains(asked[1], `"ca"*`) {
		t.Errorf("of two letters asked for %q", asked)
	}
}

// Few or many tasks may have the statuses: both ways find those of a search
// without statuses that have them, page by page, and count what is left.
func TestSearchByStatus(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		texts := make([]struct{ title, description string }, 150)
		for i := range texts {
			texts[i].title = []string{"a card", "a page", "of cards"}[i%3]
			texts[i].description = []string{"the card", "the page", "nothing", "page"}[i%4]
		}
		fillTexts(t, db, texts)
		status := map[plan.Key]plan.TaskStatus{}
		_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
			for i := range texts {
				k := plan.Key{Epic: 1, Feature: 1, Task: i + 1}
				before, err := tx.Task(k)
				if err != nil {
					return 0, err
				}
				task := before
				if status[k] = plan.Todo; i%8 == 1 {
					status[k] = plan.Archived
					task.Status = plan.Archived
					if err := tx.SaveTask(before, &task, plan.History{}); err != nil {
						return 0, err
					}
				}
				if i%5 == 0 {
					if err := tx.PutNote(plan.Note{N: 1, Key: k, Agent: "a", Kind: plan.Comment, Body: "see the card", CreatedAt: before.CreatedAt}); err != nil {
						return 0, err
					}
				}
			}
			return 0, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"card", "page", "the card", "nothing"} {
			for _, of := range [][]plan.TaskStatus{{plan.Todo}, {plan.Archived}, {plan.Todo, plan.Blocked}, {plan.Blocked}} {
				var want []store.Hit
				for _, h := range searchFor(t, db, text, 0, nil) {
					if slices.Contains(of, status[h.Key]) {
						want = append(want, h)
					}
				}
				f := store.SearchFilter{Words: store.ParseWords(text), Statuses: of, Limit: 7}
				var got []store.Hit
				for {
					type page struct {
						hits  []store.Hit
						left  int
						exact bool
					}
					p, err := store.Read(t.Context(), db, func(tx *store.Tx) (p page, err error) {
						if p.hits, err = tx.Search(f); err == nil && len(p.hits) > 0 {
							g := f
							g.After = &p.hits[len(p.hits)-1]
							p.left, p.exact, err = tx.CountHits(g, 1000)
						}
						return p, err
					})
					if err != nil {
						t.Fatal(err)
					}
					if len(p.hits) == 0 {
						break
					}
					if got = append(got, p.hits...); !p.exact || p.left != len(want)-len(got) {
						t.Errorf("%q, %v: %d left, exact %t, want %d", text, of, p.left, p.exact, len(want)-len(got))
					}
					f.After = &p.hits[len(p.hits)-1]
				}
				if numbers(got) != numbers(want) {
					t.Errorf("%q, %v: %s, want %s", text, of, numbers(got), numbers(want))
				}
			}
		}
	})
}
