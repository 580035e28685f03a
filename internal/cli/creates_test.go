package cli_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pm/internal/db/pgtest"

	"github.com/jackc/pgx/v5"
)

// creators are the commands that may make a database, each with its reason.
var creators = map[string]string{
	"init":   "that is what it is for",
	"demo":   "it makes a plan in a folder of its own",
	"import": "it makes the database that --db or PM_DB names, and no other",
}

// words stand for the arguments in the usage of a command.
var words = strings.NewReplacer("KEY...", "T-E01-F01-001", "KEY", "T-E01-F01-001", "EPIC", "E01", "FEATURE", "E01-F01", "TITLE", "Title",
	"TEXT", "text", "TASK", "T-E01-F01-001", "DEPENDS_ON...", "T-E01-F01-002", "FILE", "export.jsonl", "PATH", "export.jsonl",
	"COMMAND...", "list", "[OPERATION]", "", "[flags]", "", "[", "", "]", "")

// TestNothingIsCreated runs every command where no database is, in an empty
// folder and with one named that is not there: none makes one.
func TestNothingIsCreated(t *testing.T) {
	w := newWorkspace(t)
	for _, c := range commands(t, w) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			for _, where := range []struct{ name, env, flag string }{{"nowhere", "", ""}, {"PM_DB", "PM_DB=named.db", ""}, {"--db", "", "named.db"}} {
				if reason := creators[c.Name]; reason != "" && (c.Name != "import" || where.name != "nowhere") {
					continue
				}
				w := newWorkspace(t)
				if where.env != "" {
					w.env = append(w.env, where.env)
				}
				w.write("export.jsonl", `{"type":"pm","format":1}`+"\n")
				args := strings.Fields(words.Replace(strings.TrimPrefix(c.Usage, "pm ")))
				if where.flag != "" {
					args = append([]string{"--db", where.flag}, args...)
				}
				code, _, stderr := w.run(args...)
				if c.Effect != "" && code != 3 && code != 2 {
					t.Errorf("%s: pm %v: exit code %d, want 3: %s", where.name, args, code, stderr)
				}
				if made := w.databases(); len(made) > 0 {
					t.Errorf("%s: pm %v made %v", where.name, args, made)
				}
			}
		})
	}
}

// TestNoTablesAreCreated is the same for a server's database that is empty.
func TestNoTablesAreCreated(t *testing.T) {
	dsn := pgtest.DSN(t)
	w := newWorkspace(t)
	w.env = append(w.env, "PM_DB="+dsn)
	w.write("export.jsonl", `{"type":"pm","format":1}`+"\n")
	for _, c := range commands(t, w) {
		if creators[c.Name] == "" {
			w.run(strings.Fields(words.Replace(strings.TrimPrefix(c.Usage, "pm ")))...)
		}
	}
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var tables int
	if err := conn.QueryRow(t.Context(), "select count(*) from pg_class where relnamespace = 'public'::regnamespace").Scan(&tables); err != nil || tables > 0 {
		t.Errorf("%d tables and indexes, %v", tables, err)
	}
}

type commandInfo struct{ Name, Usage, Effect string }

// longRunning are the commands that end only when they are told to, or that
// measure time, on which no test may depend.
var longRunning = regexp.MustCompile(`^(serve|mcp|board|web|bench|backup watch)$`)

func commands(t *testing.T, w workspace) []commandInfo {
	t.Helper()
	var all, out []commandInfo
	decode(t, w.pm("commands"), &all)
	if len(all) < 50 {
		t.Fatalf("only %d commands", len(all))
	}
	for _, c := range all {
		if !longRunning.MatchString(c.Name) {
			out = append(out, c)
		}
	}
	return out
}

func (w workspace) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(w.dir+"/"+name, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// databases lists what lies in the workspace's folder and belongs to a
// database: workspaces, files of the name that was given, files of SQLite.
func (w workspace) databases() (paths []string) {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() != ".pm" {
			return err
		}
		content, _ := os.ReadFile(path)
		if d.IsDir() || strings.HasPrefix(d.Name(), "named.db") || bytes.HasPrefix(content, []byte("SQLite format 3")) {
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return paths
}
