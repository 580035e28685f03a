package plan

import (
	"maps"
	"slices"
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

	Seq int64 `json:"-"` // orders operations: who waited for another one comes after it

	UndoneBy string `json:"undone_by,omitempty"` // the operation that undid it, unless that was undone itself; not stored
}

// Undone returns the ids of the operations that o undoes, the last first.
func (o Operation) Undone() []string {
	if o.Undoes == "" {
		return nil
	}
	return strings.Split(o.Undoes, ",")
}

// SetUndone is the opposite of Undone.
func (o *Operation) SetUndone(ids []string) { o.Undoes = strings.Join(ids, ",") }

// By reports whether a ran o: the same agent in the same session, or, without
// a session, on the same surface.
func (o Operation) By(a Actor) bool {
	return o.Agent == a.Name && o.Session == a.Session && (a.Session != "" || o.Surface == a.Surface)
}

// TrashExpiry begins the text of an operation in which pm emptied the trash of what
// had been in it for so many days.
const TrashExpiry = "trash empty --older "

// Expired returns how long what an operation emptied from the trash had been in it
// at least; false if somebody emptied it, or it is another operation.
func (o Operation) Expired() (kept time.Duration, is bool) {
	days, is := strings.CutPrefix(o.Command, TrashExpiry)
	return TrashKept(strings.TrimSuffix(days, "d")), is
}

// importWord begins the text of an import.
const importWord = "import"

// Brought returns what an import of items with their histories brought in;
// such an import leaves no records of its own. It returns items that stand for
// everything in them, and false if there were more than the operation's text
// names.
func (o Operation) Brought() (roots []Key, all bool) {
	words := strings.Fields(o.Command)
	if len(words) == 0 || words[0] != importWord {
		return nil, true
	}
	for _, w := range words[1:] {
		if w == ProjectWord {
			continue
		}
		k, err := ParseKey(w)
		if err != nil {
			return roots, false
		}
		roots = append(roots, k)
	}
	return roots, true
}

// ProjectWord is in the text of an import that brought in the project with its
// history, where there was none: settings, fields, stages, views and notes.
const ProjectWord = "project"

// BroughtProject reports whether an import brought that in.
func (o Operation) BroughtProject() bool {
	return strings.HasPrefix(o.Command+" ", importWord+" "+ProjectWord+" ")
}

// An Undoing says which operation undoes which.
type Undoing struct{ Operation, Undoes string }

// An Undoings knows which operations are undone.
type Undoings struct {
	by     map[string]string // by operation: the one that undoes it and is not undone itself
	undoes map[string]string // by operation: what it undoes, if anything
	redoes map[string]bool   // the operations that redo something
}

// NewUndoings builds an Undoings from all operations that undo others, the
// last first.
func NewUndoings(newestFirst []Undoing) Undoings {
	u := Undoings{map[string]string{}, map[string]string{}, map[string]bool{}}
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
	for _, o := range slices.Backward(newestFirst) {
		u.redoes[o.Operation] = u.Redoes(Operation{Undoes: o.Undoes})
	}
	return u
}

// By returns the operation that undid another; empty if it is not undone.
func (u Undoings) By(id string) string { return u.by[id] }

// Undone returns the operations that are undone, in order.
func (u Undoings) Undone() []string { return slices.Sorted(maps.Keys(u.by)) }

// Undoes reports whether an operation undoes others.
func (u Undoings) Undoes(id string) bool { return u.undoes[id] != "" }

// Redoes reports whether an operation redoes something: all that it undoes are
// operations that undo others and are not themselves redos.
func (u Undoings) Redoes(o Operation) bool {
	return o.Undoes != "" && !slices.ContainsFunc(o.Undone(), func(id string) bool { return u.undoes[id] == "" || u.redoes[id] })
}

// An UndoConflict is a field that an operation changed and that has been
// changed again since, so that the operation cannot be undone.
type UndoConflict struct {
	Key       Key    `json:"key,omitzero"` // none: the project itself
	Field     string `json:"field"`
	Operation string `json:"operation"` // that changed it last
	Agent     string `json:"agent"`     // who did that
}
