package cli

import (
	"os"
	"path/filepath"

	"pm/internal/config"
	"pm/internal/db"
)

// trashFolder says where deletions are kept: in the workspace; beside a
// database file that lies in none; for a server without a workspace, in the
// user's own state folder (XDG Base Directory Specification).
func trashFolder(address string, w config.Workspace, found bool, getenv func(string) string) string {
	if !db.IsPostgres(address) {
		dir := filepath.Dir(address)
		if filepath.Base(dir) == config.Folder {
			return filepath.Join(dir, config.Trash)
		}
		if !found || address != w.Named() {
			return address + "-trash"
		}
	}
	if found {
		return w.Path(config.Trash)
	}
	state := getenv("XDG_STATE_HOME")
	if state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			home = os.TempDir()
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "pm", config.Trash)
}
