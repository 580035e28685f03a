package httpapi

import (
	"slices"
	"strings"

	"pm/internal/jsonschema"
	"pm/internal/ops"
)

// responses describes what an operation answers at one of its routes, which
// takes one item or several keys.
func responses(op ops.Op, several bool) map[string]Response {
	schema := ops.AnswerSchemaOfOne(op, schemas)
	if several {
		schema = ops.AnswerSchema(op, schemas)
	}
	ops.SingleTypes(schema)
	status := "200"
	names := []string{"ETag"}
	if op.Effect != ops.Reads {
		names = append(names, "Idempotency-Replayed")
	}
	if isCreation(op) {
		status = "201"
		names = append(names, "Location")
	}
	if schema.Properties["next_cursor"] != nil {
		names = []string{"Link"}
	}
	if looksBack(op) {
		names = append(names, warningHeader)
	}
	all := orProblems(status, Response{Description: "the answer", Headers: references(names), Content: asJSON(schema)})
	if hasTag(op) {
		all["304"] = Response{Description: "the answer is still the one that If-None-Match names"}
	}
	return all
}

// orProblems are an answer with its status, and those that say no.
func orProblems(status string, r Response) map[string]Response {
	return map[string]Response{
		status:    r,
		"4XX":     {Ref: "#/components/responses/Refused"},
		"default": {Ref: "#/components/responses/Failed"},
	}
}

// looksBack reports whether an operation can read the plan as of a moment.
func looksBack(op ops.Op) bool {
	return slices.ContainsFunc(ops.Params(op.NewInput()), func(p ops.Param) bool { return p.Name == "as_of" })
}

// hasTag reports whether the answer to a read can have an entity tag: that of
// one item.
func hasTag(op ops.Op) bool {
	return op.Effect == ops.Reads && ops.AnswerSchemaOfOne(op, schemas).Properties["next_cursor"] == nil
}

// problems are the answers that say no, which every operation has.
func problems() map[string]Response {
	problem := map[string]Media{"application/problem+json": {&jsonschema.Schema{Ref: schemas + "Problem"}}}
	return map[string]Response{
		"Refused": {Description: "the request is invalid or was refused; also for a wrong method (405), and for a body (413) or a header (431) that is too large", Content: problem},
		"Failed":  {Description: "the server failed, or is busy", Headers: references([]string{"Retry-After"}), Content: problem},
	}
}

// answerHeaders are the headers of answers, by name.
func answerHeaders() map[string]Header {
	header := func(about string) Header {
		return Header{Description: about, Schema: &jsonschema.Schema{Type: "string"}}
	}
	return map[string]Header{
		"ETag":                 header("tag of the item that the answer is about, for If-Match and, on a read, If-None-Match; absent if the response is not about one item"),
		"Location":             header("where the item that was created is"),
		"Link":                 header("link to the next page (rel=next); absent on the last page"),
		"Idempotency-Replayed": header("true if the response is that of an earlier request with the same key"),
		warningHeader:          header("what the answer lacks, as a code and a sentence: emptied if the trash was emptied after the moment in as_of, so that items that were in it are missing; absent if it lacks nothing"),
		"Retry-After":          header("seconds to wait before trying again; absent if trying again would not help"),
	}
}

func references(names []string) map[string]Header {
	out := map[string]Header{}
	for _, n := range names {
		out[n] = Header{Ref: "#/components/headers/" + n}
	}
	return out
}

func asJSON(s *jsonschema.Schema) map[string]Media {
	return map[string]Media{"application/json": {s}}
}

// beside are the routes that are no operations.
func beside() map[string]Operation {
	get := func(id, summary, about, media string, answer *jsonschema.Schema, more ...Parameter) Operation {
		return Operation{ID: id, Tags: []string{"server"}, Summary: summary, Description: about, Parameters: more,
			Responses: orProblems("200", Response{Description: "the answer", Content: map[string]Media{media: {answer}}})}
	}
	text := &jsonschema.Schema{Type: "string"}
	ok := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{"status": text}, Required: []string{"status"}}
	events := get("events", "Stream changes as server-sent events",
		"Each record of the history is sent as an event \"change\", with the record as JSON. An event \"reset\" means that the position in Last-Event-ID no longer exists: read the plan again. A comment is sent every 15 seconds if nothing happens. Changes made through this server are sent immediately, those of other processes within 50 milliseconds. Up to 1,000 streams can be open; they do not count as requests. A client that does not read for 10 seconds is disconnected, and can resume with Last-Event-ID.",
		"text/event-stream", text,
		Parameter{Name: "key", In: "query", Description: "only this item and everything in it", Schema: text},
		Parameter{Name: "Last-Event-ID", In: "header", Description: "resume after this event", Schema: text})
	all := map[string]Operation{
		"/v1/events":    events,
		"/healthz":      get("healthz", "Liveness: is the process running?", "It does not check the database.", "application/json", ok),
		"/readyz":       get("readyz", "Readiness: can requests be served?", "The database is reachable, its schema has the right version, and the server is not shutting down.", "application/json", ok),
		"/metrics":      get("metrics", "Prometheus metrics", "In the Prometheus text format.", "text/plain", text),
		"/openapi.json": get("openapi", "This description", "In OpenAPI 3.1.", "application/json", &jsonschema.Schema{Type: "object"}),
	}
	for _, p := range pictures {
		op, _ := ops.Find(p.op)
		params := queryParameters(ops.Params(op.NewInput()), ops.InputSchema(op))
		embed := Parameter{Name: "embed", In: "query", Description: "if true, for embedding in a page: without its own style and background, in the colours of the page", Schema: &jsonschema.Schema{Type: "boolean"}}
		params = append(params, embed)
		if p.fits {
			params = append(params, Parameter{Name: "width", In: "query", Description: "width of the picture in pixels, 240 to 8000; on a wide one, charts are beside each other", Schema: &jsonschema.Schema{Type: "integer"}})
		}
		_, path, _ := strings.Cut(p.route, " ")
		o := get(strings.TrimPrefix(p.op, "plan ")+"_svg", p.about, "Takes the same arguments as the route that returns the data. See docs/flow.md.", "image/svg+xml", text, params...)
		o.Tags = []string{"plan"}
		all[path] = o
	}
	return all
}
