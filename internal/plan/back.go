package plan

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"
)

// A record says what each column, word and line was before it, so an item can be
// taken back from one record to the one before. Who takes back the records of an
// item from its newest on gets the item as it was at any moment of its past.
//
// Not all of a row is recorded: its version goes down by one with each record, but
// the time and the hash of the record before are for the caller to set, and what
// is derived (counts, open dependencies, whether it is offered) is to be derived
// anew. Leases leave no records.

// A FormerText returns the text of which a record has only the digest.
// Redacted texts have none.
type FormerText func(digest string) string

// text returns a value of a change that is a text.
func (f FormerText) text(v any) string {
	if t, is := AsText(v); is {
		if t.Redacted {
			return Redacted
		}
		return f(t.Digest)
	}
	s, _ := v.(string)
	return s
}

// TakeBack reverts e to its state before its record h.
func (e *Epic) TakeBack(h History, former FormerText) {
	for field, v := range h.Change {
		switch field {
		case "title":
			e.Title = former.text(v[0])
		case "description":
			e.Description = former.text(v[0])
		case "priority":
			e.Priority = Grade(former.text(v[0]))
		case "business_value":
			e.BusinessValue = Grade(former.text(v[0]))
		case "due":
			e.Due = Date(former.text(v[0]))
		case "defer":
			e.Defer = Date(former.text(v[0]))
		default:
			besides{&e.Fields, &e.Labels, &e.Refs, &e.Links, &e.DependsOn}.takeBack(field, v, former)
		}
	}
	e.Status = PlanStatus(h.OldStatus)
	e.Version--
}

// TakeBack works like Epic.TakeBack.
func (f *Feature) TakeBack(h History, former FormerText) {
	for field, v := range h.Change {
		switch field {
		case "title":
			f.Title = former.text(v[0])
		case "description":
			f.Description = former.text(v[0])
		case "due":
			f.Due = Date(former.text(v[0]))
		case "defer":
			f.Defer = Date(former.text(v[0]))
		case "key":
			if k, err := ParseKey(former.text(v[0])); err == nil {
				f.Key, f.EpicKey, f.ID, f.EpicID = k, k.EpicKey(), k.Ordinal(), k.EpicKey().Ordinal()
			}
		default:
			besides{&f.Fields, &f.Labels, &f.Refs, &f.Links, &f.DependsOn}.takeBack(field, v, former)
		}
	}
	f.Status = PlanStatus(h.OldStatus)
	f.Version--
}

// TakeBack works like Epic.TakeBack. If h removed a checklist line, order has
// the numbers of the lines before h, because the record does not say where the
// line was.
func (t *Task) TakeBack(h History, former FormerText, order []int) {
	t.Resolution = t.ToldResolution()
	for field, v := range h.Change {
		if field == "key" {
			if k, err := ParseKey(former.text(v[0])); err == nil {
				t.Key, t.FeatureKey, t.EpicKey = k, k.FeatureKey(), k.EpicKey()
				t.ID, t.FeatureID = k.Ordinal(), k.FeatureKey().Ordinal()
			}
			continue
		}
		if !t.takeBackColumn(field, v[0], former) {
			besides{&t.Fields, &t.Labels, &t.Refs, &t.Links, &t.DependsOn}.takeBack(field, v, former)
		}
	}
	t.takeBackChecks(h, former, order)
	t.Status = TaskStatus(h.OldStatus)
	t.Version--
}

// takeBackColumn sets a column of a task to its earlier value; false if the
// field is not a column.
func (t *Task) takeBackColumn(field string, before any, former FormerText) bool {
	if at := t.textColumn(field); at != nil {
		*at = former.text(before)
		return true
	}
	if at := t.timeColumn(field); at != nil {
		*at = asTime(before)
		return true
	}
	switch field {
	case "priority":
		t.Priority = int(asInt(before))
	case "fence":
		t.LastFence = asInt(before)
	case "estimate":
		t.Estimate = Estimate(math.Round(asFloat(before) * 100))
	default:
		return false
	}
	return true
}

