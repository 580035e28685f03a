package chart

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"pm/internal/svg"
)

// The measures of a chart, in its own units.
const (
	chartWidth  = 720.0
	chartHeight = 280.0
	headHeight  = 56.0
	plotLeft    = 48.0
	plotRight   = 112.0 // room for the names of the series
	plotFoot    = 36.0
	rowHeight   = 26.0
	labelHeight = 15.0

	narrowest = 520.0 // a column of charts, where there is more than one
	columns   = 3     // of charts, at most: six of them are two rows
	phone     = 480.0 // a chart that is narrower has less beside its plot
	phoneSide = 84.0
)

// A Page is what charts are drawn on. An embedded picture takes its colours from
// the page. The width is in pixels; if it is 0, a chart has its own width, and
// one is below the other. On a wide page there are some beside each other.
type Page struct {
	Embedded bool
	Width    int
}

// SVG draws charts as one picture, in rows: those beside each other begin at one height.
func SVG(page Page, charts ...Chart) string {
	width := cmp.Or(float64(page.Width), chartWidth)
	across := max(1, min(int(width/narrowest), columns, len(charts)))
	each := width / float64(across)
	var names, about []string
	var tops []float64 // of the rows
	height := 0.0
	for row := range slices.Chunk(charts, across) {
		tops = append(tops, height)
		tallest := 0.0
		for _, c := range row {
			names, about = append(names, c.Title), append(about, c.about())
			tallest = max(tallest, c.height())
		}
		height += tallest
	}
	p := svg.New(width, height, strings.Join(names, ", "), strings.Join(about, " "), page.Embedded)
	for i, c := range charts {
		fmt.Fprintf(p, `<g class="pm-chart" data-chart="%s" transform="translate(%s %s)">`+"\n", svg.Escape(c.Name), svg.Num(float64(i%across)*each), svg.Num(tops[i/across]))
		c.draw(p, each)
		p.WriteString("</g>\n")
	}
	return p.Close()
}

// beside is the room at the right of a plot.
func beside(width float64) float64 {
	if width < phone {
		return phoneSide
	}
	return plotRight
}

func (c Chart) height() float64 {
	switch {
	case !c.drawn():
		return headHeight + 40
	case len(c.Rows) > 0:
		return headHeight + float64(len(c.Rows))*rowHeight + plotFoot + 8
	}
	return chartHeight
}

// about says in words what the chart shows.
func (c Chart) about() string {
	if !c.drawn() {
		return c.Title + ": " + c.Empty + "."
	}
	parts := []string{c.Sub}
	for _, s := range c.Series {
		if s.Last != "" {
			parts = append(parts, s.Name+" "+s.Last)
		}
	}
	for _, r := range c.Rules {
		parts = append(parts, r.Name+" "+Duration(r.At))
	}
	return c.Title + ": " + strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ") + "."
}

func (c Chart) draw(p *svg.Picture, width float64) {
	p.Text(16, 28, svg.Ink, c.Title, `font-size="15" font-weight="600"`)
	if c.Sub != "" {
		p.Text(16, 46, svg.Soft, svg.Fit(c.Sub, width-32, 12), `font-size="12"`)
	}
	switch {
	case !c.drawn():
		p.Text(16, headHeight+8, svg.Faint, c.Empty, "")
	case len(c.Rows) > 0:
		c.drawRows(p, width)
	default:
		c.drawDays(p, width)
	}
}

// A frame is where the days and values of a chart are.
type frame struct {
	left, right, top, bottom float64
	days                     int
	s                        scale
}

func (f frame) x(day float64) float64 {
	return f.left + (day+0.5)/float64(f.days)*(f.right-f.left)
}

func (f frame) y(v float64) float64 { return f.bottom - f.s.of(v)*(f.bottom-f.top) }

func (c Chart) drawDays(p *svg.Picture, width float64) {
	f := frame{plotLeft, width - beside(width), headHeight + 12, chartHeight - plotFoot, c.Days, c.scale(4)}
	for _, t := range f.s.ticks {
		p.Rule(f.left, f.y(t.at), f.right, f.y(t.at), svg.Line, "")
		p.Text(f.left-8, f.y(t.at)+4, svg.Faint, t.text, `font-size="11" text-anchor="end"`)
	}
	for _, t := range c.dayTicks(int(max(2, min(7, (f.right-f.left)/56)))) {
		p.Text(f.x(t.at), f.bottom+18, svg.Faint, t.text, `font-size="11" text-anchor="middle"`)
	}
	var labels []label
	below := make([]float64, c.Days)
	for i, s := range c.Series {
		switch s.Form {
		case Bars:
			c.drawBars(p, f, s)
		case Area:
			c.drawArea(p, f, s, below)
			labels = append(labels, label{(f.y(s.Values[c.Days-1]) + f.y(below[c.Days-1])) / 2, s.Name, s.Last, s.Role})
			below = s.Values
		default:
			fmt.Fprintf(p, `<path d="%s" fill="none" stroke-width="1.75" stroke-linejoin="round"%s%s/>`+"\n", c.path(f, s.Values), p.Stroke(s.Role), dash(i, c.Series))
			labels = append(labels, label{f.y(s.Values[c.Days-1]), s.Name, s.Last, s.Role})
		}
	}
	c.drawDots(p, f)
	for _, r := range c.Rules {
		p.Rule(f.left, f.y(r.At), f.right, f.y(r.At), svg.Soft, `stroke-dasharray="3 3"`)
		labels = append(labels, label{f.y(r.At), r.Name, c.value(r.At), svg.Soft})
	}
	drawLabels(p, f, labels)
}

