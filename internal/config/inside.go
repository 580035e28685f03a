package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// maxLinks is how many links are followed, as many as Linux does.
const maxLinks = 40

// Holds reports whether path, behind all links, lies in the workspace's root.
// It need not exist.
func (w Workspace) Holds(path string) bool {
	if rel, err := filepath.Rel(w.Root, path); err == nil && filepath.IsLocal(rel) && !w.hasLink(rel) {
		return true
	}
	root, err := filepath.EvalSymlinks(w.Root)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(root, behindLinks(path))
	return err == nil && filepath.IsLocal(rel)
}

// hasLink reports whether there is a link on the way from the root to rel.
func (w Workspace) hasLink(rel string) bool {
	for rel != "." {
		info, err := os.Lstat(filepath.Join(w.Root, rel))
		if err == nil && info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return true
		}
		rel = filepath.Dir(rel)
	}
	return false
}

// behindLinks returns where path leads, with every link in it followed as far
// as it leads to something that exists.
func behindLinks(path string) string {
	for range maxLinks {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real
		}
		link, err := os.Readlink(path)
		if err != nil { // the file does not exist, and perhaps not its directory
			dir := filepath.Dir(path)
			if dir == path {
				return path
			}
			return filepath.Join(behindLinks(dir), filepath.Base(path))
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(behindLinks(filepath.Dir(path)), link)
		}
		path = link
	}
	return path
}
