package ops

import (
	"context"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// A Role is how much somebody may do, if whoever serves the plan has
// restricted it.
type Role string

const (
	Reader Role = "read" // looks only
	Worker Role = "work" // works on items, as agents do
	Leader Role = "lead" // also decides on rules and on what is removed
)

// Roles lists the roles, the least powerful first.
func Roles() []Role { return []Role{Reader, Worker, Leader} }

type roleKey struct{}

// WithRole returns a context in which operations beyond the role are refused.
func WithRole(ctx context.Context, r Role) context.Context {
	return context.WithValue(ctx, roleKey{}, r)
}

// RoleOf returns the role of a context; a lead's, if none was set.
func RoleOf(ctx context.Context) Role {
	if r, ok := ctx.Value(roleKey{}).(Role); ok && r != "" {
		return r
	}
	return Leader
}

// mayCall refuses an operation that is beyond the caller's role.
func mayCall(ctx context.Context, op Op, in any) error {
	switch r := RoleOf(ctx); {
	case r == Leader, op.Effect == Reads, r == Worker && !forLeads(op, in):
		return nil
	case r == Worker:
		return plan.Errorf(plan.Permission, "only a lead may do this: %s", op.Name).WithCode("needs_lead").WithHint("ask a lead of the project")
	}
	return plan.Errorf(plan.Permission, "read-only: your token does not allow changes").WithCode("read_only").WithHint("ask for a token with the role work")
}

// forLeads reports whether an operation affects everybody: rules and
// definitions of the project, removals, and undoing what others did.
func forLeads(op Op, in any) bool {
	if undo, is := in.(*tracker.Undo); is {
		return undo.ID != "" || undo.To != ""
	}
	noun, _, _ := strings.Cut(op.Name, " ")
	return op.Effect == Deletes || op.Effect == Writes && slices.Contains([]string{"project", "field", "stage", "trash"}, noun) || op.Name == "label rename"
}
