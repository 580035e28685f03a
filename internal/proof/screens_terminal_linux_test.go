package proof

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The terminal is so wide that it shows all columns.
const (
	terminalWidth = 200
	columnWidth   = (terminalWidth - 2*4) / 5
)

var (
	keyOfTask = regexp.MustCompile(`T-E\d+-F\d+-\d+`)
	headCount = regexp.MustCompile(` ([\d,]+) *$`)
)

// column is what the screen of the terminal shows of a column; top says whether
// the cursor is on its first card.
func column(screen string, i int) (c shown, top bool) {
	for y, line := range strings.Split(screen, "\n") {
		cells := []rune(line)
		if len(cells) <= i*(columnWidth+2) {
			continue
		}
		cell := string(cells[i*(columnWidth+2) : min(len(cells), (i+1)*(columnWidth+2))])
		switch key := keyOfTask.FindString(cell); {
		case y == 2:
			if m := headCount.FindStringSubmatch(strings.TrimRight(cell, " ")); m != nil {
				c.Count, _ = strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
			}
		case y >= 4 && key != "":
			top = top || len(c.Keys) == 0 && strings.HasPrefix(cell, "▌")
			c.Keys = append(c.Keys, key)
		}
	}
	return c, top
}

// readTerminal reads the columns of the board on the terminal, all the way down.
func (s *screens) readTerminal() map[string]shown {
	const soon, tries = time.Second, 20 // a key does nothing while more cards are being read
	all := map[string]shown{}
	s.terminal.Press("hhhhh")
	for i, status := range statuses {
		s.terminal.Press("gg")
		var c shown
		s.terminal.Sees(tries*soon, func(screen string) bool {
			var top bool
			c, top = column(screen, i)
			return top || c.Count == 0
		})
		for tried := 0; tried < tries && len(c.Keys) < c.Count; tried++ {
			s.terminal.Press("\x1b[6~")
			var page shown
			more := s.terminal.Sees(soon, func(screen string) bool {
				page, _ = column(screen, i)
				return len(page.Keys) > 0 && !slices.Contains(c.Keys, page.Keys[len(page.Keys)-1])
			})
			if more {
				tried = 0
			}
			c.Count = page.Count
			for _, key := range page.Keys {
				if !slices.Contains(c.Keys, key) {
					c.Keys = append(c.Keys, key)
				}
			}
		}
		all[status] = c
		s.terminal.Press("l")
	}
	return all
}
