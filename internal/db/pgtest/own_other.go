//go:build !unix

package pgtest

import "testing"

// A Server is a PostgreSQL server that one test has for itself; on Unix only.
type Server struct{}

// Own skips the test: it starts a server on Unix only.
func Own(t testing.TB) *Server {
	t.Helper()
	t.Skip("a server of its own is started on Unix only")
	return nil
}

func (s *Server) Standby(int) *Server   { return nil }
func (s *Server) Dir() string           { return "" }
func (s *Server) Give(string) error     { return nil }
func (s *Server) Port() int             { return 0 }
func (s *Server) DSN(...*Server) string { return "" }
func (s *Server) Kill()                 {}
func (s *Server) Promote()              {}
func (s *Server) Exec(string)           {}
