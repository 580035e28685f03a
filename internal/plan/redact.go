package plan

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Redacted replaces a redacted text: in a row, in a note, and as the reason of
// a record.
const Redacted = "[redacted]"

// A Redaction removes texts from an item, its notes and its records: every
// value that one field ever had, wherever the item has the same text. The
// reason of a block, for example, is in the task and in its record.
type Redaction struct {
	Field string // title, description, file_path, blocked_reason, reason, link, note, check or field.NAME
	Note  int    // the number of the note, or of the check

	had   bool              // a value of the field was found, redacted or not
	texts map[string]string // by digest; empty if only the digest is known
}

// redactable lists the fields that can be redacted, with those that only tasks
// have at the end.
var redactable = []string{"title", "description", "reason", "note", "link", "file_path", "blocked_reason", "check"}

// NewRedaction checks what to redact of an item: the field as a caller names
// it, and for a note its number.
func NewRedaction(k Key, field string, note int) (Redaction, error) {
	r := Redaction{Field: strings.ReplaceAll(strings.ToLower(field), "-", "_"), Note: note, texts: map[string]string{}}
	fields := redactable
	own := strings.HasPrefix(r.Field, OwnPrefix)
	if own {
		r.Field = OwnPrefix + field[len(OwnPrefix):]
	}
	switch {
	case k.IsZero():
		fields = []string{"note"}
	case k.Level() != LevelTask:
		fields = fields[:5]
	}
	switch {
	case !own && !slices.Contains(redactable, r.Field):
		return r, Errorf(Invalid, "unknown field %q", field).WithCode("bad_field").WithHint("use one of %s", strings.Join(withOwn(fields), ", "))
	case (!own || k.IsZero()) && !slices.Contains(fields, r.Field):
		return r, Errorf(Invalid, "%s has no %s that can be redacted", k.Name(), r.Field).WithCode("bad_field").WithHint("use one of %s", strings.Join(fields, ", "))
	case r.Field == "note" && note < 1:
		return r, Errorf(Usage, "missing note number").WithHint("run pm note list %s --fields n,body to see the numbers, then pm redact %s note 1", NoteTarget(k), KeyOrPlan(k))
	case r.Field == "check" && note < 1:
		return r, Errorf(Usage, "missing check number").WithHint("run pm show %s to see the numbers, then pm redact %s check 1", k, k)
	case !r.numbered() && note != 0:
		return r, Errorf(Usage, "unexpected number %d: only notes and checks are numbered", note).WithHint("pm redact %s %s", KeyOrPlan(k), r.Field)
	}
	return r, nil
}

// withOwn adds to the fields of an item, but for the plan itself, how its custom
// fields are named.
func withOwn(fields []string) []string {
	if len(fields) == 1 {
		return fields
	}
	return append(slices.Clone(fields), OwnPrefix+"NAME")
}

func (r *Redaction) numbered() bool { return r.Field == "note" || r.Field == "check" }

// KeyOrPlan returns the key, or the word for the plan itself.
func KeyOrPlan(k Key) string {
	if k.IsZero() {
		return planWord
	}
	return k.String()
}

// What names what is redacted: "description", "note 3".
func (r *Redaction) What() string {
	if r.numbered() {
		return r.Field + " " + strconv.Itoa(r.Note)
	}
	return r.Field
}

// Found reports whether the field ever had a value.
func (r *Redaction) Found() bool { return r.had }

// Texts returns the texts to redact, by digest, as far as they are known.
func (r *Redaction) Texts() map[string]string { return r.texts }

// Find collects the values of the field in a record.
func (r *Redaction) Find(h History) {
	switch r.Field {
	case "note":
		for _, v := range h.Change["note"] {
			if n, is := AsNote(v); is && n.N == r.Note {
				r.find(n.Body)
				r.find(n.Answer)
			}
		}
	case "link":
		for _, v := range h.Change[linksField] {
			for _, l := range AsLinks(v) {
				if s, is := l.To.(string); !is || !isKey(s) {
					r.find(l.To)
				}
			}
		}
	case "check":
		for _, v := range h.Change[checksField] {
			for _, c := range AsChecks(v) {
				if c.N == r.Note && c.Text != nil {
					r.find(c.Text)
				}
			}
		}
	case "reason":
		if h.Notes != "" {
			r.find(h.Notes)
		}
		fallthrough
	default:
		column := r.Field
		if name, own := strings.CutPrefix(r.Field, OwnPrefix); own {
			column = fieldColumn(name)
		}
		for _, v := range h.Change[column] {
			r.find(v)
		}
	}
}

