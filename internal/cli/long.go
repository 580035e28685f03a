package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"pm/internal/cli/render"
	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// answerLong runs an operation whose answer comes in parts, and prints each
// part as it is read. The transaction ends when all is read: a reader that
// stalls, such as a pager, then gets the rest from a file.
func (a *app) answerLong(ctx context.Context, t *tracker.Tracker, op ops.Op, in any) error {
	var p *long
	err := a.pass(ctx, a.stdout, func(out io.Writer) error {
		p = a.newLong(out)
		if err := op.Parts(ctx, t, in, p.add); err != nil {
			return err
		}
		return p.end()
	})
	if err != nil {
		return err
	}
	return p.footer()
}

// A long prints a long answer in the form that was asked for.
type long struct {
	a    *app
	out  io.Writer
	last ops.Part

	rows   *render.Long
	joined *ops.Joiner   // of JSON
	picked *ops.Picker   // of some of its fields
	ended  *plan.Joiner  // what picked writes with
	whole  *bytes.Buffer // the JSON, where the form needs all of it
}

func (a *app) newLong(out io.Writer) *long {
	l := &long{a: a, out: out, rows: render.NewLong(a.rendering())}
	switch {
	case a.rehearsal != nil, a.form != nil:
	case a.flags.jq != "":
		l.gather()
	case len(a.flags.fields) > 0:
		l.ended = plan.NewJoiner(out)
		l.picked = ops.NewPicker(l.ended, a.flags.fields)
	case a.flags.json:
		l.joined = ops.NewJoiner(out)
	}
	return l
}

// maxGathered is how long an answer may be, in bytes, of which all is needed
// before any of it can be printed: a filter makes many times that of it.
const maxGathered = 32 << 20

// gather collects the JSON of the answer.
func (l *long) gather() {
	l.whole = &bytes.Buffer{}
	l.joined = ops.NewJoiner(l.whole)
}

// add prints the next part.
func (l *long) add(part ops.Part) error {
	l.last = part
	switch {
	case l.a.rehearsal != nil:
		return nil // pm explain answers about the command, not for it
	case l.a.form != nil:
		return l.a.form(l.out, part)
	case l.whole != nil && l.whole.Len() > maxGathered:
		return plan.Errorf(plan.Refused, "answer too long for --jq: more than %d MiB", maxGathered>>20).WithCode("too_large").
			WithHint("ask for less with --limit or a query, or filter what --json prints with jq --stream")
	case l.joined != nil && l.whole != nil:
		return l.joined.Add(part)
	case l.joined != nil:
		if spared, is := l.a.spared(part).(ops.Part); is {
			part = spared
		}
		return l.joined.Add(part)
	case len(l.a.flags.fields) > 0:
		return l.fields(part)
	case l.a.flags.quiet:
		return l.rows.Keys(l.out, part)
	}
	return l.rows.Text(l.out, part)
}

// fields prints the named fields of the items of a part. An answer without
// items is one item.
func (l *long) fields(part ops.Part) error {
	v, err := (&app{}).asJSON(part)
	if err != nil {
		return err
	}
	if _, isList := ops.ItemsOf(v); !isList {
		l.gather()
		return l.joined.Add(part)
	}
	if !l.a.flags.json {
		return l.a.writeFields(l.out, part)
	}
	return l.picked.Add(v.(map[string]any))
}

// end prints the end of the answer.
func (l *long) end() error {
	a := l.a
	switch {
	case a.rehearsal != nil:
	case l.whole != nil:
		if err := l.joined.End(); err != nil {
			return err
		}
		if a.flags.jq != "" {
			return a.filterJQ(l.out, json.RawMessage(l.whole.Bytes()))
		}
		return a.writeFields(l.out, json.RawMessage(l.whole.Bytes()))
	case l.joined != nil:
		return l.joined.End()
	case l.ended != nil && l.ended.Depth() > 0:
		l.ended.To(0)
		_, err := io.WriteString(l.out, "\n")
		return err
	}
	return nil
}

// footer says how much the answer leaves out.
func (l *long) footer() error {
	a := l.a
	if a.rehearsal != nil || a.flags.jq != "" || len(a.flags.fields) > 0 && a.form == nil || a.flags.json || a.flags.quiet {
		return nil
	}
	o := a.rendering()
	if o.Out.Terminal && a.form == nil {
		return render.Footer(a.stdout, o, l.last)
	}
	return render.Footer(a.stderr, o, l.last)
}
