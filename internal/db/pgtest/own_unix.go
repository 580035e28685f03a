//go:build unix

package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A Server is a PostgreSQL server that one test has for itself: it may kill it,
// or fill its disk. It ends with the test.
type Server struct {
	l    *local
	t    testing.TB
	port int
	dsn  string
}

// ownSettings add to settings what a server with a standby needs.
var ownSettings = append(slices.Clone(settings), "synchronous_commit=on", "wal_level=replica", "max_wal_senders=10", "hot_standby=on",
	"wal_retrieve_retry_interval=100ms") // or a standby may look only every 5 s whether it is to take over

// Own starts a server. Where its programs are not on this machine the test is
// skipped.
func Own(t testing.TB) *Server {
	t.Helper()
	return launch(t, func(l *local) error { return l.initdb() }, 0)
}

// Standby starts a server that follows s, and has s acknowledge nothing that
// the standby does not have, too. Port 0 means any.
func (s *Server) Standby(port int) *Server {
	s.t.Helper()
	standby := launch(s.t, func(l *local) error {
		from := fmt.Sprintf("host=127.0.0.1 port=%d user=postgres", s.port)
		return l.command("pg_basebackup", "-D", l.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", from).Run()
	}, port)
	s.await("select state = 'streaming' from pg_stat_replication")
	s.Exec("alter system set synchronous_standby_names = '*'")
	s.Exec("select pg_reload_conf()")
	s.await("select sync_state in ('sync', 'quorum') from pg_stat_replication")
	return standby
}

// launch starts a server whose data folder fill makes.
func launch(t testing.TB, fill func(*local) error, port int) *Server {
	t.Helper()
	bin, err := findPrograms(installed)
	if err != nil || !runnable(bin, "pg_basebackup") {
		if required(os.Getenv(envRequire), "postgres") {
			t.Fatalf("no PostgreSQL of its own for this test: %v", err)
		}
		t.Skipf("this test needs initdb, postgres and pg_basebackup: %v", err)
	}
	l, err := newLocal(bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.stop)
	if err := fill(l); err != nil {
		t.Fatal(l.explain(err))
	}
	s := &Server{l: l, t: t, port: port}
	for range 3 { // a free port may be taken before the server has it
		if port == 0 {
			if s.port, err = freePort(); err != nil {
				t.Fatal(err)
			}
		}
		if s.dsn, err = l.serve(s.port, ownSettings); !errors.Is(err, errEnded) {
			break
		}
	}
	if err != nil {
		t.Fatal(l.explain(err))
	}
	return s
}

// Dir is a folder that the server's user can reach.
func (s *Server) Dir() string { return s.l.dir }

// Give makes a folder the server's user's.
func (s *Server) Give(dir string) error {
	if s.l.user == nil {
		return nil
	}
	return os.Chown(dir, int(s.l.user.Uid), int(s.l.user.Gid))
}

// Port is where the server listens, on the loopback interface.
func (s *Server) Port() int { return s.port }

// DSN returns the postgres:// URL of the database postgres. With others it
// leads to whichever of the servers can be written to.
func (s *Server) DSN(others ...*Server) string {
	if len(others) == 0 {
		return s.dsn
	}
	hosts := []string{fmt.Sprint("127.0.0.1:", s.port)}
	for _, o := range others {
		hosts = append(hosts, fmt.Sprint("127.0.0.1:", o.port))
	}
	return "postgres://postgres@" + strings.Join(hosts, ",") + "/postgres?sslmode=disable&target_session_attrs=read-write"
}

// Kill ends the server as the end of its machine would: every process of it,
// without a word.
func (s *Server) Kill() {
	pid := s.l.server.cmd.Process.Pid
	_ = syscall.Kill(pid, syscall.SIGSTOP) // it starts no more of them
	children, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "task", strconv.Itoa(pid), "children"))
	for _, word := range strings.Fields(string(children)) {
		if child, err := strconv.Atoi(word); err == nil {
			_ = syscall.Kill(child, syscall.SIGKILL)
		}
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	<-s.l.server.done
}

// Promote makes a standby the server that can be written to.
func (s *Server) Promote() {
	s.t.Helper()
	s.await("select pg_promote(true, 60)")
}

// Exec runs a statement on the database postgres.
func (s *Server) Exec(query string) {
	s.t.Helper()
	db, err := sql.Open("pgx", s.dsn)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(s.t.Context(), query); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

// await waits until a query says true.
func (s *Server) await(query string) {
	s.t.Helper()
	db, err := sql.Open("pgx", s.dsn)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var is bool
		if err = db.QueryRowContext(ctx, query).Scan(&is); err == nil && is {
			return
		}
		select {
		case <-ctx.Done():
			s.t.Fatal(s.l.explain(fmt.Errorf("waited for %q: %w", query, err)))
		case <-tick.C:
		}
	}
}
