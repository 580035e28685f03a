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

// parseQuery reads a query. Days in it are those of the project's time zone.
func (t *Tracker) parseQuery(ctx context.Context, text string) (query.Query, error) {
	here := time.Now()
	q, err := query.Parse(text, here)
	dated := func(t query.Term) bool { return len(t.Times)+len(t.Dates) > 0 }
	if err != nil || !slices.ContainsFunc(q.Terms, dated) {
		return q, err
	}
	now, err := t.now(ctx)
	if err != nil || now.Location() == here.Location() {
		return q, err
	}
	return query.Parse(text, now)
}

// addQuery narrows the filter by a query.
func (in ListTasks) addQuery(f *store.TaskFilter, q query.Query) error {
	f.Terms = q.Terms
	if q.Sort != "" {
		if in.Sort != "" && q.Order != listOrder(*f) {
			return plan.Errorf(plan.Invalid, "sort specified twice: in the query and with --sort").WithCode("bad_sort").
				WithHint("remove one of them")
		}
		setOrder(f, q.Order)
	}
	return addWords(f, q.Words)
}

// addWords adds the free words of a query: here it is decided what they are
// looked for in.
func addWords(f *store.TaskFilter, words []query.Word) error {
	found := len(words) == 0
	for _, w := range words {
		text := strings.ReplaceAll(w.Text, `"`, " ")
		if w.Quoted {
			text = `"` + text + `"`
		}
		parts := store.ParseWords(text)
		found = found || len(parts) > 0
		switch {
		case len(parts) == 0: // a dash, say, between others
		case w.Not:
			f.NotWords = append(f.NotWords, parts)
		default:
			f.Words = append(f.Words, parts...)
		}
	}
	if !found {
		return plan.Errorf(plan.Invalid, "nothing to search for in %q", words[0].Text).WithCode("no_words").
			WithHint("search for words of letters and digits")
	}
	return nil
}

// keysExist refuses terms with keys of what is not there: an empty list would
// hide a mistyped key. A key that an item was moved from is replaced by the one
// that it has now.
func keysExist(tx *store.Tx, terms []query.Term) error {
	for _, t := range terms {
		for i, k := range t.Keys {
			var err error
			if k.Level() == plan.LevelTask {
				_, err = tx.Task(k)
			} else {
				err = scopeExists(tx, k)
			}
			if kindOf(err) == plan.NotFound {
				if now, moved, refErr := tx.RefOwner(k.String()); refErr != nil || moved {
					t.Keys[i], err = now, refErr
				}
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
