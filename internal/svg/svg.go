// Package svg writes pm's pictures: their colours, their type, and texts that
// hold nothing but text. A picture that stands alone brings its colours along,
// light and dark; one that is embedded in a page takes those of the page.
package svg

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Role is what something in a picture is; its colour follows from that.
type Role string

// The roles, as pm's pages name them.
const (
	Back   Role = "bg"
	Card   Role = "card"
	Line   Role = "line"
	Line2  Role = "line2"
	Ink    Role = "ink"
	Soft   Role = "soft"
	Faint  Role = "faint"
	Accent Role = "accent"
	Wash   Role = "wash"
	Todo   Role = "todo"
	Doing  Role = "doing"
	Review Role = "review"
	Done   Role = "done"
	Stop   Role = "stop"
)

var colours = []struct {
	role        Role
	light, dark string
}{
	{Back, "#fbfbfa", "#141517"}, {Card, "#ffffff", "#1c1d20"}, {Line, "#e6e6e2", "#2a2c30"}, {Line2, "#d3d3cd", "#3a3d42"},
	{Ink, "#1b1c1e", "#e9e9e6"}, {Soft, "#5f6166", "#a3a5aa"}, {Faint, "#6e7076", "#86888e"},
	{Accent, "#2f5fd0", "#7aa2ff"}, {Wash, "#eaf0ff", "#1b2540"},
	{Todo, "#74767c", "#8e9096"}, {Doing, "#b26a00", "#e0a23f"}, {Review, "#6a3fc0", "#b197fc"}, {Done, "#1f7a45", "#56b881"}, {Stop, "#c0392b", "#ff7b6b"},
}

func light(r Role) string {
	for _, c := range colours {
		if c.role == r {
			return c.light
		}
	}
	return "currentColor"
}

// The two families of type.
const (
	Sans = "Inter, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif"
	Mono = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Noto Sans Mono', monospace"
)

// A Picture is an SVG as it is written.
type Picture struct {
	strings.Builder
	embedded bool
}

// New begins a picture of a size, with a name and a description for who does
// not see it. An embedded one has no style and no background of its own.
func New(width, height float64, name, about string, embedded bool) *Picture {
	p := &Picture{embedded: embedded}
	fmt.Fprintf(p, `<svg xmlns="http://www.w3.org/2000/svg" class="pm-picture" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s" font-size="13"%s>`,
		Num(width), Num(height), Num(width), Num(height), Escape(name), p.family())
	if about != "" {
		fmt.Fprintf(p, "\n<desc>%s</desc>", Escape(about))
	}
	p.WriteByte('\n')
	if !embedded {
		p.style()
		fmt.Fprintf(p, `<rect width="%s" height="%s"%s/>`+"\n", Num(width), Num(height), p.Fill(Back))
	}
	return p
}

func (p *Picture) family() string {
	if p.embedded {
		return ` font-family="inherit"`
	}
	return ` font-family="` + Sans + `"`
}

// style has the colours for a dark page. Those for a light one are attributes,
// for readers without styles.
func (p *Picture) style() {
	p.WriteString("<style>@media (prefers-color-scheme:dark){")
	for _, c := range colours {
		fmt.Fprintf(p, ".f-%s{fill:%s}.s-%s{stroke:%s}", c.role, c.dark, c.role, c.dark)
	}
	p.WriteString("}</style>\n")
}

// Close ends the picture and returns it.
func (p *Picture) Close() string {
	p.WriteString("</svg>\n")
	return p.String()
}

// Fill is the attribute that fills with the colour of a role.
func (p *Picture) Fill(r Role) string { return p.paint("fill", "f-", r) }

// Stroke is the attribute that strokes with it.
func (p *Picture) Stroke(r Role) string { return p.paint("stroke", "s-", r) }

func (p *Picture) paint(attribute, class string, r Role) string {
	if p.embedded {
		return fmt.Sprintf(` %s="var(--%s, %s)"`, attribute, r, light(r))
	}
	return fmt.Sprintf(` class="%s%s" %s="%s"`, class, r, attribute, light(r))
}

// Text writes a text at a place; more are further attributes.
func (p *Picture) Text(x, y float64, r Role, text, more string) {
	if more != "" {
		more = " " + more
	}
	fmt.Fprintf(p, `<text x="%s" y="%s"%s%s>%s</text>`+"\n", Num(x), Num(y), p.Fill(r), more, Escape(text))
}

// Rule writes a line; more are further attributes.
func (p *Picture) Rule(x1, y1, x2, y2 float64, r Role, more string) {
	if more != "" {
		more = " " + more
	}
	fmt.Fprintf(p, `<line x1="%s" y1="%s" x2="%s" y2="%s"%s%s/>`+"\n", Num(x1), Num(y1), Num(x2), Num(y2), p.Stroke(r), more)
}

// Num writes a number with one decimal at most.
func Num(f float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0")
}

// Escape writes a text so that it is one wherever it stands, in an attribute
// or between tags: what XML cannot hold is replaced.
func Escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r == utf8.RuneError || r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0xfffe && r <= 0xffff || Unseen(r):
			return '�'
		}
		return r
	}, s))
}

// Unseen reports whether a character only turns the direction of the text around,
// or has no width and joins nothing.
func Unseen(r rune) bool {
	return unicode.Is(unicode.Bidi_Control, r) || r >= 0x2060 && r <= 0x206f || r == 0x200b || r == 0xfeff
}

// Fit cuts a text to about a width at a size of type, with an ellipsis where
// something is cut off. How wide it really is, only the reader knows.
func Fit(s string, width, size float64) string {
	if Width(s, size) <= width {
		return s
	}
	room := width - size*0.8
	for i, r := range s {
		if room -= advance(r) * size; room < 0 {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// Width is about how wide a text is.
func Width(s string, size float64) (w float64) {
	for _, r := range s {
		w += advance(r) * size
	}
	return w
}

// advance is about how wide a character is, in parts of the size of type.
func advance(r rune) float64 {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case strings.ContainsRune("iljtfrI.,:;'|!()[] ", r):
		return 0.32
	case strings.ContainsRune("mwMW%@—", r):
		return 0.86
	case r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300):
		return 1
	case unicode.IsUpper(r):
		return 0.68
	}
	return 0.56
}
