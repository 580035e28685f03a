package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	_ "time/tzdata" // scripts set TZ

	"pm/internal/cli"
	"pm/internal/db/pgtest"
	"pm/internal/store/storetest"

	"github.com/rogpeppe/go-internal/testscript"
)

// scripts is the folder of the stories: one folder per noun.
const scripts = "../../testdata/script"

// realPlan is a plan of somebody's, beside the repository; it may be absent.
const realPlan = "../../../shared/data/plan"

// TestMain makes this binary pm itself when it is called by that name.
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"pm": func() { os.Exit(cli.Main()) }})
}

// tests runs the tests and stops the PostgreSQL server that they started.
type tests struct{ m *testing.M }

func (t tests) Run() int { return storetest.Main(t.m) }

// TestScript runs every script on both engines. The scripts are the same, and
// so are the outputs that they demand.
func TestScript(t *testing.T) {
	nouns, err := os.ReadDir(scripts)
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			if engine == "postgres" {
				pgtest.DSN(t) // skips all of them at once where there is no server
			}
			for _, noun := range nouns {
				t.Run(noun.Name(), func(t *testing.T) {
					t.Parallel()
					testscript.Run(t, params(engine, filepath.Join(scripts, noun.Name())))
				})
			}
		})
	}
}

func params(engine, dir string) testscript.Params {
	return testscript.Params{
		Dir:                dir,
		RequireUniqueNames: true,
		Setup:              func(env *testscript.Env) error { return setUp(env, engine) },
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "sqlite", "postgres":
				return cond == engine, nil
			case "plan":
				info, err := os.Stat(realPlan)
				return err == nil && info.IsDir(), nil
			case "root":
				return os.Geteuid() == 0, nil
			}
			return false, errors.New("unknown condition " + cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":      code,
			"count":     count,
			"encode":    encode,
			"json":      jsonCommand,
			"normalise": normalise,
			"other":     other,
			"sql":       sqlCommand,
			"generate":  generate,
			"shrink":    shrink,
			"unchanged": unchanged,
			"grep-v":    grepNot,
			"pages":     pages,
			"variable":  variable,
			"same":      same,
			"secret":    secret,
			"clean":     clean,
			"cursor":    field(".next_cursor"),
			"backup":    field(".path"),
			"operation": field(".operation"),
		},
	}
}

// key is the type of what Setup hands to the commands.
type key string

// setUp gives a script its environment. On PostgreSQL the database is there
// and empty: pm init makes the tables in it.
func setUp(env *testscript.Env, engine string) error {
	for name, value := range map[string]string{
		"HOME": env.WorkDir, "XDG_STATE_HOME": filepath.Join(env.WorkDir, ".state"), "TZ": "UTC", "PM_AGENT": "tester",
		"PM_SLOW_QUERY": "0", // what is slow is the machine's business
	} {
		env.Setenv(name, value)
	}
	// What a script cannot write down itself.
	for name, value := range map[string]string{
		"NL": "\n", "ESC": "\x1b", "BEL": "\a", "CR": "\r", "RLO": "\u202e", "CSI": "\u009b", "BAD": "\xff", "T500": strings.Repeat("é", 500), "T501": strings.Repeat("é", 501), "N65": strings.Repeat("a", 65),
	} {
		env.Setenv(name, value)
	}
	plan, err := filepath.Abs(realPlan)
	if err != nil {
		return err
	}
	env.Setenv("PLAN", plan)
	tb := env.T().(testing.TB)
	env.Values[key("tb")], env.Values[key("engine")] = tb, engine
	env.Setenv("DB", filepath.Join(env.WorkDir, ".pm", "pm.db"))
	if engine == "postgres" {
		dsn := pgtest.DSN(tb)
		env.Setenv("PM_DB", dsn)
		env.Setenv("DB", dsn)
	}
	return nil
}

// code N COMMAND… demands the exit code N. The outputs are there for stdout
// and stderr, as after any command.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// other NAME sets NAME to the address of a fresh database on the other
// engine, with nothing in it.
func other(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: other NAME")
	}
	if ts.Value(key("engine")) == "postgres" {
		ts.Setenv(args[0], ts.MkAbs("other.db"))
		return
	}
	ts.Setenv(args[0], pgtest.DSN(ts.Value(key("tb")).(testing.TB)))
}

var (
	stamps  = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	hashes  = regexp.MustCompile(`"(hash|history_hash|operation)":"[^"]*"`)
	folders = regexp.MustCompile(`\d{8}T\d{6}\.\d{3}`)
)

// normalise FILE… replaces in files what differs from run to run: times,
// hashes, the names of operations.
func normalise(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: normalise file…")
	}
	for _, file := range args {
		text := ts.ReadFile(file)
		text = stamps.ReplaceAllString(text, "TIME")
		text = hashes.ReplaceAllString(text, `"$1":"X"`)
		text = folders.ReplaceAllString(text, "TIME")
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o666))
	}
}
