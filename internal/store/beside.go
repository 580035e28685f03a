package store

import (
	"slices"

	"pm/internal/db"
	"pm/internal/plan"
)

// A beside is a table of words that items have beside their rows, such as
// labels: item_id, folded, which is what a word is compared by, and the word.
type beside struct {
	name, table, column string
	fold                func(word string) string
}

// one, page and some select the item and the word: of one item, of a stretch of
// ids, and of some ids.
func (b beside) one() db.Stmt {
	return db.Stmt{Name: b.name + ".of_one", Text: "select item_id, " + b.column + " from " + b.table + " where item_id = $1 order by folded"}
}

func (b beside) page() db.Stmt {
	return db.Stmt{Name: b.name + ".of_page", Text: "select item_id, " + b.column + " from " + b.table + " where item_id between $1 and $2 order by item_id, folded limit $3"}
}

func (b beside) some(marks string) db.Stmt {
	return db.Stmt{Name: b.name + ".of_keys", Text: "select item_id, " + b.column + " from " + b.table + " where item_id in (" + marks + ") order by item_id, folded"}
}

// wordRow is a word of an item.
type wordRow struct {
	item int64
	word string
}

func wordFields(l *wordRow) []any { return []any{&l.item, &l.word} }

// loadWords fills in words of items, each with its id and the place for them.
func loadWords[T any](tx *Tx, b beside, items []T, of func(*T) (int64, *[]string)) error {
	at := make(map[int64]*[]string, len(items))
	ids := make([]int64, len(items))
	for i := range items {
		id, words := of(&items[i])
		*words, at[id], ids[i] = nil, words, id
	}
	along := sortIDs(ids)
	for page := range slices.Chunk(ids, maxIn) {
		found, err := tx.wordsOf(b, page, along)
		if err != nil {
			return err
		}
		for _, l := range found {
			if words := at[l.item]; words != nil {
				*words = append(*words, l.word)
			}
		}
	}
	return nil
}

// wordsOf returns the words of the items with these ids, which are in order,
// and perhaps those of items between them, as dependenciesOf does.
func (tx *Tx) wordsOf(b beside, ids []int64, along int) ([]wordRow, error) {
	if len(ids) == 1 {
		return db.List(tx.Tx, b.one(), wordFields, ids[0])
	}
	most := along*len(ids) + 16
	found, err := db.List(tx.Tx, b.page(), wordFields, ids[0], ids[len(ids)-1], most)
	if err != nil || len(found) < most {
		return found, err
	}
	return db.List(tx.Tx, b.some(tx.engine.Marks(len(ids))), wordFields, anyIDs(ids)...)
}

// loadTaskWords, loadEpicWords and loadFeatureWords fill in links, labels and
// references.
func (tx *Tx) loadTaskWords(ts []plan.Task) error {
	if err := loadLinks(tx, ts, func(t *plan.Task) (int64, int, *[]plan.Link) { return t.ID, t.LinkCount, &t.Links }); err != nil {
		return err
	}
	if err := loadWords(tx, labelsOf, ts, func(t *plan.Task) (int64, *[]string) { return t.ID, &t.Labels }); err != nil {
		return err
	}
	if err := loadLevels(tx, ts, func(t *plan.Task) (int64, *[]plan.Key) { return t.ID, &t.DependsOn }); err != nil {
		return err
	}
	return loadWords(tx, refsOf, ts, func(t *plan.Task) (int64, *[]string) { return t.ID, &t.Refs })
}

func (tx *Tx) loadEpicWords(es []plan.Epic) error {
	if err := loadLinks(tx, es, func(e *plan.Epic) (int64, int, *[]plan.Link) { return e.ID, e.LinkCount, &e.Links }); err != nil {
		return err
	}
	if err := loadWords(tx, labelsOf, es, func(e *plan.Epic) (int64, *[]string) { return e.ID, &e.Labels }); err != nil {
		return err
	}
	if err := loadLevels(tx, es, func(e *plan.Epic) (int64, *[]plan.Key) {
		e.DependsOn = nil
		return e.ID, &e.DependsOn
	}); err != nil {
		return err
	}
	return loadWords(tx, refsOf, es, func(e *plan.Epic) (int64, *[]string) { return e.ID, &e.Refs })
}

func (tx *Tx) loadFeatureWords(fs []plan.Feature) error {
	if err := loadLinks(tx, fs, func(f *plan.Feature) (int64, int, *[]plan.Link) { return f.ID, f.LinkCount, &f.Links }); err != nil {
		return err
	}
	if err := loadWords(tx, labelsOf, fs, func(f *plan.Feature) (int64, *[]string) { return f.ID, &f.Labels }); err != nil {
		return err
	}
	if err := loadLevels(tx, fs, func(f *plan.Feature) (int64, *[]plan.Key) {
		f.DependsOn = nil
		return f.ID, &f.DependsOn
	}); err != nil {
		return err
	}
	return loadWords(tx, refsOf, fs, func(f *plan.Feature) (int64, *[]string) { return f.ID, &f.Refs })
}
