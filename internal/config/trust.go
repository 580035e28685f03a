package config

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"pm/internal/outfile"
	"pm/internal/plan"
)

// trustedFile lists, one a line, the databases that the user lets the files
// of workspaces name.
const trustedFile = "trusted"

// Address returns where the workspace's database lies. Its files come with the
// project, perhaps from a stranger, who must not learn the user's password or
// have pm write elsewhere: a server, or a file outside the workspace, is
// plan.Permission until the user trusts it.
func (w Workspace) Address(u User) (string, error) {
	claim, err := w.Claim()
	if err != nil || claim == "" {
		return w.Named(), err
	}
	trusted, err := u.Trusts(claim)
	if err != nil || trusted {
		return w.Named(), err
	}
	return "", plan.Errorf(plan.Permission, "this workspace names a database that you have not trusted: %s", plan.HideSecrets(claim)).
		WithCode("untrusted_database").WithHint("if you know this database, run pm trust; use --db or PM_DB to name another")
}

// Claim returns what the user has to trust before the workspace's database is
// used: the exact text of a server's address, or the file behind all links. It
// is empty where the database lies in the workspace.
func (w Workspace) Claim() (string, error) {
	named := w.Named()
	if strings.ContainsFunc(w.Config.Database, unicode.IsControl) {
		return "", plan.Errorf(plan.Invalid, "%s: the database contains a control character", w.Path(File)).WithHint("correct it")
	}
	if !isURL(named) && w.Holds(named) {
		return "", nil
	}
	return TrustText(w.Root, named), nil
}

// TrustText returns the text that stands for a database in the user's list: an
// address as it is, a file, relative to dir, behind all links.
func TrustText(dir, database string) string {
	if isURL(database) {
		return database
	}
	if !filepath.IsAbs(database) {
		database = filepath.Join(dir, database)
	}
	return behindLinks(database)
}

// Trusts reports whether the user trusts a database, by exact text.
func (u User) Trusts(address string) (bool, error) {
	all, err := u.Trusted()
	return slices.Contains(all, address), err
}

// Trusted returns the databases that the user trusts.
func (u User) Trusted() (all []string, err error) {
	text, err := u.trustedText()
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all, err
}

func (u User) trustedText() (string, error) {
	if u.Dir == "" {
		return "", nil
	}
	b, err := readSmall(u.TrustedFile())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", plan.Errorf(plan.Permission, "cannot read %s: %w", u.TrustedFile(), systemError(err)).WithHint("check the file and its permissions")
	}
	return string(b), nil
}

// TrustedFile is the path of the user's list.
func (u User) TrustedFile() string { return filepath.Join(u.Dir, trustedFile) }

// Trust adds a database to those that the user trusts, and reports whether it
// was not there before.
func (u User) Trust(ctx context.Context, address string) (added bool, err error) {
	if u.Dir == "" {
		return false, plan.Errorf(plan.Storage, "no home directory to store the list of trusted databases in").WithHint("set HOME or XDG_CONFIG_HOME")
	}
	if address == "" || address[0] == '#' || strings.ContainsFunc(address, unicode.IsControl) {
		return false, plan.Errorf(plan.Invalid, "invalid database address %q", address).WithHint("write it exactly as in the workspace's %s", File)
	}
	text, err := u.trustedText()
	if err != nil {
		return false, err
	}
	for line := range strings.Lines(text) {
		if strings.TrimSuffix(line, "\n") == address {
			return false, nil
		}
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return true, u.write(ctx, text+address+"\n")
}

// Distrust takes a database off the list, and reports whether it was on it.
// Passwords may be left out of the address, as they are where it is shown.
func (u User) Distrust(ctx context.Context, address string) (removed bool, err error) {
	text, err := u.trustedText()
	if err != nil {
		return false, err
	}
	var left strings.Builder
	for line := range strings.Lines(text) {
		if entry := strings.TrimSuffix(line, "\n"); entry == address || plan.HideSecrets(entry) == address {
			removed = true
			continue
		}
		left.WriteString(line)
	}
	if !removed {
		return false, nil
	}
	return true, u.write(ctx, left.String())
}

// write replaces the list, which its owner alone can read: an address may hold
// a password.
func (u User) write(ctx context.Context, text string) error {
	err := os.MkdirAll(u.Dir, 0o700)
	if err == nil {
		err = outfile.Write(ctx, u.TrustedFile(), []byte(text), outfile.Options{Mode: 0o600})
	}
	var pe *plan.Error
	if err == nil || errors.As(err, &pe) {
		return err
	}
	kind := plan.Storage
	if errors.Is(err, fs.ErrPermission) {
		kind = plan.Permission
	}
	return plan.Errorf(kind, "cannot write %s: %w", u.TrustedFile(), systemError(err)).WithHint("check the directory and its permissions")
}
