package form

import (
	"strings"

	"pm/internal/interchange"
)

var (
	headingLine = interchange.Pattern(`^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$`)
	boxLine     = interchange.Pattern(`^([-*+]|\d{1,9}[.)])[ \t]+\[[ \t]*([^\pL\pN \t]|[xX])?[ \t]*\](\\?\*)?(?:[ \t]+(.*)|([^\s(\[:*\]].*))?$`)
	bulletLine  = interchange.Pattern(`^([-*+]|\d{1,9}[.)])[ \t]+(.*)$`)
)

// A Heading is a heading of a markdown document, with what lies under it.
type Heading struct {
	Depth int
	Text  string
	Line  int
	Up    *Heading
	Body  []string // its own text, without boxes and what belongs to them
	Boxed bool     // boxes stand directly under it
}

// A Box is an item of a list with a box to tick.
type Box struct {
	Mark  string // what stands in the box; empty or a space: open
	Star  bool   // an asterisk behind the box
	Text  string
	Line  int
	Under *Heading // nil: none
	Up    *Box     // nested in it by indentation; nil: none
	Depth int
	Body  []string // the lines that belong to it, with the indentation of the first taken off

	indent int
	own    int // lines of Body before the first box that is nested in it; -1: none is
}

// Ticked reports whether the box has an x.
func (b *Box) Ticked() bool { return b.Mark == "x" || b.Mark == "X" }

// Details returns the lines that belong to the box.
func (b *Box) Details() string { return Dedent(b.Body) }

// Open reports whether the box is empty.
func (b *Box) Open() bool { return strings.TrimSpace(b.Mark) == "" }

// A Page is a markdown document, taken apart.
type Page struct {
	Headings []*Heading
	Boxes    []*Box
	Before   []string // text before the first heading
	Fences   []Fence
}

// A Fence is a block of code.
type Fence struct {
	Language string
	Line     int
	Lines    []string
	Under    *Heading
}

// mostDepth bounds how deep boxes nest: what is deeper lies where it would.
const mostDepth = 64

// A pageReader is the state while a page is read.
type pageReader struct {
	page  *Page
	stack []*Box
	under *Heading
	fence string
	code  *Fence
	note  bool // in a comment of HTML
	blank int
}

// ReadPage takes a document apart: lines, of which the first has the number
// first. Boxes in fences and comments are none.
func ReadPage(lines []string, first int) *Page {
	r := &pageReader{page: &Page{}}
	for n, line := range lines {
		r.line(strings.TrimRight(line, " \t\r"), first+n)
	}
	for _, b := range r.page.Boxes {
		b.unwrap()
	}
	return r.page
}

// indentOf returns the columns that a line is indented by, a tab up to the next
// fourth, and the rest of it.
func indentOf(line string) (int, string) {
	columns := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			columns++
		case '\t':
			columns += 4 - columns%4
		default:
			return columns, line[i:]
		}
	}
	return columns, ""
}

func (r *pageReader) line(line string, n int) {
	indent, rest := indentOf(line)
	if r.inFence(line, rest, indent, n) {
		return
	}
	if r.inComment(rest) {
		return
	}
	if rest == "" {
		r.blank++
		r.text(line, indent)
		return
	}
	defer func() { r.blank = 0 }()
	if m := headingLine().FindStringSubmatch(line); m != nil && (len(r.stack) == 0 || indent == 0) {
		r.heading(&Heading{Depth: len(m[1]), Text: m[2], Line: n})
		return
	}
	if r.underlined(rest, indent, n) {
		return
	}
	if m := boxLine().FindStringSubmatch(rest); m != nil {
		r.box(&Box{Mark: m[2], Star: m[3] != "", Text: strings.TrimSpace(m[4] + m[5]), Line: n, Under: r.under, indent: indent, own: -1})
		return
	}
	r.text(line, indent)
}

// underlined takes a line of = or - below a line of text, which is a heading
// then.
func (r *pageReader) underlined(rest string, indent, n int) bool {
	if len(rest) < 3 || indent > 3 || r.blank > 0 || len(r.stack) > 0 || strings.Trim(rest, "=") != "" && strings.Trim(rest, "-") != "" {
		return false
	}
	body := &r.page.Before
	if r.under != nil {
		body = &r.under.Body
	}
	last := len(*body) - 1
	if last < 0 || last > 0 && strings.TrimSpace((*body)[last-1]) != "" {
		return false
	}
	text := strings.TrimSpace((*body)[last])
	if text == "" || strings.ContainsAny(text[:1], "|>-*+#`~<") {
		return false
	}
	*body = (*body)[:last]
	depth := 2
	if rest[0] == '=' {
		depth = 1
	}
	r.heading(&Heading{Depth: depth, Text: text, Line: n - 1})
	return true
}

