package picture_test

import (
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pm/internal/chart"
	"pm/internal/depgraph"
	"pm/internal/flow"
	"pm/internal/insight"
	"pm/internal/picture"
	"pm/internal/plan"
)

var update = flag.Bool("update", false, "write the pictures anew")

// insights is a plan of two weeks: the same figures each time.
func insights() insight.Insights {
	var from flow.Day
	if err := from.UnmarshalText([]byte("2026-11-15")); err != nil {
		panic(err)
	}
	in := insight.Insights{From: from, To: from + 13, Zone: "UTC", Tasks: 40, Finished: 22, Enough: true,
		Cycle: &insight.CycleTimes{Count: 22, P50: 18 * 3600, P85: 44 * 3600, P95: 80 * 3600}, Throughput: &insight.Throughput{Count: 22, PerDay: 1.57},
		Aging: &insight.Aging{P50: 18 * 3600, P85: 44 * 3600, P95: 80 * 3600, More: 1, Items: []insight.AgingTask{
			{Key: task(31), Title: "Refunds to the card that paid", Status: plan.Blocked, Agent: "dan", Seconds: 90 * 3600, Over: "p95"},
			{Key: task(33), Title: "支払い画面のエラー文を直す", Status: plan.InProgress, Agent: "ada", Seconds: 20 * 3600, Over: "p50"},
			{Key: task(34), Title: "</text><script>alert(1)</script>", Status: plan.ReadyForReview, Agent: "<b>", Seconds: 300}}},
		Time: &insight.StageTimes{Held: 500 * 3600, Waiting: 30 * 3600, Blocked: 60 * 3600, Review: 110 * 3600, Efficiency: 71.43,
			Agents: []insight.AgentTime{{Agent: "ada", Finished: 12, Held: 300 * 3600}, {Agent: "dan", Finished: 10, Held: 200 * 3600}}}}
	done := 0
	for i := range 14 {
		n := []int{0, 1, 3, 2, 0, 0, 2, 4, 1, 2, 3, 0, 1, 3}[i]
		done += n
		day := from + flow.Day(i)
		in.Throughput.Days = append(in.Throughput.Days, insight.ThroughputDay{Day: day, Finished: n})
		in.Burnup = append(in.Burnup, insight.BurnupDay{Day: day, Scope: 30 + i*10/13, Done: done})
		in.Flow = append(in.Flow, insight.FlowDay{Day: day, Arrived: 30 + i*10/13, Started: done + 5, Submitted: done + 2, Finished: done})
		for k := range n {
			at := day.Date().Add(time.Duration(9+2*k) * time.Hour)
			in.Cycle.Points = append(in.Cycle.Points, insight.CyclePoint{Key: task(done - k), Finished: at, Seconds: int64(3600 * (1 + (i*7+k*29)%85))})
		}
	}
	return in
}

func task(n int) plan.Key { return plan.Key{Epic: 1, Feature: 1, Task: n} }

func dependencies() depgraph.Graph {
	g := depgraph.Graph{Key: "E01", CriticalPath: []plan.Key{task(2), task(3), task(5)}}
	for n, status := range []plan.TaskStatus{plan.Completed, plan.InProgress, plan.Todo, plan.Blocked, plan.Todo, plan.ReadyForReview, plan.Archived} {
		g.Nodes = append(g.Nodes, depgraph.Node{Key: task(n + 1), Title: "A title that is longer than the card that it is written on", Status: plan.AnyStatus(status),
			Agent: []string{"", "ada"}[n%2], Critical: slices.Contains(g.CriticalPath, task(n+1)), Outside: n == 3})
	}
	g.Nodes = append(g.Nodes, depgraph.Node{Key: plan.Key{Epic: 2}, Title: "An epic", Status: "active", Total: 10, Completed: 4})
	for _, e := range [][2]int{{1, 2}, {2, 3}, {3, 5}, {1, 5}, {4, 5}} {
		g.Edges = append(g.Edges, depgraph.Edge{From: task(e[0]), To: task(e[1])})
	}
	return g
}

func TestPictures(t *testing.T) {
	charts := picture.Charts(insights())
	if len(charts) != len(insight.Charts()) {
		t.Errorf("%d charts of %d", len(charts), len(insight.Charts()))
	}
	for i, c := range charts {
		if c.Name != insight.Charts()[i] {
			t.Errorf("chart %d is %s, not %s", i, c.Name, insight.Charts()[i])
		}
		golden(t, c.Name+".txt", lines(c, 80, 12, true)+"\n"+lines(c, 60, 10, false))
	}
	golden(t, "insights.svg", chart.SVG(chart.Page{}, charts...))
	golden(t, "cycle-embedded.svg", chart.SVG(chart.Page{Embedded: true}, charts[2]))
	golden(t, "graph.svg", picture.Graph(dependencies()).SVG(false))
	golden(t, "graph.mmd", picture.Graph(dependencies()).Mermaid())
	golden(t, "graph.dot", picture.Graph(dependencies()).DOT())
}

