package term

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// work is a Progress with the clock in the test's hand.
type work struct {
	*Progress
	clock time.Time
	buf   bytes.Buffer
}

func newWork(out Output, o ProgressOptions) *work {
	w := &work{clock: time.Unix(1000, 0)}
	o.Now = func() time.Time { return w.clock }
	w.Progress = NewProgress(&w.buf, out, o)
	return w
}

// after moves the clock, does n units in all and returns what was written.
func (w *work) after(d time.Duration, n int) string {
	w.clock = w.clock.Add(d)
	w.buf.Reset()
	w.Set(n)
	return w.buf.String()
}

func TestProgress(t *testing.T) {
	w := newWork(Output{Terminal: true}, ProgressOptions{Label: "importing", Total: 20000})
	steps := []struct {
		wait time.Duration
		n    int
		want string
	}{
		{999 * time.Millisecond, 2000, ""},
		{time.Millisecond, 5000, "importing  [#####---------------] 25%  5,000/20,000  3s left"},
		{99 * time.Millisecond, 6000, ""},
		{time.Millisecond, 10000, "importing  [##########----------] 50%  10,000/20,000  1s left"},
		{time.Second, 19999, "importing  [###################-] 99%  19,999/20,000"},
		{time.Second, 20000, "importing  [####################] 100%  20,000/20,000"},
		{time.Second, 30000, "importing  [####################] 100%  30,000/20,000"},
	}
	for _, s := range steps {
		want := s.want
		if want != "" {
			want = "\r" + want + "\x1b[K"
		}
		if got := w.after(s.wait, s.n); got != want {
			t.Errorf("at %d: %q, want %q", s.n, got, want)
		}
	}
	w.buf.Reset()
	w.Done()
	w.Done()
	if got := w.buf.String(); got != "\r\x1b[K" {
		t.Errorf("Done wrote %q", got)
	}
	if got := w.after(time.Minute, 1); got != "" {
		t.Errorf("after Done: %q, want silence", got)
	}
}

func TestProgressLongWork(t *testing.T) {
	w := newWork(Output{Terminal: true, Unicode: true}, ProgressOptions{Label: "importing", Total: 100})
	want := "\rimporting  [█░░░░░░░░░░░░░░░░░░░] 1%  1/100  16m left\x1b[K"
	if got := w.after(10*time.Second, 1); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgressUnknownTotal(t *testing.T) {
	w := newWork(Output{Terminal: true}, ProgressOptions{Label: "reading\x1b[2J"})
	w.Set(4000)
	if got, want := w.after(2*time.Second, 9000), "\r"+`reading\x1b[2J  9,000`+"\x1b[K"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w.clock = w.clock.Add(time.Second)
	w.buf.Reset()
	w.Set(9001)
	if got := w.buf.String(); !strings.Contains(got, "9,001") {
		t.Errorf("Set: %q, want 9,001", got)
	}
}

func TestProgressSilent(t *testing.T) {
	for _, out := range []Output{{}, {Color: true}, {Terminal: true, Dumb: true}} {
		w := newWork(out, ProgressOptions{Label: "importing", Total: 10})
		got := w.after(time.Minute, 5)
		w.Done()
		if got += w.buf.String(); got != "" {
			t.Errorf("%+v: %q, want silence", out, got)
		}
	}
	quick := newWork(Output{Terminal: true}, ProgressOptions{Total: 10})
	quick.after(time.Millisecond, 10)
	quick.Done()
	if quick.buf.Len() > 0 {
		t.Errorf("work of a millisecond wrote %q", quick.buf.String())
	}
	var zero Progress
	zero.Set(1)
	zero.Done()
}

func TestProgressFits(t *testing.T) {
	forms := map[string]bool{}
	for _, total := range []int{0, 20000} {
		for width := 1; width <= 80; width++ {
			w := newWork(Output{Terminal: true, Width: width}, ProgressOptions{Label: "importing", Total: total})
			got := w.after(2*time.Second, 5000)
			line := strings.TrimSuffix(strings.TrimPrefix(got, "\r"), "\x1b[K")
			if Width(line) >= width {
				t.Errorf("width %d: %q takes %d cells", width, line, Width(line))
			}
			forms[line] = true
		}
	}
	for _, want := range []string{"25%", "importing  25%", "importing  [#----] 25%", "5,000", "importing  5,000"} {
		if !forms[want] {
			t.Errorf("no width gives %q", want)
		}
	}
}

func TestProgressConcurrent(t *testing.T) {
	const workers, each = 8, 1000
	w := newWork(Output{Terminal: true}, ProgressOptions{Total: workers * each})
	w.clock = w.clock.Add(time.Hour)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for n := range each {
				w.Set(n)
			}
		})
	}
	wg.Wait()
	if got := w.after(time.Second, workers*each); !strings.Contains(got, "100%  8,000/8,000") {
		t.Errorf("got %q", got)
	}
	w.Done()
}
