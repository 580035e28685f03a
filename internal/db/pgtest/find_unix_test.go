//go:build unix

package pgtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindProgramsTakesTheNewestVersion(t *testing.T) {
	dir := programs(t, "9/bin/initdb", "9/bin/postgres", "16/bin/initdb", "16/bin/postgres", "17/bin/initdb")
	t.Setenv("PATH", "")
	got, err := findPrograms(filepath.Join(dir, "*", "bin"))
	if want := filepath.Join(dir, "16", "bin"); got != want || err != nil {
		t.Errorf("got %q, %v; want %q, since 17 has no server", got, err, want)
	}
}

func TestFindProgramsPrefersPathAndFollowsLinks(t *testing.T) {
	dir := programs(t, "14/bin/initdb", "14/bin/postgres", "16/bin/initdb", "16/bin/postgres")
	links := t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "14", "bin", "initdb"), filepath.Join(links, "initdb")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", links)
	got, err := findPrograms(filepath.Join(dir, "*", "bin"))
	if err != nil || !strings.HasSuffix(got, filepath.Join("14", "bin")) {
		t.Errorf("got %q, %v; want 14/bin", got, err)
	}
}

func TestFindProgramsSaysWhereItLooked(t *testing.T) {
	t.Setenv("PATH", "")
	pattern := filepath.Join(t.TempDir(), "*", "bin")
	if _, err := findPrograms(pattern); err == nil || !strings.Contains(err.Error(), pattern) {
		t.Errorf("error %v does not name %s", err, pattern)
	}
}

// programs makes executable files in a new folder's subfolders.
func programs(t *testing.T, files ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, f)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