func lines(c chart.Chart, width, height int, unicode bool) string {
	var b strings.Builder
	for _, line := range c.Lines(width, height, unicode) {
		s := ""
		for _, cell := range line {
			s += string(cell.Rune)
		}
		b.WriteString(strings.TrimRight(s, " ") + "\n")
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s is not as it was (%v): go test ./internal/picture -update, and look at it", name, err)
	}
}

// Pictures are well-formed, hold nothing but shapes and texts, and refer to
// nothing elsewhere; embedded ones have no style.
func TestPicturesAreInert(t *testing.T) {
	charts := picture.Charts(insights())
	for name, text := range map[string]string{"charts": chart.SVG(chart.Page{}, charts...), "embedded": chart.SVG(chart.Page{Embedded: true}, charts...), "graph": picture.Graph(dependencies()).SVG(true),
		"nothing": chart.SVG(chart.Page{Embedded: true}, picture.Charts(insight.Insights{Cycle: &insight.CycleTimes{}, Aging: &insight.Aging{}, Time: &insight.StageTimes{}})...)} {
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			e, is := token.(xml.StartElement)
			if !is {
				continue
			}
			allowed := []string{"svg", "desc", "title", "g", "rect", "line", "path", "circle", "text", "tspan"}
			if name == "charts" {
				allowed = append(allowed, "style")
			}
			if !slices.Contains(allowed, e.Name.Local) {
				t.Errorf("%s: an element %s", name, e.Name.Local)
			}
			for _, a := range e.Attr {
				if strings.Contains(a.Name.Local, "href") || strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" || a.Name.Local == "id" {
					t.Errorf("%s: an attribute %s", name, a.Name.Local)
				}
			}
		}
	}
}

// TestManyDotsAreFewNodes: two thousand dots are all there, as parts of a few
// paths; the dots of a small chart have their texts.
func TestManyDotsAreFewNodes(t *testing.T) {
	in := insights()
	few := chart.SVG(chart.Page{}, picture.Charts(in)...)
	if n := strings.Count(few, `fill-opacity=".6"`); n != len(in.Cycle.Points) {
		t.Errorf("%d dots with texts, want %d", n, len(in.Cycle.Points))
	}
	points := in.Cycle.Points
	for len(in.Cycle.Points) < 2000 {
		in.Cycle.Points = append(in.Cycle.Points, points...)
	}
	many := chart.SVG(chart.Page{}, picture.Charts(in)...)
	if n := strings.Count(many, "h0"); n != len(in.Cycle.Points) {
		t.Errorf("%d dots are drawn, want %d", n, len(in.Cycle.Points))
	}
	if before, after := strings.Count(few, "\n<"), strings.Count(many, "\n<"); after > before+40 {
		t.Errorf("%d elements: there were %d with %d dots", after, before, len(points))
	}
}

// Whatever the size, the lines of a chart are as wide as was asked for.
func TestLinesFit(t *testing.T) {
	for _, c := range picture.Charts(insights()) {
		for width := 0; width < 130; width += 7 {
			for height := range 16 {
				for _, unicode := range []bool{true, false} {
					drawn := c.Lines(width, height, unicode)
					if len(drawn) != 0 && len(drawn) != height {
						t.Errorf("%s: %d lines of %d", c.Name, len(drawn), height)
					}
					for _, line := range drawn {
						if len(line) != width {
							t.Errorf("%s: %d columns of %d", c.Name, len(line), width)
						}
						for _, cell := range line {
							if !unicode && cell.Rune >= utf8.RuneSelf {
								t.Fatalf("%s: %q in ASCII", c.Name, cell.Rune)
							}
						}
					}
				}
			}
		}
	}
}

// A day, an hour, one value, none: a scale is a scale.
func TestDurations(t *testing.T) {
	for seconds, want := range map[float64]string{0: "0s", 59: "59s", 60: "1m", 90: "1.5m", 3599: "60m", 3600: "1h", 19800: "5.5h", 86400: "1d", 164160: "1.9d", 1e6: "12d", 1e9: "11,574d"} {
		if got := chart.Duration(seconds); got != want {
			t.Errorf("%v seconds are %s, not %s", seconds, got, want)
		}
	}
}
