package proof

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExportAltered cuts an export, alters letters and leaves out lines: none
// of it is imported. Nor does an export overwrite what it is made from.
func TestExportAltered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if w.engine == "sqlite" {
			w.fullPlan(t)
		} else {
			w.must(t, "note", w.tasks(t, 10)[0], "a note")
		}
		path := filepath.Join(w.dir, "plan.jsonl")
		w.must(t, "export", "-o", path)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		into := func(b []byte) answer {
			t.Helper()
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			fresh := &world{engine: "sqlite", address: filepath.Join(t.TempDir(), "new.db"), dir: w.dir}
			a := fresh.pm(t, "a", "import", path)
			if list := fresh.pm(t, "a", "list", "--quiet"); a.code != 0 && list.code == 0 && list.stdout != "" {
				t.Errorf("an import that was refused has left %q", list.stdout)
			}
			return a
		}
		if a := into(whole); a.code != 0 {
			t.Fatalf("the export as it is: %s", a)
		}
		f, random := newFigures(), random(t, 0)
		lines := bytes.SplitAfter(whole, []byte("\n"))
		for i := range load(30, 300) {
			b, how := bytes.Clone(whole), ""
			switch i % 3 {
			case 0:
				n := 1 + random.IntN(len(lines)-2)
				b, how = bytes.Join(lines[:n], nil), fmt.Sprintf("head -n %d of %d", n, len(lines)-1)
			case 1:
				at := random.IntN(len(b))
				for !letter(b[at]) {
					at = random.IntN(len(b))
				}
				b[at] = "abcdefghij"[(bytes.IndexByte([]byte("abcdefghij"), b[at])+1)%10]
				how = fmt.Sprintf("byte %d, %q instead of %q in %q", at, b[at], whole[at], whole[max(0, at-20):min(len(b), at+20)])
			default:
				n := random.IntN(len(lines) - 1)
				b, how = bytes.Join(append(append([][]byte{}, lines[:n]...), lines[n+1:]...), nil), fmt.Sprintf("without line %d", n+1)
			}
			a := into(b)
			f.add(a.took)
			if a.code == 0 || strings.Contains(a.stderr, "goroutine ") {
				f.fail(t, "%s: %s", how, a)
			}
		}
		f.log(t)
		if w.engine == "sqlite" {
			for _, end := range []string{"", "-wal", "-shm", "-lock"} {
				if a := w.pm(t, "a", "export", "-o", w.address+end); a.code == 0 {
					t.Errorf("an export overwrites pm.db%s", end)
				}
			}
		}
		w.clean(t)
	})
}
