//go:build unix

package pgtest

import (
	"os"
	"os/exec"
)

// janitorScript waits for the end of its input, which comes with the end of
// this process, whatever ended it: a panic, a timeout, kill -9. Then it ends
// the server, if it still runs, and removes the folder. The death signal alone
// (dieWithUs) would leave the folder, 40 MB a time, and is Linux's only. The
// janitor alone would leave the server if somebody killed both.
const janitorScript = `cat >/dev/null
while pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
do
	kill -QUIT "$pid" 2>/dev/null || break
	sleep 0.1
done
rm -rf "$1" 2>/dev/null`

// sweeperScript waits for the end of the janitor, and removes what is left of
// the folder. It runs as root, beside a janitor who is another user and may
// kill no processes but the server's: that one empties the folder, but cannot
// remove it from one that only root can write to.
const sweeperScript = `cat >/dev/null
rm -rf "$1"`

func (l *local) startJanitor() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	cmd := l.helper(janitorScript, "pgtest-janitor", r)
	cmd.SysProcAttr = attributes(l.user)
	if l.user != nil {
		ended, end, err := os.Pipe()
		if err != nil {
			_ = w.Close()
			return err
		}
		defer ended.Close()
		defer end.Close()
		cmd.Stdout = end // nothing is written to it: it is open as long as the janitor lives
		sweeper := l.helper(sweeperScript, "pgtest-sweeper", ended)
		sweeper.SysProcAttr = attributes(nil)
		if l.sweeper, err = spawn(sweeper); err != nil {
			_ = w.Close()
			return err
		}
	}
	if l.janitor, err = spawn(cmd); err != nil {
		_ = w.Close()
		return err
	}
	l.alive = w
	return nil
}

func (l *local) helper(script, name string, in *os.File) *exec.Cmd {
	cmd := exec.Command("/bin/sh", "-c", script, name, l.dir)
	cmd.Dir, cmd.Stdin = "/", in
	return cmd
}
