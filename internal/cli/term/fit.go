package term

const (
	between     = "  " // what stands between two columns
	hidden      = -1   // the width of a column that is left out
	titleFloor  = 24   // cells that a title keeps as long as columns can be left out
	shrinkFloor = 8    // cells that a title keeps as long as others can give
	columnFloor = 3    // cells below which a column says nothing
	firstFloor  = 20   // cells that hold any key
)

// len returns the number of columns, of the longest row if that has more.
func (t *Table) len() int {
	n := len(t.Columns)
	for _, row := range t.rows {
		n = max(n, len(row))
	}
	return n
}

func (t *Table) column(i int) Column {
	if i < len(t.Columns) {
		return t.Columns[i]
	}
	return Column{}
}

// natural returns the width of the widest cell of each of n columns.
func natural(rows [][]Cell, n int) []int {
	widths := make([]int, n)
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], Width(c.Text))
		}
	}
	return widths
}

// fit narrows widths until a line takes at most width cells, as Render says,
// and returns them.
func (t *Table) fit(widths []int, width int) []int {
	for i, w := range widths {
		widths[i] = min(w, width)
	}
	for t.squeezes(widths, width) && t.drop(widths) {
	}
	for t.least(widths) > width && t.hide(widths) {
	}
	shrink(widths, width, shrinkFloor, func(i int) bool { return t.column(i).Shrink })
	shrink(widths, width, columnFloor, func(i int) bool { return i > 0 && !t.column(i).Shrink })
	shrink(widths, width, firstFloor, func(i int) bool { return i == 0 })
	return widths
}

// squeezes reports whether titles would be narrower than their floor.
func (t *Table) squeezes(widths []int, width int) bool {
	low := make([]int, len(widths))
	for i, w := range widths {
		if low[i] = w; t.column(i).Shrink {
			low[i] = min(w, titleFloor)
		}
	}
	return lineWidth(low) > width
}

// drop leaves out the column that may be left out first, and reports whether
// there was one.
func (t *Table) drop(widths []int) bool {
	pick := -1
	for i, w := range widths {
		if d := t.column(i).Drop; w != hidden && d > 0 && (pick < 0 || d > t.column(pick).Drop) {
			pick = i
		}
	}
	if pick < 0 {
		return false
	}
	widths[pick] = hidden
	return true
}

// least returns the width of a line whose columns are as narrow as they may be.
func (t *Table) least(widths []int) int {
	low := make([]int, len(widths))
	for i, w := range widths {
		low[i] = min(w, t.floor(i))
	}
	return lineWidth(low)
}

func (t *Table) floor(i int) int {
	switch {
	case t.column(i).Shrink:
		return shrinkFloor
	case i == 0:
		return firstFloor
	}
	return columnFloor
}

// hide leaves out one more column and reports whether there was one to leave
// out: the rightmost that does not shrink, else the rightmost, never the first.
func (t *Table) hide(widths []int) bool {
	pick := 0
	for i := 1; i < len(widths); i++ {
		if widths[i] == hidden {
			continue
		}
		if pick == 0 || t.column(pick).Shrink || !t.column(i).Shrink {
			pick = i
		}
	}
	if pick == 0 {
		return false
	}
	widths[pick] = hidden
	return true
}

func lineWidth(widths []int) int {
	total := -len(between)
	for _, w := range widths {
		if w != hidden {
			total += w + len(between)
		}
	}
	return total
}

// shrink takes cells from the widest column of those that may give, one at a
// time, until a line fits width or all are at floor.
func shrink(widths []int, width, floor int, may func(int) bool) {
	for over := lineWidth(widths) - width; over > 0; over-- {
		widest := -1
		for i, w := range widths {
			if may(i) && w > floor && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}
