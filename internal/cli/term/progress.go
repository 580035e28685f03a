package term

import (
	"io"
	"strconv"
	"sync"
	"time"
)

const (
	progressDelay = time.Second            // work shorter than this shows nothing
	progressEvery = 100 * time.Millisecond // between two drawings
	progressBar   = 20                     // cells
)

// ProgressOptions says what a Progress is about.
type ProgressOptions struct {
	Label string // what is being done: "importing"
	Total int    // units of work; not positive when unknown

	Now func() time.Time // the clock; nil means time.Now
}

// Progress is a line on a terminal that says how far a piece of work is. It
// appears with the first Set after a second, is drawn at most ten times
// a second, and is silent where no person watches or the terminal is dumb. It
// runs nothing in the background. The zero Progress is silent. Its methods may
// be called from several goroutines; whoever else prints to the same stream
// must wait for Done.
type Progress struct {
	w     io.Writer // nil: silent
	out   Output
	label string // clean, with the space behind it
	total int
	now   func() time.Time
	start time.Time

	mu    sync.Mutex
	n     int
	drawn time.Time // zero: not on the screen
}

// NewProgress starts the clock of a piece of work. w is standard error, and out
// describes it.
func NewProgress(w io.Writer, out Output, o ProgressOptions) *Progress {
	p := &Progress{out: out, total: o.Total, now: o.Now}
	if o.Label != "" {
		p.label = Clean(o.Label) + "  "
	}
	if p.now == nil {
		p.now = time.Now
	}
	if out.Terminal && !out.Dumb {
		p.w = w
	}
	p.start = p.now()
	return p
}

// Set says that n units are done in all.
func (p *Progress) Set(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n = n
	p.draw()
}

// SetTotal says how many units there are in all; not positive when unknown.
func (p *Progress) SetTotal(total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total = total
}

// Done erases the line. Later calls do nothing.
func (p *Progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.drawn.IsZero() {
		io.WriteString(p.w, "\r\x1b[K")
	}
	p.w, p.drawn = nil, time.Time{}
}

func (p *Progress) draw() {
	if p.w == nil {
		return
	}
	now := p.now()
	if now.Sub(p.start) < progressDelay || now.Sub(p.drawn) < progressEvery {
		return
	}
	p.drawn = now
	// The last column stays free: some terminals wrap as soon as it is used.
	line := Truncate(p.line(now.Sub(p.start), p.out.columns()-1), p.out.columns()-1)
	io.WriteString(p.w, "\r"+line+"\x1b[K")
}

// line returns the fullest of the forms that fits width cells, else the last.
func (p *Progress) line(elapsed time.Duration, width int) string {
	forms := p.forms(elapsed)
	for _, s := range forms {
		if Width(s) <= width {
			return s
		}
	}
	return forms[len(forms)-1]
}

// forms returns the line in its forms, the fullest first.
func (p *Progress) forms(elapsed time.Duration) []string {
	if p.total <= 0 {
		n := Count(p.n)
		return []string{p.label + n, n}
	}
	pct := float64(p.n) / float64(p.total) * 100
	percent := strconv.Itoa(min(max(int(pct), 0), 100)) + "%"
	long := p.label + "[" + p.out.Bar(pct, progressBar) + "] " + percent
	count := "  " + Count(p.n) + "/" + Count(p.total)
	return []string{
		long + count + p.left(elapsed),
		long + count,
		long,
		p.label + "[" + p.out.Bar(pct, progressBar/4) + "] " + percent,
		p.label + percent,
		percent,
	}
}

// left returns the time left at the pace so far, or nothing when there is none
// to tell.
func (p *Progress) left(elapsed time.Duration) string {
	if p.n <= 0 || p.n >= p.total {
		return ""
	}
	rate := elapsed.Seconds() / float64(p.n)
	d := time.Duration(rate * float64(p.total-p.n) * float64(time.Second)).Round(time.Second)
	if d <= 0 {
		return ""
	}
	return "  " + short(d) + " left"
}
