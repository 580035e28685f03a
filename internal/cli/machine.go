package cli

import (
	"path/filepath"

	"pm/internal/config"
	"pm/internal/db"
	"pm/internal/plan"
	"pm/internal/tracker"
)

// machine returns the settings of this machine and of who runs pm, with where
// each comes from: none of them is the project's.
func (a *app) machine() ([]tracker.SettingValue, error) {
	w, _ := config.Find(a.dir) // what is wrong with it find says
	at, err := a.find()
	if err != nil {
		return nil, err
	}
	actor, err := a.actor()
	if err != nil {
		return nil, err
	}
	feature, usedBy, err := a.inUse()
	if err != nil {
		return nil, err
	}
	user := config.UserOf(a.getenv)
	own, err := user.Config()
	if w.Root != "" {
		own.Database = "" // which is for outside of workspaces
	}
	flag := func(value, name string) source { return source{value, name} }
	env := func(name string) source { return source{a.getenv(name), name} }
	files := func(here, mine string) []source {
		return []source{{here, w.Path(config.File)}, {mine, filepath.Join(user.Dir, config.File)}}
	}
	database := setting("database", "where the plan is stored", at.address, append([]source{flag(a.flags.db, "--db"), env("PM_DB")}, files(w.Database, own.Database)...)...)
	database.Value = plan.HideSecrets(at.address) // as it was found
	return []tracker.SettingValue{database,
		setting("agent", "the name you act under", actor.Name, flag(a.flags.agent, "--agent"), env("PM_AGENT")),
		setting("session", "the session that your claims belong to", "", env("PM_SESSION")),
		setting("feature", "the feature that pm add creates tasks in", "", source{feature, usedBy}),
		setting("durability", "full, or normal, which can lose the last changes in a power cut; for SQLite", "full", files(w.Durability, own.Durability)...),
		setting("write_wait", "how long a write waits for its turn", db.DefaultWriteWait.String(), files(w.WriteWait, own.WriteWait)...),
		setting("slow_query", "how long a statement can take before pm warns; 100ms on servers if not set", "", append([]source{env("PM_SLOW_QUERY")}, files(w.SlowQuery, own.SlowQuery)...)...),
	}, err
}

// A source is where a setting may come from, and its value there; empty for none.
type source struct{ value, from string }

// setting is the setting as the first source has it, or else as usual.
func setting(name, about, usual string, sources ...source) tracker.SettingValue {
	for _, s := range sources {
		if s.value != "" {
			return tracker.SettingValue{Name: name, Value: s.value, Set: true, From: s.from, About: about}
		}
	}
	return tracker.SettingValue{Name: name, Value: usual, From: tracker.FromDefault, About: about}
}
