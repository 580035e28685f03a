package proof

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// straceWorks reports whether strace can be used here: it needs the right to
// trace, which containers often lack.
var straceWorks = sync.OnceValue(func() bool {
	return exec.Command("strace", "-f", "-o", os.DevNull, "-e", "trace=fsync", "-e", "inject=fsync:error=EIO", "true").Run() == nil
})

// needStrace skips a test where strace is missing or may not trace.
func needStrace(t *testing.T) {
	t.Helper()
	if !straceWorks() {
		t.Skip("strace is missing here or may not trace: no system call can be made to fail")
	}
}

// A failure makes a system call fail: the n-th one on the database's files, and
// with a + all from then on. The zero value only records them.
type failure struct {
	call, errno string
	when        string // "3", "3+"
}

func (f failure) String() string { return f.call + " " + f.when + " " + f.errno }

// straced are the system calls that change files, and so can fail halfway.
const straced = "openat,pread64,pwrite64,write,fsync,fdatasync,ftruncate,fallocate,rename,renameat,renameat2,unlink,unlinkat,mkdirat"

// under runs pm with the failure, and returns how it ended and the system
// calls that were recorded, a line each.
func (w *world) under(t *testing.T, f failure, args ...string) (a answer, calls []string) {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	strace := []string{"-f", "--seccomp-bpf", "-qq", "-o", trace, "-e", "signal=none", "-e", "trace=" + straced}
	if f.call != "" {
		strace = append(strace, "-e", "inject="+f.call+":error="+f.errno+":when="+f.when)
	}
	for _, end := range []string{"", "-wal", "-shm", "-journal", "-lock"} {
		strace = append(strace, "-P", w.address+end)
	}
	strace = append(strace, "-P", filepath.Dir(w.address), "-P", w.dir)
	pm := w.command(t, "a", args...)
	cmd := exec.CommandContext(t.Context(), "strace", append(append(strace, pm.Path), pm.Args[1:]...)...)
	cmd.Env, cmd.Dir = pm.Env, pm.Dir
	a = finish(t, cmd, nil)
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if _, call, found := strings.Cut(line, " "); found && strings.Contains(call, "(") {
			calls = append(calls, strings.TrimSpace(call))
		}
	}
	return a, calls
}

// count counts the recorded calls of that name.
func count(calls []string, name string) (n int) {
	for _, c := range calls {
		if strings.HasPrefix(c, name+"(") {
			n++
		}
	}
	return n
}

// failed reports whether one of the calls was made to fail.
func failed(calls []string) bool {
	for _, c := range calls {
		if strings.Contains(c, "(INJECTED)") {
			return true
		}
	}
	return false
}
