package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"pm/internal/chart"
	"pm/internal/insight"
	"pm/internal/ops"
	"pm/internal/picture"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// pictures are the routes that answer the picture of an operation's answer.
// They take the operation's arguments, and embed=true for a picture without a
// style of its own, which goes into a page and has the page's colours.
var pictures = []struct {
	route, op, about string
	draw             func(answer any, embedded bool) string
}{
	{"GET /v1/insights.svg", "plan insights", "Insights as a picture: all charts, or one", func(answer any, embedded bool) string {
		return chart.SVG(embedded, picture.Charts(answer.(insight.Insights))...)
	}},
	{"GET /v1/graph.svg", "plan graph", "The dependency graph as a picture, with the critical path", func(answer any, embedded bool) string {
		return picture.Graph(answer.(tracker.Graph)).SVG(embedded)
	}},
}

// picture serves one of them.
func (s *Server) picture(name string, draw func(any, bool) string) http.Handler {
	op, _ := ops.Find(name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in := op.NewInput()
		embedded, err := fillPicture(r, in)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
		defer cancel()
		out, err := op.Call(ctx, s.o.Tracker, in)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "image/svg+xml")
		// Its style is its own; nothing in it runs, and it loads nothing.
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox")
		s.write(w, http.StatusOK, []byte(draw(out, embedded)))
	})
}

// fillPicture reads the arguments of a picture.
func fillPicture(r *http.Request, in any) (embedded bool, err error) {
	args := ops.Arguments{}
	if err := queryArguments(r, ops.Params(in), args); err != nil {
		return false, err
	}
	if raw, given := args["embed"]; given {
		if embedded, err = strconv.ParseBool(strings.Trim(string(raw), `"`)); err != nil {
			return false, plan.Errorf(plan.Usage, "invalid embed %.40s: must be true or false", raw).WithCode("bad_type")
		}
		delete(args, "embed")
	}
	return embedded, ops.Decode(in, args)
}
