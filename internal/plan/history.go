package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"
)

// A History is the record of one change of one item.
type History struct {
	ID        int64     `json:"-"`
	Key       Key       `json:"key,omitzero"`         // the item that changed; none: the project itself
	OldStatus string    `json:"old_status,omitempty"` // empty when the item was created
	NewStatus string    `json:"new_status,omitempty"` // empty when the item was deleted
	Agent     string    `json:"agent,omitempty"`
	Session   string    `json:"session,omitempty"`
	Surface   string    `json:"surface,omitempty"` // cli, http, web, mcp, import
	Notes     string    `json:"notes,omitempty"`
	Timestamp time.Time `json:"timestamp"`
	Change    Change    `json:"change,omitempty"`
	Operation string    `json:"operation"` // the same for all rows that one command wrote
	Hash      string    `json:"hash"`
}

// Chain returns the hash of h as the successor of the record with the hash
// prev, in the history of the item with the uid: the first half of the
// SHA-256, in hexadecimal, over both and everything that was recorded, each as
// a netstring. Free texts are hashed through their digests, so that redacting
// one does not break the chain; keys are left out, so that moving the item
// does not either. If a record is altered, removed or moved later, it no
// longer fits its successors.
func (h History) Chain(prev, uid string) string {
	var space [512]byte
	b := space[:0]
	for _, s := range []string{prev, uid, h.OldStatus, h.NewStatus, h.Agent, h.Session, h.Surface, h.notesDigest(), Stamp(h.Timestamp), h.Operation} {
		b = appendNetstring(b, s)
	}
	for _, field := range slices.Sorted(maps.Keys(h.Change)) {
		if field == notesField {
			continue
		}
		v := h.Change[field]
		b = appendNetstring(b, field)
		b = appendNetstring(b, canonical(field, v[0]))
		b = appendNetstring(b, canonical(field, v[1]))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// Fields of a change that are not fields of the item.
const (
	notesField    = "notes"    // replaces the record's notes once they were redacted
	redactedField = "redacted" // what was redacted, in the record of the redaction
	reasonField   = "reason"   // why it was redacted: a record's notes may be the current reason
)

func (h History) notesDigest() string {
	if t, is := AsText(h.Change[notesField][1]); is && h.Notes == Redacted {
		return t.Digest
	}
	return Digest(h.Notes)
}

// Surfaces are where changes come from, as the history names them.
var Surfaces = []string{"cli", "http", "web", "mcp", "import"}

// ParseSurface reads the name of a surface, in any case; an unknown one is
// Invalid, with the known ones in the hint.
func ParseSurface(s string) (string, error) { return parseWord("surface", s, Surfaces) }

// An Actor is who performs an operation, and through which surface.
type Actor struct {
	Name    string // of a person or a program; never empty
	Session string // tells callers of one name apart; empty for none
	Surface string // cli, http, web, mcp
	Tokens  bool   // without a session, a claim creates one and returns its secret
}

type actorKey struct{}

// WithActor returns a context with the actor a.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns the actor of ctx; "unknown" if it has none.
func ActorOf(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Actor{Name: "unknown"}
}
