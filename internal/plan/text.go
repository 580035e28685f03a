package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A Text represents a text in a record that does not contain the text itself:
// either it is long, and is stored with the item or among its former texts, or
// it was redacted and no longer exists. The hash chain is computed over
// digests, so that it stays valid in either case.
type Text struct {
	Digest   string `json:"digest"` // as Digest returns it
	Bytes    int    `json:"bytes"`
	Redacted bool   `json:"redacted,omitempty"`
}

// InlineText is the length in bytes up to which a record contains a text
// itself; a longer text takes more space than the Text that represents it.
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

// Seal returns a digest of values that no history covers: stored next to them,
// it shows whether one was changed without pm.
func Seal(values ...string) string { return Digest(canonicalList(values...))[:16] }

// TextOf returns the Text that represents s in a record.
func TextOf(s string) Text { return Text{Digest: Digest(s), Bytes: len(s)} }

// AsText returns a value of a Change as a Text, also if it was decoded from
// JSON.
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

// TextsIn returns the texts of which a value of a Change has the digests.
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

// freeText reports whether a recorded field is free text. Such values are
// hashed through their digests, so that each can be redacted.
func freeText(field string) bool {
	switch field {
	case "title", "description", "file_path", "blocked_reason", "body", textField, targetField, reasonField:
		return true
	}
	return strings.HasPrefix(field, fieldPrefix)
}
