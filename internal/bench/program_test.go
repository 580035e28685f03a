package bench

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Whole commands once ran the file as the linker had left it, which is up to
// 1.4 times slower than a copy.
func TestWholeCommandsRunACopy(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a script of the shell stands for the program")
	}
	dir := t.TempDir()
	log, program := filepath.Join(dir, "log"), filepath.Join(dir, "pm")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"$0 $*\" >> "+log+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	w, err := newWorld(t.Context(), "", 100, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	defer w.close(t.Context())
	var r Report
	if err := r.measureCommands(t.Context(), w, Options{Rounds: 1, Program: program, Progress: func(string, int, int) {}}); err != nil {
		t.Fatal(err)
	}
	if len(r.Commands) == 0 || r.Program != "a copy of "+program {
		t.Errorf("%d commands of %s", len(r.Commands), r.Program)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		ran, _, _ := strings.Cut(line, " ")
		if ran == program || filepath.Base(ran) != "pm" {
			t.Errorf("%s ran", ran)
		}
		if _, err := os.Stat(ran); err == nil {
			t.Errorf("%s is left", ran)
		}
	}
}

// What a page takes counts among the limits missed, nodes and heap each.
func TestSizeOfThePage(t *testing.T) {
	for size, missed := range map[WebSize]int{{938, 2000, 10.8, 40}: 0, {2001, 2000, 40, 40}: 1, {2000, 2000, 40.01, 40}: 1, {4000, 2000, 80, 40}: 2} {
		if n := size.missed(); n != missed {
			t.Errorf("%+v misses %d, want %d", size, n, missed)
		}
	}
}