func (r *Redaction) find(v any) {
	if t, is := AsText(v); is {
		r.had = true
		if _, known := r.texts[t.Digest]; !known && !t.Redacted {
			r.texts[t.Digest] = ""
		}
		return
	}
	if s, is := v.(string); is {
		r.had = true
		if s != Redacted {
			r.texts[Digest(s)] = s
		}
	}
}

func isKey(s string) bool {
	_, err := ParseKey(s)
	return err == nil
}

// ClearLinks removes the files and addresses to redact from an item's links,
// and returns what it removed.
func (r *Redaction) ClearLinks(links *[]Link) (removed []Link) {
	kept := []Link(nil)
	for _, l := range *links {
		to := l.To
		if _, item := l.Item(); !item && r.Clear(&to) {
			removed = append(removed, l)
			continue
		}
		kept = append(kept, l)
	}
	*links = kept
	return removed
}

// ClearFields takes the texts to redact from an item's custom fields, which have no
// value then: not every text can be one.
func (r *Redaction) ClearFields(fields *Fields) {
	kept := maps.Clone(*fields)
	for name, v := range *fields {
		if s, is := v.recorded().(string); is && r.Clear(&s) {
			delete(kept, name)
		}
	}
	*fields = kept
}

// Clear replaces a text of the item with Redacted, and reports whether it was
// one of the texts to redact.
func (r *Redaction) Clear(s *string) bool {
	digest := Digest(*s)
	if _, is := r.texts[digest]; !is {
		return false
	}
	r.texts[digest], *s = *s, Redacted
	return true
}

// Take removes the texts from a record, which keeps its hash, and reports
// whether it contained any of them.
func (r *Redaction) Take(h *History) (taken bool) {
	for field, v := range h.Change {
		for side := range v {
			var did bool
			if v[side], did = r.without(field, v[side]); did {
				taken = true
				h.Change[field] = v
			}
		}
	}
	notes := h.Notes
	if r.Clear(&h.Notes) {
		t := TextOf(notes)
		t.Redacted = true
		if h.Change == nil {
			h.Change = Change{}
		}
		h.Change[notesField], taken = [2]any{nil, t}, true
	}
	return taken
}

// without returns a value of a change without the texts.
func (r *Redaction) without(field string, v any) (any, bool) {
	if n, is := AsNote(v); is && field == "note" {
		var body, answer bool
		n.Body, body = r.without("body", n.Body)
		n.Answer, answer = r.without("body", n.Answer)
		return n, body || answer
	}
	did := false
	if list, is := eachText(field, v, func(field string, v any) any {
		v, one := r.without(field, v)
		did = did || one
		return v
	}); is {
		return list, did
	}
	if !freeText(field) {
		return v, false
	}
	t, is := AsText(v)
	if s, inline := v.(string); inline {
		t, is = TextOf(s), s != Redacted
		if _, redacted := r.texts[t.Digest]; redacted {
			r.texts[t.Digest] = s
		}
	}
	if _, redacted := r.texts[t.Digest]; !is || !redacted || t.Redacted {
		return v, false
	}
	t.Redacted = true
	return t, true
}

// Record returns the change for the record of the redaction, with the fields
// of the row that it cleared; before is the item without the redaction.
func (r *Redaction) Record(cleared Change, reason string) Change {
	for field, v := range cleared {
		v[0], _ = r.without(field, v[0])
		cleared[field] = v
	}
	cleared[redactedField] = [2]any{nil, r.What()}
	if reason != "" {
		cleared[reasonField] = [2]any{nil, reason}
	}
	return cleared
}
