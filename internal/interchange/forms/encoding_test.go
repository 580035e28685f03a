package forms

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/interchange/form"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
	"pm/internal/utf"
)

// wide writes a text in UTF-16 without a mark.
func wide(text string) (out []byte) {
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// TestWideFiles: every file of a source may be in UTF-16, the YAML beside the tasks, too.
func TestWideFiles(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "backlog/config.yml"), wide("project_name: Tåg\n"))
	write(t, filepath.Join(root, "backlog/tasks/task-1 - a.md"), wide("---\nid: task-1\ntitle: Bygg\n---\n"))
	o := outlineOf(t, source{root: root})
	if i := o.ByID("task-1"); o.Title != "Tåg" || i == nil || i.Title != "Bygg" {
		t.Errorf("%q %v", o.Title, o.Findings)
	}
	root = t.TempDir()
	write(t, filepath.Join(root, "_bmad-output/implementation-artifacts/sprint-status.yaml"), wide("development_status:\n  epic-1: in-progress\n  1-1-bygg: ready-for-dev\n"))
	if o = outlineOf(t, source{root: root}); o.ByID("1.1") == nil {
		t.Errorf("%v", o.Findings)
	}
	root = t.TempDir()
	write(t, filepath.Join(root, "specs/001-a/tasks.md"), []byte("- [ ] T001 one\n"))
	write(t, filepath.Join(root, "specs/beside/tasks.md"), wide("- [ ] T001 two\n"))
	if o = outlineOf(t, source{root: root}); o.Records != 2 {
		t.Errorf("%d records, %v", o.Records, o.Findings)
	}
}

// TestLineEnds: a plan is the same whatever its lines end with, and however its text
// is stored.
func TestLineEnds(t *testing.T) {
	variants := map[string]func(string) []byte{
		"CR":   func(text string) []byte { return []byte(strings.ReplaceAll(text, "\n", "\r")) },
		"CRLF": func(text string) []byte { return []byte(strings.ReplaceAll(text, "\n", "\r\n")) },
		"mark": func(text string) []byte { return []byte(utf.Mark + text) },
		"UTF-16": func(text string) []byte {
			return append([]byte{0xff, 0xfe}, wide(strings.ReplaceAll(text, "\n", "\r\n"))...)
		},
	}
	eachSource(t, func(t *testing.T, s source) {
		if !s.mine {
			return
		}
		want := outlineOf(t, s)
		for name, encode := range variants {
			again := s
			again.root = filepath.Join(t.TempDir(), filepath.Base(s.root))
			must(t, filepath.WalkDir(s.root, func(path string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				text, err := os.ReadFile(path)
				write(t, again.root+strings.TrimPrefix(path, s.root), encode(strings.ReplaceAll(string(text), "\r\n", "\n")))
				return err
			}))
			got := outlineOf(t, again)
			if a, b := lines(t, want), lines(t, got); a != b {
				t.Errorf("%s: %s\n%v\nis not\n%s\n%v", name, b, got.Findings, a, want.Findings)
			}
		}
	})
}

// lines writes the items of an outline and the number of its findings.
func lines(t *testing.T, o *form.Outline) string {
	t.Helper()
	digest, err := o.Digest()
	must(t, err)
	out := fmt.Sprintf("%d findings, %.12s", len(o.Findings), digest)
	for _, i := range o.Items {
		out += fmt.Sprintf("\n%s:%d %s %s %s %q %d", i.File, i.Line, i.ID, i.Status, i.Title, i.Description, len(i.Notes))
	}
	return out
}

// TestNamesThatAreNoText: a file whose name is no valid UTF-8 and a folder whose name
// has two lines are read like any other; a folder whose name is no valid UTF-8 cannot
// be, and is a finding.
func TestNamesThatAreNoText(t *testing.T) {
	ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		root, pm := t.TempDir(), tracker.New(db)
		write(t, filepath.Join(root, "specs/001-\xff/tasks.md"), []byte("- [ ] T001 none\n"))
		write(t, filepath.Join(root, "specs/002-a\nb/tasks.md"), []byte("- [ ] T001 two\n"))
		write(t, filepath.Join(root, "specs/002-a\nb/spec.md"), []byte("# B\n"))
		write(t, filepath.Join(root, "backlog/tasks/task-1 - \xff.md"), []byte("---\nid: task-1\ntitle: one\n---\n"))
		for _, from := range []source{{root: root, as: "speckit"}, {root: root, as: "backlog"}, {root: root, as: "backlog"}} {
			o := outlineOf(t, from)
			if len(o.Items) != 3 || len(o.Findings) != 1 || o.Findings[0].Severity != interchange.Skipped {
				t.Errorf("%s: %d items, %v", from.as, len(o.Items), o.Findings)
			}
			if _, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: o}); err != nil {
				t.Fatal(err)
			}
		}
		task, err := pm.ShowTask(ctx, tracker.ShowTask{Key: "T-E02-F01-001"})
		if err != nil || !utf8.ValidString(task.FilePath) {
			t.Errorf("%q %v", task.FilePath, err)
		}
		if d, err := pm.Doctor(ctx, tracker.Doctor{}); err != nil || d.Flaws > 0 {
			t.Errorf("doctor: %v %s", err, asJSON(t, d))
		}
	})
}
