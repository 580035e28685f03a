package mcp

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
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

	// Meta is the _meta of the request.
	Meta map[string]json.RawMessage

	// Progress tells the client how far its request is. It is nil where the
	// client does not ask for that, or where there is no stream to tell it on.
	// Done must rise from one call to the next; a total of 0 is unknown.
	Progress func(done, total float64, message string)

	// Ask has the client put a question to its user: fields is a JSON Schema of
	// an object of plain values. It returns the values, nil if the user gives
	// none. It is nil where the client cannot be asked.
	Ask func(ctx context.Context, question string, fields any) (map[string]json.RawMessage, error)
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
