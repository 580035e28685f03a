package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"pm/internal/plan"
)

// A User is the configuration of who runs pm. No project can change it.
type User struct {
	Dir string // empty: there is none, and nothing can be kept
}

// UserOf returns the user's configuration: $XDG_CONFIG_HOME/pm or ~/.config/pm
// (XDG Base Directory Specification), on Windows %AppData%\pm.
func UserOf(getenv func(string) string) User {
	if dir := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return User{filepath.Join(dir, "pm")}
	}
	if runtime.GOOS == "windows" {
		if dir := getenv("AppData"); dir != "" {
			return User{filepath.Join(dir, "pm")}
		}
	}
	home := getenv("HOME")
	if home == "" {
		home, _ = os.UserHomeDir()
	}
	if !filepath.IsAbs(home) {
		return User{}
	}
	return User{filepath.Join(home, ".config", "pm")}
}

// Config reads the user's config.toml, which holds what a workspace's may
// hold, for workspaces that do not say it themselves. Its database, a path
// being relative to the file, is the one to use outside of any workspace.
func (u User) Config() (c Config, err error) {
	if u.Dir == "" {
		return c, nil
	}
	err = c.read(filepath.Join(u.Dir, File))
	if c.Database != "" && !isURL(c.Database) && !filepath.IsAbs(c.Database) {
		c.Database = filepath.Join(u.Dir, c.Database)
	}
	return c, err
}

// Over returns c, with the settings that it leaves open taken from other. The
// database is not one of them.
func (c Config) Over(other Config) Config {
	for _, s := range []struct{ mine, other *string }{
		{&c.Durability, &other.Durability}, {&c.WriteWait, &other.WriteWait}, {&c.SlowQuery, &other.SlowQuery},
	} {
		if *s.mine == "" {
			*s.mine = *s.other
		}
	}
	return c
}

// read reads a config.toml; one that is not there says nothing.
func (c *Config) read(path string) error {
	text, err := readSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return plan.Errorf(plan.Permission, "cannot read %s: %w", path, systemError(err)).WithHint("check the file and its permissions")
	}
	if err := decode(text, c); err != nil {
		return plan.Errorf(plan.Invalid, "%s: %w", path, err).WithHint("the settings are database, durability, write_wait and slow_query, such as durability = \"full\"")
	}
	if c.Durability != "" && c.Durability != "full" && c.Durability != "normal" {
		return plan.Errorf(plan.Invalid, "%s: invalid durability %q", path, c.Durability).WithHint("use full or normal")
	}
	return nil
}

// systemError leaves out the name of the file, which the message has.
func systemError(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
