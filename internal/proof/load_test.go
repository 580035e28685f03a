package proof

import (
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// full reports whether the loads of the promise are asked for.
func full() bool { return os.Getenv("PM_TEST_LOAD") == "full" }

// load returns the size of a load: quick, or the whole one where it is asked for.
func load(quick, whole int) int {
	if full() {
		return whole
	}
	return quick
}

// seed fixes the choices of a run: those of PM_TEST_SEED; without it a quick run
// makes the same ones each time, and a full one makes new ones.
var seed = sync.OnceValue(func() uint64 {
	if s, err := strconv.ParseUint(os.Getenv("PM_TEST_SEED"), 10, 64); err == nil {
		return s
	}
	if !full() {
		return 1
	}
	return uint64(time.Now().UnixNano()) % 1_000_000_007
})

// random returns the random numbers of the test's stream n.
func random(t testing.TB, n int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(t.Name()))
	return rand.New(rand.NewPCG(seed(), h.Sum64()+uint64(n)))
}

// figures collect what the calls of a load took and how they failed.
type figures struct {
	began time.Time

	mu       sync.Mutex
	took     []time.Duration
	failures int
	extra    map[string]any
}

func newFigures() *figures { return &figures{began: time.Now(), extra: map[string]any{}} }

func (f *figures) add(took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.took = append(f.took, took)
}

// fail counts a failure, and fails the test with the first few.
func (f *figures) fail(t testing.TB, format string, args ...any) {
	t.Helper()
	f.mu.Lock()
	f.failures++
	n := f.failures
	f.mu.Unlock()
	if n <= 5 {
		t.Errorf(format, args...)
	} else {
		t.Fail()
	}
}

// most keeps the largest value seen under the name.
func (f *figures) most(name string, v int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if old, _ := f.extra[name].(int64); v >= old {
		f.extra[name] = v
	}
}

// count counts what happened under the name.
func (f *figures) count(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, _ := f.extra[name].(int)
	f.extra[name] = n + 1
}

func (f *figures) set(name string, v any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.extra[name] = v
}

// A summary is one line of figures. Times are in milliseconds.
type summary struct {
	Test      string         `json:"test"`
	Load      string         `json:"load"`
	Seed      uint64         `json:"seed"`
	Calls     int            `json:"calls"`
	Failures  int            `json:"failures"`
	P50       float64        `json:"p50_ms"`
	P99       float64        `json:"p99_ms"`
	Worst     float64        `json:"worst_ms"`
	PerSecond float64        `json:"per_second"`
	Extra     map[string]any `json:"extra,omitempty"`
}

// log writes the line of figures of a load that has just ended.
func (f *figures) log(t testing.TB) summary {
	t.Helper()
	whole := time.Since(f.began)
	f.mu.Lock()
	defer f.mu.Unlock()
	slices.Sort(f.took)
	at := func(share float64) float64 {
		if len(f.took) == 0 {
			return 0
		}
		d := f.took[min(int(share*float64(len(f.took))), len(f.took)-1)]
		return float64(d.Round(10*time.Microsecond)) / float64(time.Millisecond)
	}
	s := summary{Test: t.Name(), Load: "quick", Seed: seed(), Calls: len(f.took), Failures: f.failures,
		P50: at(0.5), P99: at(0.99), Worst: at(1), PerSecond: float64(int(float64(len(f.took)) / whole.Seconds())), Extra: f.extra}
	if full() {
		s.Load = "full"
	}
	line, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("proof %s", line)
	return s
}

// lanes runs f in n goroutines and waits for all.
func lanes(n int, f func(lane int)) {
	var wg sync.WaitGroup
	for lane := range n {
		wg.Go(func() { f(lane) })
	}
	wg.Wait()
}
