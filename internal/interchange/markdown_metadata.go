package interchange

import (
	"strings"
)

// Under the heading metadata stands in bold lines ("**Status**: done"), in
// plain ones ("Status: done", "Blocked by T001"), or in a table.

var (
	boldLabel = pattern(`(?:\*\*|__)([A-Za-z][A-Za-z _-]{0,40}?)[ \t]*(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*:)[ \t]*`)
	boldLine  = pattern(`^[ \t>]*(?:[-*+][ \t]+)?(?:\*\*|__)[A-Za-z][A-Za-z _-]{0,40}?[ \t]*(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*:)`)
	plainLine = pattern(`^[ \t>]*(?:[-*+][ \t]+)?[_*]?([A-Za-z][A-Za-z _-]{0,40}?)[_*]?[ \t]*:[_*]?[ \t]+(.*)$`)
	needsLine = pattern(`(?i)^[ \t>]*(?:[-*+][ \t]+)?(blocked by|depends (?:up)?on|requires|needs|wait(?:s|ing) (?:for|on))[ \t]+(.*?)\.?$`)
	tableRule = pattern(`^[ \t|:-]*-[ \t|:-]*$`)
)

// plainNames are the labels that make metadata of a plain line. Others are prose.
var plainNames = onceSet(`status state task_status current_status priority depends_on dependencies blocked_by requires prerequisites waiting_for waiting_on blocks created created_at completed completed_at completed_on closed updated last_updated assignee assigned_to agent agent_type assigned_agent deferred_until blocked_reason resolution done blocked deferred cancelled`)

// readMetadata reads the line of the body at index i. A line of a page's
// length is prose.
func (d *document) readMetadata(i int) {
	line := d.body[i]
	switch {
	case len(line) >= maxBoldLine:
	case boldLine().MatchString(line):
		labels := boldLabel().FindAllStringSubmatchIndex(line, -1)
		for n, at := range labels {
			end := len(line)
			if n+1 < len(labels) {
				end = labels[n+1][0]
			}
			d.addMetadata(i, line[at[2]:at[3]], strings.Trim(line[at[1]:end], " \t|·•,;"))
		}
	case strings.HasPrefix(strings.TrimSpace(line), "|"):
		d.readTable(i)
	default:
		if m := plainLine().FindStringSubmatch(line); m != nil && plainNames()[nameOf(strings.TrimSpace(m[1]))] {
			d.addMetadata(i, m[1], m[2])
		} else if m := needsLine().FindStringSubmatch(line); m != nil && allKeys(m[2]) {
			d.addMetadata(i, m[1], m[2])
		}
	}
}

func (d *document) addMetadata(i int, label, value string) {
	f := newField(label, value)
	f.line, f.raw = d.bodyLine+i, d.body[i]
	d.head = append(d.head, f)
}

// readTable reads a row of a table: a name and its value or, if a row of names
// begins the table, the values below them.
func (d *document) readTable(i int) {
	cells := cellsOf(d.body[i])
	var below []string
	if i+2 < len(d.body) && tableRule().MatchString(d.body[i+1]) {
		below = cellsOf(d.body[i+2])
	}
	names := 0
	for _, c := range cells {
		if plainNames()[nameOf(c)] {
			names++
		}
	}
	pairs := len(cells) == 2 && plainNames()[nameOf(cells[0])]
	switch {
	case pairs && (names == 1 || len(below) == 2 && plainNames()[nameOf(below[0])]):
		d.addMetadata(i, cells[0], cells[1])
	case names > 1:
		for n, value := range below {
			if n < len(cells) && plainNames()[nameOf(cells[n])] {
				d.addMetadata(i+2, cells[n], value)
			}
		}
	}
}

// cellsOf returns the cells of a row of a table, without emphasis.
func cellsOf(row string) []string {
	cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|")
	for i, c := range cells {
		cells[i] = strings.Trim(c, " \t*_:`")
	}
	return cells
}
