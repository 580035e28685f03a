package httpapi

import (
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// hintText is a hint that speaks of routes: who calls them has no command line.
func hintText(hint string) string { return ops.Speak(hint, asRoute) }

// asRoute returns the request that does what a command does.
func asRoute(s ops.Spoken) string {
	route := s.Op.Route
	if strings.Contains(route, "{") && len(s.Keys) == 0 {
		return route
	}
	for _, name := range []string{"{key}", "{task}", "{id}"} {
		if len(s.Keys) > 0 {
			route = strings.Replace(route, name, s.Keys[0], 1)
		}
	}
	if s.Op.Name == "plan tree" || s.Op.Name == "plan log" {
		if len(s.Keys) > 0 {
			route += "?key=" + s.Keys[0]
		}
	}
	var body []string
	if s.Op.Name == "plan undo" && len(s.Keys) > 0 {
		body = append(body, `"id":"`+s.Keys[0]+`"`)
	}
	for _, flag := range s.Flags {
		value := s.Values[flag]
		if value == "" {
			value = "true"
		} else if b, err := plan.JSON(value); err == nil {
			value = string(b)
		}
		if flag == "set" {
			flag = "fields"
		}
		if flag != "all" && flag != "plan" && flag != "context" {
			body = append(body, `"`+strings.ReplaceAll(flag, "-", "_")+`":`+value)
		}
	}
	if len(body) > 0 {
		route += " {" + strings.Join(body, ",") + "}"
	}
	return route
}
