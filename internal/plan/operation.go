package plan

import (
	"strings"
	"time"
)

// An Operation is one command that changed something: what one transaction
// wrote. The records of its changes carry its id.
type Operation struct {
	ID      string    `json:"id"` // a UUID of version 7
	At      time.Time `json:"at"`
	Agent   string    `json:"agent"`
	Session string    `json:"session,omitempty"`
	Surface string    `json:"surface,omitempty"`
	Command string    `json:"command"` // in words, with keys but no texts
	Items   int       `json:"items"`   // how many changed
	Undoes  string    `json:"undoes,omitempty"`

	UndoneBy string `json:"undone_by,omitempty"` // the operation that took it back, unless that was taken back itself; not stored
}

// Undone returns the ids of the operations that o takes back, the last first.
func (o Operation) Undone() []string {
	if o.Undoes == "" {
		return nil
	}
	return strings.Split(o.Undoes, ",")
}

// SetUndone is the opposite of Undone.
func (o *Operation) SetUndone(ids []string) { o.Undoes = strings.Join(ids, ",") }

// By reports whether o is an operation of a: of the same agent in the same
// session, or, without a session, on the same surface.
func (o Operation) By(a Actor) bool {
	return o.Agent == a.Name && o.Session == a.Session && (a.Session != "" || o.Surface == a.Surface)
}

// importWord begins the words of an import.
const importWord = "import"

// Brought returns, of an import of items with their histories, of which it leaves
// no records, what it brought in: items with all that came under them. It reports
// false if there were more than its words name.
func (o Operation) Brought() (roots []Key, all bool) {
	words := strings.Fields(o.Command)
	if len(words) == 0 || words[0] != importWord {
		return nil, true
	}
	for _, w := range words[1:] {
		k, err := ParseKey(w)
		if err != nil {
			return roots, false
		}
		roots = append(roots, k)
	}
	return roots, true
}

// An Undoing says which operation takes back which.
type Undoing struct{ Operation, Undoes string }

// An Undoings knows which operations are taken back.
type Undoings struct {
	by     map[string]string // the operation that takes back another and is not taken back itself
	undoes map[string]string // what the operations take back that take anything back
}

// NewUndoings returns what follows from all operations that take others back,
// the last first.
func NewUndoings(newestFirst []Undoing) Undoings {
	u := Undoings{map[string]string{}, map[string]string{}}
	for _, o := range newestFirst {
		u.undoes[o.Operation] = o.Undoes
		if _, undone := u.by[o.Operation]; undone {
			continue
		}
		for _, id := range (Operation{Undoes: o.Undoes}).Undone() {
			if u.by[id] == "" {
				u.by[id] = o.Operation
			}
		}
	}
	return u
}

// By returns the operation that took another back; empty if it stands.
func (u Undoings) By(id string) string { return u.by[id] }

// Undoes reports whether an operation takes others back.
func (u Undoings) Undoes(id string) bool { return u.undoes[id] != "" }

// Redoes reports whether an operation brings back what another took back: it
// takes back one that takes others back, and does not bring them back itself.
func (u Undoings) Redoes(o Operation) bool {
	ids := o.Undone()
	if len(ids) == 0 {
		return false
	}
	undone := Operation{ID: ids[0], Undoes: u.undoes[ids[0]]}
	return undone.Undoes != "" && !u.Redoes(undone)
}

// An UndoConflict is a field that an operation changed and that another one has
// changed since, so that it cannot be taken back.
type UndoConflict struct {
	Key       Key    `json:"key,omitzero"` // none: the project itself
	Field     string `json:"field"`
	Operation string `json:"operation"` // that changed it last
	Agent     string `json:"agent"`     // who did that
}
