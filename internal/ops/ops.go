// Package ops is the one table of operations, which every surface reads. A
// row says what an operation is called, what it does to the plan, and which
// method of the tracker it is; its input struct says the rest.
package ops

import (
	"context"
	"reflect"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// An Effect says what an operation does to the plan.
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
	// Parts is Call for an answer that can be longer than memory, nil for
	// others: it calls emit with one part after the other, each of the type
	// Output, and ends with the error of emit if that has one. While it runs a
	// transaction is open.
	Parts func(ctx context.Context, t *tracker.Tracker, in any, emit func(Part) error) error
	// Output is the type of the answer.
	Output reflect.Type
}

// A Part is a part of a long answer. The first one begins it, and the others
// go on with it.
type Part interface {
	// Join writes it as JSON behind the parts before it.
	Join(*plan.Joiner)
}

// define completes a row with the method that it stands for. A method that
// does not fit does not compile.
func define[In, Out any](op Op, method func(*tracker.Tracker, context.Context, In) (Out, error)) Op {
	op.NewInput = func() any { return new(In) }
	op.Call = func(ctx context.Context, t *tracker.Tracker, in any) (any, error) {
		if err := mayCall(ctx, op, in); err != nil {
			return nil, err
		}
		return resolved(ctx, t, in, func() (Out, error) { return method(t, ctx, *in.(*In)) })
	}
	op.Output = reflect.TypeFor[Out]()
	return op
}

// defineLong is define for an answer that comes in parts as well.
func defineLong[In any, Out Part](op Op, method func(*tracker.Tracker, context.Context, In) (Out, error),
	parts func(*tracker.Tracker, context.Context, In, func(Out) error) error) Op {
	op = define(op, method)
	op.Parts = func(ctx context.Context, t *tracker.Tracker, in any, emit func(Part) error) error {
		_, err := resolved(ctx, t, in, func() (struct{}, error) {
			return struct{}{}, parts(t, ctx, *in.(*In), func(part Out) error { return emit(part) })
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
