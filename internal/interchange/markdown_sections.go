package interchange

import (
	"strings"
)

// Some plans keep in sections what others keep in fields: a status on the line
// below its heading, as BMAD's stories do, and lists of dependencies.

// sectionFields are the headings of such sections, as words, and the fields
// that they stand for.
var sectionFields = onceMap(`
status: status, current status, task status, story status
depends_on: dependencies, dependency, task dependencies, depends on, depends upon, blocked by, requires, prerequisites, prerequisite
depends_on: prerequisite tasks, waiting for, waiting on, waits for, blockers, upstream, upstream dependencies, upstream tasks
blocks: blocks, enables, unblocks, required by, needed by, dependents, dependent tasks, downstream, downstream dependencies, downstream tasks
`)

// readSections makes fields of such sections, behind those of the head.
func (d *document) readSections() {
	type open struct {
		f     *field
		level int
	}
	var around []open // the sections that a line lies in, the innermost last
	fenced, sections := false, 0
	for i, line := range d.body {
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "```") || strings.HasPrefix(t, "~~~") {
			fenced = !fenced
			continue
		}
		if fenced || strings.TrimSpace(line) == "" {
			continue
		}
		m := headingLine().FindStringSubmatch(line)
		if m == nil {
			if n := len(around); n > 0 {
				f := around[n-1].f
				f.values, f.lines = append(f.values, line), append(f.lines, d.bodyLine+i)
			}
			continue
		}
		if i == d.headAt {
			continue
		}
		sections++
		for n := len(around); n > 0 && around[n-1].level >= len(m[1]); n-- {
			around = around[:n-1]
		}
		name := sectionFields()[join(wordsOf(m[2]), " ")]
		switch {
		case name == "status" && (len(m[1]) != 2 || sections > 1 && !shortSection(d.body[i+1:])):
			// some other status, which the text explains
		case name != "":
			f := &field{name: name, label: m[2], line: d.bodyLine + i, raw: line, section: true, known: true}
			around = append(around, open{f, len(m[1])})
			d.head = append(d.head, f)
		}
	}
	d.finishSections()
}

// shortSection reports whether a section is one short line.
func shortSection(lines []string) bool {
	text := ""
	for _, l := range lines {
		switch {
		case headingLine().MatchString(l):
			return text != ""
		case strings.TrimSpace(l) == "":
		case text != "", len(l) > 60:
			return false
		default:
			text = l
		}
	}
	return text != ""
}

// finishSections reduces the sections with a status to it: their first line,
// or the last box that is ticked in a list of statuses.
func (d *document) finishSections() {
	for _, f := range d.head {
		if !f.section || f.name != "status" || len(f.values) == 0 {
			continue
		}
		text, line := "", f.lines[0]
		for i, l := range f.values {
			m := boxLine().FindStringSubmatch(l)
			switch {
			case m == nil && i == 0:
				text = l
			case m != nil && m[1] != " ":
				text, line = l[len(m[0]):], f.lines[i]
			}
		}
		f.values, f.line = []string{bareItem(text)}, line
	}
}

// bareItem returns an item of a list without its marker, box and emphasis, and
// without a label that repeats the heading.
func bareItem(line string) string {
	line = strings.TrimSpace(line)
	if m := itemStart().FindString(line); m != "" {
		line = line[len(m):]
	}
	if m := boldLine().FindString(line); m != "" {
		line = line[len(m):]
	}
	return strings.Trim(line, " \t*_`")
}

var itemStart = pattern(`^(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?`)

// reverse are words in a list of dependencies that turn a line of it round.
var reverse = onceSet("blocks enables unblocks dependents downstream")

// prose are words that say that a line names a task but does not depend on it.
var prose = onceSet("not no none independent independently parallel optional related see")

// refsInSection reads a list of dependencies in the text. Only what is plainly
// a task or its feature counts: such a section may be about libraries.
func (d *draft) refsInSection(f *field) (refs []ref) {
	for i, line := range f.values {
		if len(line) >= maxBoldLine {
			continue // prose
		}
		words := wordsOf(line)
		turned := len(words) > 0 && (reverse()[words[0]] || len(words) > 1 && (words[1] == "by" && (words[0] == "needed" || words[0] == "required")))
		item := strings.Fields(remark().ReplaceAllString(plainText(bareItem(line)), ""))
		for n, word := range item {
			r, ok := d.refOf(word)
			if !ok || r.key.IsZero() || r.key.Task == 0 && n > 0 {
				continue
			}
			if n > 0 && anyOf(words, prose()) {
				d.doc.note(f.lines[i], Info, "%s mentions %s, but not as a dependency: %s", f.label, r.text, quote(strings.TrimSpace(line)))
				continue
			}
			r.line = f.lines[i]
			if turned && f.name != "blocks" {
				d.blocks = append(d.blocks, r)
			} else {
				refs = append(refs, r)
			}
		}
	}
	return refs
}

func anyOf(words []string, set map[string]bool) bool {
	for _, w := range words {
		if set[w] {
			return true
		}
	}
	return false
}
