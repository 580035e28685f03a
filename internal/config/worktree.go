package config

import (
	"os"
	"path/filepath"
	"strings"
)

// mainWorktree returns the main worktree of the linked one that dir lies in.
// A linked worktree has a file .git that names its folder in the repository,
// and that folder has a file commondir (gitrepository-layout(5)).
func mainWorktree(dir string) (string, bool) {
	for {
		path := filepath.Join(dir, ".git")
		if info, err := os.Stat(path); err == nil {
			if info.IsDir() {
				return "", false // this is a main worktree
			}
			return followGitFile(path)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func followGitFile(path string) (string, bool) {
	gitDir, ok := strings.CutPrefix(firstLine(path), "gitdir:")
	if !ok {
		return "", false
	}
	gitDir = resolve(filepath.Dir(path), strings.TrimSpace(gitDir))
	common := firstLine(filepath.Join(gitDir, "commondir"))
	if common == "" {
		return "", false
	}
	return filepath.Dir(resolve(gitDir, common)), true
}

func resolve(base, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(base, path)
}

func firstLine(path string) string {
	b, err := readSmall(path)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSpace(line)
}
