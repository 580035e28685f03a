package proof

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pm/internal/plan"
)

// pmBinary builds pm as its users have it, once. The full loads measure it;
// the quick ones start this test binary again, which costs no build and
// carries a seeded bug with it.
var pmBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pm-proof-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "pm")
	out, err := exec.Command("go", "build", "-o", path, "pm/cmd/pm").CombinedOutput()
	if err != nil {
		os.RemoveAll(dir)
		return "", errors.New("go build: " + err.Error() + "\n" + string(out))
	}
	builtDir = dir
	return path, nil
})

// builtDir is where pmBinary has put it.
var builtDir string

func removeBuilt() {
	if builtDir != "" {
		os.RemoveAll(builtDir)
	}
}

// command returns a process of pm that has not started.
func (w *world) command(t testing.TB, agent string, args ...string) *exec.Cmd {
	name, session, _ := strings.Cut(agent, "/")
	t.Helper()
	if !full() {
		cmd := w.mode(t, "pm", args...)
		cmd.Env = append(cmd.Env, "PM_DB="+w.address, "PM_AGENT="+name, "PM_SESSION="+session)
		return cmd
	}
	path, err := pmBinary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = w.dir
	cmd.Env = []string{"HOME=" + w.dir, "PM_SLOW_QUERY=0", "PM_DB=" + w.address, "PM_AGENT=" + name, "PM_SESSION=" + session}
	return cmd
}

// mode returns a process of this test binary in another mode.
func (w *world) mode(t testing.TB, mode string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Dir = w.dir
	cmd.Env = []string{"HOME=" + w.dir, "PM_SLOW_QUERY=0", modeEnv + "=" + mode, addressEnv + "=" + w.address}
	return cmd
}

// An answer is how a process of pm ended.
type answer struct {
	code   int // -1 when it was killed
	stdout string
	stderr string
	took   time.Duration
}

// pm runs pm and waits for it.
func (w *world) pm(t testing.TB, agent string, args ...string) answer {
	t.Helper()
	return finish(t, w.command(t, agent, args...), nil)
}

// finish runs a process to its end. Started, where given, is told when it runs.
func finish(t testing.TB, cmd *exec.Cmd, started func(*os.Process)) answer {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Errorf("start %s: %v", cmd.Path, err)
		return answer{code: -1}
	}
	if started != nil {
		started(cmd.Process)
	}
	err := cmd.Wait()
	a := answer{stdout: stdout.String(), stderr: stderr.String(), took: time.Since(began)}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		a.code = exit.ExitCode()
	} else if err != nil {
		t.Errorf("run %s: %v", cmd.Path, err)
	}
	return a
}

// errorCode returns the code of an error in JSON; empty when it is none.
func (a answer) errorCode() string { return a.failure().Code }

// failure returns an error in JSON; the zero value when it is none.
func (a answer) failure() plan.Error {
	var e struct{ Error plan.Error }
	if json.Unmarshal([]byte(a.stderr), &e) != nil {
		return plan.Error{}
	}
	return e.Error
}

func (a answer) String() string {
	return fmt.Sprintf("exit %d: %s %s", a.code, strings.TrimSpace(a.stdout), strings.TrimSpace(a.stderr))
}

// into reads the answer's JSON.
func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.stdout), v); err != nil {
		t.Errorf("%v in %s", err, a)
	}
}

// codeOf returns the code of an error that an operation has returned; empty
// for none.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return plan.Describe(err).Code
}
