package chart

import (
	"strings"

	"pm/internal/svg"
)

// A Cell is a character of a chart on a terminal, with its role.
type Cell struct {
	Rune rune
	Role svg.Role // empty: as other text
}

// leastPlot is how many columns a plot has at least.
const leastPlot = 16

// Lines writes the plot of a chart with days for a terminal, without its title:
// so many columns wide, so many lines high, of which the last has the days.
// With unicode it draws with blocks and braille, else in ASCII. It is nil where
// there is nothing to draw, no room for it, or the chart has rows.
func (c Chart) Lines(width, height int, unicode bool) [][]Cell {
	if !c.drawn() || len(c.Rows) > 0 {
		return nil
	}
	s := c.scale(max(min(height/3, 5), 1))
	names := c.names(s)
	left, right := 0, 0
	for _, t := range s.ticks {
		left = max(left, len(t.text))
	}
	for _, n := range names {
		right = max(right, len([]rune(n.text)))
	}
	if right += 1; width-left-2-right < leastPlot {
		right, names = 0, nil
	}
	if width-left-2 < leastPlot || height < 3 {
		return nil
	}
	t := newText(width, height, left+2, right, unicode)
	t.days, t.s = c.Days, s
	for _, r := range c.Rules {
		t.rule(r.At)
	}
	for _, one := range c.Series {
		t.series(one)
	}
	for _, d := range c.Dots {
		t.dot(d.X, d.Y, d.Role)
	}
	t.flush()
	t.axis(c, left, names)
	return t.cells
}

// A name is what is said at the right of a value.
type name struct {
	at   float64
	text string
	role svg.Role
}

func (c Chart) names(s scale) (all []name) {
	for _, one := range c.Series {
		if one.Form != Bars && len(one.Values) > 0 {
			all = append(all, name{one.Values[len(one.Values)-1], strings.TrimSpace(one.Name + " " + one.Last), one.Role})
		}
	}
	for _, r := range c.Rules {
		all = append(all, name{r.At, r.Name + " " + c.value(r.At), svg.Soft})
	}
	return all
}

// A text is a plot as it is drawn: cells, and beneath them dots, two by four in
// a cell of braille, one in a cell of ASCII.
type text struct {
	cells        [][]Cell
	left, plot   int // where the plot begins, and how wide it is
	rows         int // of the plot
	unicode      bool
	days         int
	s            scale
	dots         [][]uint8
	roles        [][]svg.Role
	dotsX, dotsY int // in a cell
}

func newText(width, height, left, right int, unicode bool) *text {
	t := &text{left: left, plot: width - left - right, rows: height - 1, unicode: unicode, dotsX: 1, dotsY: 1}
	if unicode {
		t.dotsX, t.dotsY = 2, 4
	}
	for range height {
		line := make([]Cell, width)
		for i := range line {
			line[i].Rune = ' '
		}
		t.cells = append(t.cells, line)
	}
	for range t.rows {
		t.dots, t.roles = append(t.dots, make([]uint8, t.plot)), append(t.roles, make([]svg.Role, t.plot))
	}
	return t
}

// row is the line of the plot of a value, from the top.
func (t *text) row(v float64) int {
	return min(t.rows-1-int(t.s.of(v)*float64(t.rows-1)+0.5), t.rows-1)
}

func (t *text) rule(v float64) {
	sign := '-'
	if t.unicode {
		sign = '╌'
	}
	for i := range t.plot {
		t.cells[t.row(v)][t.left+i] = Cell{sign, svg.Soft}
	}
}

// fine returns the dot, from the left and from the top, of a day and a value.
func (t *text) fine(day, v float64) (x, y int) {
	x = int((day + 0.5) / float64(t.days) * float64(t.plot*t.dotsX))
	high := t.rows*t.dotsY - 1
	return min(max(x, 0), t.plot*t.dotsX-1), high - int(t.s.of(v)*float64(high)+0.5)
}

func (t *text) set(x, y int, role svg.Role) {
	col, row := x/t.dotsX, y/t.dotsY
	bits := [4][2]uint8{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}
	t.dots[row][col] |= bits[y%t.dotsY][x%t.dotsX]
	t.roles[row][col] = role
}

func (t *text) dot(day, v float64, role svg.Role) {
	x, y := t.fine(day-0.5, v)
	sign := '*'
	if t.unicode {
		sign = '•'
	}
	t.cells[y/t.dotsY][t.left+x/t.dotsX] = Cell{sign, role}
}

