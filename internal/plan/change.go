package plan

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// A Change holds the fields that changed, each with its value before and
// after; nil is no value. It is complete: it names every recorded column that
// differs. Beside columns it has
//
//   - depends_on: the keys of the tasks that it depends on no more, and of
//     those that it depends on now,
//   - labels: those that it lost, and those that it got,
//   - refs: likewise,
//   - links: likewise, as LinkChanges, of those that are stored with it,
//   - key: the one that it was moved from, and the one that it has now,
//   - checks: the lines of the checklist that were removed or changed, as
//     CheckChanges, and those that were added or changed,
//   - check_order: the numbers of all its lines, where one was moved,
//   - fields.NAME: the value of a custom field,
//   - note: a NoteChange before and after,
//   - deleted: nil and true where the item went to the trash, true and nil
//     where it came back,
//   - redacted: nil and what was redacted, with reason: nil and why.
//
// The status is not among them: a record has it in fields of its own.
type Change map[string][2]any

// Set records a field if its two values differ.
func (c Change) Set(field string, before, after any) {
	before, after = orNone(before), orNone(after)
	if before != after {
		c[field] = [2]any{before, after}
	}
}

// orNone turns values that mean "not set" into nil, and a time into its stamp.
func orNone(v any) any {
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil
		}
	case Grade:
		return orNone(string(v))
	case Estimate:
		if v == 0 {
			return nil
		}
		return float64(v) / 100
	case Date:
		return orNone(string(v))
	case TaskStatus:
		return orNone(string(v))
	case int:
		return orNone(int64(v))
	case int64:
		if v == 0 {
			return nil
		}
	case *time.Time:
		if v == nil {
			return nil
		}
		return Stamp(*v)
	}
	return v
}

// Stamp formats a time as records store it: UTC, in milliseconds, of fixed
// width.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// A column is a recorded column of an item with its value.
type column struct {
	name  string
	value any
}

// changed returns what differs between two states of an item, column by column.
func changed(before, after []column) Change {
	c := Change{}
	for i, a := range after {
		c.Set(a.name, before[i].value, a.value)
	}
	return c
}

// recorded lists the columns of an epic that records contain. The others are
// in every record (status, version, time of the change) or derived.
func (e Epic) recorded() []column {
	return []column{{"title", e.Title}, {"description", e.Description}, {"priority", e.Priority}, {"business_value", e.BusinessValue}, {"due", e.Due}, {"defer", e.Defer}}
}

func (f Feature) recorded() []column {
	return []column{{"title", f.Title}, {"description", f.Description}, {"due", f.Due}, {"defer", f.Defer}}
}

// The lease is not recorded, because renewing it does not change the task;
// DigestLease covers it.
func (t Task) recorded() []column {
	all := t.columns()
	return all[:]
}

// taskColumns is how many columns of a task records contain.
const taskColumns = 22

func (t *Task) columns() [taskColumns]column {
	return [...]column{{"title", t.Title}, {"description", t.Description}, {"agent_type", t.AgentType}, {"priority", t.Priority},
		{"assigned_agent", t.AssignedAgent}, {"session", t.Session}, {"file_path", t.FilePath}, {"kind", t.Kind}, {"stage", t.Stage}, {"due", t.Due}, {"estimate", t.Estimate}, {"assignee", t.Assignee}, {"position", t.Position}, {"defer", t.Defer},
		{"resolution", string(t.ToldResolution())}, {"repeat", t.Repeat}, {"blocked_reason", t.BlockedReason}, {"blocked_from", t.BlockedFrom}, {"fence", t.LastFence},
		{"started_at", t.StartedAt}, {"completed_at", t.CompletedAt}, {"blocked_at", t.BlockedAt}}
}

// Since returns the recorded columns that differ from before. For a zero
// before, it returns everything that is set.
func (e Epic) Since(before Epic) Change {
	return changed(before.recorded(), e.recorded()).sinceFields(before.Fields, e.Fields)
}

