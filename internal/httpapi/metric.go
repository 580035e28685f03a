package httpapi

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A family is one metric with its series, in the text format that Prometheus
// reads (exposition format 0.0.4). It is written by hand since the client
// library costs every start of pm a millisecond, also of the commands that
// measure nothing: see docs/adr.
type family struct {
	name, help string
	kind       string // counter, gauge, histogram
	labels     []string

	mu     sync.Mutex
	series map[string]*series // by their labels as they are written
}

type series struct {
	value   float64  // the sum, of a histogram
	count   uint64   // of a histogram
	buckets []uint64 // not cumulative
}

// bounds are the upper ends of the buckets, in seconds.
var bounds = [...]float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newFamily(kind, name, help string, labels ...string) *family {
	return &family{name: name, help: help, kind: kind, labels: labels, series: map[string]*series{}}
}

func (f *family) at(values []string) *series {
	var b strings.Builder
	for i, name := range f.labels {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(name + `="` + escapeLabel(values[i]) + `"`)
	}
	s := f.series[b.String()]
	if s == nil {
		s = &series{}
		if f.kind == "histogram" {
			s.buckets = make([]uint64, len(bounds)+1)
		}
		f.series[b.String()] = s
	}
	return s
}

func escapeLabel(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(s)
}

func (f *family) add(n float64, values ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at(values).value += n
}

func (f *family) set(n float64, values ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at(values).value = n
}

func (f *family) observe(d time.Duration, values ...string) {
	seconds := d.Seconds()
	i, _ := slices.BinarySearch(bounds[:], seconds)
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.at(values)
	s.value += seconds
	s.count++
	s.buckets[i]++
}

// write writes the family; nothing if it has no series.
func (f *family) write(b *strings.Builder) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.series) == 0 {
		return
	}
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
	for _, labels := range slices.Sorted(maps.Keys(f.series)) {
		s := f.series[labels]
		if f.kind != "histogram" {
			fmt.Fprintf(b, "%s%s %s\n", f.name, braces(labels), number(s.value))
			continue
		}
		sum := uint64(0)
		for i, bound := range bounds {
			sum += s.buckets[i]
			fmt.Fprintf(b, "%s_bucket%s %d\n", f.name, braces(join(labels, `le="`+number(bound)+`"`)), sum)
		}
		fmt.Fprintf(b, "%s_bucket%s %d\n", f.name, braces(join(labels, `le="+Inf"`)), s.count)
		fmt.Fprintf(b, "%s_sum%s %s\n%s_count%s %d\n", f.name, braces(labels), number(s.value), f.name, braces(labels), s.count)
	}
}

func braces(labels string) string {
	if labels == "" {
		return ""
	}
	return "{" + labels + "}"
}

func join(labels, more string) string {
	if labels == "" {
		return more
	}
	return labels + "," + more
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
