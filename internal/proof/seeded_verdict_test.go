package proof

import (
	"bytes"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// A verdict is what the run of a test with a seeded bug shows.
type verdict string

const (
	caught   verdict = "caught"    // the test failed for a reason of its own
	missed   verdict = "missed"    // it passed
	notKnown verdict = "not known" // it was cut short, and nobody knows what it would have found
	skipped  verdict = "skipped"   // it cannot run here
	absent   verdict = "absent"    // there is no such test
)

// judge tells from the output of a test binary, and how it ended, what became of a
// test and why. A timeout is no catch, nor is the complaint that a process was
// killed: a slow or crowded machine does that to a test without any bug.
func judge(out []byte, err error, test string) (how verdict, why string) {
	name, _, _ := strings.Cut(test, "/")
	var exit *exec.ExitError
	if err == nil {
		switch {
		case bytes.Contains(out, []byte("--- SKIP: "+test+" (")), bytes.Contains(out, []byte("no tests to run")) && runtime.GOOS != "linux":
			return skipped, ""
		case !bytes.Contains(out, []byte("--- PASS: "+test+" (")):
			return absent, ""
		}
		return missed, ""
	}
	if bytes.Contains(out, []byte("test timed out ")) { // Go's own, or a script's
		return notKnown, "the test ran out of time"
	}
	if errors.As(err, &exit) && exit.ExitCode() == -1 {
		return notKnown, "the test was killed (" + err.Error() + ")"
	}
	first, killed := complaints(out)
	switch {
	case first != "":
		return caught, first
	case killed != "":
		return notKnown, "a process of the test was killed: " + killed
	case bytes.Contains(out, []byte("--- FAIL: "+name+" (")):
		return caught, "without a word"
	}
	return notKnown, "the test ended with " + err.Error() + " and without a complaint"
}

// complaints returns the line with which a test began to fail, and the first one
// that says no more than that a process was killed (see answer).
func complaints(out []byte) (first, killed string) {
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		line = line[:min(len(line), 300)]
		switch {
		case strings.HasPrefix(line, "panic:"), strings.HasPrefix(line, "fatal error:"), strings.HasPrefix(line, "FAIL: "): // a script
			return line, killed
		case !strings.Contains(line, "_test.go:"), strings.Contains(line, "PM_TEST_SEED="), strings.Contains(line, `proof {"`):
		case !strings.Contains(line, "exit -1:"):
			return line, killed
		case killed == "":
			killed = line
		}
	}
	return "", killed
}

// A timeout of the runner, or a process that somebody killed, is no catch.
func TestJudge(t *testing.T) {
	failed := errors.New("exit status 1")
	const fails = "--- FAIL: TestX (1.00s)\n    --- FAIL: TestX/sqlite (1.00s)\n"
	for _, c := range []struct {
		out  string
		err  error
		want verdict
	}{
		{"--- PASS: TestX/sqlite (1.00s)\nPASS\n", nil, missed},
		{"--- SKIP: TestX/sqlite (1.00s)\nPASS\n", nil, skipped},
		{"testing: warning: no tests to run\nPASS\n", nil, absent},
		{"    x_test.go:1: it is red\n" + fails, failed, caught},
		{"    x_test.go:1: proof {\"calls\":1}\n    x_test.go:2: it is red\n" + fails, failed, caught},
		{"panic: index out of range\n\ngoroutine 1 [running]:\n", failed, caught},
		{"    x_test.go:1: it is red, or says so\npanic: test timed out after 2m0s\n", failed, notKnown},
		{"    x_test.go:1: the deadline says exit -1: \n" + fails, failed, notKnown},
		{"    x_test.go:1: the deadline says exit -1: \n    x_test.go:2: it is red\n" + fails, failed, caught},
		{"        FAIL: x.txtar:3: no match for `red`\n" + fails, failed, caught},
		{"        FAIL: x.txtar:3: test timed out while running command\n" + fails, failed, notKnown},
		{"=== RUN   TestX\n", failed, notKnown},
	} {
		if got, why := judge([]byte(c.out), c.err, "TestX/sqlite"); got != c.want && (c.want != absent || got != skipped) {
			t.Errorf("%q is %s (%s), not %s", c.out, got, why, c.want)
		}
	}
}
