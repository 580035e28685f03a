package store_test

import (
	"fmt"
	"strings"
	"testing"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"

	"golang.org/x/text/unicode/norm"
)

func TestWordsOfATextAreTheseInTheIndex(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"Crème brûlée, 2½ x", "creme brulee 212 x"},
		{"日本語", "日本 本語 語"},
		{"本", "本"},
		{"第3章", "第 3 章"},
		{"API接口v2 文档", "api 接口 口 v2 文档 档"},
		{"データ", "デー ータ タ"},
		{"ｶﾞｲﾄﾞ ガイド", "ガイ イド ド"},
		{"か\u3099 が か", "が か"},
		{"ดีมาก", "ดีม มา าก ก"},
		{"漢\ufe00字", "漢字 字"},
		{"한국어 말", "한국어 말"},
		{"see T-E01-F02-003.", "see e01f02t003 t e01 f02 003"},
		{"e01-f02 and E01", "e01f02t e01 f02 and"},
		{"E1-F2 E01-F02x", "e1 f2 e01 f02x"},
		{"---", ""},
	} {
		if got := norm.NFC.String(strings.Join(store.EachWord(test.text), " ")); got != test.want {
			t.Errorf("%q has the words %q, want %q", test.text, got, test.want)
		}
	}
}

// What was found nowhere inside a run of letters: a task in a language that
// is written without spaces.
func TestSearchFindsInsideOfRunsOfLetters(t *testing.T) {
	texts := []struct{ title, description string }{
		{"支付页面的验证", "修复信用卡号码"},
		{"データベース接続の修正", "バックアップを確認する"},
		{"แก้ไขหน้าชำระเงิน", "ตรวจสอบหมายเลขบัตร"},
		{"Fix the ログイン画面 soon", "ប្រព័ន្ធទូទាត់"},
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fillTexts(t, db, texts)
		for _, test := range []struct{ text, want string }{
			{"页面", "0:1"},
			{"验证", "0:1"},
			{"证", "0:1"},
			{"信用卡", "1:1"},
			{"卡信", ""},
			{"支付 号码", "1:1"},
			{"ベース", "0:2"},
			{"ﾍﾞｰｽ", "0:2"},
			{"アップ", "1:2"},
			{"正", "0:2"},
			{`"修正"`, "0:2"},
			{`"接"`, "0:2"},
			{"ชำระเงิน", "0:3"},
			{"บัตร", "1:3"},
			{"画面", "0:4"},
			{"fix ログイン", "0:4"},
			{"ទូទាត់", "1:4"},
			{"の", "0:2"},
		} {
			if got := numbers(searchFor(t, db, test.text, 0, nil)); got != test.want {
				t.Errorf("%q finds %q, want %q", test.text, got, test.want)
			}
		}
	})
}

func TestSnippetsMarkWhatWasAskedFor(t *testing.T) {
	for _, test := range []struct{ text, search, want string }{
		{"支付页面的验证", "页面的", "支付**页面的**验证"},
		{"支付页面的验证", "面", "支付页**面**的验证"},
		{"支付页面的验证", "证", "支付页面的验**证**"},
		{"see T-E01-F02-003 first", "e01-f02", "see **T-E01-F02-003** first"},
		{"Card payments", "pay", "Card **payments**"},
	} {
		if got, found := store.Snippet(test.text, store.ParseWords(test.search), "**", "**"); !found || got != test.want {
			t.Errorf("%q in %q: %q, %v, want %q", test.search, test.text, got, found, test.want)
		}
	}
}

func TestSearchFindsByKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fillTexts(t, db, []struct{ title, description string }{{"One", "after T-E01-F01-003"}, {"Two", "the card"}, {"Three", "as in E02-F07"}})
		for _, test := range []struct{ text, want string }{
			{"T-E01-F01-003", "0:3 1:1"},
			{"e01-f01-002", "0:2"},
			{"T-E01-F01-00", "1:1"},
			{"E01-F01", "0:1 0:2 0:3"},
			{"E01", "0:1 0:2 0:3"},
			{"E01-F02", ""},
			{"E02-F07", "1:3"},
			{"E01-F01 card", "1:2"},
		} {
			if got := numbers(searchFor(t, db, test.text, 0, nil)); got != test.want {
				t.Errorf("%q finds %q, want %q", test.text, got, test.want)
			}
		}
	})
}

// A search for what many notes have once asked of each whether an earlier one
// of its task has it, too. Few or many, the ways to find them agree.
func TestNotesAreFoundTheSameWhicheverWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		texts := make([]struct{ title, description string }, 12)
		for i := range texts {
			texts[i].title = fmt.Sprintf("Task %d", i)
		}
		texts[4].description = "the wiki of the card"
		fillTexts(t, db, texts)
		_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
			now, err := tx.Now()
			if err != nil {
				return 0, err
			}
			for i := range 60 { // not in the order of the tasks, some with several
				body := []string{"see the wiki", "nothing", "wiki and card", "the card"}[i*7%4]
				n := plan.Note{N: i + 1, Key: plan.Key{Epic: 1, Feature: 1, Task: 1 + i*5%12}, Agent: "a", Kind: plan.Comment, Body: fmt.Sprint(body, " ", i), CreatedAt: now}
				if err := tx.PutNote(n); err != nil {
					return 0, err
				}
			}
			return 0, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		search := func(few, walk, step int, f store.SearchFilter) []store.Hit {
			hits, err := store.Read(t.Context(), db, func(tx *store.Tx) ([]store.Hit, error) { return store.SearchNotesWithin(tx, few, walk, step, f) })
			if err != nil {
				t.Fatal(err)
			}
			return hits
		}
		for _, text := range []string{"wiki", "card", "wiki card", "nothing", "absent", "the"} {
			for _, f := range []store.SearchFilter{{}, {Statuses: []plan.TaskStatus{plan.Todo}}, {Statuses: []plan.TaskStatus{plan.Blocked}},
				{Under: plan.MustKey("E01-F01")}, {Under: plan.MustKey("E01-F02")}, {After: &store.Hit{Key: plan.MustKey("T-E01-F01-003"), Rank: store.RankNote}}} {
				f.Words = store.ParseWords(text)
				want := search(0, 0, 1, f)
				for _, limit := range []int{1, 3, 100} {
					f.Limit = limit
					for _, b := range [][3]int{{1000, 0, 1}, {0, 1000, 3}, {0, 1000, 200}, {0, 10, 5}} {
						if got := search(b[0], b[1], b[2], f); fmt.Sprint(got) != fmt.Sprint(want[:min(limit, len(want))]) {
							t.Errorf("%q, %+v, bounds %v: %v, want %v", text, f, b, got, want)
						}
					}
				}
			}
		}
	})
}

func TestNotesAreWalkedThroughAnIndex(t *testing.T) {
	var ran []db.Statement
	d, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{Observe: func(s db.Statement) { ran = append(ran, s) }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	fillSearch(t, d)
	for _, f := range []store.SearchFilter{{}, {Statuses: []plan.TaskStatus{plan.Todo}}, {Under: plan.MustKey("E01")}} {
		f.Words, f.Limit = store.ParseWords("card"), 10
		if _, err := store.Read(t.Context(), d, func(tx *store.Tx) ([]store.Hit, error) { return store.SearchNotesWithin(tx, 0, 10, 1, f) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range ran {
		if s.Name != "search.walk_notes" {
			continue
		}
		p, err := store.Read(t.Context(), d, func(tx *store.Tx) (db.Plan, error) { return tx.Explain(s) })
		if lines := strings.Join(p.Lines, "\n"); err != nil || p.Sorts || !strings.Contains(lines, "idx_notes_item_id") {
			t.Errorf("%s\n%s, %v", p.SQL, lines, err)
		}
	}
}
