//go:build unix

package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Bouncer starts a pgbouncer in transaction mode between the test and the
// database of a DSN, and returns the DSN through it. It has fewer connections
// than a test has clients, so that each transaction gets another. Settings are
// lines of its configuration. It ends with the test. Where pgbouncer is not
// installed the test is skipped.
func Bouncer(t testing.TB, dsn string, settings ...string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/pgbouncer") // out of PATH on Debian
	}
	if err != nil {
		if required(os.Getenv(envRequire), "pgbouncer") {
			t.Fatal("pgbouncer is not installed")
		}
		t.Skip("pgbouncer is not installed: nothing is known of poolers here")
	}
	to, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // a free port may be taken before pgbouncer has it
		through, err := bounce(t, program, *to, settings)
		if err == nil {
			return through
		}
		if !errors.Is(err, errEnded) {
			t.Fatal(err)
		}
	}
	t.Fatal("pgbouncer does not start")
	return ""
}

func bounce(t testing.TB, program string, to url.URL, settings []string) (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	user, err := unprivileged()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "pm-bouncer-") // the test's own is closed to that user
	if err != nil {
		return "", err
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	server := fmt.Sprintf("* = host=%s port=%s user=%s", to.Hostname(), to.Port(), to.User.Username())
	if password, has := to.User.Password(); has {
		server += " password='" + strings.ReplaceAll(password, "'", "''") + "'"
	}
	lines := append([]string{"[databases]", server, "[pgbouncer]", "listen_addr = 127.0.0.1", fmt.Sprint("listen_port = ", port), "unix_socket_dir =", "auth_type = any",
		"pool_mode = transaction", "default_pool_size = 3"}, settings...)
	conf := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(conf, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return "", err
	}
	if user != nil {
		if err := errors.Join(os.Chown(dir, int(user.Uid), int(user.Gid)), os.Chown(conf, int(user.Uid), int(user.Gid))); err != nil {
			return "", err
		}
	}
	cmd := exec.Command(program, "-q", conf)
	cmd.Dir, cmd.SysProcAttr = dir, attributes(user)
	dieWithUs(cmd.SysProcAttr)
	c, err := spawn(cmd)
	if err != nil {
		return "", err
	}
	t.Cleanup(func() {
		_ = c.cmd.Process.Signal(syscall.SIGTERM) // "immediate shutdown"
		select {
		case <-c.done:
		case <-time.After(stopPatience):
			_ = c.cmd.Process.Kill()
			<-c.done
		}
	})
	to.Host, to.User = fmt.Sprint("127.0.0.1:", port), url.User(to.User.Username())
	return to.String(), c.pings(to.String())
}

// pings returns nil once something answers at dsn.
func (c *child) pings(dsn string) error {
	return c.until("pgbouncer", dsn, func(ctx context.Context, db *sql.DB) error { return db.PingContext(ctx) })
}
