package tracker

import (
	"cmp"
	"io"
	"time"

	"pm/internal/plan"
)

// A patient reader gives up a read that takes too long. What was asked for may
// still come then: nothing else is read from the source.
type patient struct {
	r     io.Reader
	name  string
	wait  time.Duration
	room  []byte      // of the read that is under way
	ready []byte      // what was read and not given out yet
	err   error       // what comes behind it
	did   chan result // what the read has brought
}

type result struct {
	n   int
	err error
}

// patientRead is how much is read at a time.
const patientRead = 256 << 10

func newPatient(r io.Reader, s Source) *patient {
	return &patient{r: r, name: s.Name, wait: cmp.Or(s.Patience, usualPatience), room: make([]byte, patientRead), did: make(chan result, 1)}
}

func (p *patient) Read(b []byte) (int, error) {
	if len(p.ready) == 0 && p.err == nil {
		p.fill()
	}
	if len(p.ready) == 0 {
		return 0, p.err
	}
	n := copy(b, p.ready)
	p.ready = p.ready[n:]
	return n, nil
}

func (p *patient) fill() {
	go func() {
		n, err := p.r.Read(p.room)
		p.did <- result{n, err}
	}()
	late := time.NewTimer(p.wait)
	defer late.Stop()
	select {
	case done := <-p.did:
		p.ready, p.err = p.room[:done.n], done.err
	case <-late.C:
		p.err = plan.Errorf(plan.Unavailable, "no data from %s for %s", p.name, p.wait).WithCode("slow_source").
			WithHint("copy it to a local disk, or pipe it in: pm import - < FILE; nothing was changed")
	}
}