// textColumn returns the text column of a recorded field; nil if it is not
// one.
func (t *Task) textColumn(field string) *string {
	switch field {
	case "title":
		return &t.Title
	case "description":
		return &t.Description
	case "agent_type":
		return &t.AgentType
	case "assigned_agent":
		return &t.AssignedAgent
	case "session":
		return &t.Session
	case "file_path":
		return &t.FilePath
	case "kind":
		return &t.Kind
	case "stage":
		return &t.Stage
	case "assignee":
		return &t.Assignee
	case "position":
		return &t.Position
	case "repeat":
		return &t.Repeat
	case "blocked_reason":
		return &t.BlockedReason
	case "due":
		return (*string)(&t.Due)
	case "defer":
		return (*string)(&t.Defer)
	case "resolution":
		return (*string)(&t.Resolution)
	case "blocked_from":
		return (*string)(&t.BlockedFrom)
	}
	return nil
}

func (t *Task) timeColumn(field string) **time.Time {
	switch field {
	case "started_at":
		return &t.StartedAt
	case "completed_at":
		return &t.CompletedAt
	case "blocked_at":
		return &t.BlockedAt
	}
	return nil
}

func asFloat(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case json.Number:
		n, _ := v.Float64()
		return n
	}
	return 0
}

// asTime returns the time of a stamp; nil for none.
func asTime(v any) *time.Time {
	s, _ := v.(string)
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return nil
	}
	at = at.UTC()
	return &at
}

// besides are the parts that items of all levels have outside their columns.
type besides struct {
	fields       *Fields
	labels, refs *[]string
	links        *[]Link
	dependsOn    *[]Key
}

func (b besides) takeBack(field string, v [2]any, former FormerText) {
	switch field {
	case "labels":
		*b.labels = SortLabels(backSet(*b.labels, words(v[0]), words(v[1]), func(a, b string) bool { return FoldLabel(a) == FoldLabel(b) }))
	case "refs":
		*b.refs = SortRefs(backSet(*b.refs, words(v[0]), words(v[1]), func(a, b string) bool { return FoldRef(a) == FoldRef(b) }))
	case "depends_on":
		*b.dependsOn = backSet(*b.dependsOn, keysOf(v[0]), keysOf(v[1]), func(a, b Key) bool { return a == b })
	case linksField:
		*b.links = backSet(OwnLinks(*b.links), linksBack(v[0], former), linksBack(v[1], former), func(a, b Link) bool { return a == b })
		SortLinks(*b.links)
	default:
		name, is := strings.CutPrefix(field, fieldPrefix)
		if !is {
			return
		}
		fields := Fields{}
		for n, value := range *b.fields {
			fields[n] = value
		}
		delete(fields, name)
		if value := valueBack(v[0], former); value != "" {
			fields[name] = value
		}
		*b.fields = fields
	}
}

// backSet returns a set without the added and with the removed entries.
func backSet[T any](now, removed, added []T, same func(a, b T) bool) []T {
	out := slices.DeleteFunc(slices.Clone(now), func(a T) bool {
		return slices.ContainsFunc(added, func(b T) bool { return same(a, b) })
	})
	for _, a := range removed {
		if !slices.ContainsFunc(out, func(b T) bool { return same(a, b) }) {
			out = append(out, a)
		}
	}
	return out
}

func keysOf(v any) (out []Key) {
	for _, w := range words(v) {
		if k, err := ParseKey(w); err == nil {
			out = append(out, k)
		}
	}
	return out
}

func linksBack(v any, former FormerText) (out []Link) {
	for _, l := range AsLinks(v) {
		out = append(out, Link{As: l.As, To: former.text(l.To)})
	}
	return out
}

// valueBack returns the value of a custom field that a record has.
func valueBack(v any, former FormerText) FieldValue {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return Yes
		}
		return No
	case json.Number:
		return FieldValue(v)
	}
	return TextValue(former.text(v))
}

