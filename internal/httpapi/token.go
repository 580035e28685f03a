package httpapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// Tokens are secrets that let requests in.
type Tokens []token

type token struct {
	name string   // who acts under it; empty: whom the request names
	role ops.Role // how much they may do; empty: all
	sum  [sha256.Size]byte
}

// minToken is the least length of a token: 16 characters are more than can be tried.
const minToken = 16

// ParseTokens reads tokens: one a line, behind the name of who acts under it
// and a space, if it has one, and before a space and a role, if it has one.
// Lines that begin with # are comments.
func ParseTokens(text string) (Tokens, error) {
	var all Tokens
	for i, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		var t token
		if last := ops.Role(words[len(words)-1]); slices.Contains(ops.Roles(), last) {
			t.role, words = last, words[:len(words)-1]
		}
		if len(words) == 0 || len(words) > 2 || len(words[len(words)-1]) < minToken {
			return nil, plan.Errorf(plan.Invalid, "invalid token on line %d: must have at least %d characters and no spaces", i+1, minToken).
				WithCode("bad_token").WithHint("create one with openssl rand -hex 32; the line may start with the name of the agent that uses it, and end with read, work or lead")
		}
		t.sum = sha256.Sum256([]byte(words[len(words)-1]))
		if len(words) == 2 {
			t.name = words[0]
		}
		if err := plan.CheckName("name of a token", t.name); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	if len(all) == 0 {
		return nil, plan.Errorf(plan.Invalid, "the file contains no token").WithCode("bad_token").WithHint("create one with openssl rand -hex 32")
	}
	return all, nil
}

// OneToken returns a token of a name, as a line of a file would have it.
func OneToken(name, secret string) Tokens {
	return Tokens{{name: name, role: ops.Leader, sum: sha256.Sum256([]byte(secret))}}
}

// find returns the token of that secret. It takes the same time for every
// secret, and looks at all tokens.
func (all Tokens) find(secret string) (found token, ok bool) {
	sum := sha256.Sum256([]byte(secret))
	for _, t := range all {
		if subtle.ConstantTimeCompare(sum[:], t.sum[:]) == 1 {
			found, ok = t, true
		}
	}
	return found, ok
}

// roleAt is how much may be done under a token at a path: a client of MCP works,
// and decides nothing for the others.
func (t token) roleAt(path string) ops.Role {
	if path == "/mcp" && t.role != ops.Reader {
		return ops.Worker
	}
	return t.role
}
