package store_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// rare is how many tasks have a rare value, in a plan of any size.
const rare = 20

// growthLists are the filters of the growth benchmark. Each is asked for in
// every order. A common value is one of a good part of the tasks, a rare one
// of twenty in a plan of any size.
var growthLists = []struct{ name, query string }{
	{"none", ""},
	{"status common", "status:todo"},
	{"status rare", "status:blocked"},
	{"statuses", "is:open"},
	{"not status", "-status:completed"},
	{"ready", "is:ready"},
	{"waiting", "is:waiting"},
	{"expired (rare)", "is:expired"},
	{"type common", "type:backend"},
	{"type rare", "type:docs"},
	{"not type", "-type:frontend"},
	{"agent common", "agent:a1"},
	{"agent rare", "agent:rare"},
	{"priority common", "priority:<=4"},
	{"priority rare", "priority:1"},
	{"epic of 1,000", "epic:E01"},
	{"feature of 100", "feature:E01-F01"},
	{"not an epic", "-epic:E01"},
	{"created common", "created:>2026-01-05"},
	{"created rare", "created:>2027-01-01"},
	{"updated common", "updated:<2026-06-01"},
	{"updated rare", "updated:>2027-01-01"},
	{"started common", "started:2026-01-01..2026-12-31"},
	{"started rare", "started:>2027-01-01"},
	{"completed common", "completed:2026-01-01..2026-12-31"},
	{"completed rare", "completed:>2027-01-01"},
	{"depends-on (rare)", "depends-on:T-E01-F01-001"},
	{"has notes (rare)", "has:notes"},
	{"has dependencies", "has:dependencies"},
	{"has agent", "has:agent"},
	{"status, type", "status:todo type:backend"},
	{"rare status, type", "status:blocked type:backend"},
	{"open, rare type", "is:open type:docs"},
	{"epic, status", "epic:E01 status:todo"},
	{"word rare", "zirconium"},
	{"one in a hundred", "type:security"},
}

// A crowd fills a database with n tasks, quickly.
type crowd struct {
	n int
	r *rand.Rand
}

func (c crowd) task(i int) plan.Task {
	key := plan.Key{Epic: i/1000 + 1, Feature: i/100%10 + 1, Task: i%100 + 1}
	year := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	day := func() time.Time { return year.Add(time.Duration(c.r.Int64N(int64(350 * 24 * time.Hour)))) }
	created := day()
	updated := created.Add(time.Duration(c.r.Int64N(int64(240 * time.Hour)))).Truncate(time.Millisecond)
	t := plan.Task{Key: key, Title: "Task " + strconv.Itoa(i), Description: strings.Repeat("what is to be done in it ", 4), Offered: true,
		Status: plan.Todo, Priority: 2 + c.r.IntN(9), CreatedAt: created.Truncate(time.Millisecond), UpdatedAt: updated}
	switch p := c.r.IntN(100); {
	case p < 40:
		t.AgentType = "backend"
	case p < 70:
		t.AgentType = "frontend"
	case p < 71:
		t.AgentType = "security"
	case p < 90:
		t.AgentType = "testing"
	}
	switch p := c.r.IntN(100); {
	case p < 45:
	case p < 50:
		t.Status, t.AssignedAgent, t.StartedAt = plan.InProgress, "a"+strconv.Itoa(c.r.IntN(4)), &updated
	case p < 55:
		t.Status, t.AssignedAgent, t.StartedAt = plan.ReadyForReview, "a"+strconv.Itoa(c.r.IntN(4)), &updated
	case p < 95:
		t.Status, t.AssignedAgent, t.StartedAt, t.CompletedAt = plan.Completed, "a"+strconv.Itoa(c.r.IntN(4)), &updated, &updated
	default:
		t.Status = plan.Archived
	}
	// The rare values, far apart.
	if every := c.n / rare; i%every == every/2 {
		late := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
		past := year
		switch c.r.IntN(4) {
		case 0:
			t.Status, t.CompletedAt = plan.Blocked, nil
		case 1:
			t.Status, t.AssignedAgent, t.LeaseUntil, t.StartedAt = plan.InProgress, "rare", &past, &late
		case 2:
			t.AgentType, t.Title = "docs", t.Title+" of zirconium"
		default:
			t.Priority, t.CreatedAt, t.UpdatedAt = 1, late, late
			t.Status, t.StartedAt, t.CompletedAt = plan.Completed, &late, &late
		}
	}
	return t
}

