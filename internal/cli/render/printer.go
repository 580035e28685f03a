package render

import (
	"bytes"
	"io"
	"time"

	"pm/internal/cli/term"
)

// A printer collects the text of one answer.
type printer struct {
	bytes.Buffer
	out term.Output
	now time.Time // in the zone that times are shown in

	unit func() string // of estimates; may be nil

	behind bool    // this part of an answer comes behind others
	before *layout // of the parts before; nil for an answer in one piece
}

// A layout is what the tables of a long answer have in common.
type layout struct {
	widths                   []int
	typed, assigned, checked bool // there are columns for them
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
	return &printer{out: o.Out, now: o.Now.In(o.Local), unit: o.Unit}
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
func (p *printer) table(t *term.Table) {
	if p.before != nil {
		t.Widths = &p.before.widths
	}
	if p.behind {
		for i := range t.Columns {
			t.Columns[i].Header = ""
		}
	}
	t.Render(p, p.out) // a Buffer takes everything
}

// none says that an answer has nothing in it.
func (p *printer) none(what string) {
	if !p.behind {
		p.WriteString(what + "\n")
	}
}

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
