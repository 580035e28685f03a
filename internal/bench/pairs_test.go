package bench

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/pairs.md anew")

const (
	pairsPage  = "../../docs/pairs.md"
	slowPage   = 20.0 // milliseconds
	flat       = 1.5  // times
	noise      = 0.3  // milliseconds that are no growth
	pairRounds = 3
)

// pairFilters are the filters that a person would type, each as one term.
func pairFilters() []string {
	return strings.Fields(`status:todo status:blocked is:open is:ready is:waiting is:held is:done is:overdue is:deferred type:backend -type:docs
		agent:a01 held-by:a01 assignee:bob priority:1 priority:<=3 epic:E02 feature:E01-F01 created:2026-01-05 updated:>-7d completed:2026-01-06
		label:l3 -label:l3 own-label:l13 kind:bug stage:test severity:high points:3 points:>=7 has:due -has:due due:..2026-06-30 due:2027-06-01..2027-06-30 defer:2099-01-01
		estimate:>4 -has:estimate has:assignee has:notes has:dependencies resolution:done resolution:wont_do payment ` + RareWord)
}

// pairOrders are the orders but that of the keys.
func pairOrders() []string {
	return strings.Fields(`priority created -updated due -due defer estimate stage position points severity priority,-updated`)
}

// pairQueries returns the filters and orders alone, and the pairs: each filter in
// each order, and each two filters by key and by what changed last.
func pairQueries() (alone, pairs []string) {
	filters := pairFilters()
	alone = append(alone, filters...)
	for _, o := range pairOrders() {
		alone = append(alone, "sort:"+o)
		for _, f := range filters {
			pairs = append(pairs, f+" sort:"+o)
		}
	}
	for i, f := range filters {
		for _, g := range filters[i+1:] {
			pairs = append(pairs, f+" "+g, f+" "+g+" sort:-updated")
		}
	}
	return alone, pairs
}

// A pairRow is what a page of a list costs at each size, in milliseconds.
type pairRow struct {
	query  string
	median []float64
}

func (r pairRow) last() float64   { return r.median[len(r.median)-1] }
func (r pairRow) growth() float64 { return r.last() / max(r.median[0], 0.001) }

func (r pairRow) String() string {
	out := "| `" + r.query + "` |"
	for _, m := range r.median {
		out += " " + figure(m) + " |"
	}
	return out
}

// figure is a number of milliseconds in two digits or more.
func figure(ms float64) string {
	if ms < 10 {
		return strconv.FormatFloat(ms, 'f', 1, 64)
	}
	return strconv.FormatFloat(math.Round(ms), 'f', 0, 64)
}

// A pairKind is why lists of some terms take long.
type pairKind struct {
	name, why string
	terms     []string // that a list of this kind has: words that they begin with
	least     int      // how many of them
}

// pairKinds are tried in this order; a list is of the first kind that fits.
var pairKinds = []pairKind{
	{"A common word", "The word is in 80,000 tasks, which the index of words gives in the order of the keys only. In another order, or with another filter, they are collected, or asked for one by one.", []string{CommonWord}, 1},
	{"States that exclude each other", "No task has both, or few have, so nothing fills the page. No index says so: all that match one of them are read.", []string{"is:", "completed:", "defer:", "label:", "-label:", "own-label:"}, 2},
	{"Two orders", "Such a page is made of several lists.", []string{"sort:priority,", "sort:stage", "sort:position"}, 1},
	{"A stretch of time", "What matches is one stretch of another order: up to 60,000 entries of an index are sorted, and rows are read for the other filter.", []string{"created:", "completed:", "due:", "defer:", "is:overdue"}, 1},
	{"A state", "Few other columns are in its index.", []string{"is:", "has:assignee", "assignee:"}, 1},
	{"A value of some tasks", "Thousands of rows are read from all over the file, for the other filter or order.", []string{"label:", "own-label:", "points:", "severity:", "agent:", "held-by:", "kind:", "stage:", "type:", "status:", "estimate:", "priority:", "has:", "resolution:", "feature:", "epic:", "-"}, 1},
}

func kindOfPair(q string) (k pairKind, ok bool) {
	for _, k := range pairKinds {
		n := 0
		for _, term := range strings.Fields(q) {
			if slices.ContainsFunc(k.terms, func(begin string) bool { return strings.HasPrefix(term, begin) }) {
				n++
			}
		}
		if n >= k.least {
			return k, true
		}
	}
	return k, false
}

// grownBy says why a filter or an order alone costs more where there are more tasks.
var grownBy = map[string]string{
	"completed:2026-01-06":       "no task of the small plan matches; in the large one 39,000, which lie together far behind: where they begin is looked for in an index, which holds all of them",
	"due:2027-06-01..2027-06-30": "all that match in the small plan are collected; in the large one the days are looked up, and the first tasks of each are merged, as at any size beyond",
	"due:..2026-06-30":           "all that match in the small plan are collected; the large one is walked until the page is full, as at any size beyond",
	"defer:2099-01-01":           "as for `due:..2026-06-30`",
	"held-by:a01":                "a page of the small plan has 36 tasks, all that there are",
	"payment":                    "what is counted behind the page ends earlier in the small plan",
}