// takeBackChecks reverts a record's changes to the checklist.
func (t *Task) takeBackChecks(h History, former FormerText, order []int) {
	if v, moved := h.Change[orderField]; moved {
		t.orderChecks(numbersIn(v[0]))
	}
	v, changed := h.Change[checksField]
	if !changed {
		return
	}
	old, now, removed := AsChecks(v[0]), AsChecks(v[1]), false
	has := func(list []CheckChange, n int) bool {
		return slices.ContainsFunc(list, func(c CheckChange) bool { return c.N == n })
	}
	t.Checks = slices.Clone(t.Checks)
	for _, c := range now {
		if !has(old, c.N) {
			t.Checks = slices.DeleteFunc(t.Checks, func(o Check) bool { return o.N == c.N })
			t.LastCheck = min(t.LastCheck, c.N-1)
		}
	}
	for _, c := range old {
		i := slices.IndexFunc(t.Checks, func(o Check) bool { return o.N == c.N })
		if i < 0 {
			i, removed = len(t.Checks), true
			t.Checks = append(t.Checks, Check{N: c.N})
		}
		check := &t.Checks[i]
		check.Done, check.By, check.At = c.Done, c.By, asTime(c.At)
		if c.Text != nil {
			check.Text = former.text(c.Text)
		}
	}
	if removed {
		t.orderChecks(order)
	}
	if len(t.Checks) == 0 {
		t.Checks = nil
	}
}

// orderChecks sorts the lines of a checklist by the numbers in order; lines
// that are not in it come last.
func (t *Task) orderChecks(order []int) {
	place := func(c Check) int {
		if i := slices.Index(order, c.N); i >= 0 {
			return i
		}
		return len(order)
	}
	t.Checks = slices.Clone(t.Checks)
	Sort(t.Checks, func(a, b Check) int { return place(a) - place(b) })
}

// numbersIn reads what numbers writes.
func numbersIn(v any) (out []int) {
	s, _ := v.(string)
	for word := range strings.SplitSeq(s, ",") {
		if n := asInt(json.Number(word)); n > 0 {
			out = append(out, int(n))
		}
	}
	return out
}

// RemovesChecks reports whether a record removed lines from a checklist.
func RemovesChecks(c Change) bool {
	v := c[checksField]
	now := AsChecks(v[1])
	return slices.ContainsFunc(AsChecks(v[0]), func(o CheckChange) bool {
		return !slices.ContainsFunc(now, func(n CheckChange) bool { return n.N == o.N })
	})
}

// CheckOrder returns the numbers of the checklist's lines, in their order.
func (r *Replay) CheckOrder() []int {
	out := make([]int, len(r.checks))
	for i, c := range r.checks {
		out[i] = c.n
	}
	return out
}

// TakeBack works like Epic.TakeBack.
func (p *Project) TakeBack(h History, former FormerText) {
	for field, v := range h.Change {
		kind, name, is := strings.Cut(field, ".")
		if is && slices.Contains(DefinitionKinds(), DefinitionKind(kind)) {
			*p = p.With(Definition{Kind: DefinitionKind(kind), Name: name, Body: former.text(v[0])})
		}
	}
	p.Version--
}

// NotesBefore returns the notes of an item as they were before its record h, and
// the highest number given to one.
func NotesBefore(notes []Note, last int, h History, former FormerText) ([]Note, int) {
	v, changed := h.Change["note"]
	if !changed {
		return notes, last
	}
	notes = slices.Clone(notes)
	if v[0] == nil {
		written := noteOf(h, v[1])
		return slices.DeleteFunc(notes, func(n Note) bool { return n.N == written.N }), min(last, written.N-1)
	}
	before := noteBack(h.Key, noteOf(h, v[0]), former)
	i := slices.IndexFunc(notes, func(n Note) bool { return n.N >= before.N })
	switch {
	case i < 0:
		notes = append(notes, before)
	case notes[i].N == before.N:
		before.ID = notes[i].ID
		notes[i] = before
	default:
		notes = slices.Insert(notes, i, before)
	}
	return notes, last
}

// noteBack returns the note that a record contains.
func noteBack(of Key, c NoteChange, former FormerText) Note {
	n := Note{Key: of, N: c.N, Agent: c.Agent, Kind: c.Kind, Body: former.text(c.Body), Hidden: c.Hidden, Session: c.Session, To: c.To, Choices: c.Choices, Hold: c.Hold,
		Answer: former.text(c.Answer), AnsweredBy: c.AnsweredBy, AnsweredAt: asTime(c.AnsweredAt)}
	if at := asTime(c.CreatedAt); at != nil {
		n.CreatedAt = *at
	}
	return n
}
