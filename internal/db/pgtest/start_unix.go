//go:build unix

package pgtest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// settings of a server whose content nobody wants back.
var settings = []string{
	"listen_addresses=127.0.0.1",
	"unix_socket_directories=",
	"fsync=off",
	"synchronous_commit=off",
	"full_page_writes=off",
	"wal_level=minimal",
	"max_wal_senders=0", // wal_level minimal asks for it
	"max_connections=200",
	"shared_buffers=32MB",
	"autovacuum=off", // it would walk hundreds of short-lived databases
}

// start starts a server in a folder of its own. It returns the DSN of its
// database postgres and what ends server and folder.
func start() (dsn string, stop func(), err error) {
	bin, err := findPrograms(installed)
	if err != nil {
		return "", nil, err
	}
	l, err := newLocal(bin)
	if err != nil {
		return "", nil, err
	}
	if err := l.initdb(); err != nil {
		err = l.explain(err)
		l.stop()
		return "", nil, err
	}
	// A free port may be taken before the server has it: then another is tried.
	for range 3 {
		var port int
		if port, err = freePort(); err != nil {
			break
		}
		if dsn, err = l.serve(port, settings); !errors.Is(err, errEnded) {
			break
		}
	}
	if err != nil {
		err = l.explain(err)
		l.stop()
		return "", nil, err
	}
	return dsn, l.stop, nil
}

// initdb makes the folder data. It is not interrupted when this process dies:
// killed halfway it would leave shared memory. The janitor awaits its end, for
// it holds the janitor's input open too.
func (l *local) initdb() error {
	cmd := l.command("initdb", "-D", l.data(), "-U", "postgres",
		"--auth=trust", "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions")
	cmd.ExtraFiles = []*os.File{l.alive}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("initdb in %s: %w", l.dir, err)
	}
	return nil
}

// serve starts the server on a port and returns its DSN once it accepts
// connections. The error is errEnded when it ended by itself.
func (l *local) serve(port int, settings []string) (dsn string, err error) {
	// The name tells our server from another that took the port before us.
	name := filepath.Base(l.dir)
	args := []string{"-D", l.data(), "-c", fmt.Sprintf("port=%d", port), "-c", "cluster_name=" + name}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	cmd := l.command("postgres", args...)
	dieWithUs(cmd.SysProcAttr)
	if l.server, err = spawn(cmd); err != nil {
		return "", err
	}
	dsn = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	return dsn, l.server.answers(dsn, name)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