func (t *text) series(s Series) {
	if s.Form == Bars {
		t.bars(s)
		return
	}
	for x := range t.plot * t.dotsX { // the value at each column, between two days in proportion
		at := min(max((float64(x)+0.5)/float64(t.plot*t.dotsX)*float64(t.days)-0.5, 0), float64(t.days-1))
		i := int(at)
		v := s.Values[i]
		if i+1 < len(s.Values) {
			v += (s.Values[i+1] - v) * (at - float64(i))
		}
		_, y := t.fine(at, v)
		t.set(x, y, s.Role)
	}
}

// bars draws a bar for each day, or for the days that share a column the mean.
func (t *text) bars(s Series) {
	steps := []rune(" #")
	if t.unicode {
		steps = []rune(" ▁▂▃▄▅▆▇█")
	}
	fine := len(steps) - 1
	for col := range t.plot {
		from, to := col*t.days/t.plot, max((col+1)*t.days/t.plot, col*t.days/t.plot+1)
		if wide := t.plot / max(t.days, 1); wide > 1 && (col+1)*t.days/t.plot != from && t.plot > 2*t.days {
			continue // a gap between bars that are wide enough
		}
		sum := 0.0
		for _, v := range s.Values[from:min(to, len(s.Values))] {
			sum += v
		}
		filled := 0
		if sum > 0 { // zero lies in the middle of the lowest line
			filled = max(int((t.s.of(sum/float64(max(to-from, 1)))*float64(t.rows-1)+0.5)*float64(fine)+0.5), 1)
		}
		for row := t.rows - 1; row >= 0 && filled > 0; row-- {
			t.cells[row][t.left+col] = Cell{steps[min(filled, fine)], s.Role}
			filled -= fine
		}
	}
}

// flush puts the dots into the cells.
func (t *text) flush() {
	for row := range t.dots {
		for col, bits := range t.dots[row] {
			switch {
			case bits == 0:
			case t.unicode:
				t.cells[row][t.left+col] = Cell{rune(0x2800 + int(bits)), t.roles[row][col]}
			default:
				t.cells[row][t.left+col] = Cell{signOf(t.roles[row][col]), t.roles[row][col]}
			}
		}
	}
}

// signOf tells lines apart in ASCII.
func signOf(r svg.Role) rune {
	switch r {
	case svg.Done:
		return '#'
	case svg.Doing:
		return '+'
	case svg.Review:
		return 'o'
	case svg.Soft, svg.Todo:
		return '.'
	}
	return '*'
}

// axis writes the values at the left, the days below, and the names at the right.
func (t *text) axis(c Chart, left int, names []name) {
	bar, corner, line, cross := '|', '+', '-', '+'
	if t.unicode {
		bar, corner, line, cross = '│', '└', '─', '┤'
	}
	for row := range t.rows {
		t.cells[row][left+1] = Cell{bar, svg.Line2}
	}
	for _, one := range t.s.ticks {
		row := t.row(one.at)
		t.write(row, left-len(one.text), one.text, svg.Faint)
		t.cells[row][left+1] = Cell{cross, svg.Line2}
	}
	foot := t.rows
	t.cells[foot][left+1] = Cell{corner, svg.Line2}
	for i := range t.plot {
		t.cells[foot][t.left+i] = Cell{line, svg.Line2}
	}
	end := 0
	for _, one := range c.dayTicks(max(t.plot/10, 1)) {
		at := t.left + int((one.at+0.5)/float64(c.Days)*float64(t.plot)) - len(one.text)/2
		at = min(max(at, t.left), t.left+t.plot-len(one.text))
		if at > end {
			t.write(foot, at, " "+one.text+" ", svg.Faint)
			end = at + len(one.text) + 2
		}
	}
	taken := map[int]bool{}
	for _, n := range names {
		row := t.row(n.at)
		for d := 0; taken[row] && d < t.rows; d++ { // the nearest free line
			for _, near := range []int{t.row(n.at) - d, t.row(n.at) + d} {
				if near >= 0 && near < t.rows && !taken[near] {
					row = near
					break
				}
			}
		}
		taken[row] = true
		t.write(row, t.left+t.plot+1, n.text, n.role)
	}
}

func (t *text) write(row, col int, s string, role svg.Role) {
	for _, r := range s {
		if col >= 0 && col < len(t.cells[row]) {
			t.cells[row][col] = Cell{r, role}
		}
		col++
	}
}
