package web

import (
	"html"
	"regexp"
	"strings"
	"sync"
)

// Markdown as HTML, by hand: paragraphs, headings, lists, quotes and code, and
// within a line code, strong, emphasis and links to the web. Every text is
// escaped before anything is made of it, so that none can be more than text. A
// whole library would cost every start of pm a third of a millisecond.

// The patterns are compiled when the first text is read.
var patterns = sync.OnceValue(func() (p struct{ item, head, inline *regexp.Regexp }) {
	p.item = regexp.MustCompile(`^\s*(?:[-*+]|\d+[.)])\s+(.*)$`)
	p.head = regexp.MustCompile(`^#{1,6}\s+(.*)$`)
	p.inline = regexp.MustCompile("`+(.+?)`+" + `|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\((https?://[^)\s]+)\)`)
	return p
})

// markdown returns the HTML of a text.
func markdown(text string) string {
	itemLine, headLine := patterns().item, patterns().head
	lines := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n")
	var out strings.Builder
	for i := 0; i < len(lines); {
		from, line := i, lines[i]
		while := func(is func(string) bool) []string {
			for i < len(lines) && is(lines[i]) {
				i++
			}
			return lines[from:i]
		}
		switch {
		case strings.TrimSpace(line) == "":
			i++
		case strings.HasPrefix(line, "```"):
			i++
			from = i
			code := while(func(s string) bool { return !strings.HasPrefix(s, "```") })
			i++
			out.WriteString("<pre>" + html.EscapeString(strings.Join(code, "\n")) + "</pre>\n")
		case headLine.MatchString(line):
			i++
			out.WriteString("<h3>" + spans(headLine.FindStringSubmatch(line)[1]) + "</h3>\n")
		case itemLine.MatchString(line):
			out.WriteString("<ul>")
			for _, l := range while(itemLine.MatchString) {
				out.WriteString("<li>" + spans(itemLine.FindStringSubmatch(l)[1]))
			}
			out.WriteString("</ul>\n")
		case strings.HasPrefix(line, ">"):
			quote := strings.Join(while(func(s string) bool { return strings.HasPrefix(s, ">") }), " ")
			out.WriteString("<blockquote>" + spans(strings.ReplaceAll(quote, ">", "")) + "</blockquote>\n")
		default:
			paragraph := while(func(s string) bool {
				return strings.TrimSpace(s) != "" && !itemLine.MatchString(s) && !headLine.MatchString(s) && !strings.HasPrefix(s, "```") && !strings.HasPrefix(s, ">")
			})
			out.WriteString(`<p dir="auto">` + spans(strings.Join(paragraph, " ")) + "</p>\n")
		}
	}
	return out.String()
}

// spans returns the HTML of a line.
func spans(text string) string {
	var out strings.Builder
	for text != "" {
		m := patterns().inline.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		part := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return text[m[2*n]:m[2*n+1]]
		}
		out.WriteString(html.EscapeString(text[:m[0]]))
		switch {
		case part(1) != "":
			out.WriteString("<code>" + html.EscapeString(part(1)) + "</code>")
		case part(2) != "":
			out.WriteString("<strong>" + spans(part(2)) + "</strong>")
		case part(3) != "":
			out.WriteString("<em>" + spans(part(3)) + "</em>")
		default:
			out.WriteString(`<a href="` + html.EscapeString(part(5)) + `">` + html.EscapeString(part(4)) + "</a>")
		}
		text = text[m[1]:]
	}
	return out.String() + html.EscapeString(text)
}
