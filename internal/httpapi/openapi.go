package httpapi

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"pm/internal/jsonschema"
	"pm/internal/ops"
)

// A Document describes the API, in OpenAPI 3.1.
type Document struct {
	OpenAPI    string                          `json:"openapi"`
	Info       map[string]string               `json:"info"`
	Paths      map[string]map[string]Operation `json:"paths"`
	Components map[string]any                  `json:"components"`
	Security   []map[string][]string           `json:"security"`
}

// An Operation is one method of one path.
type Operation struct {
	ID          string              `json:"operationId"`
	Summary     string              `json:"summary"`
	Description string              `json:"description,omitempty"`
	Parameters  []Parameter         `json:"parameters,omitempty"`
	Body        *Body               `json:"requestBody,omitempty"`
	Responses   map[string]Response `json:"responses"`
}

// A Parameter is one in the path, in the query or in a header.
type Parameter struct {
	Ref         string             `json:"$ref,omitempty"`
	Name        string             `json:"name,omitempty"`
	In          string             `json:"in,omitempty"`
	Description string             `json:"description,omitempty"`
	Required    bool               `json:"required,omitempty"`
	Style       string             `json:"style,omitempty"`
	Explode     *bool              `json:"explode,omitempty"`
	Schema      *jsonschema.Schema `json:"schema,omitempty"`
}

// A Body and a Response hold values of a media type.
type (
	Body struct {
		Required bool             `json:"required"`
		Content  map[string]Media `json:"content"`
	}
	Response struct {
		Description string           `json:"description"`
		Content     map[string]Media `json:"content,omitempty"`
	}
	Media struct {
		Schema *jsonschema.Schema `json:"schema"`
	}
)

const schemas = "#/components/schemas/"

// Describe returns the description of the API.
func Describe(version string) Document {
	defs := ops.Definitions(schemas)
	defs["Problem"] = ops.TypeSchema(reflect.TypeFor[Problem](), schemas)
	d := Document{
		OpenAPI: "3.1.0",
		Info: map[string]string{"title": "pm", "version": version,
			"description": "The plan of a project: epics, features and tasks. Errors are problems as RFC 9457 has them, with pm's own kind and code."},
		Paths: map[string]map[string]Operation{},
		Components: map[string]any{"schemas": defs, "parameters": headers(),
			"securitySchemes": map[string]any{"token": map[string]string{"type": "http", "scheme": "bearer"}}},
		Security: []map[string][]string{{}, {"token": {}}},
	}
	for _, op := range ops.Table() {
		d.add(op, op.Route, strings.NewReplacer(" ", "_", "-", "_").Replace(op.Name))
		if op.Also != "" {
			d.add(op, op.Also, strings.NewReplacer(" ", "_", "-", "_").Replace(op.Name)+"_several")
		}
	}
	for path, o := range beside() {
		d.Paths[path] = map[string]Operation{"get": o}
	}
	return d
}

// headers are the parameters that many operations take.
func headers() map[string]Parameter {
	text := func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} }
	return map[string]Parameter{
		"agent":       {Name: "X-PM-Agent", In: "header", Description: "who acts; a token with a name says it already", Schema: text()},
		"session":     {Name: "X-PM-Session", In: "header", Description: "session that acts, apart from others of the same agent; or the claim_token of an earlier claim", Schema: text()},
		"idempotency": {Name: "Idempotency-Key", In: "header", Description: "do it once, however often this is sent with the same key and the same arguments; remembered for 24 hours", Schema: text()},
		"if-match":    {Name: "If-Match", In: "header", Description: "the ETag of the item: change it only if it is still at that version", Schema: text()},
	}
}

func (d *Document) add(op ops.Op, route, id string) {
	method, path, _ := strings.Cut(route, " ")
	in := ops.InputSchema(op)
	o := Operation{ID: id, Summary: op.Summary, Description: op.Detail}
	params := ops.Params(op.NewInput())
	for _, name := range pathNames(path) {
		p := paramOf(params, name)
		o.Parameters = append(o.Parameters, Parameter{Name: name, In: "path", Required: true, Description: in.Properties[p].Description, Schema: &jsonschema.Schema{Type: "string"}})
		delete(in.Properties, p)
		in.Required = slices.DeleteFunc(in.Required, func(s string) bool { return s == p })
	}
	if method == http.MethodGet || method == http.MethodDelete {
		o.Parameters = append(o.Parameters, queryParameters(params, in)...)
	} else if len(in.Properties) > 0 {
		o.Body = &Body{Required: len(in.Required) > 0, Content: map[string]Media{"application/json": {in}}}
	}
	o.Parameters = append(o.Parameters, headerParameters(op, params)...)
	status := "200"
	if isCreation(op) {
		status = "201"
	}
	o.Responses = map[string]Response{
		status:    {"the answer", map[string]Media{"application/json": {ops.AnswerSchema(op, schemas)}}},
		"default": {"a problem", map[string]Media{"application/problem+json": {&jsonschema.Schema{Ref: schemas + "Problem"}}}},
	}
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
	if op.Effect != ops.Reads {
		names = append(names, "idempotency")
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

// beside are the routes that are no operations.
func beside() map[string]Operation {
	get := func(id, summary, media string, more ...Parameter) Operation {
		return Operation{ID: id, Summary: summary, Parameters: more,
			Responses: map[string]Response{"200": {"the answer", map[string]Media{media: {&jsonschema.Schema{}}}}}}
	}
	text := &jsonschema.Schema{Type: "string"}
	events := get("events", "The changes as they happen, as server-sent events", "text/event-stream",
		Parameter{Name: "key", In: "query", Description: "only of this item and what lies under it", Schema: text},
		Parameter{Name: "Last-Event-ID", In: "header", Description: "go on behind this event", Schema: text})
	events.Description = "One event \"change\" for each record of the history, whose data is the record as JSON. An event \"reset\" says that the place of Last-Event-ID is gone: read the plan again. A comment is sent every 15 seconds when nothing happens. Changes made through this server are sent at once, those of other processes within 50 milliseconds. Up to 1,000 streams can be open; they do not count as requests. A client that does not read for 10 seconds is disconnected, and can resume with Last-Event-ID."
	return map[string]Operation{
		"/v1/events":    events,
		"/healthz":      get("healthz", "Whether the process lives", "application/json"),
		"/readyz":       get("readyz", "Whether requests can be served", "application/json"),
		"/metrics":      get("metrics", "Numbers for Prometheus", "text/plain"),
		"/openapi.json": get("openapi", "This description", "application/json"),
	}
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