// inFence takes the lines of a block of code.
func (r *pageReader) inFence(line, rest string, indent, n int) bool {
	ticks := ""
	for _, c := range []string{"`", "~"} {
		if t := rest[:len(rest)-len(strings.TrimLeft(rest, c))]; len(t) >= 3 {
			ticks = t
		}
	}
	switch {
	case r.fence == "" && ticks != "":
		r.fence = ticks
		r.page.Fences = append(r.page.Fences, Fence{Language: strings.TrimSpace(strings.TrimLeft(rest, "`~")), Line: n, Under: r.under})
		r.code = &r.page.Fences[len(r.page.Fences)-1]
	case r.fence == "":
		return false
	case strings.HasPrefix(ticks, r.fence) && strings.TrimSpace(strings.TrimLeft(rest, "`~")) == "":
		r.fence = ""
	default:
		r.code.Lines = append(r.code.Lines, line)
	}
	r.text(line, indent)
	return true
}

// inComment takes the lines of a comment of HTML that is longer than a line.
func (r *pageReader) inComment(rest string) bool {
	if r.note {
		r.note = !strings.Contains(rest, "-->")
		return true
	}
	if strings.HasPrefix(rest, "<!--") && !strings.Contains(rest, "-->") {
		r.note = true
		return true
	}
	return false
}

func (r *pageReader) heading(h *Heading) {
	up := r.under
	for up != nil && up.Depth >= h.Depth {
		up = up.Up
	}
	h.Up, r.under, r.stack = up, h, nil
	r.page.Headings = append(r.page.Headings, h)
}

func (r *pageReader) box(b *Box) {
	for len(r.stack) > 0 && r.stack[len(r.stack)-1].indent >= b.indent {
		r.stack = r.stack[:len(r.stack)-1]
	}
	if len(r.stack) > 0 {
		b.Up = r.stack[len(r.stack)-1]
		b.Depth = b.Up.Depth + 1
		if b.Up.own < 0 {
			b.Up.own = len(b.Up.Body)
		}
	}
	if len(r.stack) < mostDepth {
		r.stack = append(r.stack, b)
	}
	if b.Under != nil {
		b.Under.Boxed = true
	}
	r.page.Boxes = append(r.page.Boxes, b)
}

// text takes a line that belongs to the box above it, if it is indented more or
// goes on with its paragraph, else to the heading.
func (r *pageReader) text(line string, indent int) {
	blank := strings.TrimSpace(line) == ""
	for !blank && len(r.stack) > 0 {
		top := r.stack[len(r.stack)-1]
		goesOn := r.blank == 0 && len(r.stack) == 1 && indent <= top.indent && !bulletLine().MatchString(strings.TrimSpace(line)) && !strings.HasPrefix(strings.TrimSpace(line), "*") && !strings.HasPrefix(strings.TrimSpace(line), "---")
		if indent > top.indent || goesOn {
			break
		}
		r.stack = r.stack[:len(r.stack)-1]
	}
	switch {
	case len(r.stack) > 0:
		top := r.stack[len(r.stack)-1]
		top.Body = append(top.Body, line)
	case r.under != nil:
		r.under.Body = append(r.under.Body, line)
	default:
		r.page.Before = append(r.page.Before, line)
	}
}

// Dedent joins lines without the indentation that they share.
func Dedent(lines []string) string {
	least := -1
	for _, l := range lines {
		if indent, rest := indentOf(l); rest != "" && (least < 0 || indent < least) {
			least = indent
		}
	}
	var b strings.Builder
	for _, l := range lines {
		cut := 0
		for columns := 0; cut < len(l) && columns < least && (l[cut] == ' ' || l[cut] == '\t'); cut++ {
			if columns++; l[cut] == '\t' {
				columns += (4 - columns%4) % 4
			}
		}
		b.WriteString(strings.TrimRight(l[cut:], " \t"))
		b.WriteByte('\n')
	}
	return strings.Trim(b.String(), "\n")
}

// Title returns the text of the first heading of the first level, without a
// word such as "Tasks:" before it.
func (p *Page) Title(prefixes ...string) string {
	for _, h := range p.Headings {
		if h.Depth > 1 {
			continue
		}
		title := Emphasis(h.Text)
		for _, prefix := range prefixes {
			if len(title) > len(prefix) && strings.EqualFold(title[:len(prefix)], prefix) {
				title = strings.TrimLeft(title[len(prefix):], " :–—-")
				break
			}
		}
		return strings.TrimSpace(title)
	}
	return ""
}
