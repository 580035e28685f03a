// Package render turns the answers of the operations into text: for people on
// a terminal, and in tab-separated lines for a pipe.
//
// The policy:
//   - Text and Keys write the answer, for standard output. Footer writes the
//     talk about it, which a pipe must not get.
//   - A terminal gets tables, cards and colour, fitted to its width. Only a
//     command line to be copied is longer than that.
//   - A pipe gets one record a line, without header, whole, its columns in an
//     order that stays: new columns come last. Times are UTC, in RFC 3339.
//   - What users and files wrote passes term.Clean or term.CleanText. In a card
//     it never begins a line, so that no text can pass for a field.
package render

import (
	"io"
	"time"

	"pm/internal/bench"
	"pm/internal/cli/term"
	"pm/internal/depgraph"
	"pm/internal/insight"
	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// Options say where and how to render.
type Options struct {
	Out   term.Output // the stream that is written to
	Now   time.Time
	Local *time.Location // nil means time.Local
	Unit  func() string  // tells the unit of estimates, if one is shown; nil for none
}

// Text writes the answer of an operation. An answer of a type that is none of
// an operation's is an internal error; any other error is that of w.
func Text(w io.Writer, o Options, answer any) error {
	p := newPrinter(o)
	if !p.answer(answer) {
		return unknown(answer)
	}
	return p.writeTo(w)
}

// Footer writes, in one line, what is to be said about an answer and is no
// part of it: how much a list leaves out, why there is no next task. For any
// other answer it writes nothing. It belongs behind the answer on a terminal,
// and on standard error when the answer goes into a pipe; o.Out describes w.
func Footer(w io.Writer, o Options, answer any) error {
	p := newPrinter(o)
	switch a := answer.(type) {
	case tracker.Page[plan.Task]:
		p.more(a.More, a.Uncounted)
	case tracker.Holding:
		p.more(a.More, a.Uncounted)
		p.elsewhere(a.Elsewhere)
	case tracker.Page[plan.Epic]:
		p.more(a.More, a.Uncounted)
	case tracker.Page[plan.Feature]:
		p.more(a.More, a.Uncounted)
	case tracker.Page[tracker.Found]:
		p.more(a.More, a.Uncounted)
	case tracker.Page[plan.History]:
		p.more(a.More, a.Uncounted)
	case tracker.Counted:
		p.more(a.More, false)
	case tracker.Questions:
		p.more(a.More, false)
	case tracker.Tree:
		p.more(treeMore(a), false)
	case tracker.NextTask:
		p.noTask(a)
	case tracker.Redacted:
		p.stillIn(a.StillIn)
	case tracker.Undone:
		p.stayed(a)
	}
	return p.writeTo(w)
}

func unknown(answer any) error {
	return plan.Errorf(plan.Internal, "an answer of type %T has no text", answer)
}

// answer reports whether it knows the type of a.
func (p *printer) answer(a any) bool { return p.one(a) || p.many(a) || p.whole(a) }

// one is answer for an item or a thing beside it, and for what became of it.
func (p *printer) one(a any) bool {
	switch a := a.(type) {
	case plan.Epic:
		p.epic(a)
	case plan.Feature:
		p.feature(a)
	case tracker.SavedEpic:
		p.epic(a.Epic)
	case tracker.SavedFeature:
		p.feature(a.Feature)
	case plan.Task:
		p.task(a)
	case tracker.Item:
		p.item(a)
	case plan.View:
		p.views([]plan.View{a})
	case tracker.DeletedView:
		p.deletedView(a)
	case tracker.DeletedStage:
		p.deletedStage(a)
	case plan.CustomField:
		p.declared([]plan.CustomField{a})
	case tracker.DeletedField:
		p.deletedField(a)
	case tracker.Repetition:
		p.repetition(a)
	case tracker.RenamedLabel:
		p.renamedLabel(a)
	case tracker.NextTask:
		p.next(a)
	case tracker.Context:
		p.context(a)
	case plan.Note:
		p.notes([]plan.Note{a})
	case tracker.Question:
		p.question(a)
	case tracker.Deleted:
		p.deleted(a)
	case tracker.Redacted:
		p.redacted(a)
	case tracker.Restored:
		p.restored(a)
	case tracker.TrashEntry:
		p.trashEntry(a)
	default:
		return false
	}
	return true
}

// many is answer for a list.
func (p *printer) many(a any) bool {
	switch a := a.(type) {
	case tracker.Items:
		p.changedItems(a.Items)
	case tracker.Shown:
		for i, item := range a.Items {
			if i > 0 {
				p.WriteByte('\n')
			}
			p.item(item)
		}
	case tracker.Labels:
		p.labels(a.Items)
	case tracker.Views:
		p.views(a.Items)
	case tracker.Operations:
		p.operations(a)
	case tracker.Matching:
		p.keys(a.Keys)
	case tracker.Replica:
		p.keys(a.Tasks.Key)
	case tracker.Stages:
		p.stages(a.Items)
	case tracker.FieldsAnswer:
		p.declared(a.Items)
	case tracker.Page[plan.Epic]:
		p.epics(a.Items)
	case tracker.Page[plan.Feature]:
		p.features(a.Items)
	case tracker.Page[plan.Task]:
		p.tasks(a.Items)
	case tracker.Holding:
		p.holding(a.Items)
	case tracker.Page[tracker.Found]:
		p.found(a.Items)
	case tracker.Page[plan.History]:
		p.history(a.Items)
	case tracker.Tasks:
		p.changed(a.Items)
	case tracker.Changed:
		p.changed(a.Items)
		p.takenOver(a.TakenOver)
	case tracker.Dependencies:
		p.dependencies(a)
	case tracker.Notes:
		p.notes(a.Items)
	case tracker.Questions:
		p.questions(a.Items)
	case tracker.Tree:
		p.tree(a)
	case tracker.Trash:
		p.trash(a.Items)
	case interchange.Listings:
		p.formsList(a.Items)
	default:
		return false
	}
	return true
}

// keys prints keys, one a line.
func (p *printer) keys(keys []plan.Key) {
	for _, k := range keys {
		p.row(k.String())
	}
}

// whole is answer for what is told of the plan as a whole, or of many changes to it.
func (p *printer) whole(a any) bool {
	switch a := a.(type) {
	case tracker.Counted:
		p.counted(a)
	case insight.Insights:
		p.insights(a)
	case insight.Forecast:
		p.forecast(a)
	case tracker.Diff:
		p.diff(a)
	case tracker.Report:
		p.report(a)
	case depgraph.Graph:
		p.graph(a)
	case tracker.Undone:
		p.undid(a)
	case tracker.ShownOperation:
		p.operation(a)
	case tracker.Project:
		p.project(a)
	case tracker.Status:
		p.status(a)
	case tracker.Imported:
		p.imported(a)
	case tracker.Applied:
		p.applied(a)
	case tracker.Stats:
		p.stats(a)
	case tracker.Diagnosis:
		p.diagnosis(a)
	case tracker.Explanation:
		p.explanation(a)
	case bench.Report:
		p.bench(a)
	default:
		return false
	}
	return true
}

// item writes the one of the three that is set.
func (p *printer) item(i tracker.Item) {
	switch {
	case i.Epic != nil:
		p.epic(*i.Epic)
		p.inside(i.Inside)
		p.noted(i.Noted, i.Epic.Key)
	case i.Feature != nil:
		p.feature(*i.Feature)
		p.inside(i.Inside)
		p.noted(i.Noted, i.Feature.Key)
	case i.Task != nil:
		p.firstThings(i.Standing, i.Handoff)
		p.task(*i.Task)
	}
}
