package store

import (
	"fmt"
	"strconv"

	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/query"
)

// label:x also finds the tasks of features and epics with the label. These bear
// it mostly seldom: they are looked up first, and what lies under them is a few
// stretches of ids.

// The ids of a task's feature and epic follow from its own.
var (
	featureOf = fmt.Sprintf("%%[1]s / %[1]d * %[1]d", plan.MaxTask+1)
	epicOf    = fmt.Sprintf("%%[1]s / %[1]d * %[1]d", (plan.MaxTask+1)*(plan.MaxFeature+1))
)

// onTask tells in idx_labels_folded the labels of tasks (1) from those of
// features and epics, word for word.
var onTask = fmt.Sprintf("(case when item_id %% %d = 0 then 0 else 1 end)", plan.MaxTask+1)

// mostBearers is up to how many features and epics with a label are looked up.
const mostBearers = maxStretches

// addLabel folds in a term of labels, those of features and epics included.
func (tx *Tx) addLabel(s *selection, t query.Term) error {
	var w where
	sql := "select item_id from labels" + tx.engine.Use("idx_labels_folded") + " where folded in (" + listed(&w, foldedLabels(t)) + ") and " + onTask + " = 0 limit " + w.arg(mostBearers+1)
	bearers, err := db.List(tx.Tx, db.Named("label.bearing", sql), func(k *plan.Key) []any { return []any{subject{k}} }, w.args...)
	if err != nil {
		return err
	}
	if len(bearers) > mostBearers {
		s.addLabelTerms(t, nil, inheritedLabel(labelTerms(t)), inheritedIDs(labelTerms(t)))
		return nil
	}
	s.addLabelTerms(t, underAny(bearers), nil, nil)
	return nil
}

// addOwnLabel folds in a term of labels that tasks bear themselves.
func (s *selection) addOwnLabel(t query.Term) { s.addLabelTerms(t, nil, nil, nil) }

// addLabelTerms folds in that a task bears one of the labels itself or lies in a
// stretch; with heavy instead that this holds, and the select of the ids.
func (s *selection) addLabelTerms(t query.Term, under ranges, heavy, ids func(*where) string) {
	and := labelTerms(t)
	own := func(w *where) string { return exists("labels a where a.item_id = t.id" + and(w)) }
	if len(under) > 0 {
		alone := own
		own = func(w *where) string { return "(" + under.term(w, "t.id", numberValue) + " or " + alone(w) + ")" }
	}
	if heavy != nil {
		own = heavy
	}
	name := "label " + strconv.Itoa(len(s.tests))
	s.tests = append(s.tests, test{name: name, heavy: heavy != nil, sql: func(w *where) string { return not(t.Not) + own(w) }})
	if t.Not {
		return
	}
	if ids == nil {
		ids = func(w *where) string {
			sql := "select a.item_id from labels a" + s.d.Use("idx_labels_folded") + " where " + onTask + " = 1" + and(w)
			for _, r := range under {
				sql += " union all select u.id from tasks u where " + ranges{r}.term(w, "u.id", numberValue)
			}
			return sql
		}
	}
	one := len(t.Words) == 1 && heavy == nil
	s.ways = append(s.ways, way{exact: one && len(under) == 0, sees: []string{name}, ids: ids})
	if one && len(under) <= maxValues {
		s.bases = append(s.bases, entries{name: name, table: "labels", index: "idx_labels_folded", under: under, few: true, terms: func(w *where) string {
			return "s.folded = " + w.arg(plan.FoldLabel(t.Words[0])) + " and " + onTask + " = 1"
		}}.base())
	}
}

func foldedLabels(t query.Term) []string {
	folded := make([]string, len(t.Words))
	for i, l := range t.Words {
		folded[i] = plan.FoldLabel(l)
	}
	return folded
}

// labelTerms is the condition on a label, under the alias a, behind another one.
func labelTerms(t query.Term) func(*where) string {
	return func(w *where) string { return " and a.folded in (" + listed(w, foldedLabels(t)) + ")" }
}

// inheritedLabel says of a row that one of its labels, or one of its feature's or
// epic's, is as the condition says: three look-ups.
func inheritedLabel(and func(*where) string) func(*where) string {
	return func(w *where) string {
		return exists(fmt.Sprintf("labels a where a.item_id in (t.id, "+featureOf+", "+epicOf+")", "t.id") + and(w))
	}
}

// inheritedIDs selects the tasks of which that holds.
func inheritedIDs(and func(*where) string) func(*where) string {
	tasks, all := plan.MaxTask+1, (plan.MaxTask+1)*(plan.MaxFeature+1)
	return func(w *where) string {
		return fmt.Sprintf("select a.item_id from labels a where a.item_id %% %d <> 0%s", tasks, and(w)) +
			fmt.Sprintf(" union all select u.id from labels a cross join tasks u where a.item_id %% %d = 0 and u.id between a.item_id + 1 and a.item_id + case when a.item_id %% %d = 0 then %d else %d end%s",
				tasks, all, all-1, plan.MaxTask, and(w))
	}
}

// anyLabel is no condition on labels.
func anyLabel(*where) string { return "" }
