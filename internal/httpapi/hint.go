package httpapi

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// hintText is a hint that speaks of routes: who calls them has no command line.
func hintText(hint string) string { return ops.Speak(hint, asRoute) }

// asRoute returns the request that does what a command does.
func asRoute(s ops.Spoken) string {
	route := s.Op.Route
	for _, name := range []string{"{key}", "{task}", "{id}"} {
		if len(s.Keys) > 0 {
			route = strings.Replace(route, name, s.Keys[0], 1)
		}
	}
	if strings.HasPrefix(route, "GET ") {
		return route + queryOf(s)
	}
	return route + bodyOf(s)
}

// queryOf is what a command that reads has in the query of its request.
func queryOf(s ops.Spoken) string {
	q := url.Values{}
	if len(s.Keys) > 0 && !strings.Contains(s.Op.Route, "{") {
		q.Set("key", s.Keys[0])
	}
	if len(s.Terms) > 0 {
		q.Set("query", strings.Join(s.Terms, " "))
	}
	for _, flag := range arguments(s) {
		q.Set(strings.ReplaceAll(flag, "-", "_"), cmp.Or(s.Values[flag], "true"))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// bodyOf is what a command that changes something has in the body of its request.
func bodyOf(s ops.Spoken) string {
	body := map[string]any{}
	if s.Op.Name == "plan undo" && len(s.Keys) > 0 {
		body["id"] = s.Keys[0]
	}
	if len(s.Terms) > 0 {
		body["refs"] = s.Terms
	}
	for _, flag := range arguments(s) {
		name := strings.ReplaceAll(flag, "-", "_")
		if flag == "set" {
			name = "fields"
		}
		if body[name] = any(true); s.Values[flag] != "" {
			body[name] = s.Values[flag]
		}
	}
	b, err := plan.JSON(body)
	if len(body) == 0 || err != nil {
		return ""
	}
	return " " + string(b)
}

// arguments are the flags of a command that its route takes as arguments.
func arguments(s ops.Spoken) []string {
	return slices.DeleteFunc(slices.Clone(s.Flags), func(f string) bool { return f == "all" || f == "plan" || f == "context" })
}
