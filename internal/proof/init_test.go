package proof

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// initCalls are the system calls of pm init at which it is interrupted. Those
// that Go makes for itself at the start are among them.
const initCalls = "openat,mkdirat,pwrite64,write,fsync,ftruncate,fcntl,rename,renameat,unlink,unlinkat,close"

// TestInit interrupts pm init at each of its system calls: by a kill, and by a
// disk that is full or failing from then on. There is a database then, or
// there is none; the next init finishes it, and never is a .gitignore empty.
func TestInit(t *testing.T) {
	needStrace(t)
	each(t, func(t *testing.T, w *world) {
		w.only(t, "sqlite", "PostgreSQL makes its tables in one transaction")
		f := newFigures()
		random := random(t, 0)
		calm := w.initUnder(t, "")
		if calm.code != 0 {
			t.Fatal(calm.answer)
		}
		for name := range strings.SplitSeq(initCalls, ",") {
			n := count(calm.calls, name)
			for i := range n {
				for _, fault := range []string{"signal=KILL:when=%d", "error=ENOSPC:when=%d+", "error=EIO:when=%d"} {
					if !full() && random.IntN(12) > 0 || (name == "close" || name == "fcntl") && strings.HasPrefix(fault, "error") {
						continue
					}
					w.interruptInit(t, f, name+":"+fmt.Sprintf(fault, i+1))
				}
			}
		}
		f.log(t)
	})
}

// interruptInit runs an init that is interrupted, and then what its user would.
func (w *world) interruptInit(t *testing.T, f *figures, inject string) {
	t.Helper()
	a := w.initUnder(t, inject)
	f.add(a.took)
	f.count(fmt.Sprintf("exit %d", a.code))
	switch {
	case a.code == -1 && strings.Contains(inject, "KILL"), a.code == 0, a.code == exitStorage, strings.HasPrefix(a.stderr, "runtime: "):
	case a.code == exitPermission && strings.HasPrefix(inject, "openat"):
	case a.code == 127 && strings.Contains(a.stderr, "error while loading shared libraries"): // a linked pm never began
	default:
		f.fail(t, "init with %s ends with the wrong code: %s", inject, a.answer)
	}
	a.world.afterInit(t, f, "init with "+inject, a.answer)
	os.RemoveAll(a.world.dir)
}

// afterInit demands that there is a database or none after an init, and that
// the next one makes what is missing.
func (w *world) afterInit(t *testing.T, f *figures, what string, a answer) {
	t.Helper()
	ignore := filepath.Join(w.dir, ".pm", ".gitignore")
	if info, err := os.Stat(ignore); err == nil && info.Size() == 0 {
		f.fail(t, "%s leaves .gitignore empty", what)
	}
	if _, err := os.Stat(w.address); a.code == 0 && err != nil {
		f.fail(t, "%s says it is done, and there is no database: %s", what, a)
	}
	if list := w.here(t, "list"); list.code == 0 != (fileSize(w.address) > 0) {
		f.fail(t, "after %s, list: %s", what, list)
	}
	for _, args := range [][]string{{"init"}, {"epic", "create", "first"}, {"doctor"}} {
		if next := w.here(t, args...); next.code != 0 {
			f.fail(t, "after %s, pm %s: %s", what, args[0], next)
			return
		}
	}
	if info, err := os.Stat(ignore); err != nil || info.Size() == 0 {
		f.fail(t, "after %s and without there is no .gitignore: %v", what, err)
	}
}

// An interrupted init, and the world that it was to make.
type interrupted struct {
	answer
	world world
	calls []string
}

// initUnder runs pm init in an empty directory, with a fault of strace's.
func (w *world) initUnder(t *testing.T, inject string) interrupted {
	t.Helper()
	fresh := world{engine: w.engine, dir: t.TempDir()}
	fresh.address = filepath.Join(fresh.dir, ".pm", "pm.db")
	trace := filepath.Join(t.TempDir(), "trace")
	strace := []string{"-f", "-qq", "-o", trace, "-e", "signal=none", "-e", "trace=" + initCalls}
	if inject != "" {
		strace = append(strace, "-e", "inject="+inject)
	}
	pm := fresh.inside(t, "init")
	cmd := exec.CommandContext(t.Context(), "strace", append(append(strace, pm.Path), pm.Args[1:]...)...)
	cmd.Dir, cmd.Env = pm.Dir, pm.Env
	a := interrupted{answer: finish(t, cmd, nil), world: fresh}
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if _, call, found := strings.Cut(line, " "); found {
			a.calls = append(a.calls, strings.TrimSpace(call))
		}
	}
	return a
}

// inside is a process of pm that is told of no database, but its workspace's.
func (w *world) inside(t *testing.T, args ...string) *exec.Cmd {
	cmd := w.command(t, "a", args...)
	cmd.Env = slices.DeleteFunc(cmd.Env, func(s string) bool { return strings.HasPrefix(s, "PM_DB=") })
	return cmd
}

func (w *world) here(t *testing.T, args ...string) answer {
	t.Helper()
	return finish(t, w.inside(t, args...), nil)
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
