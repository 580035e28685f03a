package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pm/internal/config"
	"pm/internal/db"
)

// A warning of a slow statement is for logs and for who asked: an ordinary
// command once printed them beside its answer.
func TestSlowStatementsAreWarnedOfWhereSomebodyAsked(t *testing.T) {
	slow := db.Statement{Name: "task.list", Text: "select", Took: 150 * time.Millisecond}
	for name, c := range map[string]struct {
		log    bool
		timing bool
		config config.Config
		env    string
		warns  bool
	}{
		"a command":               {},
		"a server":                {log: true, warns: true},
		"--timing":                {timing: true, warns: true},
		"the environment":         {env: "100ms", warns: true},
		"the configuration":       {config: config.Config{SlowQuery: "100ms"}, warns: true},
		"a server with no limit":  {log: true, config: config.Config{SlowQuery: "0"}},
		"the environment's first": {env: "1s", config: config.Config{SlowQuery: "1ms"}},
	} {
		var stderr bytes.Buffer
		a := app{stderr: &stderr, getenv: func(string) string { return c.env }}
		a.watch.log, a.flags.timing = c.log, c.timing
		observe, err := a.observer(c.config)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if observe != nil {
			observe(slow)
		}
		if got := strings.Contains(stderr.String(), "Slow query: task.list"); got != c.warns {
			t.Errorf("%s: warned %v, want %v: %s", name, got, c.warns, stderr.String())
		}
	}
}
