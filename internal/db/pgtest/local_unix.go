//go:build unix

package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// A local is a server of our own: its folder holds data and log.
type local struct {
	bin     string
	dir     string
	log     *os.File
	user    *syscall.Credential // whom it runs as; nil is who we are
	server  *child              // nil before it was started
	janitor *child
	sweeper *child   // nil unless the janitor is another user
	alive   *os.File // closed everywhere, it lets the janitor work
}

func newLocal(bin string) (*local, error) {
	user, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pm-pgtest-")
	if err != nil {
		return nil, err
	}
	l := &local{bin: bin, dir: dir, user: user}
	if err := l.prepare(); err != nil {
		l.stop()
		return nil, err
	}
	return l, nil
}

// prepare opens the log, hands the folder to the server's user and starts the
// janitor: from here on, nothing outlives this process.
func (l *local) prepare() (err error) {
	if l.log, err = os.Create(filepath.Join(l.dir, "log")); err != nil {
		return err
	}
	if l.user != nil {
		if err := os.Chown(l.dir, int(l.user.Uid), int(l.user.Gid)); err != nil {
			return err
		}
	}
	return l.startJanitor()
}

// stop ends the server, at once and without a checkpoint, and removes the folder.
func (l *local) stop() {
	if l.server != nil {
		l.server.end()
	}
	if l.log != nil {
		_ = l.log.Close()
	}
	if l.janitor != nil {
		_ = l.alive.Close()
		_ = l.janitor.wait()
	}
	if l.sweeper != nil {
		_ = l.sweeper.wait()
	}
	_ = os.RemoveAll(l.dir) // for want of a janitor
}

// command is the program, run as the server's user, with its output in the log.
func (l *local) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(l.bin, program), args...)
	cmd.Dir = l.dir // ours may be closed to the server's user
	cmd.Stdout, cmd.Stderr = l.log, l.log
	cmd.SysProcAttr = attributes(l.user)
	return cmd
}

func (l *local) data() string { return filepath.Join(l.dir, "data") }

// explain adds the end of the log to the error, if there is any.
func (l *local) explain(err error) error {
	text, _ := os.ReadFile(l.log.Name())
	if len(text) == 0 {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return fmt.Errorf("%w; its log ends:\n%s", err, strings.Join(lines[max(0, len(lines)-20):], "\n"))
}
