package proof

import (
	"bufio"
	"io"
	"regexp"
	"sync"
	"testing"
)

// serve starts pm serve on an address, and returns its URL and what kills it.
func (w *world) serve(t *testing.T, address string) (url string, kill func()) {
	t.Helper()
	cmd := w.command(t, "server", "serve", "--listen", address)
	talk, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() { cmd.Process.Kill(); cmd.Wait() })
	t.Cleanup(kill)
	lines := bufio.NewReader(talk)
	for url == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("pm serve ends: %v", err)
		}
		url = regexp.MustCompile(`http://[0-9.:]+`).FindString(line)
	}
	go io.Copy(io.Discard, lines)
	return url, kill
}
