package interchange

import (
	"slices"
	"strings"
	"time"

	"pm/internal/plan"
)

// layouts are the forms of dates, besides that of RFC 3339, that mean one thing only.
var layouts = []string{
	time.DateTime, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04Z07:00",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 -0700 MST",
	"20060102T150405Z07:00", "2/Jan/06 3:04 PM", "2/Jan/2006 3:04 PM", "2/Jan/06 15:04",
	"2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z0700", "2006-01-02 3:04 PM", "2006-01-02 3:04:05 PM", "2-Jan-2006 15:04", "2-Jan-06 15:04", "2 Jan 2006 15:04",
	"Jan 2, 2006, 3:04 PM", "Jan 2, 2006 3:04 PM", "Jan 2, 2006, 15:04", "Mon Jan 2 2006 15:04:05 GMT-0700", time.RFC1123Z, time.RFC1123,
}

var dayLayouts = []string{time.DateOnly, "2006/01/02", "20060102", "Jan 2, 2006", "January 2, 2006", "2 Jan 2006", "2 January 2006", "2/Jan/06", "2/Jan/2006", "2-Jan-2006", "2-Jan-06"}

// parseDate understands a day or a moment. A day, and a moment without a
// zone, are of the zone that the import runs in.
func (d *document) parseDate(s string) (time.Time, bool) {
	s = strings.Trim(strings.TrimSpace(s), "*_`")
	if at := strings.Index(s, " ("); at > 0 && strings.HasSuffix(s, ")") { // the name of a zone, as JavaScript writes it
		s = s[:at]
	}
	zone := d.zone
	if zone == nil {
		zone = time.Local
	}
	if len(s) > len("2006-01-02T15:04") && s[10] == 'T' { // none of the others, whose errors would be thrown away
		if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
			return sane(t)
		}
	}
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return sane(plan.StartOfDay(t.Year(), t.Month(), t.Day(), zone))
		}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return sane(t)
		}
	}
	return time.Time{}, false
}

// sane returns t as it is stored, unless it is too far away for that.
func sane(t time.Time) (time.Time, bool) {
	return t.UTC(), t.Year() >= 1000 && t.Year() <= 9998
}

func (d *document) isDate(f *field) bool {
	_, ok := d.parseDate(f.text())
	return ok && !f.opaque
}

// date returns what the fields of that name say; nil where none does. A field
// that is only true or false says nothing about when.
func (d *document) date(name string) *time.Time {
	for _, f := range d.fields(name) {
		if _, known := truthOf(f.text()); known {
			f.known = true
		}
	}
	t, ok := choose(d, name, d.parseDate, "no date is assumed")
	if !ok {
		return nil
	}
	return &t
}

var dayInText = pattern(`\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?`)

// readTimes reads when the task was created, begun and done. A task that is
// done without a day on which it was gets the last day that its document has.
func (d *draft) readTimes(s said) {
	t := &d.task
	t.CreatedAt = d.doc.date("created_at")
	if t.Status != plan.Todo {
		t.StartedAt = d.doc.date("started_at")
	}
	done := t.Status == plan.Completed || t.Status == plan.Archived && !s.dropped
	if !done {
		return
	}
	t.CompletedAt = d.doc.date("completed_at")
	for _, f := range d.doc.allFields() {
		word := flagWords()[f.name]
		if f.name != "status" && word != "done" && word != "closed" || t.CompletedAt != nil {
			continue
		}
		if at, ok := d.doc.parseDate(dayInText().FindString(f.text())); ok {
			t.CompletedAt = &at
			f.used = f.used || d.doc.isDate(f)
		}
	}
	if t.CompletedAt != nil || t.Status != plan.Completed {
		return
	}
	d.doc.undated = true
	for _, f := range slices.Concat(d.doc.fields("updated_at"), d.doc.fields("started_at"), d.doc.fields("created_at")) {
		if at, ok := d.doc.parseDate(f.text()); ok && (t.CompletedAt == nil || at.After(*t.CompletedAt)) {
			t.CompletedAt = &at
		}
	}
}
