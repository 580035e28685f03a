// Package config finds the workspace and says which database to use: a flag
// before the environment, the environment before the workspace's file, and
// that before the default. Outside of a workspace the user's own file may name
// one. What a workspace names is used without a word only where it lies in the
// workspace (trust.go).
package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pm/internal/plan"
	"pm/internal/utf"

	"github.com/pelletier/go-toml/v2"
)

// The names in a project's root.
const (
	Folder   = ".pm"
	Database = "pm.db"
	File     = "config.toml"
	Backups  = "backups"
)

// A Config is what config.toml of a workspace holds. All of it is optional.
type Config struct {
	// Database is where the plan lies: a file, relative to the workspace, or a
	// postgres:// address.
	Database string `toml:"database"`
	// Durability is "full" (the default) or "normal", which may lose the last
	// changes in a power cut. It is for SQLite only.
	Durability string `toml:"durability"`
	// WriteWait is how long a write waits for its turn: "10s".
	WriteWait string `toml:"write_wait"`
	// SlowQuery is how long a statement may take before a warning says so:
	// "100ms"; "0" for no warnings. Without it servers warn from
	// DefaultSlowQuery on, and other commands never.
	SlowQuery string `toml:"slow_query"`
}

// A Workspace is a .pm folder and what its configuration says.
type Workspace struct {
	Root string // the folder that .pm lies in
	Config
}

// Path returns the path of a file or folder in .pm.
func (w Workspace) Path(name string) string { return filepath.Join(w.Root, Folder, name) }

// Find looks for a workspace in dir and upwards. In a linked git worktree it
// looks in the main worktree, too: agents work in worktrees of one
// repository, and share one plan. It is plan.NotFound if there is none.
func Find(dir string) (Workspace, error) {
	root, found := upwards(dir, Folder)
	if !found {
		if main, ok := mainWorktree(dir); ok {
			root, found = upwards(main, Folder)
		}
	}
	if !found {
		return Workspace{}, plan.Errorf(plan.NotFound, "no workspace: no %s directory in %s or above it", Folder, dir).
			WithCode("no_workspace").WithHint("name a database with --db, or create one here: pm init")
	}
	w := Workspace{Root: root}
	return w, w.load()
}

// HasPlan reports whether the workspace has a database, or names one.
func (w Workspace) HasPlan() bool {
	if w.Config.Database != "" {
		return true
	}
	_, err := os.Lstat(w.Path(Database))
	return err == nil
}

// Named returns where the workspace's files say that its database lies. Use
// Address to open it.
func (w Workspace) Named() string {
	switch {
	case w.Config.Database == "":
		return w.Path(Database)
	case isURL(w.Config.Database), filepath.IsAbs(w.Config.Database):
		return w.Config.Database
	}
	return filepath.Join(w.Root, w.Config.Database)
}

// Wait returns how long a write waits for its turn; 0 when it is not set.
func (c Config) Wait() (time.Duration, error) {
	if c.WriteWait == "" {
		return 0, nil
	}
	d, ok := plan.ParseDuration(c.WriteWait)
	if !ok || d <= 0 {
		return 0, plan.Errorf(plan.Invalid, "invalid write_wait %q: must be a duration such as 10s", c.WriteWait).WithHint("correct it in %s", File)
	}
	return d, nil
}

// DefaultSlowQuery is the specification's threshold of a slow query.
const DefaultSlowQuery = 100 * time.Millisecond

// Slow returns from when on a statement is slow; 0 for never. The environment's
// value goes before the file's, and both before usual.
func (c Config) Slow(env string, usual time.Duration) (time.Duration, error) {
	text, where := c.SlowQuery, File
	if env != "" {
		text, where = env, "PM_SLOW_QUERY"
	}
	if text == "" {
		return usual, nil
	}
	d, ok := plan.ParseDuration(text)
	if !ok || d < 0 {
		return 0, plan.Errorf(plan.Invalid, "invalid slow_query %q: must be a duration such as 100ms", text).WithHint("correct it in %s; 0 turns the warnings off", where)
	}
	return d, nil
}

func (w *Workspace) load() error { return w.Config.read(w.Path(File)) }

// Parse reads the text of a config.toml.
func Parse(text []byte) (c Config, err error) {
	err = decode(utf.Decode(text), &c)
	return c, err
}

// decode reads a config.toml. An error names the line, and a setting that no Config has.
func decode(text []byte, c *Config) error {
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(c)
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		return fmt.Errorf("unknown setting %s", strings.Join(unknown.Errors[0].Key(), "."))
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, _ := wrong.Position()
		message := strings.TrimPrefix(wrong.Error(), "toml: ")
		if strings.HasPrefix(message, "cannot decode") { // the rest is about Go
			message = strings.Join(wrong.Key(), ".") + " must be a string in quotes"
		}
		return fmt.Errorf("line %d: %s", line, message)
	}
	return err
}

// upwards returns the first folder, from dir up, that holds a folder of the name.
func upwards(dir, name string) (string, bool) {
	for {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.IsDir() {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func isURL(s string) bool { return strings.Contains(s, "://") }