func (c crowd) fill(t testing.TB, db *store.DB) {
	t.Helper()
	const batch = 5_000
	for from := 0; from < c.n; from += batch {
		_, err := store.Write(t.Context(), db, func(tx *store.Tx) (int, error) {
			for i := from; i < min(from+batch, c.n); i++ {
				if err := c.put(tx, i); err != nil {
					return 0, err
				}
			}
			return 0, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (c crowd) put(tx *store.Tx, i int) error {
	task := c.task(i)
	k := task.Key
	if i%1000 == 0 {
		e := plan.Epic{Key: k.EpicKey(), Title: "Epic", Status: plan.PlanActive, Priority: plan.Low, CreatedAt: task.CreatedAt, UpdatedAt: task.UpdatedAt}
		if err := tx.PutEpic(&e); err != nil {
			return err
		}
	}
	if i%100 == 0 {
		f := plan.Feature{Key: k.FeatureKey(), Title: "Feature", Status: plan.PlanActive, CreatedAt: task.CreatedAt, UpdatedAt: task.UpdatedAt}
		if err := tx.PutFeature(&f); err != nil {
			return err
		}
	}
	var needs []plan.Key
	if i%10 == 9 {
		needs = append(needs, k.FeatureKey().Child(k.Task-1))
		task.OpenDependencies = c.r.IntN(2)
	}
	if every := c.n / rare; i%every == every/2+1 {
		needs = append(needs, plan.MustKey("T-E01-F01-001"))
	}
	if err := tx.PutTask(&task); err != nil {
		return err
	}
	for _, on := range needs {
		if _, err := tx.AddDependency(store.Edge{Task: k, DependsOn: on}); err != nil {
			return err
		}
	}
	if every := c.n / rare; i%every == 3 {
		return tx.PutNote(plan.Note{Key: k, N: 1, Agent: "a", Kind: plan.Comment, Body: "a note", CreatedAt: task.CreatedAt})
	}
	return nil
}

// listPage does what pm list does: a page of 50, with dependencies, and the
// count of what is left.
func listPage(t testing.TB, db *store.DB, f store.TaskFilter) int {
	t.Helper()
	f.Limit = 51
	n, err := store.Read(t.Context(), db, func(tx *store.Tx) (int, error) {
		l, err := tx.List(f)
		if err != nil {
			return 0, err
		}
		ts, err := l.Tasks()
		if err != nil || len(ts) <= 50 {
			return len(ts), err
		}
		_, _, err = l.Count(50, &ts[49], 1000)
		if err != nil {
			return 0, err
		}
		return len(ts), tx.LoadDependencies(ts[:50])
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// BenchmarkListGrowth prints, for every filter in every order, the time
// of a page at each size, the best of several, and how much it grows. PM_BENCH_SIZES holds
// other sizes ("10000,1000000"), PM_BENCH_DIR a folder where the databases
// are kept from run to run, PM_BENCH_ENGINE=postgres another engine.
//
//	go test ./internal/store -run '^$' -bench ListGrowth -benchtime 1x
func BenchmarkListGrowth(b *testing.B) {
	sizes := []int{10_000, 200_000}
	if s := os.Getenv("PM_BENCH_SIZES"); s != "" {
		sizes = nil
		for _, one := range strings.Split(s, ",") {
			n, err := strconv.Atoi(one)
			if err != nil {
				b.Fatal(err)
			}
			sizes = append(sizes, n)
		}
	}
	dbs := make([]*store.DB, len(sizes))
	for i, n := range sizes {
		dbs[i] = crowdOf(b, n)
	}
	fmt.Printf("%-20s %-9s %6s", "filter", "order", "rows")
	for _, n := range sizes {
		fmt.Printf(" %10d", n)
	}
	fmt.Println("   growth")
	worst := 0.0
	for b.Loop() {
		for _, list := range growthLists {
			for _, sort := range []string{"key", "priority", "-created", "-updated"} {
				worst = max(worst, growth(b, dbs, list.name, sort, parsedFilter(b, list.query+" sort:"+sort)))
			}
		}
	}
	b.ReportMetric(worst, "worst-growth")
}

func growth(b *testing.B, dbs []*store.DB, name, sort string, f store.TaskFilter) float64 {
	var times []time.Duration
	rows := 0
	for _, db := range dbs {
		took := make([]time.Duration, 12)
		for i := range took {
			began := time.Now()
			rows = listPage(b, db, f)
			took[i] = time.Since(began)
		}
		times = append(times, slices.Min(took))
	}
	fmt.Printf("%-20s %-9s %6d", name, sort, rows)
	for _, t := range times {
		fmt.Printf(" %9.2fms", float64(t.Microseconds())/1000)
	}
	g := float64(times[len(times)-1]) / float64(times[0])
	fmt.Printf(" %7.2fx\n", g)
	return g
}

// crowdOf opens a database with n tasks, and makes it if it is not kept.
func crowdOf(b *testing.B, n int) *store.DB {
	b.Helper()
	address := ""
	switch dir := os.Getenv("PM_BENCH_DIR"); {
	case os.Getenv("PM_BENCH_ENGINE") == "postgres":
		address = storetest.Postgres(b)
	case dir != "":
		address = filepath.Join(dir, fmt.Sprintf("crowd-%d.db", n))
	default:
		address = storetest.SQLite(b)
	}
	db, made, err := store.Create(b.Context(), address, store.Options{NormalDurability: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if made || os.Getenv("PM_BENCH_DIR") == "" {
		began := time.Now()
		crowd{n, rand.New(rand.NewPCG(1, 1))}.fill(b, db)
		fmt.Printf("made %d tasks in %s\n", n, time.Since(began).Round(time.Millisecond))
		if db.Engine() == "postgres" {
			analyze(b, address)
		}
	}
	return db
}

// analyze does what the server does by itself after a while.
func analyze(b *testing.B, dsn string) {
	b.Helper()
	raw, err := sql.Open("pgx", dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.ExecContext(b.Context(), "vacuum analyze"); err != nil {
		b.Fatal(err)
	}
}