// TestPairs measures all pairs in a plan that uses everything, and writes the page
// of those that take long:
// PM_TEST_LOAD=full go test -timeout 60m -run TestPairs ./internal/bench -update
func TestPairs(t *testing.T) {
	if os.Getenv("PM_TEST_LOAD") != "full" {
		t.Skip("minutes long: set PM_TEST_LOAD=full")
	}
	var worlds []*world
	for _, size := range []int{10_000, 1_000_000} {
		p := newPlot(size)
		p.used = true
		w, err := newWorldOf(t.Context(), "", p, func(int, int) {})
		if err != nil {
			t.Fatal(err)
		}
		defer w.close(context.Background())
		w.serves = true
		worlds = append(worlds, w)
	}
	runtime.GC() // of what the filling has left
	page, err := measurePairs(t, worlds)
	if err != nil {
		t.Error(err)
	}
	if page != "" && *update {
		if err := os.WriteFile(pairsPage, []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// measurePairs measures all lists, and returns the page.
func measurePairs(t *testing.T, worlds []*world) (string, error) {
	alone, pairs := pairQueries()
	var grown, slow []pairRow
	for i, q := range append(slices.Clone(alone), pairs...) {
		samples, err := inTurn(t.Context(), worlds, listRow(q), pairRounds, 0)
		if err != nil {
			return "", fmt.Errorf("%s: %w", q, err)
		}
		row := pairRow{query: q}
		for _, s := range samples {
			row.median = append(row.median, s.P50)
		}
		if i < len(alone) && row.growth() > flat && row.last()-row.median[0] > noise {
			grown = append(grown, row)
		}
		if i >= len(alone) && row.last() > slowPage {
			slow = append(slow, row)
		}
	}
	return pairsText(len(alone)+len(pairs), grown, slow)
}

// pairsText is the page. It is an error if nothing says why a list takes long.
func pairsText(lists int, grown, slow []pairRow) (page string, err error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Pairs of filters and orders\nWhich lists take longer than %.0f ms in a plan of a million tasks, and why?\n\n", slowPage)
	fmt.Fprintf(&b, "Of %d,%03d pages of 50 in a plan on SQLite that uses labels, dates, estimates, stages and fields, %d take more than %.0f ms at 1,000,000 tasks: each filter that a person would type alone, in %d orders, and with each other filter by key and by `-updated`. The figures are medians of %d, in milliseconds. Each list is below the first heading that fits it. To measure them again, and write this page:\n\n",
		lists/1000, lists%1000, len(slow), slowPage, len(pairOrders())+1, pairRounds)
	b.WriteString("```sh\nPM_TEST_LOAD=full go test -timeout 60m -run TestPairs ./internal/bench -update\n```\n")
	fmt.Fprintf(&b, "\n## Alone\nThese filters and orders alone cost more than %.1f times as much as at 10,000 tasks:\n\n| list | 10,000 | 1,000,000 | why |\n| --- | --: | --: | --- |\n", flat)
	for _, r := range grown {
		why := grownBy[r.query]
		if why == "" {
			err = errors.Join(err, fmt.Errorf("%s grows from %v to %v, and nothing says why", r.query, r.median[0], r.last()))
		}
		fmt.Fprintf(&b, "%s %s |\n", r, why)
	}
	slices.SortStableFunc(slow, func(a, b pairRow) int { return cmp.Compare(b.last(), a.last()) })
	of := map[string][]pairRow{}
	for _, r := range slow {
		k, ok := kindOfPair(r.query)
		if !ok {
			err = errors.Join(err, fmt.Errorf("%s takes %v ms, and is of no kind", r.query, r.last()))
		}
		of[k.name] = append(of[k.name], r)
	}
	for _, k := range pairKinds {
		fmt.Fprintf(&b, "\n## %s\n%s %d lists:\n\n| list | 10,000 | 1,000,000 |\n| --- | --: | --: |\n", k.name, k.why, len(of[k.name]))
		for _, r := range of[k.name] {
			fmt.Fprintln(&b, r)
		}
	}
	return b.String(), err
}

// Every list that the page excuses is one that is measured, below the kind that it
// belongs to.
func TestThePageOfPairsSaysWhatIsMeasured(t *testing.T) {
	page, err := os.ReadFile(pairsPage)
	if err != nil {
		t.Fatal(err)
	}
	alone, pairs := pairQueries()
	heading := ""
	for line := range strings.Lines(string(page)) {
		if name, is := strings.CutPrefix(line, "## "); is {
			heading = strings.TrimSpace(name)
		}
		rest, is := strings.CutPrefix(line, "| `")
		if !is {
			continue
		}
		q, _, _ := strings.Cut(rest, "`")
		if heading == "Alone" {
			if !slices.Contains(alone, q) || grownBy[q] == "" {
				t.Errorf("%s is not measured alone, or nothing says why it grows", q)
			}
			continue
		}
		if k, _ := kindOfPair(q); k.name != heading || !slices.Contains(pairs, q) {
			t.Errorf("%s is below %s, and of the kind %q", q, heading, k.name)
		}
	}
}
