package interchange

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pm/internal/plan"
)

var (
	headingLine = pattern(`^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$`)
	kindPrefix  = pattern(`(?i)^(?:task|prp|prd|epic|feature|feature prd|epic prd|story|user story)[ \t]*(?::|[-–—][ \t])[ \t]*`)
	kindAndKey  = pattern(`(?i)^(?:task|prp|epic|feature)[ \t]+((?:T-?E?|E)\d)`)
	keyInTitle  = pattern(`(?i)^\[?((?:T-)?E\d+(?:-F\d+(?:-T?\d+)?)?|T\d{2,})\]?(?:[ \t]*(?::|[-–—][ \t])[ \t]*|[ \t]+|$)`)
)

// sectionNames are headings that say nothing about which document it is.
var sectionNames = map[string]bool{
	"goal": true, "overview": true, "description": true, "summary": true, "objective": true, "context": true, "background": true,
}

// readHead finds the heading and, between it and the next one, the lines of
// metadata. Code blocks have neither.
func (d *document) readHead() {
	d.headAt = -1
	fenced, text, headings := false, false, 0
	for i, line := range d.body {
		first := !text
		text = text || !blank(d.body[i:i+1])
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "```") || strings.HasPrefix(t, "~~~") {
			fenced = !fenced
		}
		if fenced {
			continue
		}
		if m := headingLine().FindStringSubmatch(line); m != nil {
			headings++
			if d.headAt < 0 && (m[1] == "#" || first && !sectionNames[strings.ToLower(m[2])]) && !d.headsSection(m[1], m[2]) {
				d.headAt, d.heading = i, m[2]
			}
		} else if headings < 2 && i < maxHead {
			d.readMetadata(i)
		}
		if d.headAt >= 0 && (headings > 1 || i >= maxHead) {
			return
		}
	}
}

// headsSection reports whether a heading begins a section that is read as a field:
// one of the first level only where the title is in the front matter.
func (d *document) headsSection(level, heading string) bool {
	titled := slices.ContainsFunc(d.front, func(f *field) bool { return f.name == "title" })
	return sectionFields()[join(wordsOf(heading), " ")] != "" && (titled || level != "#")
}

// title decides on the title of the item that own names: the front matter's,
// else the heading without what only says what the document is, else fallback.
func (d *document) title(own plan.Key, fallback string) string {
	heading := withoutPrefixes(d.heading, own)
	line := d.bodyLine + d.headAt
	for _, f := range d.front {
		if f.name != "title" || f.opaque {
			continue
		}
		if t, whole := d.oneLine(f.text(), f.line); t != "" {
			f.used = whole
			d.keepHead = t != heading
			return t
		}
	}
	if t, whole := d.oneLine(heading, line); t != "" {
		d.keepHead = !whole
		return t
	}
	d.keepHead = true
	t, _ := d.oneLine(fallback, 0)
	return t
}

// oneLine makes a title of s; whole is false if it had to be cut.
func (d *document) oneLine(s string, line int) (title string, whole bool) {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	if utf8.RuneCountInString(clean) < utf8.RuneCountInString(s) {
		d.note(line, Warning, "control characters removed from the title")
	}
	clean = strings.Join(strings.Fields(clean), " ")
	runes := []rune(clean)
	if len(runes) <= plan.MaxTitle {
		return clean, true
	}
	d.note(line, Warning, "the title is %d characters long: cut after %d; the full title is in the description", len(runes), plan.MaxTitle)
	return strings.TrimSpace(string(runes[:plan.MaxTitle])), false
}

// withoutPrefixes takes "Task:" and the like, and own's key or the key of what
// it lies in, off the front of a heading. Another item's key is a part of the title.
func withoutPrefixes(s string, own plan.Key) string {
	s = strings.TrimSpace(s)
	for {
		rest := s
		if m := kindPrefix().FindString(s); m != "" {
			rest = s[len(m):]
		} else if m := kindAndKey().FindStringSubmatchIndex(s); m != nil {
			if after := s[m[2]:]; withoutKey(after, own) != after {
				rest = after
			}
		}
		rest = strings.TrimSpace(withoutKey(rest, own))
		if rest == "" || rest == s {
			return s
		}
		s = rest
	}
}

func withoutKey(s string, own plan.Key) string {
	m := keyInTitle().FindStringSubmatch(s)
	if m == nil {
		return s
	}
	word := m[1]
	if own.Feature > 0 && shortTask().MatchString(word) {
		word = own.FeatureKey().String() + "-" + word
	}
	if k, err := plan.ParseKeyInText(word); err != nil || !k.Contains(own) {
		return s
	}
	return s[len(m[0]):]
}
