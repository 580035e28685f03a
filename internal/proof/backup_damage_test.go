package proof

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pm/internal/backup"
	"pm/internal/store"
	"pm/internal/tracker"
)

// followed makes a continuous backup of some moments, a followed export and a
// file in a directory each.
func (w *world) followed(t *testing.T, moments int) (dirs []string) {
	t.Helper()
	task := w.tasks(t, 3)[0]
	tr := w.open(t, store.Options{})
	for _, lines := range []bool{false, true} {
		if w.engine == "postgres" && !lines {
			continue
		}
		dir := t.TempDir()
		for i := range moments {
			if _, err := tr.AddNote(as(t.Context(), "a"), tracker.AddNote{Key: task, Body: fmt.Sprint("note ", i)}); err != nil {
				t.Fatal(err)
			}
			watch := backup.Watch{Dir: dir, Once: true, Lines: lines}
			if err := watch.Run(t.Context(), tr); err != nil {
				t.Fatal(err)
			}
		}
		dirs = append(dirs, dir)
	}
	if w.engine == "postgres" {
		return dirs
	}
	dir := t.TempDir()
	for range 2 {
		if _, err := backup.Create(t.Context(), tr, backup.Place{Path: dir}); err != nil {
			t.Fatal(err)
		}
	}
	return append(dirs, dir)
}

// A harm is done to one file of a backup.
func harm(t *testing.T, random *rand.Rand, path string) (what string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch n := random.IntN(len(b)); random.IntN(8) {
	case 0, 2:
		what, err = "gone", os.Remove(path)
	case 1:
		what, err = fmt.Sprintf("cut to %d of %d bytes", n, len(b)), os.Truncate(path, int64(n))
	default:
		bit := random.IntN(8)
		b[n] ^= 1 << bit
		what, err = fmt.Sprintf("bit %d of byte %d of %d flipped", bit, n, len(b)), os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return what
}

// TestBackupDamage alters, cuts and removes files of backups and of followed
// exports, one at a time. pm backup verify names the file each time, and
// nothing is found where nothing was altered.
func TestBackupDamage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, random := newFigures(), random(t, 0)
		dirs := w.followed(t, 4)
		for _, dir := range dirs {
			if r, err := backup.Verify(t.Context(), dir); err != nil || len(r.Findings) > 0 {
				t.Fatalf("%s is whole: %v, %v", dir, r.Findings, err)
			}
		}
		exports := w.moments(t, dirs)
		for range load(200, 3000) {
			dir := dirs[random.IntN(len(dirs))]
			copied := t.TempDir()
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(copied, "*"))
			if err != nil {
				t.Fatal(err)
			}
			path := files[random.IntN(len(files))]
			what := harm(t, random, path)
			r, err := backup.Verify(t.Context(), copied)
			if err != nil {
				f.fail(t, "%s, %s: %v", path, what, err)
			}
			if !slices.ContainsFunc(r.Findings, func(found backup.Finding) bool { return isAbout(found, path) }) {
				f.fail(t, "%s, %s: verify finds %v", path, what, r.Findings)
			}
			f.count("named")
			if before, is := exports[dir]; is {
				w.restoredOne(t, f, before, copied, what)
			}
			os.RemoveAll(copied)
		}
		f.log(t)
	})
}

// moments returns, for each directory that backup restore takes, the exports of
// all that it holds.
func (w *world) moments(t *testing.T, dirs []string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, dir := range dirs {
		list, err := backup.List(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range list.Items {
			if item.Kind == backup.KindSegment {
				continue
			}
			to := filepath.Join(t.TempDir(), "restored.db")
			if _, err := (backup.Restore{From: item.Path, Address: to, Keep: to + "-kept"}).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			out[dir] = append(out[dir], export(t, to))
		}
	}
	return out
}

// restoredOne demands that a directory of which a file was harmed is restored as
// one of its moments, or not at all.
func (w *world) restoredOne(t *testing.T, f *figures, before []string, dir, what string) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "restored.db")
	if _, err := (backup.Restore{From: dir, Address: to, Keep: to + "-kept"}).Run(t.Context()); err != nil {
		f.count("refused")
		return
	}
	f.count("restored")
	if !slices.Contains(before, export(t, to)) {
		f.fail(t, "%s: what is restored is none of the moments", what)
	}
	os.RemoveAll(filepath.Dir(to))
}

// isAbout reports whether a finding names the file; a file and its seal, of
// which one was altered, are named together.
func isAbout(found backup.Finding, path string) bool {
	return found.Where == path || found.Where+".sha256" == path
}
