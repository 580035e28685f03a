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
	"bytes"
	"io"
	"time"

	"pm/internal/cli/term"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// Options say where and how to render.
type Options struct {
	Out   term.Output // the stream that is written to
	Now   time.Time
	Local *time.Location // nil means time.Local
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
	case tracker.Page[plan.Epic]:
		p.more(a.More, a.Uncounted)
	case tracker.Page[plan.Feature]:
		p.more(a.More, a.Uncounted)
	case tracker.Page[plan.History]:
		p.more(a.More, a.Uncounted)
	case tracker.NextTask:
		p.noTask(a)
	}
	return p.writeTo(w)
}

func unknown(answer any) error {
	return plan.Errorf(plan.Internal, "an answer of type %T has no text", answer)
}

// answer reports whether it knows the type of a.
func (p *printer) answer(a any) bool {
	switch a := a.(type) {
	case plan.Epic:
		p.epic(a)
	case plan.Feature:
		p.feature(a)
	case plan.Task:
		p.task(a)
	case tracker.Item:
		p.item(a)
	case tracker.Page[plan.Epic]:
		p.epics(a.Items)
	case tracker.Page[plan.Feature]:
		p.features(a.Items)
	case tracker.Page[plan.Task]:
		p.tasks(a.Items)
	case tracker.Page[plan.History]:
		p.history(a.Items)
	case tracker.Tasks:
		p.changed(a.Items)
	case tracker.Changed:
		p.changed(a.Items)
	case tracker.NextTask:
		p.next(a)
	case tracker.Context:
		p.context(a)
	case tracker.Dependencies:
		p.dependencies(a)
	case plan.Note:
		p.notes([]plan.Note{a})
	case tracker.Notes:
		p.notes(a.Items)
	case tracker.Tree:
		p.tree(a)
	case tracker.Status:
		p.status(a)
	case tracker.Deleted:
		p.deleted(a)
	case tracker.Imported:
		p.imported(a)
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
	case i.Feature != nil:
		p.feature(*i.Feature)
	case i.Task != nil:
		p.task(*i.Task)
	}
}

// A printer collects the text of one answer.
type printer struct {
	bytes.Buffer
	out term.Output
	now time.Time // in the zone that times are shown in
}

func newPrinter(o Options) *printer {
	if o.Out.Width <= 0 {
		o.Out.Width = 80
	}
	if !o.Out.Terminal {
		o.Out.Color = false
	}
	if o.Local == nil {
		o.Local = time.Local
	}
	return &printer{out: o.Out, now: o.Now.In(o.Local)}
}

func (p *printer) writeTo(w io.Writer) error {
	if p.Len() == 0 {
		return nil
	}
	_, err := w.Write(p.Bytes())
	return err
}

// row writes one record for a pipe.
func (p *printer) row(values ...string) {
	for i, v := range values {
		if i > 0 {
			p.WriteByte('\t')
		}
		p.WriteString(term.Clean(v))
	}
	p.WriteByte('\n')
}

// table writes t for a terminal.
func (p *printer) table(t *term.Table) { t.Render(p, p.out) } // a Buffer takes everything

func (p *printer) more(n int, uncounted bool) {
	if n == 0 {
		return
	}
	text := "+" + term.Count(n)
	if uncounted {
		text = "more than " + term.Count(n)
	}
	p.talk(term.Dim, text+" more: --limit 0 for all")
}

// talk writes a footer, which only a terminal may break into lines.
func (p *printer) talk(style term.Style, s string) {
	if p.out.Terminal {
		p.para(style, 0, s)
		return
	}
	p.row(s)
}
