package chart

import (
	"fmt"

	"pm/internal/svg"
)

// Where the rows of a chart begin: behind a key and a title, or behind a word.
const (
	titledLeft = 300.0
	namedLeft  = 136.0
	keyWidth   = 104.0
)

// drawRows draws rows with dots or bars, on a scale that all share.
func (c Chart) drawRows(p *svg.Picture, width float64) {
	s := c.scale(5)
	left, right, top := namedLeft, width-beside(width), headHeight+16
	if c.Rows[0].Key != "" && width >= phone {
		left = titledLeft
	}
	bottom := top + float64(len(c.Rows))*rowHeight
	x := func(v float64) float64 { return left + s.of(v)*(right-left) }
	for _, t := range s.ticks {
		p.Rule(x(t.at), top, x(t.at), bottom, svg.Line, "")
		p.Text(x(t.at), bottom+18, svg.Faint, t.text, `font-size="11" text-anchor="middle"`)
	}
	for i, name := 0, ""; i < len(c.Rules); i++ {
		at := x(c.Rules[i].At)
		p.Rule(at, top-4, at, bottom, svg.Soft, `stroke-dasharray="3 3"`)
		name += c.Rules[i].Name
		if i+1 < len(c.Rules) && x(c.Rules[i+1].At)-at < 30 { // one text for those that are too close for two
			name += ", "
			continue
		}
		p.Text(at, top-8, svg.Soft, name, `font-size="11" text-anchor="middle"`)
		name = ""
	}
	for i, r := range c.Rows {
		y := top + (float64(i)+0.5)*rowHeight
		if width < phone {
			r.Key = "" // the label says more in the room of one of them
		}
		c.drawRow(p, r, y, left, x)
		if r.Note != "" {
			p.Text(right+10, y+4, svg.Ink, svg.Fit(r.Note, width-right-10, 12), `font-size="12"`)
		}
	}
}

func (c Chart) drawRow(p *svg.Picture, r Row, y, left float64, x func(float64) float64) {
	at := 16.0
	if r.Key != "" {
		p.Text(at, y+4, svg.Faint, r.Key, `font-size="11" font-family="`+svg.Mono+`"`)
		at += keyWidth
	}
	p.Text(at, y+4, svg.Ink, svg.Fit(r.Label, left-at-16, 12), `font-size="12"`)
	if len(r.Parts) == 0 {
		p.Rule(left, y, x(r.Dot), y, svg.Line2, "")
		fmt.Fprintf(p, `<circle cx="%s" cy="%s" r="4"%s><title>%s %s: %s</title></circle>`+"\n", svg.Num(x(r.Dot)), svg.Num(y), p.Fill(r.Role),
			svg.Escape(r.Key), svg.Escape(r.Label), c.value(r.Dot))
		return
	}
	sum := 0.0
	for _, part := range r.Parts {
		from, to := x(sum), x(sum+part.Value)
		sum += part.Value
		if to-from < 0.5 {
			continue
		}
		fmt.Fprintf(p, `<rect x="%s" y="%s" width="%s" height="10" rx="2" fill-opacity=".8"%s><title>%s: %s</title></rect>`+"\n",
			svg.Num(from), svg.Num(y-5), svg.Num(max(to-from-1, 1)), p.Fill(part.Role), svg.Escape(part.Name), c.value(part.Value))
	}
}
