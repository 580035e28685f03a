package backlog

import (
	"slices"
	"strings"
	"time"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
)

var (
	marker    = interchange.Pattern(`^\s*<!--\s*(?:SECTION:)?([A-Z_]+):(BEGIN|END)\s*-->\s*$`)
	criterion = interchange.Pattern(`^\s*[-*]\s+\[([ xX])\]\s+(?:#\d+\s+)?(.*)$`)
	criteria  = interchange.Pattern(`(?i)^## (?:acceptance criteria|definition of done)\s*$`)
	aboutLine = interchange.Pattern(`^(author|created|updated|id|title):\s*(.*)$`)
)

// parts are the pieces of a task's text.
type parts struct {
	rest     string   // without criteria and comments, and without markers
	checks   []string // lines with boxes
	comments []string
}

// sections takes the text of a task apart by its markers.
func sections(lines []string) (p parts) {
	var rest []string
	in := ""
	marked := slices.ContainsFunc(lines, marker().MatchString)
	for _, line := range lines {
		if strings.HasPrefix(line, "## ") && !marked { // as it was written before there were markers
			if in = ""; criteria().MatchString(line) {
				in = "AC"
			}
		}
		if m := marker().FindStringSubmatch(line); m != nil {
			if in = m[1]; m[2] == "END" {
				in = ""
			}
			continue
		}
		switch {
		case in == "AC" || in == "DOD":
			if criterion().MatchString(line) {
				p.checks = append(p.checks, line)
			} else if strings.TrimSpace(line) != "" {
				rest = append(rest, line)
			}
		case in == "COMMENTS":
			p.comments = append(p.comments, line)
		default:
			rest = append(rest, line)
		}
	}
	p.rest = withoutEmpty(rest)
	return p
}

// withoutEmpty leaves out headings of the second level with nothing under them,
// and the heading of the description.
func withoutEmpty(lines []string) string {
	page := form.ReadPage(lines, 1)
	empty := map[int]bool{}
	for n, h := range page.Headings {
		last := n == len(page.Headings)-1 || page.Headings[n+1].Depth <= h.Depth
		bare := last && strings.TrimSpace(strings.Join(h.Body, "")) == "" && !h.Boxed
		if h.Depth == 2 && (bare || strings.EqualFold(h.Text, "Description")) {
			empty[h.Line] = true
		}
	}
	var out []string
	for n, line := range lines {
		if !empty[n+1] {
			out = append(out, line)
		}
	}
	text := strings.Join(out, "\n")
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	return strings.TrimSpace(text)
}

// text reads the description, the checklist and the comments of a task.
func (r *reader) text(i *form.Item, d *form.Document) {
	p := sections(d.Lines)
	i.Describe(d.Value("description"))
	i.Describe(p.rest)
	for _, line := range p.checks {
		m := criterion().FindStringSubmatch(line)
		i.Checks = append(i.Checks, plan.Check{Text: m[2], Done: m[1] != " "})
	}
	for _, name := range []string{"acceptance_criteria", "definition_of_done"} {
		f, _ := d.Field(name)
		for _, text := range f.Values {
			i.Checks = append(i.Checks, plan.Check{Text: text})
		}
	}
	r.comments(i, p.comments)
}

// comments reads what lies between lines of dashes: the author and the moment of
// a comment, and its text.
func (r *reader) comments(i *form.Item, lines []string) {
	var note form.Note
	var body []string
	inBody := false
	flush := func() {
		if note.Body = strings.TrimSpace(strings.Join(body, "\n")); note.Body != "" {
			i.Notes = append(i.Notes, note)
		}
		note, body, inBody = form.Note{}, nil, false
	}
	for _, line := range lines {
		m := aboutLine().FindStringSubmatch(line)
		switch {
		case strings.TrimSpace(line) == "---" && !inBody && (note.Agent != "" || note.At != nil):
			inBody = true
		case strings.TrimSpace(line) == "---":
			flush()
		case !inBody && m != nil && m[1] == "author":
			note.Agent = strings.TrimPrefix(strings.Trim(m[2], `"' `), "@")
		case !inBody && m != nil && m[1] == "created":
			note.At = r.o.Moment(i, "created", strings.Trim(m[2], `"' `), time.UTC)
		case !inBody && m != nil:
		default:
			body = append(body, line)
		}
	}
	flush()
}
