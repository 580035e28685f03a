package form

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/plan"
)

// Say takes over what a word of the source says about the status of an item:
// what is unknown comes in blocked, with the word as the reason.
func (i *Item) Say(word string) {
	m := interchange.StatusOf(word)
	i.Status, i.Reason = m.Status, m.Reason
	switch {
	case m.Status == "":
		i.Status, i.Reason = plan.Blocked, "status "+Quote(word)
	case m.Status == plan.Blocked && i.Reason == "":
		i.Reason = OneLine(word, 200)
	case m.Dropped:
		i.Resolution = plan.WontDo
	}
	i.Reason = OneLine(i.Reason, 1000)
}

// Block says why an item cannot be started yet, unless it is over.
func (i *Item) Block(reason string) {
	if i.Over() {
		return
	}
	if i.Status == plan.Blocked && i.Reason != "" && !strings.Contains(strings.ToLower(i.Reason), strings.ToLower(reason)) {
		reason = i.Reason + "; " + reason
	}
	i.Status, i.Reason = plan.Blocked, reason
}

// Over reports whether an item is done or dropped.
func (i *Item) Over() bool { return i.Status == plan.Completed || i.Status == plan.Archived }

// Prioritise takes over a priority as a word or a number.
func (i *Item) Prioritise(o *Outline, word string) {
	if word = strings.TrimSpace(word); word == "" || strings.EqualFold(word, "none") || strings.EqualFold(word, "no priority") {
		return
	}
	n, known := interchange.PriorityOf(word)
	if !known {
		o.Find(i.File, i.Line, interchange.Warning, "unknown priority %s: %d is used instead", Quote(word), plan.DefaultPriority)
		return
	}
	i.Priority = n
}

// Describe adds a part to the description of an item, behind a blank line.
func (i *Item) Describe(text string) {
	if text = strings.Trim(strings.TrimRight(text, " \t\n"), "\n"); text == "" {
		return
	}
	if i.Description != "" {
		i.Description += "\n\n"
	}
	i.Description += text
}

// Section adds a part to the description under a heading of its own.
func (i *Item) Section(heading, text string) {
	if strings.TrimSpace(text) != "" {
		i.Describe("## " + heading + "\n\n" + strings.TrimSpace(text))
	}
}

// Moment reads a date of a source; nil where it is empty or not understood,
// which is a finding.
func (o *Outline) Moment(i *Item, field, text string, zone *time.Location) *time.Time {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	t, ok := interchange.DateOf(text, zone)
	if !ok {
		o.Find(i.File, i.Line, interchange.Warning, "%s %s is not a date: left out", field, Quote(text))
		return nil
	}
	t = t.Truncate(time.Millisecond)
	return &t
}

// clock finds the time of a day in a date.
var clock = interchange.Pattern(`:|T\d|\dT`)

// Day reads a date that may be a whole day.
func (o *Outline) Day(i *Item, field, text string, zone *time.Location) plan.Date {
	text = strings.TrimSpace(text)
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return plan.Date(text)
	}
	t := o.Moment(i, field, text, zone)
	switch {
	case t == nil:
		return ""
	case zone != nil && !clock().MatchString(text):
		return plan.DayOf(t.In(zone))
	}
	return plan.DateOf(*t)
}

// Quote returns a word of a source for a message.
func Quote(s string) string { return `"` + OneLine(s, 80) + `"` }

// OneLine returns s as one line of so many characters at most.
func OneLine(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), divides), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return s
}

// divides reports whether a rune divides words: one of the spaces, which the
// ends of lines and paragraphs are, or a control character.
func divides(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// oneWord puts a sign in the place of what divides words, and of commas.
func oneWord(s string, sign rune) string {
	return strings.Map(func(r rune) rune {
		if divides(r) || r == ',' {
			return sign
		}
		return r
	}, s)
}

// Label makes one word of a label of a source.
func Label(s string) string {
	s = strings.TrimLeft(oneWord(strings.TrimSpace(strings.ToValidUTF8(s, "-")), '-'), "-")
	if runes := []rune(s); len(runes) > plan.MaxName {
		s = string(runes[:plan.MaxName])
	}
	return s
}

// Name makes the name of a person or of a program what pm takes for one.
func Name(s string) string { return OneLine(strings.Trim(strings.TrimSpace(s), `"'`), plan.MaxName) }

// Slug makes a short word in small letters of a heading.
func Slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return Label(strings.Trim(b.String(), "-"))
}

// Emphasis removes the signs of markdown around and in a title that only
// change how it looks.
func Emphasis(s string) string {
	for _, mark := range []string{"**", "__", "~~"} {
		if strings.Count(s, mark) >= 2 {
			s = strings.ReplaceAll(s, mark, "")
		}
	}
	return strings.TrimSpace(s)
}

// storable returns s as texts are stored, and whether something was lost.
func storable(s string) (string, bool) {
	out := interchange.Storable(s)
	if len(out) > plan.MaxText {
		return strings.ToValidUTF8(out[:plan.MaxText], ""), true
	}
	return out, out != s
}
