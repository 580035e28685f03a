package tracker

import (
	"context"
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/query"
	"pm/internal/store"
)

// Search is the input of Tracker.Search.
type Search struct {
	Text   string   `json:"text" jsonschema:"words to find; a word also matches longer words that start with it, unless it is in double quotes" arg:"text"`
	Status []string `json:"status,omitempty" jsonschema:"only these statuses" short:"s"`
	Epic   string   `json:"epic,omitempty" jsonschema:"only tasks of this epic" short:"e"`
	Limit  *int     `json:"limit,omitempty" jsonschema:"maximum number of results; 50 if not given, 0 for all" short:"n"`
	Cursor string   `json:"cursor,omitempty" jsonschema:"next_cursor of the previous page"`
	AsOf   string   `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// A Found is a task that a search found, with the place that matches. Its
// description is left out. Of an epic or a feature, which only a note finds, it
// has key, title and status.
type Found struct {
	plan.Task
	Match Match `json:"match"`
}

// A Match is the place of a task that a search found.
type Match struct {
	In   string `json:"in"`   // title, key, description, checks, reason or note
	Text string `json:"text"` // around the place, on one line, the words between ** and **
}

// searched are what a search looks in, which a caller may put before the words.
var searched = []string{"title", "description", "desc", "body", "text", "notes", "note", "comment", "comments", "name", "summary", "content"}

// Search returns the tasks that contain all words: in the title or the key,
// which come first; in title, key, description and the reason that stands
// (why a task is blocked, was sent back, reopened or archived) together; or
// in one of the notes. Each group is in the order of the keys. Case and
// diacritics do not matter.
func (t *Tracker) Search(ctx context.Context, in Search) (Page[Found], error) {
	return whole(func(emit func(Page[Found]) error) error { return t.SearchInParts(ctx, in, emit) })
}

// SearchInParts is Search in parts.
func (t *Tracker) SearchInParts(ctx context.Context, in Search, emit func(Page[Found]) error) error {
	f := store.SearchFilter{Words: store.ParseWords(in.Text)}
	if len(f.Words) == 0 {
		return plan.Errorf(plan.Invalid, "nothing to search for").WithCode("no_words").WithHint(`run pm search "some words"`)
	}
	if filter := strings.ReplaceAll(in.Text, " = ", ":"); query.IsFilter(filter, time.Now()) {
		return plan.Errorf(plan.Invalid, "search takes words, and %q is a filter", in.Text).WithCode("bad_query").
			WithHint("to search for the text, put it in double quotes; to filter: pm list %s", filter)
	}
	if field, text, is := strings.Cut(in.Text, ":"); is && text != "" && !strings.ContainsAny(text, " *^\"") && slices.Contains(searched, strings.ToLower(field)) {
		return plan.Errorf(plan.Invalid, "search takes words, and %q names a field", in.Text).WithCode("bad_query").
			WithHint("it looks in titles, descriptions, checks, reasons and notes: leave out %q, or put the text in double quotes", field+":")
	}
	tasks, err := ListTasks{Status: in.Status, Epic: in.Epic}.filter("")
	n, limitErr := limitOf(in.Limit)
	if err := firstError(err, limitErr, plan.CheckText("text", in.Text)); err != nil {
		return err
	}
	f.Under, f.Statuses = tasks.Under, tasks.Statuses
	if in.Cursor != "" {
		var p searchPlace
		if err := decodeCursor(in.Cursor, &p); err != nil {
			return err
		}
		f.After = &store.Hit{Key: p.Key, Rank: p.Rank}
	}
	return lookAt(ctx, t, in.AsOf, func(tx *store.Tx) error {
		if err := scopeExists(tx, f.Under); err != nil {
			return err
		}
		return eachSearchPage(tx, f, n, emit)
	})
}

// A searchPlace is a cursor of a search.
type searchPlace struct {
	Rank store.Rank `json:"r"`
	Key  plan.Key   `json:"k"`
}

// eachSearchPage emits a page of at most n tasks, 0 for all, in parts.
func eachSearchPage(tx *store.Tx, f store.SearchFilter, n int, emit func(Page[Found]) error) error {
	p := pager[store.Hit, searchPlace]{limit: n,
		place: func(h store.Hit) searchPlace { return searchPlace{h.Rank, h.Key} },
		emit: func(hits Page[store.Hit]) (err error) {
			part := Page[Found]{More: hits.More, NextCursor: hits.NextCursor, Complete: hits.Complete, Uncounted: hits.Uncounted}
			if part.Items, err = loadFound(tx, hits.Items, f.Words); err != nil {
				return err
			}
			return emit(part)
		},
	}
	if n == 0 || n > longPage {
		p.count = func(last store.Hit) (int, bool, error) {
			f.After, f.Limit = &last, countTo+1
			rest, err := tx.Search(f)
			return len(rest), true, err
		}
		return p.all(func(add func([]store.Hit) error) error { return tx.EachHit(f, add) })
	}
	f.Limit = n + countTo + 1 // what is left is counted by the same statements
	if len(f.Statuses) > 0 {  // which may have to look far for so many
		f.Limit = n + 1
	}
	hits, err := tx.Search(f)
	if err != nil {
		return err
	}
	p.count = func(last store.Hit) (int, bool, error) {
		if len(f.Statuses) == 0 {
			return len(hits) - n, true, nil
		}
		f.After = &last
		return tx.CountHits(f, countTo)
	}
	return p.all(func(add func([]store.Hit) error) error {
		for some := range slices.Chunk(hits[:min(len(hits), n+1)], foundAtOnce) {
			if err := add(some); err != nil {
				return err
			}
		}
		return nil
	})
}

// foundAtOnce is how many hits of a page are loaded at once: with each come its
// texts.
const foundAtOnce = 100

// loadFound returns the tasks of the hits, in their order, each with its place.
func loadFound(tx *store.Tx, hits []store.Hit, words []store.Word) ([]Found, error) {
	if err := tx.LoadNotes(hits); err != nil {
		return nil, err
	}
	keys := make([]plan.Key, len(hits))
	for i, h := range hits {
		keys[i] = h.Key
	}
	tasks, err := tx.TasksOf(keys)
	if err != nil {
		return nil, err
	}
	if err := tx.LoadBeside(tasks); err != nil {
		return nil, err
	}
	byKey := map[plan.Key]plan.Task{}
	for _, t := range tasks {
		byKey[t.Key] = t
	}
	for _, k := range keys {
		if k.Level() != plan.LevelTask {
			item, err := loadItem(tx, k)
			if err != nil {
				return nil, err
			}
			t := plan.Task{Key: k, EpicKey: k.EpicKey(), Title: item.Title(), Status: plan.TaskStatus(item.status())}
			if item.Feature != nil {
				t.FeatureKey = k
			}
			byKey[k] = t
		}
	}
	reasons, err := tx.Reasons(reasonsNeeded(byKey, hits, words))
	if err != nil {
		return nil, err
	}
	out := make([]Found, len(hits))
	for i, h := range hits {
		out[i] = Found{byKey[h.Key], match(byKey[h.Key], h, reasons[h.Key], words)}
		out[i].Description = ""
	}
	return out, nil
}

// reasonsNeeded returns the keys of the hits that were not found by their
// descriptions.
func reasonsNeeded(tasks map[plan.Key]plan.Task, hits []store.Hit, words []store.Word) (keys []plan.Key) {
	for _, h := range hits {
		if h.Rank != store.RankText {
			continue
		}
		if _, found := store.Snippet(tasks[h.Key].Description, words, "", ""); !found {
			keys = append(keys, h.Key)
		}
	}
	return keys
}

func match(t plan.Task, h store.Hit, reason string, words []store.Word) Match {
	places := []Match{{"description", t.Description}, {"checks", strings.Join(plan.CheckTexts(t.Checks), "\n")}, {"reason", reason}, {"title", t.Title}, {"key", t.Key.String()}}
	switch h.Rank {
	case store.RankTitle:
		places = places[3:]
	case store.RankNote:
		places = []Match{{"note", h.Note}}
	}
	for _, p := range places {
		if text, found := store.Snippet(p.Text, words, "**", "**"); found {
			return Match{p.In, text}
		}
	}
	return Match{places[0].In, strings.TrimSpace(places[0].Text)}
}
