package proof

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// A proxy stands between pm and a PostgreSQL server, and decides what becomes
// of a commit on its way there. Set atCommit before anything goes through.
type proxy struct {
	listener net.Listener
	server   string

	// atCommit is called with every commit, before it is sent. It reports
	// whether to send it, and whether the answer may come back; unless both,
	// the connection ends.
	atCommit func() (send, answer bool)

	mu    sync.Mutex
	conns []net.Conn
}

// commitMessage is a commit as pgx sends it: Query, its length, its text.
var commitMessage = []byte("Q\x00\x00\x00\x0bcommit\x00")

// through returns a world whose way to the server leads through the proxy.
func (w *world) through(t *testing.T, p *proxy) *world {
	t.Helper()
	u, err := url.Parse(w.address)
	if err != nil {
		t.Fatal(err)
	}
	if u.Query().Get("sslmode") != "disable" {
		t.Skip("the connection to the server is encrypted: a proxy cannot see a commit in it")
	}
	p.server = u.Host
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	go p.accept()
	u.Host = p.listener.Addr().String()
	return &world{engine: w.engine, address: u.String(), dir: w.dir}
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		answers := make(chan struct{}) // closed when none may come back any more
		go p.forward(client, server, answers)
		go func() {
			defer client.Close()
			b := make([]byte, 64<<10)
			for {
				n, err := server.Read(b)
				select {
				case <-answers:
					io.Copy(io.Discard, server) // so that what was sent is done
					return
				default:
				}
				if _, wrong := client.Write(b[:n]); err != nil || wrong != nil {
					return
				}
			}
		}()
	}
}

// forward sends to the server what the client sends.
func (p *proxy) forward(client, server net.Conn, answers chan struct{}) {
	defer server.Close()
	b := make([]byte, 64<<10)
	for {
		n, err := client.Read(b)
		send, answer := true, true
		if bytes.Contains(b[:n], commitMessage) {
			send, answer = p.atCommit()
		}
		if !answer {
			close(answers)
		}
		if !send {
			client.Close()
			return
		}
		if _, wrong := server.Write(b[:n]); err != nil || wrong != nil {
			return
		}
		if !answer {
			server.(*net.TCPConn).CloseWrite()
			return
		}
	}
}

func (p *proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
}
