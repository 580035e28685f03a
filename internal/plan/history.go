package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// A History is the record of one change of one item.
type History struct {
	ID        int64     `json:"-"`
	Key       Key       `json:"key"`                  // the item that changed
	OldStatus string    `json:"old_status,omitempty"` // empty when the item was created
	NewStatus string    `json:"new_status,omitempty"` // empty when the item was deleted
	Agent     string    `json:"agent,omitempty"`
	Session   string    `json:"session,omitempty"`
	Surface   string    `json:"surface,omitempty"` // cli, http, mcp, import
	Notes     string    `json:"notes,omitempty"`
	Timestamp time.Time `json:"timestamp"`
	Change    Change    `json:"change,omitempty"`
	Operation string    `json:"operation"` // the same for all rows that one command wrote
	Hash      string    `json:"hash"`
}

// A Change holds the fields that changed, each with its value before and after.
type Change map[string][2]any

// Set records a field if its two values differ.
func (c Change) Set(field string, before, after any) {
	if before != after {
		c[field] = [2]any{before, after}
	}
}

// Chain returns the hash of h as the successor of the record whose hash is
// prev, in hexadecimal: sha256 over prev and every field that was recorded.
// A record that is altered, removed or moved later no longer fits its successors.
func (h History) Chain(prev string) string {
	h.Hash = ""
	b, err := json.Marshal(struct {
		Prev string
		Row  History
	}{prev, h})
	if err != nil {
		panic(err) // a Change holds only what came from JSON or the domain's own types
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// A NoteKind says what a note is for.
type NoteKind string

const (
	Comment  NoteKind = "comment"
	Decision NoteKind = "decision"
	Handoff  NoteKind = "handoff" // shown first to the next holder
	Solution NoteKind = "solution"
	Question NoteKind = "question"
)

// NoteKinds lists the kinds of notes.
func NoteKinds() []NoteKind { return []NoteKind{Comment, Decision, Handoff, Solution, Question} }

// ParseNoteKind reads a kind of note in any case; empty means a comment.
func ParseNoteKind(s string) (NoteKind, error) {
	if s == "" {
		return Comment, nil
	}
	return parseWord("note kind", s, NoteKinds())
}

// A Note is what somebody wrote down about a task.
type Note struct {
	ID        int64     `json:"-"`
	Key       Key       `json:"key"`
	Agent     string    `json:"agent"`
	Kind      NoteKind  `json:"kind"`
	Body      string    `json:"body"`
	CreatedAt time.Time `json:"created_at"`
}

// An Actor is who does something, and through which surface.
type Actor struct {
	Name    string // a person's or a program's; never empty
	Session string // tells callers of one name apart; empty for none
	Surface string // cli, http, mcp
	Tokens  bool   // without a session, a claim creates one and answers its secret
}

type actorKey struct{}

// WithActor returns a context in which a acts.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns who acts in ctx; "unknown" when nobody was named.
func ActorOf(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Name: "unknown"}
}
