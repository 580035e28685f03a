package httpapi

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// hasBody reports whether the arguments of a request with this method are in its
// body, rather than in its query.
func hasBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPatch || method == http.MethodPut
}

// fill fills an operation's input: from the path, and then from the body, or from the
// query of a request that has no body by its nature. A DELETE may have either.
func fill(r *http.Request, route string, in any) error {
	params := ops.Params(in)
	args, err := readBody(r)
	switch {
	case err != nil:
		return err
	case hasBody(r.Method) && r.URL.RawQuery != "":
		return plan.Errorf(plan.Usage, "the arguments of %s go in the body", r.Method).WithCode("unknown_argument")
	case len(args) > 0 && !hasBody(r.Method) && r.Method != http.MethodDelete:
		return plan.Errorf(plan.Usage, "the arguments of %s go in the query", r.Method).WithCode("unknown_argument")
	case args == nil:
		args = ops.Arguments{}
	}
	if !hasBody(r.Method) {
		if err := queryArguments(r, params, args); err != nil {
			return err
		}
	}
	for _, name := range pathNames(route) {
		p := paramOf(params, name)
		if _, twice := args[p]; twice {
			return plan.Errorf(plan.Usage, "%s is already in the path", p).WithCode("named_twice").WithHint("remove it from the query and the body")
		}
		value, err := json.Marshal(r.PathValue(name))
		if err != nil {
			return err
		}
		args[p] = value
	}
	return ops.Decode(in, args)
}

// pathNames returns the names in a route's path: "key" of "/v1/epics/{key}".
func pathNames(route string) (names []string) {
	for _, part := range strings.Split(route, "/") {
		if strings.HasPrefix(part, "{") {
			names = append(names, strings.Trim(part, "{}"))
		}
	}
	return names
}

// paramOf returns the parameter that a name in a path stands for: itself, or
// keys for one key of them.
func paramOf(params []ops.Param, name string) string {
	if name == "key" && slices.ContainsFunc(params, func(p ops.Param) bool { return p.Name == "keys" }) {
		return "keys"
	}
	return name
}

// queryArguments adds a query to the arguments: a value given twice is a list.
func queryArguments(r *http.Request, params []ops.Param, args ops.Arguments) error {
	query, err := parseQuery(r)
	if err != nil {
		return err
	}
	for name, values := range query {
		if _, twice := args[name]; twice {
			return plan.Errorf(plan.Usage, "%s is in the query and in the body", name).WithCode("named_twice")
		}
		var value any = values[0]
		if len(values) > 1 {
			value = values
			i := slices.IndexFunc(params, func(p ops.Param) bool { return p.Name == name })
			if i >= 0 && !params[i].Repeated {
				return plan.Errorf(plan.Usage, "%s specified %d times", name, len(values)).WithCode("named_twice")
			}
		}
		b, err := json.Marshal(value)
		if err != nil {
			return err
		}
		args[name] = b
	}
	return nil
}

func parseQuery(r *http.Request) (map[string][]string, error) {
	if len(r.URL.RawQuery) == 0 {
		return nil, nil
	}
	if err := r.ParseForm(); err != nil {
		return nil, plan.Errorf(plan.Usage, "invalid query: %v", err).WithCode("bad_query")
	}
	return r.Form, nil
}

// readBody reads a body of JSON. An empty one has no arguments.
func readBody(r *http.Request) (ops.Arguments, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, bodyError(err)
	}
	if len(b) > 0 {
		if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
			return nil, refuse(http.StatusUnsupportedMediaType, plan.Usage, "not_json", "the content type must be application/json")
		}
	}
	return ops.ParseArguments(b)
}

func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refuse(http.StatusRequestTimeout, plan.Usage, "slow_body", "the body did not arrive in time")
	}
	return plan.Errorf(plan.Usage, "the body cannot be read: %v", err).WithCode("bad_body")
}

// ifMatch reads the condition that a change depends on; nil for none.
func ifMatch(r *http.Request) (*int64, error) {
	tags := r.Header.Values("If-Match")
	if len(tags) == 0 || len(tags) == 1 && tags[0] == "*" {
		return nil, nil
	}
	version, ok := versionIn(tags[0])
	if !ok || len(tags) > 1 {
		return nil, refuse(http.StatusPreconditionFailed, plan.Conflict, "stale_version", `invalid If-Match: must be a version such as "3"`)
	}
	return &version, nil
}

// condition puts If-Match into the input, which asks for the version so.
func condition(r *http.Request, in any) (conditional bool, err error) {
	version, err := ifMatch(r)
	if err != nil || version == nil {
		return false, err
	}
	for _, p := range ops.Params(in) {
		if p.Name == "if_version" {
			if p.Text() != "" {
				return false, plan.Errorf(plan.Usage, "the version is already in If-Match").WithCode("named_twice")
			}
			return true, p.Set(strconv.FormatInt(*version, 10))
		}
	}
	return false, plan.Errorf(plan.Usage, "If-Match cannot be used here").WithCode("no_condition").WithHint("it works with updates of items and changes of their status")
}
