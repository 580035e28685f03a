package pgtest

import (
	"errors"
	"os"
	"sync"
)

const (
	envServer  = "PM_TEST_POSTGRES"
	envRequire = "PM_TEST_REQUIRE"
)

// shared is this process's server. It is package state that changes because a
// test binary's tests share nothing else, and a server each would take a second.
var shared holder

type holder struct {
	mu     sync.Mutex
	opened bool
	server *server
	err    error
}

// open returns the server, which the first call finds or starts. An error is
// kept: the next test gets it at once.
func (h *holder) open() (*server, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.opened {
		h.opened = true
		h.server, h.err = open(os.Getenv(envServer))
	}
	return h.server, h.err
}

func (h *holder) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		h.server.close()
	}
	h.opened, h.server, h.err = true, nil, errors.New("the tests of this package are over")
}