// fewDots is how many dots are drawn one by one, each with its text.
const fewDots = 300

// drawDots draws the dots. Many of them are strokes without length in a few
// paths, so that they are no more nodes than a page can bear; dots that follow
// each other are in different paths, as only paths show through each other.
func (c Chart) drawDots(p *svg.Picture, f frame) {
	if len(c.Dots) <= fewDots {
		for _, d := range c.Dots {
			fmt.Fprintf(p, `<circle cx="%s" cy="%s" r="2.75" fill-opacity=".6"%s><title>%s</title></circle>`+"\n",
				svg.Num(f.x(d.X-0.5)), svg.Num(f.y(d.Y)), p.Fill(d.Role), svg.Escape(d.Label))
		}
		return
	}
	const layers = 16
	for layer := range layers {
		paths := map[svg.Role]*strings.Builder{}
		var roles []svg.Role
		for i := layer; i < len(c.Dots); i += layers {
			d := c.Dots[i]
			if paths[d.Role] == nil {
				paths[d.Role], roles = &strings.Builder{}, append(roles, d.Role)
			}
			fmt.Fprintf(paths[d.Role], "M%s %sh0", svg.Num(f.x(d.X-0.5)), svg.Num(f.y(d.Y)))
		}
		for _, r := range roles {
			fmt.Fprintf(p, `<path d="%s" stroke-width="5.5" stroke-linecap="round" stroke-opacity=".6"%s/>`+"\n", paths[r], p.Stroke(r))
		}
	}
}

// dash tells a line from others of its chart without colour.
func dash(at int, all []Series) string {
	if at > 0 && all[at].Role == svg.Soft {
		return ` stroke-dasharray="5 3"`
	}
	return ""
}

// value writes a value in the unit of the chart.
func (c Chart) value(v float64) string {
	if c.Unit == Seconds {
		return Duration(v)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
}

// path leads through the values at the ends of the days.
func (c Chart) path(f frame, values []float64) string {
	var b strings.Builder
	for i, v := range values {
		command := "L"
		if i == 0 {
			command = "M"
		}
		fmt.Fprintf(&b, "%s%s %s", command, svg.Num(f.x(float64(i))), svg.Num(f.y(v)))
	}
	if len(values) == 1 { // a line needs two ends
		fmt.Fprintf(&b, "M%s %sH%s", svg.Num(f.left), svg.Num(f.y(values[0])), svg.Num(f.right))
	}
	return b.String()
}

func (c Chart) drawArea(p *svg.Picture, f frame, s Series, below []float64) {
	var b strings.Builder
	at := func(i int, v float64) string { return svg.Num(f.x(float64(i))) + " " + svg.Num(f.y(v)) }
	if c.Days == 1 {
		fmt.Fprintf(&b, "M%s %sH%sV%sH%sZ", svg.Num(f.left), svg.Num(f.y(s.Values[0])), svg.Num(f.right), svg.Num(f.y(below[0])), svg.Num(f.left))
	} else {
		b.WriteString("M" + at(0, s.Values[0]))
		for i, v := range s.Values[1:] {
			b.WriteString("L" + at(i+1, v))
		}
		for i := c.Days - 1; i >= 0; i-- {
			b.WriteString("L" + at(i, below[i]))
		}
		b.WriteString("Z")
	}
	fmt.Fprintf(p, `<path d="%s" fill-opacity=".22"%s/>`, b.String(), p.Fill(s.Role))
	fmt.Fprintf(p, `<path d="%s" fill="none" stroke-width="1.5" stroke-linejoin="round"%s/>`+"\n", c.path(f, s.Values), p.Stroke(s.Role))
}

func (c Chart) drawBars(p *svg.Picture, f frame, s Series) {
	step := (f.right - f.left) / float64(c.Days)
	width := max(min(step*0.72, 28), 1)
	for i, v := range s.Values {
		if v <= 0 {
			continue
		}
		fmt.Fprintf(p, `<rect x="%s" y="%s" width="%s" height="%s" rx="1.5" fill-opacity=".8"%s><title>%s: %s</title></rect>`+"\n",
			svg.Num(f.x(float64(i))-width/2), svg.Num(f.y(v)), svg.Num(width), svg.Num(f.bottom-f.y(v)), p.Fill(s.Role), c.date(i).Format("Mon 2 Jan"), Number(int64(v)))
	}
}

// A label names what ends at a height.
type label struct {
	y          float64
	name, last string
	role       svg.Role
}

// drawLabels writes the labels at the right, moved apart where they would lie
// on each other.
func drawLabels(p *svg.Picture, f frame, labels []label) {
	sort.SliceStable(labels, func(i, j int) bool { return labels[i].y < labels[j].y })
	for i := range labels {
		if i > 0 {
			labels[i].y = max(labels[i].y, labels[i-1].y+labelHeight)
		}
	}
	for i := len(labels) - 1; i >= 0; i-- {
		limit := f.bottom
		if i < len(labels)-1 {
			limit = labels[i+1].y - labelHeight
		}
		labels[i].y = min(labels[i].y, limit)
	}
	for _, l := range labels {
		fmt.Fprintf(p, `<text x="%s" y="%s" font-size="12"%s>%s <tspan%s>%s</tspan></text>`+"\n", svg.Num(f.right+10), svg.Num(l.y+4), p.Fill(l.role), svg.Escape(l.name), p.Fill(svg.Ink), svg.Escape(l.last))
	}
}
