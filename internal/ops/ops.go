// Package ops is the one table of operations, which every surface uses. A row
// has the name of an operation, its effect on the plan, and the tracker method
// that implements it; its input struct describes the rest.
package ops

import (
	"context"
	"reflect"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// An Effect is what an operation does to the plan.
type Effect string

const (
	Reads   Effect = "reads"
	Writes  Effect = "writes"
	Deletes Effect = "deletes"
)

// An Op is one operation.
type Op struct {
	Name     string // noun and verb: "task create"
	Daily    string // the verb at the root of the command line, if it has one: "claim"
	Alias    string // another word for Daily
	Summary  string // what it does, in one line
	Detail   string // what is worth knowing beyond that, and what it does not do
	Effect   Effect
	Route    string   // method and path: "POST /v1/tasks"; {key} also names one of keys
	Also     string   // another route: the same for several items at once
	Former   string   // the route that it had once, which still works and is not described
	Examples []string // command lines without the "pm "

	// NewInput returns a pointer to an empty input.
	NewInput func() any
	// Call runs the operation on the input that in points to.
	Call func(ctx context.Context, t *tracker.Tracker, in any) (any, error)
	// Parts is Call for an answer that can be larger than memory, nil for
	// others: it calls emit with one part after another, each of the type
	// Output, and returns emit's error if there is one. A transaction is open
	// while it runs.
	Parts func(ctx context.Context, t *tracker.Tracker, in any, emit func(Part) error) error
	// Output is the type of the answer.
	Output reflect.Type
}

// A Part is a part of a long answer. The first one begins it, and the others
// continue it.
type Part interface {
	// Join writes it as JSON after the parts before it.
	Join(*plan.Joiner)
}

// define completes a row with its method. A method that does not fit does not
// compile.
func define[In, Out any](op Op, method func(*tracker.Tracker, context.Context, In) (Out, error)) Op {
	return op.with(reflect.TypeFor[In](), reflect.TypeFor[Out](), func(ctx context.Context, t *tracker.Tracker, in, out any) (err error) {
		*out.(*Out), err = method(t, ctx, *in.(*In))
		return err
	})
}

// with completes a row with what sets its answer. It is compiled once, not for each
// row.
func (op Op) with(in, out reflect.Type, run func(ctx context.Context, t *tracker.Tracker, in, out any) error) Op {
	op.Output = out
	op.NewInput = func() any { return reflect.New(in).Interface() }
	op.Call = func(ctx context.Context, t *tracker.Tracker, in any) (any, error) {
		if err := mayCall(ctx, op, in); err != nil {
			return nil, err
		}
		answer := reflect.New(out)
		moved, err := resolved(ctx, t, in, func() error { return run(ctx, t, in, answer.Interface()) })
		if len(moved) > 0 {
			mark(answer, moved)
		}
		return answer.Elem().Interface(), err
	}
	return op
}

// defineLong is define for an answer that also comes in parts.
func defineLong[In any, Out Part](op Op, method func(*tracker.Tracker, context.Context, In) (Out, error),
	parts func(*tracker.Tracker, context.Context, In, func(Out) error) error) Op {
	op = define(op, method)
	op.Parts = func(ctx context.Context, t *tracker.Tracker, in any, emit func(Part) error) error {
		_, err := resolved(ctx, t, in, func() error {
			return parts(t, ctx, *in.(*In), func(part Out) error { return emit(part) })
		})
		return err
	}
	return op
}

// Find returns the operation of that name.
func Find(name string) (Op, bool) {
	for _, op := range Table() {
		if op.Name == name {
			return op, true
		}
	}
	return Op{}, false
}