// Since works like Epic.Since.
func (f Feature) Since(before Feature) Change {
	return changed(before.recorded(), f.recorded()).sinceFields(before.Fields, f.Fields)
}

// Since works like Epic.Since.
func (t Task) Since(before Task) Change {
	was, now := before.columns(), t.columns()
	c := changed(was[:], now[:]).sinceFields(before.Fields, t.Fields)
	c.recordChecks(before.Checks, t.Checks, History{})
	return c
}

// DigestLease covers what a renewal changes without a record, and whose lease
// it is; empty for a task that never had a lease.
func (t Task) DigestLease() string {
	until := ""
	if t.LeaseUntil != nil {
		until = Stamp(*t.LeaseUntil)
	} else if t.LeaseSeconds == 0 {
		return ""
	}
	return Seal(t.UID, until, strconv.FormatInt(t.LeaseSeconds, 10), strconv.FormatInt(t.LastFence, 10), t.AssignedAgent)
}

// Any reports whether one of the fields changed.
func (c Change) Any(fields ...string) bool {
	for _, f := range fields {
		if _, is := c[f]; is {
			return true
		}
	}
	return false
}

// AnyField reports whether a custom field changed.
func (c Change) AnyField() bool {
	for f := range c {
		if strings.HasPrefix(f, fieldPrefix) {
			return true
		}
	}
	return false
}

// Compact returns c as it is stored, with a Text in place of each long text,
// and the long texts that were removed from the values before and after.
func (c Change) Compact() (stored Change, before, after []string) {
	stored = make(Change, len(c))
	for field, v := range c {
		v[0], before = compact(field, v[0], before)
		v[1], after = compact(field, v[1], after)
		stored[field] = v
	}
	return stored, before, after
}

func compact(field string, v any, texts []string) (any, []string) {
	if n, is := v.(NoteChange); is {
		n.Body, texts = compact("body", n.Body, texts)
		n.Answer, texts = compact("body", n.Answer, texts)
		return n, texts
	}
	if list, is := eachText(field, v, func(field string, v any) any {
		v, texts = compact(field, v, texts)
		return v
	}); is {
		return list, texts
	}
	if s, is := v.(string); is && freeText(field) && field != reasonField && len(s) > InlineText {
		return TextOf(s), append(texts, s)
	}
	return v, texts
}

// canonical formats a value of a change for the chain and for comparisons: the
// same text for the same value, whether it comes from a row or from JSON. For
// a free text, that is its digest.
func canonical(field string, v any) string {
	if t, is := AsText(v); is {
		return t.Digest
	}
	switch field {
	case checksField:
		return canonicalChecks(AsChecks(v))
	case linksField:
		return canonicalList(linkWords(AsLinks(v))...)
	}
	switch v := orNone(v).(type) {
	case nil:
		return ""
	case string:
		if freeText(field) {
			return Digest(v)
		}
		return v
	case bool:
		return strconv.FormatBool(v)
	case NoteChange:
		return v.canonical()
	case map[string]any:
		n, _ := AsNote(v)
		return n.canonical()
	case []string:
		return canonicalList(v...)
	case []any:
		words := make([]string, len(v))
		for i, w := range v {
			words[i], _ = w.(string)
		}
		return canonicalList(words...)
	case NoteKind:
		return string(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	default:
		panic("a change holds only the domain's own types and what comes from JSON")
	}
}

// canonicalList joins words so that different lists give different texts: as
// netstrings (https://cr.yp.to/proto/netstrings.txt).
func canonicalList(words ...string) string {
	var b []byte
	for _, w := range words {
		b = appendNetstring(b, w)
	}
	return string(b)
}

func appendNetstring(b []byte, s string) []byte {
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, ':')
	b = append(b, s...)
	return append(b, ',')
}

// asInt returns an integer that may come from JSON.
func asInt(v any) int64 {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case float64:
		return int64(v)
	case json.Number:
		n, _ := v.Int64()
		return n
	}
	return 0
}
