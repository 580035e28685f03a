package plan

import (
	"errors"
	"fmt"
)

// A Kind says what went wrong in a way that a caller can act on. Each surface
// has one table from kinds to its own terms: exit codes, HTTP statuses, MCP
// text.
type Kind string

const (
	Usage       Kind = "usage"       // the call is malformed: an unknown flag, a missing argument
	Invalid     Kind = "invalid"     // a value breaks a limit or a grammar
	NotFound    Kind = "not_found"   // what was named does not exist
	Conflict    Kind = "conflict"    // someone else holds it, or changed it first
	Refused     Kind = "refused"     // a rule of the domain forbids it
	Permission  Kind = "permission"  // the file system or the server does not allow it
	Unavailable Kind = "unavailable" // busy or unreachable: the same call may work later
	Storage     Kind = "storage"     // the database cannot store or return it: a full disk, another schema version
	Corrupt     Kind = "corrupt"     // what is stored is damaged, or is not a pm database
	Internal    Kind = "internal"    // a defect of pm
)

// Kinds lists every kind, so that tests can check that a surface's table is
// complete.
func Kinds() []Kind {
	return []Kind{Usage, Invalid, NotFound, Conflict, Refused, Permission, Unavailable, Storage, Corrupt, Internal}
}

// An Error is the error of every pm operation.
type Error struct {
	Kind    Kind
	Code    string // stable word for machines, finer than the kind: "held", "cycle"; empty means the kind's own name
	Message string // one lower-case sentence without a full stop
	Hint    string // the next command to type; never one that destroys
	Task    *Task  // the task in question, if that helps the caller to continue
	Missing Key    // the item that does not exist, if that is what is wrong
	Err     error  // its cause, if there is one

	Conflicts []UndoConflict // what prevents an undo
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of the kind. A %w in the format becomes its cause.
func Errorf(kind Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Message: err.Error(), Err: errors.Unwrap(err)}
}

// WithHint returns e with its hint set.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// WithCode returns e with its code set.
func (e *Error) WithCode(code string) *Error {
	e.Code = code
	return e
}

// Describe returns what a surface shows of err: the kind, code, hint and task
// of the innermost Error in its chain, with the message of the whole chain. An
// err without an Error in its chain is internal. Passwords are hidden.
func Describe(err error) Error {
	out := Error{Kind: Internal, Message: err.Error(), Err: err}
	var e *Error
	for next := err; errors.As(next, &e); next = e.Err {
		out.Kind, out.Code, out.Task, out.Conflicts = e.Kind, e.Code, e.Task, e.Conflicts
		if e.Hint != "" {
			out.Hint = e.Hint
		}
		if e.Err == nil {
			break
		}
	}
	if out.Code == "" {
		out.Code = string(out.Kind)
	}
	out.Message, out.Hint = HideSecrets(out.Message), HideSecrets(out.Hint)
	return out
}

// KindOf returns the kind of err; Internal if it has none.
func KindOf(err error) Kind { return Describe(err).Kind }
