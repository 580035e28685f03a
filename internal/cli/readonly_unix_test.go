//go:build unix

package cli_test

import (
	"bufio"
	"database/sql"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user without rights: root may write where the mode says no.
const nobody = 65534

// TestReadOnlyFolder reads a plan where nothing can be written, and is told
// so when it writes.
func TestReadOnlyFolder(t *testing.T) {
	inReachOfAll(t)
	w := newWorkspace(t)
	w.plan()
	w.pm("task", "create", "E01-F01", "Validate card numbers")
	binary := w.openToAll(t)
	folder := filepath.Join(w.dir, ".pm")

	t.Run("with the log of the last writes", func(t *testing.T) { w.checkReadOnly(t, folder, binary) })
	t.Run("with nothing but the database", func(t *testing.T) {
		w.protect(t, folder, 0o755, 0o644)
		w.pm("export", "--output", "all.jsonl")
		if code, _, stderr := w.shell("rm -rf .pm && pm init && pm import all.jsonl"); code != 0 {
			t.Fatal(stderr)
		}
		checkpoint(t, filepath.Join(folder, "pm.db"))
		w.checkReadOnly(t, folder, binary)
	})
	t.Run("a server sees what others change", func(t *testing.T) { w.checkServerSeesChanges(t, folder, binary) })
	t.Run("no workspace can be made", func(t *testing.T) {
		dir := filepath.Join(w.dir, "locked")
		if err := os.Mkdir(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := w.unprivileged(dir, binary, "init", "--nested")
		if code != 6 || stdout != "" || !oneSentenceAndHint(stderr) {
			t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
		}
		if entries, _ := os.ReadDir(dir); len(entries) > 0 {
			t.Errorf("made %v", entries)
		}
	})
}

func (w workspace) checkReadOnly(t *testing.T, folder, binary string) {
	w.protect(t, folder, 0o555, 0o444)
	before := listing(t, folder)
	for _, args := range [][]string{{"list"}, {"show", "T-E01-F01-001"}, {"tree"}, {"next"}, {"status"}, {"log"}, {"export"}, {"search", "card"}} {
		code, stdout, stderr := w.unprivileged(w.dir, binary, args...)
		if code != 0 || stdout == "" || stderr != "" {
			t.Errorf("pm %v: exit code %d, stdout %q, stderr %q", args, code, stdout, stderr)
		}
	}
	for _, args := range [][]string{{"epic", "create", "Search"}, {"next", "--claim"}, {"complete", "T-E01-F01-001"}, {"delete", "E01", "--yes"}} {
		code, stdout, stderr := w.unprivileged(w.dir, binary, args...)
		if code != 6 || stdout != "" || !oneSentenceAndHint(stderr) {
			t.Errorf("pm %v: exit code %d, stdout %q, stderr %q", args, code, stdout, stderr)
		}
	}
	if after := listing(t, folder); after != before {
		t.Errorf("before\n%safter\n%s", before, after)
	}
}

// protect sets the modes of a folder and of the files in it, and lets the
// test's own clean-up pass again at the end.
func (w workspace) protect(t *testing.T, folder string, dirMode, fileMode os.FileMode) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Chmod(filepath.Join(folder, e.Name()), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(folder, dirMode); err != nil {
		t.Fatal(err)
	}
	w.t.Cleanup(func() { os.Chmod(folder, 0o755) })
}

// unprivileged runs pm as somebody without rights.
func (w workspace) unprivileged(dir, binary string, args ...string) (code int, stdout, stderr string) {
	w.t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Env = dir, w.env
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return finish(w.t, cmd)
}

// inReachOfAll has the test's files lie where a user without rights comes to:
// root's own TMPDIR may be closed to others.
func inReachOfAll(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	for _, dir := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if isInReach(dir) {
			t.Setenv("TMPDIR", dir)
			return
		}
	}
	t.Skipf("users without rights can reach neither %s nor /tmp", os.TempDir())
}

// isInReach reports whether everybody can go through the folder and those above.
func isInReach(dir string) bool {
	dir, err := filepath.EvalSymlinks(dir)
	for ; err == nil; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil || !info.IsDir() || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
	return false
}

// openToAll lets every user reach the workspace, and puts a copy of pm there.
func (w workspace) openToAll(t *testing.T) (binary string) {
	t.Helper()
	for dir := w.dir; strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	from, err := exec.LookPath("pm")
	if err != nil {
		t.Fatal(err)
	}
	r, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	binary = filepath.Join(w.dir, "pm")
	f, err := os.OpenFile(binary, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, r); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return binary
}

// oneSentenceAndHint checks the form of an error.
func oneSentenceAndHint(stderr string) bool {
	lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
	return len(lines) == 2 && strings.HasPrefix(lines[0], "pm: ") && strings.HasPrefix(lines[1], "hint: ") && len(lines[1]) > len("hint: ")
}

func listing(t *testing.T, folder string) string {
	t.Helper()
	text, err := describe(folder)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// checkpoint writes the log of a database into it and removes the log.
func checkpoint(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("pragma wal_checkpoint(truncate)"); err != nil {
		t.Fatal(err)
	}
}

// speak starts a command and returns what it reads and what it says, until the
// end of the test.
func speak(t *testing.T, cmd *exec.Cmd) (in io.WriteCloser, says *bufio.Reader) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	return in, bufio.NewReader(out)
}

// A server of a user who can write nothing once took the file to be beyond
// change for ever, and answered with what it had first seen.
func (w workspace) checkServerSeesChanges(t *testing.T, folder, binary string) {
	w.protect(t, folder, 0o555, 0o444)
	cmd := exec.Command(binary, "mcp")
	cmd.Dir, cmd.Env = w.dir, w.env
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	in, answers := speak(t, cmd)
	ask := func(request string) string {
		t.Helper()
		if _, err := io.WriteString(in, request+"\n"); err != nil {
			t.Fatal(err)
		}
		answer, err := answers.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	ask(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"reader","version":"1"}}}`)
	const list = `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list","arguments":{}}}`
	if got := ask(list); !strings.Contains(got, "T-E01-F01-001") {
		t.Fatalf("the list is %s", got)
	}
	for _, title := range []string{"Charge the card", "Show the receipt"} {
		w.protect(t, folder, 0o755, 0o644)
		w.pm("task", "create", "E01-F01", title)
		checkpoint(t, filepath.Join(folder, "pm.db"))
		w.protect(t, folder, 0o555, 0o444)
		if got := ask(list); !strings.Contains(got, title) {
			t.Errorf("no %q in %s", title, got)
		}
	}
}
