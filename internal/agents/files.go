package agents

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pm/internal/outfile"
	"pm/internal/plan"
	"pm/internal/utf"
)

// Apply does what has to be done. Each file is whole at every moment.
// One that cannot be changed stops no other: it is said to have failed, and the
// first is the error.
func (p Project) Apply(changes []Change) (failed error) {
	for i, c := range changes {
		if c.Did == "nothing" || c.Did == "kept" || c.Did == "failed" {
			continue
		}
		full, err := p.resolve(c.Path)
		switch {
		case err != nil:
		case c.remove:
			err = p.removeFile(full, c.empty)
		default:
			err = writeFile(full, markOf(full)+c.text)
		}
		if err != nil {
			err = fileError(err, c.Path)
			changes[i].Did, changes[i].Why = "failed", plan.Describe(err).Message
			if failed == nil {
				failed = err
			}
		}
	}
	return failed
}

// markOf returns the byte order mark that a file begins with: it stays there.
func markOf(path string) string {
	if b, err := os.ReadFile(path); err == nil && strings.HasPrefix(string(b), utf.Mark) {
		return utf.Mark
	}
	return ""
}

// resolve returns the path of a file, behind links. A link must not lead out
// of the project: what lies there belongs to somebody else.
func (p Project) resolve(path string) (string, error) {
	full := filepath.Join(p.Root, filepath.FromSlash(path))
	root, err := filepath.EvalSymlinks(p.Root)
	if err != nil {
		return "", fileError(err, p.Root)
	}
	// The part of the path that exists is what can be a link.
	existing, rest := full, ""
	for {
		real, err := filepath.EvalSymlinks(existing)
		if err == nil {
			full = filepath.Join(real, rest)
			break
		}
		if _, linkErr := os.Lstat(existing); linkErr == nil {
			return "", plan.Errorf(plan.Refused, "%s is a broken symbolic link", existing).WithCode("bad_link").WithHint("repair or remove the link")
		}
		existing, rest = filepath.Dir(existing), filepath.Join(filepath.Base(existing), rest)
	}
	if full != root && !strings.HasPrefix(full, root+string(filepath.Separator)) {
		return "", plan.Errorf(plan.Refused, "%s points outside the project, to %s", path, full).WithCode("bad_link").
			WithHint("pm only writes inside the project: move the file there")
	}
	return full, nil
}

func writeFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return outfile.Write(context.Background(), path, []byte(text), outfile.Options{Mode: 0o666})
}

// removeFile removes a file, and of these folders, the innermost first, those
// that are empty then.
func (p Project) removeFile(path string, folders []string) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	for _, folder := range folders {
		full, err := p.resolve(folder)
		if err != nil || os.Remove(full) != nil {
			return nil // it is not empty, or a link: what is left is somebody else's
		}
	}
	return nil
}

func fileError(err error, path string) error {
	var pe *plan.Error
	if errors.As(err, &pe) {
		return err
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err // the file may be one beside it
	}
	if errors.Is(err, fs.ErrPermission) {
		return plan.Errorf(plan.Permission, "cannot read or write %s: %w", path, err).WithHint("check the permissions of the file and its directory")
	}
	return plan.Errorf(plan.Storage, "cannot read or write %s: %w", path, err).WithHint("check the disk and the directory")
}
