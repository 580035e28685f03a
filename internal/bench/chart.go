package bench

import (
	"fmt"
	"html"
	"math"
	"slices"
	"sort"
	"strings"
)

// The measures of the chart, in its own units.
const (
	chartWidth, chartHeight       = 960, 540
	plotLeft, plotRight           = 76, 664 // labels of the curves stand to the right
	plotTop, plotBottom           = 64, 472
	labelHeight                   = 17
	lightInk, lightBack           = "#1f2328", "#ffffff"
	darkInk, darkBack             = "#e6edf3", "#0d1117"
	lightGrid, darkGrid, greyText = "#d1d9e0", "#30363d", 0.75
)

// Pairs of a colour on white and on black, told apart by people who see few
// colours, too (after Okabe and Ito); the dashes differ as well.
var palette = []struct{ light, dark, dash string }{
	{"#0072b2", "#56b4e9", ""}, {"#b34700", "#ff8f4a", ""}, {"#007a5a", "#2ec4a0", ""}, {"#a3327a", "#e48fc0", ""},
	{"#7a6000", "#f0d43c", ""}, {"#555555", "#b0b0b0", "6 4"}, {"#3b3bb3", "#9d9dff", "6 4"}, {"#8a1c1c", "#ff7b72", "2 4"},
}

// Chart draws the growth curves of a report as an SVG that needs nothing
// else, on logarithmic axes: a flat line is an operation that does not care
// how large the plan is. It is empty if the report has no growth.
func Chart(r Report) string {
	var curves []GrowthCurve
	for _, c := range r.Growth {
		if c.Charted && len(c.Points) > 0 {
			curves = append(curves, c)
		}
	}
	if len(curves) == 0 {
		return ""
	}
	a := axesOf(curves)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">
<title id="title">What an operation costs as the plan grows (%s)</title>
<desc id="desc">%s</desc>
`, chartWidth, chartHeight, html.EscapeString(r.Engine), html.EscapeString(describe(curves)))
	writeStyle(&b)
	fmt.Fprintf(&b, `<rect class="back" width="%d" height="%d"/>
<text class="ink" x="%d" y="30" font-size="17" font-weight="600">What an operation costs as the plan grows</text>
<text class="grey" x="%d" y="50">median, %s, from the call to the committed answer</text>
`, chartWidth, chartHeight, plotLeft, plotLeft, html.EscapeString(r.Engine))
	a.write(&b)
	writeCurves(&b, a, curves)
	b.WriteString("</svg>\n")
	return b.String()
}

func writeStyle(b *strings.Builder) {
	rule := func(ink, back, grid string, colour func(int) string) {
		fmt.Fprintf(b, ".back{fill:%s}.ink,.grey{fill:%s}.grey{opacity:%v}.grid{stroke:%s}", back, ink, greyText, grid)
		for i := range palette {
			fmt.Fprintf(b, ".c%d{stroke:%s}.t%d{fill:%s}", i, colour(i), i, colour(i))
		}
	}
	b.WriteString("<style>")
	rule(lightInk, lightBack, lightGrid, func(i int) string { return palette[i].light })
	b.WriteString("@media (prefers-color-scheme:dark){")
	rule(darkInk, darkBack, darkGrid, func(i int) string { return palette[i].dark })
	b.WriteString("}</style>\n")
}

// Axes are logarithmic: whole decades of time, sizes as they were measured.
type axes struct {
	sizes        []int
	low, high    float64 // logarithms of milliseconds
	first, width float64 // logarithm of the smallest size, and how many decades there are
}

func axesOf(curves []GrowthCurve) axes {
	a := axes{low: math.Inf(1), high: math.Inf(-1)}
	for _, c := range curves {
		for _, p := range c.Points {
			if !slices.Contains(a.sizes, p.Tasks) {
				a.sizes = append(a.sizes, p.Tasks)
			}
			l := math.Log10(max(p.P50, 0.001))
			a.low, a.high = min(a.low, math.Floor(l)), max(a.high, math.Ceil(l))
		}
	}
	slices.Sort(a.sizes)
	if a.high <= a.low {
		a.high = a.low + 1
	}
	a.first = math.Log10(float64(a.sizes[0]))
	a.width = max(math.Log10(float64(a.sizes[len(a.sizes)-1]))-a.first, 0.001)
	return a
}

func (a axes) x(tasks int) float64 {
	return plotLeft + (math.Log10(float64(tasks))-a.first)/a.width*(plotRight-plotLeft)
}

func (a axes) y(ms float64) float64 {
	return plotBottom - (math.Log10(max(ms, 0.001))-a.low)/(a.high-a.low)*(plotBottom-plotTop)
}

func (a axes) write(b *strings.Builder) {
	for l := a.low; l <= a.high; l++ {
		y := a.y(math.Pow(10, l))
		fmt.Fprintf(b, `<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text class="grey" x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			plotLeft, plotRight, y, y, plotLeft-8, y+4, timeLabel(math.Pow(10, l)))
	}
	for _, n := range a.sizes {
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/><text class="grey" x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n",
			a.x(n), a.x(n), plotTop, plotBottom, a.x(n), plotBottom+20, sizeLabel(n))
	}
	fmt.Fprintf(b, `<text class="ink" x="%d" y="%d" text-anchor="middle">tasks in the plan (logarithmic)</text>`+"\n", (plotLeft+plotRight)/2, plotBottom+46)
	fmt.Fprintf(b, `<text class="ink" x="20" y="%d" text-anchor="middle" transform="rotate(-90 20 %d)">time in milliseconds (logarithmic)</text>`+"\n", (plotTop+plotBottom)/2, (plotTop+plotBottom)/2)
}

