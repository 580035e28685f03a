package plan

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Sessions tell callers of one name apart. A name that a tool chose for its
// session is stored as it is. A secret one, such as a claim token, is stored
// as a hash: others can see that a session holds a task, but cannot act as
// that session.
const (
	secretPrefix = "pmt_"
	hiddenPrefix = "pmt-"
)

// NewSecret returns a session that nobody can guess.
func NewSecret() string { return secretPrefix + rand.Text() }

// IsSecret reports whether a session is one that NewSecret returned.
func IsSecret(session string) bool { return strings.HasPrefix(session, secretPrefix) }

// SessionOf returns a caller's session in its stored form. A value that looks
// like a stored secret is hashed again, so that it cannot be used as the
// secret.
func SessionOf(session string) string {
	if IsSecret(session) || strings.HasPrefix(session, hiddenPrefix) {
		return Hidden(session)
	}
	return session
}

// Hidden returns the stored form of a secret.
func Hidden(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hiddenPrefix + hex.EncodeToString(sum[:8])
}
