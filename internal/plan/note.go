package plan

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A NoteKind says what a note is for.
type NoteKind string

const (
	Comment  NoteKind = "comment"
	Decision NoteKind = "decision"
	Handoff  NoteKind = "handoff" // shown first to the next holder
	Solution NoteKind = "solution"
	Evidence NoteKind = "evidence" // a command and what it printed
	Memory   NoteKind = "memory"   // what a project has learned: those of the plan itself are shown to every agent
	Question NoteKind = "question" // asked, and answered
)

// NoteKinds lists the kinds of notes.
func NoteKinds() []NoteKind { return append(WrittenNoteKinds(), Question) }

// WrittenNoteKinds lists the kinds of notes that can be written; a question is
// asked instead.
func WrittenNoteKinds() []NoteKind {
	return []NoteKind{Comment, Decision, Handoff, Solution, Evidence, Memory}
}

// ParseNoteKind reads a kind of note in any case; empty means a comment.
func ParseNoteKind(s string) (NoteKind, error) {
	if s == "" {
		return Comment, nil
	}
	return parseWord("note kind", s, NoteKinds())
}

// planWord is used in place of a key for the plan itself.
const planWord = "plan"

// IsPlanWord reports whether s means the plan itself, whose key is the zero
// key.
func IsPlanWord(s string) bool { return strings.EqualFold(strings.TrimSpace(s), planWord) }

// NoteTarget formats the target of a note as a command line accepts it.
func NoteTarget(k Key) string {
	if k.IsZero() {
		return "--plan"
	}
	return k.String()
}

// A Note is what somebody wrote down about an item, or about the plan itself.
type Note struct {
	ID        int64     `json:"-"`
	Key       Key       `json:"key,omitzero"` // none: the plan itself
	N         int       `json:"n"`            // its number among the notes of the item, never reused
	Agent     string    `json:"agent"`
	Kind      NoteKind  `json:"kind"`
	Body      string    `json:"body"`
	CreatedAt time.Time `json:"created_at"`

	Hidden bool `json:"hidden,omitempty"` // an imported memory that was not accepted yet

	// Of a question:
	Session    string     `json:"session,omitempty"` // that asked it
	To         string     `json:"to,omitempty"`      // who should answer; empty means anyone
	Choices    []string   `json:"choices,omitempty"` // the possible answers; none means any answer
	Hold       bool       `json:"hold,omitempty"`    // its task is blocked until it is answered
	Answer     string     `json:"answer,omitempty"`
	AnsweredBy string     `json:"answered_by,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	Untold     bool       `json:"untold,omitempty"` // answered, but not yet shown to the asker
}

// Open reports whether n is a question without an answer.
func (n Note) Open() bool { return n.Kind == Question && n.AnsweredAt == nil }

// AskedBy reports whether a asked the question: the same agent in the same session.
func (n Note) AskedBy(a Actor) bool { return n.Agent == a.Name && n.Session == a.Session }

// A NoteChange is a note in the record of a change. Who wrote it, and when, is
// in the record, unless the note itself says so.
type NoteChange struct {
	N          int      `json:"n"`
	Kind       NoteKind `json:"kind"`
	Agent      string   `json:"agent,omitempty"`
	CreatedAt  string   `json:"created_at,omitempty"`
	Body       any      `json:"body"` // a string or a Text
	Hidden     bool     `json:"hidden,omitempty"`
	Session    string   `json:"session,omitempty"`
	To         string   `json:"to,omitempty"`
	Choices    []string `json:"choices,omitempty"`
	Hold       bool     `json:"hold,omitempty"`
	Answer     any      `json:"answer,omitempty"` // as Body
	AnsweredBy string   `json:"answered_by,omitempty"`
	AnsweredAt string   `json:"answered_at,omitempty"`
}

// AsNote returns a value of a Change as a note, also if it was decoded from
// JSON.
func AsNote(v any) (n NoteChange, is bool) {
	switch v := v.(type) {
	case NoteChange:
		return v, true
	case map[string]any:
		text := func(name string) string { s, _ := v[name].(string); return s }
		flag := func(name string) bool { b, _ := v[name].(bool); return b }
		_, is := v["kind"]
		return NoteChange{N: int(asInt(v["n"])), Kind: NoteKind(text("kind")), Agent: text("agent"), CreatedAt: text("created_at"), Body: v["body"],
			Hidden: flag("hidden"), Session: text("session"), To: text("to"), Choices: words(v["choices"]), Hold: flag("hold"),
			Answer: v["answer"], AnsweredBy: text("answered_by"), AnsweredAt: text("answered_at")}, is
	}
	return n, false
}

// canonical formats the note for chains and comparisons. The fields of
// questions and hidden memories are included only if one of them is set.
func (n NoteChange) canonical() string {
	list := []string{strconv.Itoa(n.N), string(n.Kind), n.Agent, n.CreatedAt, canonical("body", n.Body)}
	more := []string{strconv.FormatBool(n.Hidden), n.Session, n.To, canonicalList(n.Choices...), strconv.FormatBool(n.Hold), canonical("body", n.Answer), n.AnsweredBy, n.AnsweredAt}
	if !slices.Equal(more, []string{"false", "", "", "", "false", "", "", ""}) {
		list = append(list, more...)
	}
	return canonicalList(list...)
}

// Change returns the note as the record of a later change contains it: with
// its author and time.
func (n Note) Change() NoteChange {
	c := NoteChange{N: n.N, Kind: n.Kind, Agent: n.Agent, CreatedAt: Stamp(n.CreatedAt), Body: n.Body,
		Hidden: n.Hidden, Session: n.Session, To: n.To, Choices: n.Choices, Hold: n.Hold, AnsweredBy: n.AnsweredBy}
	if n.AnsweredAt != nil {
		c.AnsweredAt = Stamp(*n.AnsweredAt)
	}
	if n.AnsweredAt != nil || n.Answer != "" { // an answer without a time was not given through pm
		c.Answer = n.Answer
	}
	return c
}

// Written returns the note as the record of its creation contains it; that
// record has its author and time.
func (n Note) Written() NoteChange {
	c := n.Change()
	c.Agent, c.CreatedAt = "", ""
	return c
}

// RecordOf returns the note as the record of its creation contains it: h.Agent
// and h.Timestamp must be set.
func (n Note) RecordOf(h History) NoteChange {
	c := n.Change()
	if n.Agent == h.Agent {
		c.Agent = ""
	}
	if c.CreatedAt == Stamp(h.Timestamp) {
		c.CreatedAt = ""
	}
	return c
}

// Texts returns the texts of the note that people wrote.
func (n Note) Texts() []string {
	if n.Answer == "" {
		return []string{n.Body}
	}
	return []string{n.Body, n.Answer}
}

// mostChoices bounds the choices of a question.
const mostChoices = 20

// CheckChoices rejects choices that a question cannot have: each is one line,
// and no two are equal.
func CheckChoices(choices []string) error {
	if len(choices) > mostChoices {
		return limit("choices", "too many choices: %d (maximum %d)", len(choices), mostChoices)
	}
	for i, c := range choices {
		if err := checkLine("choice", c, MaxName); err != nil {
			return err
		}
		if strings.TrimSpace(c) == "" || slices.ContainsFunc(choices[:i], func(o string) bool { return strings.EqualFold(o, c) }) {
			return limit("choices", "invalid choices %q: each must be different and not empty", choices)
		}
	}
	return nil
}