func timeLabel(ms float64) string {
	if ms >= 1000 {
		return fmt.Sprintf("%g s", ms/1000)
	}
	return fmt.Sprintf("%g ms", math.Round(ms*1e6)/1e6)
}

func sizeLabel(n int) string {
	switch {
	case n >= 1_000_000 && n%100_000 == 0:
		return fmt.Sprintf("%g million", float64(n)/1e6)
	case n >= 1000 && n%1000 == 0:
		return fmt.Sprintf("%d,000", n/1000)
	}
	return fmt.Sprint(n)
}

// writeCurves draws each curve, and its name at its end, moved down where two
// would lie on each other.
func writeCurves(b *strings.Builder, a axes, curves []GrowthCurve) {
	sort.SliceStable(curves, func(i, j int) bool { return last(curves[i]).P50 > last(curves[j]).P50 })
	below := float64(plotTop) - labelHeight
	for i, c := range curves {
		colour := i % len(palette)
		var points []string
		for _, p := range c.Points {
			points = append(points, fmt.Sprintf("%.1f,%.1f", a.x(p.Tasks), a.y(p.P50)))
		}
		fmt.Fprintf(b, `<polyline class="c%d" fill="none" stroke-width="2" stroke-dasharray="%s" points="%s"/>`, colour, palette[colour].dash, strings.Join(points, " "))
		for _, p := range c.Points {
			fmt.Fprintf(b, `<circle class="t%d" cx="%.1f" cy="%.1f" r="3.5"><title>%s, %s tasks: %.3f ms</title></circle>`,
				colour, a.x(p.Tasks), a.y(p.P50), html.EscapeString(c.Name), sizeLabel(p.Tasks), p.P50)
		}
		end := a.y(last(c).P50)
		below = max(end, below+labelHeight)
		fmt.Fprintf(b, `<line class="c%d" stroke-width="1" x1="%d" y1="%.1f" x2="%d" y2="%.1f"/><text class="t%d" x="%d" y="%.1f">%s (× %.2f)</text>`+"\n",
			colour, plotRight+5, end, plotRight+18, below, colour, plotRight+22, below+4, html.EscapeString(c.Name), c.Ratio)
	}
}

func last(c GrowthCurve) GrowthPoint { return c.Points[len(c.Points)-1] }

// describe says in words what the chart shows, for who does not see it.
func describe(curves []GrowthCurve) string {
	var parts []string
	for _, c := range curves {
		first, end := c.Points[0], last(c)
		parts = append(parts, fmt.Sprintf("%s takes %.3f ms at %s tasks and %.3f ms at %s", c.Name, first.P50, sizeLabel(first.Tasks), end.P50, sizeLabel(end.Tasks)))
	}
	return strings.Join(parts, "; ") + "."
}
