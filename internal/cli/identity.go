package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"pm/internal/cli/term"
	"pm/internal/config"
)

// toldName is the file that remembers that a person was told how to name an
// agent, in the workspace or else in the user's state folder.
const toldName = "told-name"

// tellName says, once, how an agent gets a name of its own, to a caller that
// claims as the system user and has no session either: two of them are one.
func (a *app) tellName() {
	if a.isNamed() || a.getenv("PM_SESSION") != "" {
		return
	}
	actor, err := a.actor()
	if err != nil {
		return
	}
	path := filepath.Join(stateFolder(a.getenv), toldName)
	if w, err := config.Find(a.dir); err == nil {
		path = w.Path(toldName)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return
	}
	if err == nil {
		f.Close()
	}
	a.say("hint: you are claiming as %q, the system user, like every agent without a name; give each agent its own name: export PM_AGENT=NAME", term.Clean(actor.Name))
}

// stateFolder is pm's folder in the user's own state folder (XDG Base
// Directory Specification).
func stateFolder(getenv func(string) string) string {
	state := getenv("XDG_STATE_HOME")
	if state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			home = os.TempDir()
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "pm")
}
