package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A Text stands for a text in a record that does not hold the text itself:
// because it is long, and lies with the item or among its former texts, or
// because it was redacted, and lies nowhere any more. The chain of a history
// is taken over digests, so that it holds in either case.
type Text struct {
	Digest   string `json:"digest"` // as Digest returns it
	Bytes    int    `json:"bytes"`
	Redacted bool   `json:"redacted,omitempty"`
}

// InlineText is the length in bytes up to which a record holds a text itself:
// a longer one takes more room than the Text that stands for it.
const InlineText = 64

// Digest returns the first half of the SHA-256 of s, in hexadecimal; empty
// for an empty text.
func Digest(s string) string {
	if s == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// Seal returns a digest of values that no history covers: what is stored beside
// them tells whether one was changed past pm.
func Seal(values ...string) string { return Digest(canonicalList(values...))[:16] }

// TextOf returns what stands for s in a record.
func TextOf(s string) Text { return Text{Digest: Digest(s), Bytes: len(s)} }

// AsText returns the Text that a value of a Change is, also one that was
// decoded from JSON.
func AsText(v any) (Text, bool) {
	switch v := v.(type) {
	case Text:
		return v, true
	case map[string]any:
		digest, is := v["digest"].(string)
		redacted, _ := v["redacted"].(bool)
		return Text{Digest: digest, Bytes: int(asInt(v["bytes"])), Redacted: redacted}, is
	}
	return Text{}, false
}

// TextsIn returns the texts that a value of a Change has the digests of.
func TextsIn(field string, v any) (out []Text) {
	if n, is := AsNote(v); is && field == "note" {
		for _, text := range []any{n.Body, n.Answer} {
			if t, is := AsText(text); is {
				out = append(out, t)
			}
		}
		return out
	}
	if _, is := eachText(field, v, func(field string, v any) any {
		out = append(out, TextsIn(field, v)...)
		return v
	}); is {
		return out
	}
	if t, is := AsText(v); is {
		out = append(out, t)
	}
	return out
}

// freeText are the recorded fields that people write freely. Their values are
// hashed by their digests, so that each can be redacted.
func freeText(field string) bool {
	switch field {
	case "title", "description", "file_path", "blocked_reason", "body", textField, targetField, reasonField:
		return true
	}
	return strings.HasPrefix(field, fieldPrefix)
}
