package agents

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadHook(t *testing.T) {
	for input, want := range map[string]string{
		`{"session_id":"a-1","source":"startup"}`:  "a-1",
		` {"source":"startup","session_id":"b"} x`: "b",
		`{"session_id":7}`:                         "", `{"session_id":""}`: "", `{}`: "", `[]`: "", "": "", "{": "", "no": "",
		`{"session_id":"a\nb"}`:                             "",
		`{"session_id":"` + strings.Repeat("x", 65) + `"}`:  "",
		`{"x":"` + strings.Repeat("x", maxHookInput) + `"}`: "",
	} {
		if got := ReadHook(strings.NewReader(input)).Session; got != want {
			t.Errorf("%.40s: got %q", input, got)
		}
	}
	if got := ReadHook(strings.NewReader(`{"sessionId":"a","reason":"user_exit"}`)); got != (HookInput{"a", "user_exit"}) {
		t.Errorf("got %+v", got)
	}
	// A pipe that stays open ends nothing.
	r, w := io.Pipe()
	go io.WriteString(w, `{"session_id":"a"}`)
	if got := ReadHook(r).Session; got != "a" {
		t.Errorf("from an open pipe: %q", got)
	}
}

func TestExportSession(t *testing.T) {
	path := filepath.Join(t.TempDir(), "env.sh")
	for _, c := range [][2]string{
		{"a", "export PM_SESSION='a'\n"},
		{"a", "export PM_SESSION='a'\n"},
		{"b", "export PM_SESSION='a'\nexport PM_SESSION='b'\n"},
		{"a", "export PM_SESSION='a'\nexport PM_SESSION='b'\nexport PM_SESSION='a'\n"},
	} {
		if done := ExportSession(path, c[0]); !done {
			t.Error("it was not exported")
		}
		if b, _ := os.ReadFile(path); string(b) != c[1] {
			t.Errorf("the file holds %q, want %q", b, c[1])
		}
	}
	if err := os.WriteFile(path, []byte("KEEP=1"), 0o600); err != nil {
		t.Fatal(err)
	}
	ExportSession(path, "it's")
	if b, _ := os.ReadFile(path); string(b) != "KEEP=1\nexport PM_SESSION='it'\\''s'\n" {
		t.Errorf("the file holds %q", b)
	}
	if ExportSession(filepath.Dir(path), "a") || ExportSession(filepath.Join(path, "x"), "a") {
		t.Error("a folder, or a path through a file, was exported to")
	}
}
