package plan_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"testing"

	"pm/internal/plan"
)

func TestDescribe(t *testing.T) {
	task := &plan.Task{Key: plan.MustKey("T-E01-F01-001")}
	inner := plan.Errorf(plan.Conflict, "held by %s", "bob").WithCode("held").WithHint("pm next")
	inner.Task = task
	outer := plan.Errorf(plan.Invalid, "create: %w", inner)
	for _, c := range []struct {
		name string
		err  error
		want plan.Error
	}{
		{"a plain error is internal", io.EOF, plan.Error{Kind: plan.Internal, Code: "internal", Message: "EOF"}},
		{"one without a code has its kind's name", plan.Errorf(plan.NotFound, "no such task"), plan.Error{Kind: plan.NotFound, Code: "not_found", Message: "no such task"}},
		{"one with all", inner, plan.Error{Kind: plan.Conflict, Code: "held", Message: "held by bob", Hint: "pm next", Task: task}},
		{"a wrapped one keeps the words of the whole chain", fmt.Errorf("line 3: %w", inner), plan.Error{Kind: plan.Conflict, Code: "held", Message: "line 3: held by bob", Hint: "pm next", Task: task}},
		{"of two the innermost decides", fmt.Errorf("x: %w", outer), plan.Error{Kind: plan.Conflict, Code: "held", Message: "x: create: held by bob", Hint: "pm next", Task: task}},
		{"a cause of another make is passed over", &plan.Error{Kind: plan.Storage, Code: "io", Message: "full", Err: io.EOF}, plan.Error{Kind: plan.Storage, Code: "io", Message: "full"}},
		{"a hint outside stands if there is none inside", plan.Errorf(plan.Invalid, "a: %w", plan.Errorf(plan.Refused, "b")).WithHint("help"), plan.Error{Kind: plan.Refused, Code: "refused", Message: "a: b", Hint: "help"}},
		{"a joined one is found", errors.Join(io.EOF, inner), plan.Error{Kind: plan.Conflict, Code: "held", Message: "EOF\nheld by bob", Hint: "pm next", Task: task}},
	} {
		got := plan.Describe(c.err)
		got.Err = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
		if plan.KindOf(c.err) != c.want.Kind {
			t.Errorf("%s: kind %s, want %s", c.name, plan.KindOf(c.err), c.want.Kind)
		}
	}
	if !errors.Is(plan.Errorf(plan.Storage, "read: %w", io.EOF), io.EOF) {
		t.Error("the cause is lost")
	}
}

func TestKindsAreListedOnce(t *testing.T) {
	kinds := plan.Kinds()
	slices.Sort(kinds)
	if n := len(slices.Compact(kinds)); n != 10 {
		t.Errorf("there are %d kinds, want 10", n)
	}
}
