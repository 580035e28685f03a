package forms

import (
	"context"
	"path/filepath"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
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
