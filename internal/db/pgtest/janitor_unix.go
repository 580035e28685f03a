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
rm -rf "$1"`

func (l *local) startJanitor() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	cmd := exec.Command("/bin/sh", "-c", janitorScript, "pgtest-janitor", l.dir)
	cmd.Dir = "/"
	cmd.Stdin = r
	cmd.SysProcAttr = attributes(l.user)
	if l.janitor, err = spawn(cmd); err != nil {
		_ = w.Close()
		return err
	}
	l.alive = w
	return nil
}
