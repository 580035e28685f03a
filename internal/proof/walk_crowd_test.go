package proof

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pm/internal/ops"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// Whatever many do at once on few items, nobody is told that the plan is busy,
// and the plan is sound in the end. Of deadlocks PostgreSQL has few to end: those
// that remain are run again (docs/adr/0002-row-locks-on-postgresql.md).
func TestACrowdWalks(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { crowdWalks(t, storetest.SQLite(t), 8, 40) })
	t.Run("postgres", func(t *testing.T) {
		address := storetest.Postgres(t)
		steps := 60
		if full() {
			steps = 1000
		}
		const crowd = 16
		crowdWalks(t, address, crowd, steps)
		if n := deadlocks(t, address); n > crowd*steps/100 {
			t.Errorf("PostgreSQL ended %d deadlocks in %d operations", n, crowd*steps)
		}
	})
}

func crowdWalks(t *testing.T, address string, crowd, steps int) {
	db, err := store.Open(t.Context(), address, store.Options{NormalDurability: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	track := tracker.New(db)
	begin(t, track)
	var together sync.WaitGroup
	for i := range crowd {
		w := newWalker(uint64(100+i), 4)
		together.Go(func() {
			for step := range steps {
				if step%10 == 0 {
					w.look(t, track)
				}
				name, input := w.next()
				err := call(context.WithoutCancel(t.Context()), track, fmt.Sprint("agent ", i), name, input)
				if err == nil {
					continue
				}
				if k := plan.KindOf(err); k == plan.Internal || k == plan.Corrupt || k == plan.Unavailable || k == plan.Storage {
					t.Errorf("%s %s: %v", name, input, err)
				}
			}
		})
	}
	together.Wait()
	sound(t, track)
}

// deadlocks is how many deadlocks the server has ended in a database.
func deadlocks(t *testing.T, dsn string) (n int) {
	t.Helper()
	server, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if err := server.QueryRow("select deadlocks from pg_stat_database where datname = current_database()").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if n > 0 {
		tellDeadlocks(t, server)
	}
	return n
}

// tellDeadlocks logs who waited for whom, if the server is one of the tests' own.
func tellDeadlocks(t *testing.T, server *sql.DB) {
	t.Helper()
	var data string
	_ = server.QueryRow("show data_directory").Scan(&data)
	text, _ := os.ReadFile(filepath.Join(filepath.Dir(data), "log"))
	told := false
	for line := range strings.Lines(string(text)) {
		if told = strings.Contains(line, "DETAIL:  Process") || told && strings.HasPrefix(line, "\t"); told || strings.Contains(line, "CONTEXT:") {
			t.Log(strings.TrimSpace(line))
		}
	}
}

// While one moves tasks to other features, renames their label and orders them
// anew, 64 others write to the keys that they know: nothing of that is lost.
func TestNothingIsLostWhileOneMoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const writers = 64
		rounds := 2
		if full() {
			rounds = 40
		}
		track := tracker.New(db)
		begin(t, track)
		do := func(who, name, input string) {
			if err := call(context.WithoutCancel(t.Context()), track, who, name, input); err != nil {
				t.Errorf("%s %s: %v", name, input, err)
			}
		}
		var tasks []string
		for i := range writers {
			tasks = append(tasks, fmt.Sprintf(`{"feature":"E01-F01","title":"Task %d","labels":["label0"]}`, i))
		}
		do("ann", "task create-many", `{"tasks":[`+strings.Join(tasks, ",")+`]}`)
		key := func(i int) string { return fmt.Sprintf("T-E01-F01-%03d", 4+i) } // three are there
		var together sync.WaitGroup
		together.Go(func() {
			for i := range 4 * rounds {
				moved := fmt.Sprintf(`"%s","%s","%s"`, key(i%writers), key((i+20)%writers), key((i+40)%writers))
				do("mover", "item move", fmt.Sprintf(`{"keys":[%s],"to":"%s"}`, moved, []string{"E01-F02", "E02-F01"}[i%2]))
				do("mover", "label rename", fmt.Sprintf(`{"label":"label%d","to":"label%d"}`, i, i+1))
				do("mover", "task order", fmt.Sprintf(`{"key":"%s","before":"%s"}`, key(i%writers), key((i+7)%writers)))
			}
		})
		for i := range writers {
			together.Go(func() {
				for round := range rounds {
					do("writer", "note add", fmt.Sprintf(`{"key":"%s","body":"note %d"}`, key(i), round))
					do("writer", "task update", fmt.Sprintf(`{"keys":["%s"],"priority":%d}`, key(i), 1+(i+round)%9))
				}
			})
		}
		together.Wait()
		for i := range writers {
			op, _ := ops.Find("task show") // which knows the keys of before
			out, err := op.Call(t.Context(), track, readInput("task show", fmt.Sprintf(`{"key":%q}`, key(i))))
			if err != nil {
				t.Fatal(err)
			}
			task := out.(plan.Task)
			if task.LastNote != rounds || task.Priority != 1+(i+rounds-1)%9 || !slices.Equal(task.Labels, []string{fmt.Sprint("label", 4*rounds)}) || task.Title != fmt.Sprint("Task ", i) {
				t.Errorf("%s, which was %s: %q has %d notes, priority %d, labels %v", task.Key, key(i), task.Title, task.LastNote, task.Priority, task.Labels)
			}
		}
		sound(t, track)
	})
}
