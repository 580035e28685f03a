package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// fieldsArgument names the fields that a client wants of an answer, between
// commas, as --fields does on the command line. Every read takes it.
const fieldsArgument = "fields"

// fieldsOf takes the wanted fields out of a request's query; nil for all.
func (s *Server) fieldsOf(r *http.Request, op ops.Op) (names []string, err error) {
	if op.Effect != ops.Reads {
		return nil, nil
	}
	query, err := parseQuery(r)
	if err != nil {
		return nil, err
	}
	values, given := query[fieldsArgument]
	if !given {
		return nil, nil
	}
	delete(query, fieldsArgument)
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return nil, plan.Errorf(plan.Usage, "fields is empty").WithCode("unknown_field").
			WithHint("choose from %s", strings.Join(ops.FieldNames(op.Output), ", "))
	}
	return names, s.checkFields(r.Context(), op.Output, names)
}

// checkFields refuses names that answers of the type lack; an item of the project
// may have its custom fields.
func (s *Server) checkFields(ctx context.Context, answer reflect.Type, names []string) error {
	return ops.CheckFieldsIn(answer, names, func() ([]plan.CustomField, error) {
		declared, err := s.o.Tracker.ListFields(ctx, tracker.ListFields{})
		return declared.Items, err
	})
}

// picked returns an answer with the named fields alone: of a list those of its
// items, with what stands beside them.
func (s *Server) picked(ctx context.Context, answer any, body []byte, names []string) ([]byte, error) {
	if err := s.checkFields(ctx, ops.FieldsOf(answer), names); err != nil {
		return nil, err
	}
	v, err := decoded(body)
	if err != nil {
		return nil, err
	}
	objects, _ := ops.ObjectsOf(v)
	return ops.JSON(ops.Picked(v, objects, names))
}

// decoded reads JSON; its numbers stay as they are written.
func decoded(b []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

// A joiner writes a long answer from its parts.
type joiner interface {
	Add(ops.Part) error
	End() error
}

// joinerOf returns what writes an answer, or the named fields of it.
func joinerOf(out io.Writer, names []string) joiner {
	if names == nil {
		return ops.NewJoiner(out)
	}
	j := plan.NewJoiner(out)
	return &pickedParts{out: out, j: j, items: ops.NewPicker(j, names), names: names}
}

// pickedParts write the named fields of a long answer: of its items, or, if it has
// none, as a tree, its members.
type pickedParts struct {
	out   io.Writer
	j     *plan.Joiner
	items *ops.Picker
	names []string
	rest  *ops.Joiner
}

// Add writes the fields of the next part.
func (p *pickedParts) Add(part ops.Part) error {
	if p.rest == nil {
		b, err := ops.JSON(part)
		if err != nil {
			return err
		}
		v, err := decoded(b)
		if err != nil {
			return err
		}
		if _, isList := ops.ItemsOf(v); isList {
			return p.items.Add(v.(map[string]any))
		}
		if err := ops.CheckFields(ops.FieldsOf(part), p.names); err != nil {
			return err
		}
		p.rest = ops.NewJoiner(ops.NewMembers(p.out, p.names))
	}
	return p.rest.Add(part)
}

// End ends the answer.
func (p *pickedParts) End() error {
	if p.rest != nil {
		return p.rest.End()
	}
	p.j.To(0)
	if err := p.j.Err(); err != nil {
		return err
	}
	_, err := io.WriteString(p.out, "\n")
	return err
}
