package httpapi_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"pm/internal/httpapi"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// At its end the server finishes what is under way, ends the streams, and
// takes nothing new.
func TestDrain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		entered, release := make(chan struct{}), make(chan struct{})
		slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(entered)
			<-release
			io.WriteString(w, "finished")
		})
		s := serve(t, db, httpapi.Options{Web: map[string]http.Handler{"GET /{$}": slow}})
		s.plant(0)
		l := s.listen("/v1/events")
		answers := make(chan reply, 2)
		go func() { answers <- s.do("GET", "/", "") }()
		<-entered
		go func() { answers <- s.do("POST", "/v1/tasks/next", `{"wait":"1h"}`) }()
		time.Sleep(50 * time.Millisecond) // let it begin to wait; if it has not, it is refused all the same
		s.stop()
		for range l.events { // until the stream ends
		}
		for _, err := net.Dial("tcp", s.addr); err == nil; _, err = net.Dial("tcp", s.addr) {
			time.Sleep(time.Millisecond)
		}
		select {
		case err := <-s.ended:
			t.Fatalf("the server ended with %v before the last answer", err)
		default:
		}
		waited := <-answers
		if waited.StatusCode != 503 || waited.Header.Get("Retry-After") == "" {
			t.Errorf("who waits for work is told %d %s", waited.StatusCode, waited.text)
		}
		close(release)
		if a := <-answers; a.StatusCode != 200 || a.text != "finished" {
			t.Errorf("what is under way is answered with %d %q", a.StatusCode, a.text)
		}
	})
}

// A client that sends its headers byte by byte is cut off, and others are
// served meanwhile.
func TestSlowClients(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a time limit")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, httpapi.Options{})
		s.plant(1)
		unchanged := s.unchanged()
		ends := make(chan error, 40)
		for range cap(ends) {
			go func() { ends <- dribble(s.addr) }()
		}
		for range 50 {
			s.want(s.do("GET", task1, ""), 200, "")
		}
		for range cap(ends) {
			if err := <-ends; err != nil {
				t.Error(err)
			}
		}
		unchanged()
	})
}

// dribble sends a request byte by byte until the server has enough of it,
// which it has in the middle of the long header: a line that is cut short
// before its colon would be answered.
func dribble(addr string) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	began := time.Now()
	go func() {
		for _, b := range []byte("POST /v1/epics HTTP/1.1\r\nHost: localhost\r\nX-Long: " + strings.Repeat("x", 2000)) {
			if _, err := c.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	c.SetReadDeadline(time.Now().Add(15 * time.Second))
	answer, err := io.ReadAll(bufio.NewReader(c))
	if err != nil && !strings.Contains(err.Error(), "reset") {
		return fmt.Errorf("after %s the connection is still there: %v", time.Since(began), err)
	}
	if len(answer) > 0 && !strings.Contains(string(answer), "408") {
		return fmt.Errorf("it is answered with %q", answer)
	}
	return nil
}
