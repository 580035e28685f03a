package store_test

import (
	"database/sql"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pm/internal/db"
	"pm/internal/store"
	"pm/internal/store/storetest"
)

// walkedByKey are the filters of which a list in the order of the keys goes
// through the table itself, which is in that order: SQLite calls it a scan.
// It ends when the page is full. Those that may find nothing on the way say
// why no index is worth its cost.
var walkedByKey = map[string]string{
	"none":             "every task is listed",
	"not type":         "what is left out is little, or it is found as a rare value of the rest",
	"not an epic":      "what is left out is one stretch of the table",
	"priority common":  "a common value; a rare one is collected through an index",
	"created common":   "as for priority",
	"updated common":   "as for priority",
	"started common":   "as for priority",
	"completed common": "as for priority",
	"has dependencies": "as for priority",
	"has agent":        "as for priority",
	"description":      "nearly every task has one; to find a rare task without, each row is looked at",
	"no description":   "see description",
	"file":             "see description",
	"common or rare":   "as for priority",
}

// watchedCrowd opens a plan, until the test ends, and fills it with n tasks; ran has
// the statements that it has run.
func watchedCrowd(t *testing.T, address string, n int) (d *store.DB, ran *[]db.Statement) {
	t.Helper()
	ran = new([]db.Statement)
	d, err := store.Open(t.Context(), address, store.Options{Observe: func(s db.Statement) { *ran = append(*ran, s) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	crowd{n, rand.New(rand.NewPCG(1, 1))}.fill(t, d)
	return d, ran
}

// No list reads the whole table of tasks and sorts it, whatever it is
// filtered and sorted by, with and without statistics.
func TestListsGoThroughIndexes(t *testing.T) {
	address := storetest.SQLite(t)
	db, ran := watchedCrowd(t, address, 5_000)
	raw, err := sql.Open("sqlite", address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	lists := append(growthLists, growthLists[:0]...)
	for _, extra := range [][2]string{{"description", "has:description"}, {"no description", "-has:description"}, {"file", "has:file"}, {"words", `"task"`}, {"word, type", `"task" type:backend`},
		{"rare or rare", "status:blocked or type:docs"}, {"rare or word", "type:docs or zirconium"}, {"common or rare", "type:backend or status:blocked"},
		{"a common term, rare or rare", "-epic:E02 (status:blocked type:backend or agent:rare or has:notes)"}} {
		lists = append(lists, struct{ name, query string }{extra[0], extra[1]})
	}
	for _, analyzed := range []bool{false, true} {
		if analyzed {
			if _, err := raw.ExecContext(t.Context(), "analyze"); err != nil {
				t.Fatal(err)
			}
		}
		for _, list := range lists {
			for _, sort := range []string{"key", "priority", "created", "updated", "-key", "-priority", "-created", "-updated"} {
				*ran = nil
				listPage(t, db, parsedFilter(t, list.query+" sort:"+sort))
				for _, s := range *ran {
					if s.Text == "" {
						continue
					}
					excuse := walkedByKey[list.name]
					if strings.TrimPrefix(sort, "-") != "key" {
						excuse = ""
					}
					checkPlan(t, db, s, list.name+", sort:"+sort, excuse)
				}
			}
		}
	}
}

func checkPlan(t *testing.T, d *store.DB, s db.Statement, name, excuse string) {
	t.Helper()
	p, err := store.Read(t.Context(), d, func(tx *store.Tx) (db.Plan, error) { return tx.Explain(s) })
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, line := range p.Lines {
		if slices.ContainsFunc([]string{"idx_tasks_ready", "idx_tasks_staged", "idx_tasks_waiting"}, func(index string) bool { return strings.HasSuffix(line, " "+index) }) {
			continue // it holds what is asked for and nothing else
		}
		if strings.HasPrefix(line, "SCAN tasks") && (excuse == "" || p.Sorts && s.Name != "task.list") {
			t.Errorf("%s: %s reads the whole table\n%s\n%s", name, s.Name, p.SQL, strings.Join(p.Lines, "\n"))
		}
	}
}

// On a server no list goes through the whole table of tasks either, where its
// statistics are those of a plan that is not small: each stream ends with the
// page, and a rare word is found through the index of words.
func TestListsOnAServerGoThroughIndexes(t *testing.T) {
	address := storetest.Postgres(t)
	d, ran := watchedCrowd(t, address, 8_000)
	raw, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.ExecContext(t.Context(), "vacuum analyze"); err != nil {
		t.Fatal(err)
	}
	for _, filter := range []string{"", "status:todo", "is:open", "-has:due", "-type:docs", "zirconium"} {
		for _, sort := range []string{"key", "priority", "created", "updated", "-key", "-priority", "-created", "-updated"} {
			word := strings.HasPrefix(filter, "zirconium")
			if word && !strings.HasSuffix(sort, "key") {
				continue // joined with all tasks, as long as these are few
			}
			*ran = nil
			listPage(t, d, parsedFilter(t, filter+" sort:"+sort))
			for _, s := range *ran {
				if s.Name != "task.list" {
					continue
				}
				p, err := store.Read(t.Context(), d, func(tx *store.Tx) (db.Plan, error) { return tx.Explain(s) })
				lines := strings.Join(p.Lines, "\n")
				if err != nil || strings.Contains(lines, "Seq Scan on tasks") || strings.Contains(lines, "Seq Scan on task_search") {
					t.Errorf("%s sort:%s\n%s\n%s, %v", filter, sort, p.SQL, lines, err)
				}
				if word && !strings.Contains(lines, "idx_task_search_words") {
					t.Errorf("%s is not found through the index of words\n%s\n%s", filter, p.SQL, lines)
				}
			}
		}
	}
}

// What an agent holds is merged with what is meant for it: on a server each of the two
// ends with the page.
func TestAssignedTasksAreReadUpToAPage(t *testing.T) {
	d, ran := watchedCrowd(t, storetest.Postgres(t), 50)
	listPage(t, d, parsedFilter(t, "assignee:bob"))
	for _, s := range *ran {
		if s.Name == "task.list" && strings.Count(s.Text, " limit ") < 3 {
			t.Errorf("either is read whole: %s", s.Text)
		}
	}
}

// How many tasks a common word is in is known from a sample: a server would read a
// text after the other to count them, or all tasks with the word to look up a few.
func TestCommonWordsAreAskedOfEachTask(t *testing.T) {
	d, ran := watchedCrowd(t, storetest.Postgres(t), 6_000)
	for _, query := range []string{`"task" type:backend sort:-updated`, `"task" type:backend`} {
		*ran = nil
		listPage(t, d, parsedFilter(t, query))
		for _, s := range *ran {
			if s.Name == "task.few" && strings.Contains(s.Text, "task_search") || s.Name == "task.list" && !strings.Contains(s.Text, "(select 1 from task_search s where s.id = t.id") {
				t.Errorf("%s: %s runs %s", query, s.Name, s.Text)
			}
		}
	}
}

// What has one status in a stage lies together in the index of stages. A server that
// takes the status from there alone goes past all that is done.
func TestOneStatusInAStageIsFoundWithoutTheOthers(t *testing.T) {
	d, ran := watchedCrowd(t, storetest.Postgres(t), 3_000)
	_, err := store.Write(t.Context(), d, func(tx *store.Tx) (int64, error) {
		return tx.Exec(db.Named("test.stages", "update tasks set stage = 'test', status = case when id % 10 = 7 then 'in_progress' else 'completed' end"))
	})
	if err != nil {
		t.Fatal(err)
	}
	for query, together := range map[string]bool{"is:held stage:test": true, "is:open stage:test": false} {
		*ran = nil
		listPage(t, d, parsedFilter(t, query))
		i := slices.IndexFunc(*ran, func(s db.Statement) bool { return s.Name == "task.few" && strings.Contains(s.Text, "stage in (") })
		if i < 0 {
			t.Fatalf("%s counts no stage", query)
		}
		if s := (*ran)[i]; strings.Contains(s.Text, "then 2 when") != together {
			t.Errorf("%s runs %s", query, s.Text)
		}
	}
}

// The sample is of the last tasks, too: a word may be common since lately.
func TestAWordIsCommonSinceLately(t *testing.T) {
	d, ran := watchedCrowd(t, storetest.Postgres(t), 4_000)
	_, err := store.Write(t.Context(), d, func(tx *store.Tx) (int64, error) {
		return tx.Exec(db.Named("test.words", "update task_search set words = words || cast('''lately''' as tsvector) where id in (select id from tasks order by id desc limit 1200)"))
	})
	if err != nil {
		t.Fatal(err)
	}
	*ran = nil
	listPage(t, d, parsedFilter(t, `"lately" type:backend`))
	i := slices.IndexFunc(*ran, func(s db.Statement) bool { return s.Name == "task.list" })
	if i < 0 || !strings.Contains((*ran)[i].Text, "(select 1 from task_search s where s.id = t.id") {
		t.Errorf("the word is taken for a rare one: list %d of %v", i, *ran)
	}
}

// What a page costs on a server must not hang on how far its planner is off: the ids
// are found before the rows, which it would go through in their order instead, all of
// them; and no texts are collected where fewer tasks are to be asked whether they have
// the word.
func TestAServerFindsTheIDsOfAPageFirst(t *testing.T) {
	d, ran := watchedCrowd(t, storetest.Postgres(t), 2_000)
	for query, bounds := range map[string][2]int{`is:waiting "task"`: {16, 50_000}, `is:waiting "task" sort:-updated`: {16, 50_000}, `type:security "task" sort:-created`: {16, 50_000}, `type:security "task"`: {16, 100},
		"type:security sort:-updated": {16, 100}, "is:open": {4_000, 300_000}, "sort:-updated": {4_000, 300_000}} {
		*ran = nil
		f := parsedFilter(t, query)
		f.Limit = 51
		_, err := store.Read(t.Context(), d, func(tx *store.Tx) (int, error) {
			l, err := store.ListWithin(tx, bounds[0], bounds[1], 16, f)
			if err != nil {
				return 0, err
			}
			ts, err := l.Tasks()
			return len(ts), err
		})
		if err != nil {
			t.Fatal(err)
		}
		lists := 0
		for _, s := range *ran {
			if s.Name != "task.list" {
				continue
			}
			lists++
			lines := strings.Join(planOf(t, d, s).Lines, "\n")
			if !strings.Contains(s.Text, " from tasks where id = any (array(") || strings.Contains(s.Text, "in (select s.id from task_search") || !strings.Contains(lines, "InitPlan") {
				t.Errorf("%s runs\n%s\n%s", query, s.Text, lines)
			}
		}
		if lists == 0 {
			t.Errorf("%s runs no list", query)
		}
	}
}

// A list by what its filter asks a stretch of begins at that stretch, instead of
// walking to it: what is before it is read by no statement.
func TestAListByWhatIsFilteredBeginsThere(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		d, ran := watchedCrowd(t, address, 1_300)
		_, err := store.Write(t.Context(), d, func(tx *store.Tx) (int64, error) {
			return tx.Exec(db.Named("test.spread", "update tasks set due = cast(2026 + id % 10 as text) || '-06-01', estimate = 100 * (1 + id % 10), deferred = case when id % 10 > 4 then 1 else 0 end, not_before = cast(case when id % 10 > 4 then 2099 else 2020 end as text) || '-01-01T00:00:00.000Z'"))
		})
		if err != nil {
			t.Fatal(err)
		}
		for query, bound := range map[string]string{"due:2034-01-01.. sort:due": "due >= ", "due:..2027-01-01 sort:-due": "due < ", "is:overdue sort:-due": "due < ", "estimate:>8 sort:estimate": "estimate between ", "is:ready sort:-defer": "not_before <= "} {
			*ran = nil
			listPage(t, d, parsedFilter(t, query))
			lists := 0
			for _, s := range *ran {
				if s.Name == "task.list" && !strings.Contains(s.Text, "not_before is null") {
					if inner, _, _ := strings.Cut(s.Text, ") t where"); lists > 0 || !strings.Contains(inner, bound) {
						t.Errorf("%s: list %d is %s", query, lists, s.Text)
					}
					lists++
				}
			}
		}
	})
}

// A page in the order of an own field ends with the last task that it shows: where the
// values were joined with tasks, a server read all that the filter finds first.
func TestAPageByAnOwnFieldEndsWithIt(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		d, ran := watchedCrowd(t, address, 1_300)
		_, err := store.Write(t.Context(), d, func(tx *store.Tx) (int64, error) {
			return tx.Exec(db.Named("test.values", "insert into field_values (item_id, field, value) select id, 'severity', 'low' from tasks"))
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := listPage(t, d, parsedFilter(t, "status:todo sort:severity")); n != 51 {
			t.Fatalf("%d tasks", n)
		}
		for _, s := range *ran {
			if s.Name == "task.list" && (strings.Contains(s.Text, "join tasks") || strings.Contains(s.Text, "field_values v where v.item_id = t.id")) {
				t.Error(s.Text)
			}
		}
	})
}

// What can never be there is known without looking at a task.
func TestListsOfWhatExcludesItselfReadNoTasks(t *testing.T) {
	d, ran := watchedCrowd(t, storetest.SQLite(t), 50)
	for query, never := range map[string]bool{
		"label:a -label:a": true, "label:a -label:a,b": true, "label:a,b -label:a": false, "label:a label:b": false,
		"due:2026-01-01 -has:due": true, "is:overdue -has:due": true, "is:overdue,open -has:due": false, "due:2026-01-01 -has:estimate": false,
		"estimate:>4 -has:estimate": true, "stage:a -has:stage": true, "-has:due -has:estimate": false,
		"severity:low -has:field.severity": true, "severity:low severity:>=high": true, "severity:high severity:>=high": false, "severity:<high severity:>=high": true,
		"severity:low,fatal severity:>=high": false, "-severity:low severity:>=high": false,
		"is:ready is:waiting": true, "is:deferred is:ready": true, "is:ready,held is:waiting": false, "-is:ready is:waiting": false,
		"is:ready defer:2099-01-01": true, "is:ready defer:2099-01-01..": true, "is:ready defer:..2099-01-01": false, "is:ready defer:2020-01-01": false, "is:waiting defer:2099-01-01": false,
		"is:open completed:2026-01-05": true, "is:ready completed:2026-01-05": true, "held-by:a completed:2026-01-05": true, "is:overdue completed:..2026-01-05": true,
		"status:todo,completed completed:2026-01-05": false, "status:archived completed:2026-01-05": false, "status:todo -completed:2026-01-05": false,
	} {
		for _, sort := range []string{"", " sort:-updated"} {
			*ran = nil
			listPage(t, d, parsedFilter(t, query+sort))
			read := slices.ContainsFunc(*ran, func(s db.Statement) bool { return strings.HasPrefix(s.Name, "task.") })
			if read == never {
				t.Errorf("%s: tasks were read: %t", query+sort, read)
			}
		}
	}
}

// A filter alone costs the same however many tasks match: what lies in an index for
// each of a few days or names is merged up to a page, and not walked to, or collected.
func TestAPageOfOneFilterIsMerged(t *testing.T) {
	storetest.EachAddress(t, func(t *testing.T, address string) {
		merge := " union all "
		if db.IsPostgres(address) {
			merge = "lateral ((" // each ends with the page
		}
		d, ran := watchedCrowd(t, address, 1_300)
		_, err := store.Write(t.Context(), d, func(tx *store.Tx) (int64, error) {
			return tx.Exec(db.Named("test.spread", "update tasks set due = '2027-06-0' || cast(1 + id % 3 as text), assignee = 'a' || cast(id % 2 as text), deferred = 1, not_before = '2099-01-01T00:00:00.000Z', status = 'todo'"))
		})
		if err != nil {
			t.Fatal(err)
		}
		for query, values := range map[string]int64{"due:2027-06-01..2027-06-30": 3, "has:assignee": 2, "is:deferred": 1} {
			*ran = nil
			listPage(t, d, parsedFilter(t, query))
			var names []string
			for _, s := range *ran {
				if !strings.HasPrefix(s.Name, "task.") {
					continue
				}
				if names = append(names, s.Name); s.Name == "task.values" && s.Rows != values || s.Name == "task.list" && (s.Rows != 51 || values > 1 && !strings.Contains(s.Text, merge)) {
					t.Errorf("%s: %s has %d rows, with %s", query, s.Name, s.Rows, s.Text)
				}
			}
			if !slices.Equal(names, []string{"task.few", "task.values", "task.list", "task.count"}) {
				t.Errorf("%s runs %v", query, names)
			}
		}
	})
}

// What is collected through an index is not tested for what the index says, which
// would look at its entries again, or at rows. What is held can be ready only where
// its lease has run out.
func TestWhatAnIndexSaysIsNotAskedAgain(t *testing.T) {
	d, ran := watchedCrowd(t, storetest.SQLite(t), 200)
	for query, once := range map[string]string{"completed:2026-01-01..2026-12-31 sort:priority": "completed_at between", "priority:1 sort:-updated": "priority in", "is:waiting sort:priority": "open_dependencies > 0", "is:ready is:held": "lease_until <="} {
		*ran = nil
		listPage(t, d, parsedFilter(t, query))
		for _, s := range *ran {
			if s.Name == "task.list" && (strings.Count(s.Text, once) != 1 || strings.Contains(s.Text, "position is null")) {
				t.Errorf("%s: %s", query, s.Text)
			}
		}
	}
}
