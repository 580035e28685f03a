//go:build unix

package pgtest

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// installed is where Debian and its kin keep the programs of each major
// version, out of PATH.
const installed = "/usr/lib/postgresql/*/bin"

// findPrograms returns the folder that holds both initdb and postgres: the one
// in PATH, links followed, else the newest version's that matches the pattern.
func findPrograms(pattern string) (string, error) {
	var dirs []string
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	versions, err := filepath.Glob(pattern)
	if err != nil {
		return "", err
	}
	slices.SortFunc(versions, func(a, b string) int { return version(b) - version(a) })
	for _, dir := range append(dirs, versions...) {
		if runnable(dir, "initdb") && runnable(dir, "postgres") {
			return filepath.Abs(dir)
		}
	}
	return "", errors.New("neither " + envServer + " is set nor are initdb and postgres in PATH or " + pattern)
}

// version returns the major version in /usr/lib/postgresql/15/bin, 0 for none.
func version(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

func runnable(dir, program string) bool {
	_, err := exec.LookPath(filepath.Join(dir, program))
	return err == nil
}
