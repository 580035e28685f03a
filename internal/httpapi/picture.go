package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"pm/internal/chart"
	"pm/internal/depgraph"
	"pm/internal/insight"
	"pm/internal/ops"
	"pm/internal/picture"
	"pm/internal/plan"
)

// pictures are the routes that answer the picture of an operation's answer.
// They take the operation's arguments, and embed=true for a picture without a
// style of its own, which goes into a page and has the page's colours; those that
// can be drawn in any width take that of the page.
var pictures = []struct {
	route, op, about string
	fits             bool
	draw             func(answer any, page chart.Page) string
}{
	{"GET /v1/insights.svg", "plan insights", "Insights as a picture: all charts, or one", true, func(answer any, page chart.Page) string {
		return chart.SVG(page, picture.Charts(answer.(insight.Insights))...)
	}},
	{"GET /v1/graph.svg", "plan graph", "The dependency graph as a picture, with the critical path", false, func(answer any, page chart.Page) string {
		return picture.Graph(answer.(depgraph.Graph)).SVG(page.Embedded)
	}},
}

// picture serves one of them.
func (s *Server) picture(name string, fits bool, draw func(any, chart.Page) string) http.Handler {
	op, _ := ops.Find(name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in := op.NewInput()
		page, err := fillPicture(r, in, fits)
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
		s.write(w, http.StatusOK, []byte(draw(out, page)))
	})
}

// leastWide and mostWide are the widths, in pixels, that a picture can be drawn in.
const leastWide, mostWide = 240, 8000

// fillPicture reads the arguments of a picture, and what page it is for.
func fillPicture(r *http.Request, in any, fits bool) (page chart.Page, err error) {
	args := ops.Arguments{}
	if err := queryArguments(r, ops.Params(in), args); err != nil {
		return page, err
	}
	if raw, given := args["embed"]; given {
		if page.Embedded, err = strconv.ParseBool(strings.Trim(string(raw), `"`)); err != nil {
			return page, plan.Errorf(plan.Usage, "invalid embed %.40s: must be true or false", raw).WithCode("bad_type")
		}
		delete(args, "embed")
	}
	if raw, given := args["width"]; given && fits {
		if page.Width, err = strconv.Atoi(strings.Trim(string(raw), `"`)); err != nil || page.Width < leastWide || page.Width > mostWide {
			return page, plan.Errorf(plan.Usage, "invalid width %.40s: must be %d to %d", raw, leastWide, mostWide).WithCode("bad_type")
		}
		delete(args, "width")
	}
	return page, ops.Decode(in, args)
}
