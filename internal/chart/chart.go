// Package chart draws charts: as SVG, which is the same on a page, on paper and
// in a file, and as characters for a terminal, with blocks and braille or in
// ASCII. A chart says what it shows; how that looks is decided here. No I/O.
package chart

import (
	"time"

	"pm/internal/svg"
)

// A Chart has either days from left to right, with series and dots over them,
// or rows.
type Chart struct {
	Name  string // in one word
	Title string
	Sub   string // what it is of, and the figure that matters
	Empty string // said in its place if there is nothing to draw

	First  time.Time // the first day
	Days   int
	Unit   Unit // of the values
	Series []Series
	Dots   []Dot
	Rules  []Rule // across all days, or down through all rows

	Rows []Row
}

// A Unit is what values are.
type Unit int

// The units. Seconds are drawn on a logarithmic scale: what takes a minute and
// what takes a week are both to be seen.
const (
	Count Unit = iota
	Seconds
)

// A Form is how a series is drawn.
type Form int

// The forms. An Area reaches down to the area before it, the first to zero.
const (
	Line Form = iota
	Area
	Bars
)

// A Series is a value for each day.
type Series struct {
	Name   string
	Role   svg.Role
	Form   Form
	Values []float64
	Last   string // said behind the name: the value now
}

// A Dot is a value at a moment: days since the first, with a part of one.
type Dot struct {
	X, Y  float64
	Role  svg.Role
	Label string
}

// A Rule is a value that others are compared with.
type Rule struct {
	Name string
	At   float64
}

// A Row is a line of a table that is drawn: a bar of parts, or with none a dot.
type Row struct {
	Key   string // what is before the label, in the type of keys
	Label string
	Note  string // behind
	Dot   float64
	Role  svg.Role
	Parts []Part
}

// A Part is a part of a bar.
type Part struct {
	Name  string
	Role  svg.Role
	Value float64
}

// drawn reports whether there is anything to draw.
func (c Chart) drawn() bool { return c.Empty == "" && (len(c.Rows) > 0 || c.Days > 0) }

// values calls f with every value along the axis of the values.
func (c Chart) values(f func(float64)) {
	for _, s := range c.Series {
		for _, v := range s.Values {
			f(v)
		}
	}
	for _, d := range c.Dots {
		f(d.Y)
	}
	for _, r := range c.Rules {
		f(r.At)
	}
	for _, r := range c.Rows {
		sum := 0.0
		for _, p := range r.Parts {
			sum += p.Value
		}
		f(max(sum, r.Dot))
	}
}

// date is the date of a day of the chart.
func (c Chart) date(day int) time.Time { return c.First.AddDate(0, 0, day) }
