package httpapi

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"

	"pm/internal/ops"
	"pm/internal/plan"
)

// What Go's own server, the protocol of MCP and the files of the page refuse,
// they answer in plain text. Here it becomes a problem like every other error.

// refusals name the kind and the code of a status that is answered so.
var refusals = map[int]struct {
	kind plan.Kind
	code string
}{
	http.StatusNotFound:                    {plan.NotFound, "not_found"},
	http.StatusMethodNotAllowed:            {plan.Usage, "bad_method"},
	http.StatusRequestEntityTooLarge:       {plan.Invalid, "too_large"},
	http.StatusUnsupportedMediaType:        {plan.Usage, "not_json"},
	http.StatusRequestHeaderFieldsTooLarge: {plan.Invalid, "header_too_large"},
	http.StatusServiceUnavailable:          {plan.Unavailable, "too_many_requests"},
	http.StatusInternalServerError:         {plan.Internal, "internal"},
}

// refusalOf returns the refusal that a status in plain text stands for.
func refusalOf(status int, text string) refusal {
	as, known := refusals[status]
	if !known {
		as.kind, as.code = plan.Usage, "bad_request"
	}
	return refuse(status, as.kind, as.code, text)
}

// problems has what the next handler answers in plain text answered as a problem.
func (s *Server) problems(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &plainErrors{ResponseWriter: w}
		next.ServeHTTP(p, r)
		if p.status == 0 {
			return
		}
		w.Header().Del("Content-Length")
		s.fail(w, r, refusalOf(p.status, strings.TrimSpace(p.text.String())))
	})
}

// plainErrors hold back an error in plain text.
type plainErrors struct {
	http.ResponseWriter
	status int // of the error; 0 for none
	text   bytes.Buffer
}

// Unwrap lets a ResponseController find what it controls.
func (p *plainErrors) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *plainErrors) WriteHeader(status int) {
	if status >= 400 && strings.HasPrefix(p.Header().Get("Content-Type"), "text/plain") {
		p.status = status
		return
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *plainErrors) Write(b []byte) (int, error) {
	if p.status == 0 {
		return p.ResponseWriter.Write(b)
	}
	return p.text.Write(b)
}

// A plainListener is a listener whose connections say as a problem what Go's
// server refuses before it has a request: a header that is too large (431) or
// malformed (400), a version of HTTP that it does not speak (505).
type plainListener struct{ net.Listener }

// Accept returns the next connection.
func (l plainListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &plainConn{c}, nil
}

// A plainConn rewrites those refusals. Each is written at once, and no answer of
// a handler begins as they do: it has a date.
type plainConn struct{ net.Conn }

// refusalHeader is what such a refusal has between its status and its text.
const refusalHeader = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

func (c *plainConn) Write(b []byte) (int, error) {
	head, is := bytes.CutPrefix(b, []byte("HTTP/1.1 "))
	if !is { // the rest of an answer, which may be long
		return c.Conn.Write(b)
	}
	line, text, found := bytes.Cut(head, []byte(refusalHeader))
	if !found || len(line) < 3 || bytes.IndexByte(line, '\n') >= 0 {
		return c.Conn.Write(b)
	}
	status, err := strconv.Atoi(string(line[:3]))
	if err != nil {
		return c.Conn.Write(b)
	}
	p := problemOf(refusalOf(status, detailOf(status, string(text))))
	body, err := ops.JSON(p)
	if err != nil {
		return c.Conn.Write(b)
	}
	answer := fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", status, p.Title, len(body), body)
	if _, err := c.Conn.Write(answer); err != nil {
		return 0, err
	}
	return len(b), nil
}

// detailOf says what was wrong with a request that no handler saw.
func detailOf(status int, text string) string {
	if status == http.StatusRequestHeaderFieldsTooLarge {
		return fmt.Sprintf("the header of the request is larger than %d KiB", maxHeader>>10)
	}
	text = strings.TrimPrefix(strings.TrimPrefix(text, strconv.Itoa(status)+" "+http.StatusText(status)), ": ")
	if text = strings.ToLower(strings.TrimSpace(text)); text == "" {
		return "malformed request"
	}
	return text
}

// CloseWrite ends the stream towards the client, which so gets to read why.
func (c *plainConn) CloseWrite() error {
	if half, is := c.Conn.(interface{ CloseWrite() error }); is {
		return half.CloseWrite()
	}
	return nil
}
