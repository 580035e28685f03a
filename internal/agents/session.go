package agents

import (
	"cmp"
	"encoding/json"
	"io"
	"os"
	"strings"

	"pm/internal/plan"
)

// maxHookInput bounds what a tool tells its hook.
const maxHookInput = 1 << 20

// A HookInput is what a tool tells its hook.
type HookInput struct {
	Session string // the session's id, if it can be a session's name
	Reason  string // why the session ends
}

// ReadHook returns what a tool tells its hook on stdin: one JSON object, in
// which Claude Code, Codex, Gemini CLI and Cursor have session_id, and Copilot
// sessionId. What is missing or cannot be read is empty. It reads no further
// than the object, so that a pipe may stay open.
func ReadHook(stdin io.Reader) (in HookInput) {
	var input struct {
		ID     string `json:"session_id"`
		Camel  string `json:"sessionId"`
		Reason string `json:"reason"`
	}
	if json.NewDecoder(io.LimitReader(stdin, maxHookInput)).Decode(&input) != nil {
		return in
	}
	if in.Session = cmp.Or(input.ID, input.Camel); plan.CheckName("session", in.Session) != nil {
		in.Session = ""
	}
	in.Reason = strings.ToValidUTF8(input.Reason, "")
	return in
}

// EnvFile is the variable with the path of a tool's environment file: a script
// that the tool runs before each command of the session. Claude Code sets it
// for its session-start hooks.
const EnvFile = "CLAUDE_ENV_FILE"

// ExportSession appends a line to the environment file that sets PM_SESSION,
// unless the last line that sets it says the same. It reports whether the
// commands of the session have it then.
func ExportSession(path, session string) bool {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return false
	}
	b, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return false
	}
	line, text := exportLine(session), string(b)
	if at := strings.LastIndex("\n"+text, "\nexport PM_SESSION="); at >= 0 && strings.HasPrefix(text[at:]+"\n", line) {
		return true
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		line = "\n" + line
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return false
	}
	_, err = f.WriteString(line)
	return f.Close() == nil && err == nil
}

// exportLine is what a shell takes for the session, whatever is in it.
func exportLine(session string) string {
	return "export PM_SESSION=" + ShellWord(session) + "\n"
}

// ShellWord returns a text as a POSIX shell takes it for one word.
func ShellWord(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
