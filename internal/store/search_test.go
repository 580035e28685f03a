package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
