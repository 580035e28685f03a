package httpapi

import "time"

// Limits are what a test makes smaller.
type Limits struct {
	Requests, Waits, Streams, Bodies, Held int
	Poll                                   time.Duration // how often the history is looked at
}

// Waiting returns how many requests wait for a task.
func (s *Server) Waiting() int { return len(s.waits) }

// Serving returns how many requests are answered.
func (s *Server) Serving() int { return len(s.slots) }

// NewWithin is New with other limits; zero means the usual one.
func NewWithin(o Options, l Limits) *Server {
	most := usualLimits()
	set := func(to *int, n int) {
		if n != 0 {
			*to = n
		}
	}
	set(&most.requests, l.Requests)
	set(&most.waits, l.Waits)
	set(&most.streams, l.Streams)
	set(&most.bodies, l.Bodies)
	set(&most.held, l.Held)
	if l.Poll != 0 {
		most.pace = pace{l.Poll, l.Poll}
	}
	return newServer(o, most)
}
