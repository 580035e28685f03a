package httpapi

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// hintText is a hint that speaks of routes: who calls them has no command line.
func hintText(hint string) string { return ops.Speak(hint, asRoute) }

// anyKey stands for a key in a hint, which the route leaves open then.
const anyKey = "KEY"

// asRoute returns the request that does what a command does.
func asRoute(s ops.Spoken) string {
	method, route, _ := strings.Cut(s.Op.Route, " ")
	params, inPath := ops.Params(s.Op.NewInput()), map[string]bool{}
	for _, name := range pathNames(route) {
		p := paramOf(params, name)
		switch a := s.Find(p); {
		case a == nil:
		case len(a.Values) > 1 && s.Op.Also != "": // the route that takes many
			_, route, _ = strings.Cut(s.Op.Also, " ")
		case len(a.Values) == 1:
			inPath[p] = true
			if a.Values[0] != anyKey {
				route = strings.Replace(route, "{"+name+"}", url.PathEscape(a.Values[0]), 1)
			}
		}
	}
	rest := slices.DeleteFunc(slices.Clone(s.Args), func(a ops.Spoke) bool { return inPath[a.Name] })
	if len(rest) == 0 {
		return method + " " + route
	}
	if !hasBody(method) {
		q := url.Values{}
		for _, a := range rest {
			q.Set(a.Name, cmp.Or(a.Text(), "true"))
		}
		return method + " " + route + "?" + q.Encode()
	}
	body := map[string]any{}
	for _, a := range rest {
		body[a.Name] = valueOf(a)
	}
	b, err := plan.JSON(body)
	if err != nil {
		return method + " " + route
	}
	return method + " " + route + " " + string(b)
}

// valueOf is what an argument is in a body of JSON.
func valueOf(a ops.Spoke) any {
	switch {
	case len(a.Values) == 0:
		return true
	case a.Repeated && json.Valid([]byte("["+strings.Join(a.Values, ",")+"]")): // numbers
		return json.RawMessage("[" + strings.Join(a.Values, ",") + "]")
	case a.Repeated && a.Kind() != "pairs":
		return a.Values
	}
	return a.Text()
}
