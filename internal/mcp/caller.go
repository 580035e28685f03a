package mcp

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
)

// A Caller is who sends a request.
type Caller struct {
	Client *Implementation // nil if it did not say who it is

	// Session is a secret that all requests of one session have in common. It
	// is empty where there are none: over HTTP in the latest revision, and for
	// a client that does not send the id it was given.
	Session string

	Alive context.Context // ends with the session; nil where there is none
	Gone  context.Context // ends when the client no longer waits for the answer
}

// newSessionID returns an id that nobody can guess. It holds the client's
// name, so that a server need not remember whom it gave which id, and a
// session outlives the server's restart.
func newSessionID(client *Implementation) string {
	name := ""
	if client != nil {
		name = client.Name
	}
	return rand.Text() + "." + base64.RawURLEncoding.EncodeToString([]byte(name))
}

// clientOfSession returns the client that an id was given to, nil if it had no
// name; false for what is not an id.
func clientOfSession(id string) (*Implementation, bool) {
	random, encoded, _ := strings.Cut(id, ".")
	name, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || len(random) != len(rand.Text()) {
		return nil, false
	}
	if len(name) == 0 {
		return nil, true
	}
	return &Implementation{Name: string(name)}, true
}
