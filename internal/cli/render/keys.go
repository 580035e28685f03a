package render

import (
	"io"
	"slices"

	"pm/internal/bench"
	"pm/internal/depgraph"
	"pm/internal/insight"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// Keys writes the keys of what the answer is about, one a line, and nothing
// when there is none: the tasks of a list, the item that was created, what a
// task depends on, what a tree holds. A history gives each key once. A status,
// an import, labels and what measures give none.
func Keys(w io.Writer, answer any) error {
	keys, known := keysOf(answer)
	if !known {
		return unknown(answer)
	}
	p := newPrinter(Options{})
	p.keys(keys)
	return p.writeTo(w)
}

func keysOf(answer any) (keys []plan.Key, known bool) {
	if k, is := keyOf(answer); is {
		return slices.DeleteFunc([]plan.Key{k}, plan.Key.IsZero), true
	}
	if keys, known = keysOfPage(answer); known {
		return slices.DeleteFunc(keys, plan.Key.IsZero), true
	}
	switch a := answer.(type) {
	case tracker.Questions:
		keys = unique(pick(a.Items, func(q tracker.Question) plan.Key { return q.Key }))
	case tracker.Items:
		keys = pick(a.Items, tracker.Item.Key)
	case tracker.Shown:
		keys = pick(a.Items, tracker.Item.Key)
	case tracker.Diff:
		keys = differing(a)
	case tracker.Report:
		keys = reportedKeys(a)
	case tracker.Undone:
		keys = changedKeys(a.Changes)
	case tracker.ShownOperation:
		keys = changedKeys(a.Changes)
	case tracker.Matching:
		keys = a.Keys
	case tracker.Replica:
		keys = a.Tasks.Key
	case depgraph.Graph:
		keys = pick(a.Nodes, func(n depgraph.Node) plan.Key { return n.Key })
	case tracker.Trash:
		keys = pick(a.Items, func(t plan.Trashed) plan.Key { return t.Key })
	case tracker.TrashEntry:
		keys = pick(a.Items, func(i tracker.TrashedItem) plan.Key { return i.Key })
	case tracker.Applied:
		for _, items := range [][]tracker.AppliedItem{a.Created, a.Updated, a.Unchanged} {
			keys = append(keys, pick(items, func(i tracker.AppliedItem) plan.Key { return i.Key })...)
		}
	case tracker.Dependencies:
		keys = pick(a.DependsOn, func(l tracker.Linked) plan.Key { return l.Key })
	case tracker.Notes:
		keys = unique(pick(a.Items, func(n plan.Note) plan.Key { return n.Key }))
	case tracker.Tree:
		keys = treeKeys(a)
	case tracker.Status, tracker.Operations, tracker.Imported, tracker.Stats, tracker.Diagnosis, tracker.Explanation, tracker.Labels, tracker.RenamedLabel, tracker.Counted, insight.Insights, insight.Forecast, plan.View, tracker.Views, tracker.DeletedView, plan.CustomField, tracker.FieldsAnswer, tracker.DeletedField, tracker.Stages, tracker.DeletedStage, tracker.Project, bench.Report:
	default:
		return nil, false
	}
	return slices.DeleteFunc(keys, plan.Key.IsZero), true
}

// keysOfPage is keysOf for a list of items, or of what was done to them.
func keysOfPage(answer any) (keys []plan.Key, known bool) {
	switch a := answer.(type) {
	case tracker.Page[plan.Epic]:
		keys = pick(a.Items, func(e plan.Epic) plan.Key { return e.Key })
	case tracker.Page[plan.Feature]:
		keys = pick(a.Items, func(f plan.Feature) plan.Key { return f.Key })
	case tracker.Page[plan.Task]:
		keys = pick(a.Items, taskKey)
	case tracker.Holding:
		keys = pick(a.Items, taskKey)
	case tracker.Page[tracker.Found]:
		keys = pick(a.Items, func(f tracker.Found) plan.Key { return f.Key })
	case tracker.Page[plan.History]:
		keys = unique(pick(a.Items, func(h plan.History) plan.Key { return h.Key }))
	case tracker.Tasks:
		keys = pick(a.Items, taskKey)
	case tracker.Changed:
		keys = pick(a.Items, taskKey)
	default:
		return nil, false
	}
	return keys, true
}

// keyOf is the key of an answer about one item; is is false for any other.
func keyOf(answer any) (k plan.Key, is bool) {
	switch a := answer.(type) {
	case plan.Epic:
		k = a.Key
	case plan.Feature:
		k = a.Key
	case tracker.SavedEpic:
		k = a.Key
	case tracker.SavedFeature:
		k = a.Key
	case plan.Task:
		k = a.Key
	case plan.Note:
		k = a.Key
	case tracker.Question:
		k = a.Key
	case tracker.Repetition:
		k = a.Key
	case tracker.Deleted:
		k = a.Key
	case tracker.Redacted:
		k = a.Key
	case tracker.Restored:
		k = a.Key
	case tracker.Item:
		k = a.Key()
	case tracker.Context:
		k = a.Task.Key
	case tracker.NextTask:
		if a.Task != nil {
			k = a.Task.Key
		}
	default:
		return k, false
	}
	return k, true
}

func changedKeys(changes []tracker.FieldChange) []plan.Key {
	return unique(pick(changes, func(c tracker.FieldChange) plan.Key { return c.Key }))
}

func taskKey(t plan.Task) plan.Key { return t.Key }

func pick[T any](items []T, key func(T) plan.Key) []plan.Key {
	keys := make([]plan.Key, len(items))
	for i, item := range items {
		keys[i] = key(item)
	}
	return keys
}

// unique keeps the first of equal keys.
func unique(keys []plan.Key) (out []plan.Key) {
	seen := map[plan.Key]bool{}
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

func treeKeys(t tracker.Tree) (keys []plan.Key) {
	for _, e := range t.Epics {
		if !e.Continued {
			keys = append(keys, e.Key)
		}
		for _, f := range e.Features {
			if !f.Continued {
				keys = append(keys, f.Key)
			}
			keys = append(keys, pick(f.Tasks, taskKey)...)
		}
	}
	return keys
}
