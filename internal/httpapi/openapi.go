package httpapi

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"pm/internal/jsonschema"
	"pm/internal/ops"
)

// DefaultListen is where a server listens unless it is told otherwise.
const DefaultListen = "127.0.0.1:7780"

const schemas = "#/components/schemas/"

// Describe returns the description of the API.
func Describe(version string) Document {
	defs := ops.Definitions(schemas)
	defs["Problem"] = ops.TypeSchema(reflect.TypeFor[Problem](), schemas)
	d := Document{
		OpenAPI: "3.1.0",
		Info: Info{Title: "pm", Version: version, Contact: Contact{"The pm authors"}, License: License{"MIT", "MIT"},
			Description: "The plan of a project: epics, features and tasks. Errors are RFC 9457 problem documents, with pm's own kind and code."},
		Servers: []Place{{"http://" + DefaultListen, "pm serve at its default address"}},
		Paths:   map[string]map[string]Operation{},
		Components: Components{Schemas: defs, Parameters: headers(), Headers: answerHeaders(), Responses: problems(),
			Security: map[string]map[string]string{"token": {"type": "http", "scheme": "bearer"}}},
		Security: []map[string][]string{{}, {"token": {}}},
	}
	for _, op := range ops.Table() {
		d.add(op, op.Route, identifier(op.Name))
		if op.Also != "" {
			d.add(op, op.Also, identifier(op.Name)+"_several")
		}
	}
	for path, o := range beside() {
		d.Paths[path] = map[string]Operation{"get": o}
	}
	d.Tags = tags(d.Paths)
	for _, s := range defs {
		ops.SingleTypes(s)
	}
	return d
}

// identifier makes the name of an operation one that programs can use.
func identifier(name string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(name)
}

// tags lists what groups the operations, sorted.
func tags(paths map[string]map[string]Operation) (out []Tag) {
	seen := map[string]bool{}
	for _, methods := range paths {
		for _, o := range methods {
			seen[o.Tags[0]] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		out = append(out, Tag{name})
	}
	return out
}

// headers are the parameters that many operations take.
func headers() map[string]Parameter {
	text := func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }
	explode := false
	return map[string]Parameter{
		fieldsArgument: {Name: fieldsArgument, In: "query", Description: "only these fields of the answer, or of the items of a list", Style: "form", Explode: &explode,
			Schema: &jsonschema.Schema{Type: "array", Items: text()}},
		"if-none-match": {Name: "If-None-Match", In: "header", Description: "ETag of an earlier answer: 304 without a body if the answer is still the same", Schema: text()},
		"agent":         {Name: "X-PM-Agent", In: "header", Description: "agent that acts; not needed if the token has a name", Schema: text()},
		"session":       {Name: "X-PM-Session", In: "header", Description: "session of the agent, to tell it from other sessions of the same agent; or the claim_token of an earlier claim", Schema: text()},
		"idempotency":   {Name: "Idempotency-Key", In: "header", Description: "idempotency key: repeating the request with the same key has no further effect; each agent has keys of its own, remembered for 24 hours", Schema: text()},
		"if-match":      {Name: "If-Match", In: "header", Description: "the ETag of the item: change it only if it is still at that version", Schema: text()},
	}
}

func (d *Document) add(op ops.Op, route, id string) {
	method, path, _ := strings.Cut(route, " ")
	in := ops.InputSchema(op)
	noun, _, _ := strings.Cut(op.Name, " ")
	o := Operation{ID: id, Tags: []string{noun}, Summary: op.Summary, Description: op.Detail}
	params := ops.Params(op.NewInput())
	for _, name := range pathNames(path) {
		p := paramOf(params, name)
		o.Parameters = append(o.Parameters, Parameter{Name: name, In: "path", Required: true, Description: in.Properties[p].Description, Schema: &jsonschema.Schema{Type: "string"}})
		delete(in.Properties, p)
		in.Required = slices.DeleteFunc(in.Required, func(s string) bool { return s == p })
	}
	if !hasBody(method) {
		o.Parameters = append(o.Parameters, queryParameters(params, in)...)
	} else if len(in.Properties) > 0 {
		o.Body = &Body{Required: len(in.Required) > 0, Content: map[string]Media{"application/json": {in}}}
	}
	if op.Effect == ops.Reads {
		o.Parameters = append(o.Parameters, Parameter{Ref: "#/components/parameters/" + fieldsArgument})
	}
	o.Parameters = append(o.Parameters, headerParameters(op, params)...)
	o.Responses = responses(op, in.Properties["keys"] != nil)
	ops.SingleTypes(in)
	if d.Paths[path] == nil {
		d.Paths[path] = map[string]Operation{}
	}
	d.Paths[path][strings.ToLower(method)] = o
}

func queryParameters(params []ops.Param, in *jsonschema.Schema) (out []Parameter) {
	explode := false
	for _, p := range params {
		s := in.Properties[p.Name]
		if s == nil {
			continue
		}
		q := Parameter{Name: p.Name, In: "query", Description: p.Help, Required: p.Required, Schema: s}
		if p.Repeated { // several between commas
			q.Style, q.Explode = "form", &explode
		}
		s.Description = ""
		out = append(out, q)
	}
	return out
}

func headerParameters(op ops.Op, params []ops.Param) []Parameter {
	names := []string{"agent", "session"}
	switch {
	case op.Effect != ops.Reads:
		names = append(names, "idempotency")
	case hasTag(op):
		names = append(names, "if-none-match")
	}
	if slices.ContainsFunc(params, func(p ops.Param) bool { return p.Name == "if_version" }) {
		names = append(names, "if-match")
	}
	out := make([]Parameter, len(names))
	for i, n := range names {
		out[i].Ref = "#/components/parameters/" + n
	}
	return out
}

// openapi answers with the description.
func (s *Server) openapi(w http.ResponseWriter, r *http.Request) {
	b, err := ops.JSON(Describe(s.o.Version))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	s.write(w, http.StatusOK, b)
}
