package tracker_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"

	"pgregory.net/rapid"
)

// Random sequences of operations on a plain model and on the tracker: every
// answer and, after every step, everything the tracker derives must agree. With the
// full load, both engines at once are compared after every eighth step.
func TestTheTrackerDoesWhatTheModelDoes(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { runMachine(t, storetest.SQLite(t)) })
	// On both engines at once, whose exports must be the same in the end.
	t.Run("postgres", func(t *testing.T) { runMachine(t, storetest.SQLite(t), storetest.Postgres(t)) })
}

func runMachine(t *testing.T, addresses ...string) {
	var rigs []*rig
	for _, a := range addresses {
		rigs = append(rigs, newRig(t, a, store.Options{NormalDurability: true}))
	}
	every := 1
	if full && len(rigs) > 1 {
		every = 8 // a server is asked some thirty times in a comparison
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{t: rt, model: newModel(), rigs: rigs}
		for _, r := range rigs {
			r.t = rt
			r.clear()
		}
		m.makeLine()
		m.start()
		for n := range 40 {
			m.step()
			if n%every == every-1 {
				m.compare()
			}
		}
		m.compareExports()
		m.sound()
	})
}

// clear makes a database as good as new.
func (r *rig) clear(besides ...string) {
	r.t.Helper()
	all := "begin; delete from epics;"
	for _, table := range append([]string{"notes", "task_history", "plan_history", "contents", "operations", "trash", "task_counts", "definitions"}, besides...) {
		all += "delete from " + table + ";"
	}
	r.sql(all + `update project set last_epic = 0, uid = '', version = 0, history_hash = '', last_note = 0, created_at = '0001-01-01T00:00:00.000Z', updated_at = '0001-01-01T00:00:00.000Z'; commit`)
}

// A machine runs one sequence.
type machine struct {
	t     *rapid.T
	model *model
	rigs  []*rig
	trash []deletion
	saved []export
}

// A deletion is what can be restored: the model's part.
type deletion struct {
	key  plan.Key
	part *model
	into map[plan.Key][]plan.Key // tasks elsewhere, and what they waited for
}

// An export is the plan as it was at one moment.
type export struct {
	model *model
	files [][]byte
}

// do runs one operation everywhere; want is whether the model allows it. The
// answers of the engines must have the same code.
func (m *machine) do(what string, want bool, run func(r *rig) error) {
	m.t.Helper()
	m.t.Logf("%s: %t", what, want)
	var first string
	for i, r := range m.rigs {
		err := run(r)
		if (err == nil) != want {
			m.t.Fatalf("%s on %s: allowed by the rules: %t, got %v", what, r.DB().Engine(), want, err)
		}
		if i == 0 {
			first = code(err)
		} else if code(err) != first {
			m.t.Fatalf("%s: %s on one engine, %v on the other", what, first, err)
		}
		if plan.KindOf(orNone(err)) == plan.Internal && err != nil {
			m.t.Fatalf("%s on %s: %v", what, r.DB().Engine(), err)
		}
	}
}

// compare checks everything that can be seen against the model.
func (m *machine) compare() {
	m.t.Helper()
	for _, r := range m.rigs {
		tasks := m.compareTasks(r)
		m.compareParents(r)
		m.compareNext(r, tasks)
	}
}

func (m *machine) compareTasks(r *rig) map[plan.Key]plan.Task {
	m.t.Helper()
	all := 0
	tasks := ok[tracker.Page[plan.Task]](m.t)(r.ListTasks(as("ann"), tracker.ListTasks{Limit: &all})).Items
	if len(tasks) != len(m.model.tasks) {
		m.t.Fatalf("%s has %d tasks, the model %d", r.DB().Engine(), len(tasks), len(m.model.tasks))
	}
	var want plan.Counts
	byKey := map[plan.Key]plan.Task{}
	for _, got := range tasks {
		byKey[got.Key] = got
		t := m.model.tasks[got.Key]
		is := fmt.Sprint(got.Status, got.AssignedAgent, got.LeaseUntil != nil, got.Priority, got.AgentType, got.DependsOn, got.OpenDependencies, got.Offered, got.Ready(got.UpdatedAt), got.Version, got.Assignee, got.Stage)
		should := fmt.Sprint(t.status, t.holder, t.underLease(), t.priority, t.agentType, sorted(t.on), m.model.open(got.Key), m.model.offered(got.Key),
			m.model.givable(got.Key), t.version, t.assignee, t.stage)
		if is != should {
			m.t.Fatalf("%s: %s is %s, want %s", r.DB().Engine(), got.Key, is, should)
		}
		m.count(&want, got.Key)
	}
	status := ok[tracker.Status](m.t)(r.Status(as("ann"), tracker.ShowStatus{}))
	if status.Counts != want {
		m.t.Fatalf("%s counts %+v, want %+v", r.DB().Engine(), status.Counts, want)
	}
	// By epic as well, and what progress says of the whole plan.
	if flaws := ok[[]store.Flaw](m.t)(store.Read(m.t.Context(), r.DB(), (*store.Tx).CountFlaws)); len(flaws) > 0 {
		m.t.Fatalf("%s: the counts kept are wrong: %v", r.DB().Engine(), flaws)
	}
	return byKey
}

func (m *machine) count(c *plan.Counts, k plan.Key) {
	switch m.model.tasks[k].status {
	case plan.Todo:
		c.Todo++
		switch {
		case !m.model.offered(k):
			c.Inactive++
		case m.model.open(k) > 0:
			c.Waiting++
		case m.model.deferred(k):
			c.Deferred++
		default:
			c.Ready++
		}
	case plan.InProgress:
		c.InProgress++
		if m.model.givable(k) {
			c.Ready++
			c.Expired++
		}
	case plan.Blocked:
		c.Blocked++
	case plan.ReadyForReview:
		c.ReadyForReview++
	case plan.Completed:
		c.Completed++
	case plan.Archived:
		c.Archived++
	}
}

func (m *machine) compareParents(r *rig) {
	m.t.Helper()
	all := 0
	got := map[plan.Key]string{}
	line := func(status plan.PlanStatus, completed, total int, pct float64, version int64, done, estimate plan.Estimate) string {
		return fmt.Sprint(status, completed, total, pct, version, done, estimate)
	}
	for _, e := range ok[tracker.Page[plan.Epic]](m.t)(r.ListEpics(as("ann"), tracker.ListEpics{Limit: &all})).Items {
		got[e.Key] = line(e.Status, e.TasksCompleted, e.TasksTotal, float64(e.ProgressPct), e.Version, e.EstimateDone, e.EstimateTotal)
	}
	for _, f := range ok[tracker.Page[plan.Feature]](m.t)(r.ListFeatures(as("ann"), tracker.ListFeatures{Limit: &all})).Items {
		got[f.Key] = line(f.Status, f.TasksCompleted, f.TasksTotal, float64(f.ProgressPct), f.Version, f.EstimateDone, f.EstimateTotal)
	}
	want := map[plan.Key]string{}
	for _, parents := range []map[plan.Key]modelParent{m.model.epics, m.model.features} {
		for k, p := range parents {
			completed, total := m.model.progress(k)
			pct := 0.0
			if total > 0 {
				pct = float64(completed) / float64(total) * 100
			}
			done, estimate := m.model.estimates(k)
			want[k] = line(p.status, completed, total, pct, int64(p.version), done, estimate)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		m.t.Fatalf("%s: the parents are\n%v, want\n%v", r.DB().Engine(), got, want)
	}
}

func (m *machine) compareNext(r *rig, tasks map[plan.Key]plan.Task) {
	m.t.Helper()
	out := ok[tracker.NextTask](m.t)(r.Next(as("ann"), tracker.Next{}))
	givable := slices.DeleteFunc(sorted(m.model.tasks), func(k plan.Key) bool { return !m.model.takeable(k) || m.model.forOthers(k, "ann") })
	if (out.Task == nil) != (len(givable) == 0) {
		m.t.Fatalf("%s: next gives %+v of %v", r.DB().Engine(), out, givable)
	}
	for _, k := range givable {
		other := tasks[k]
		if other.Assignee != out.Task.Assignee {
			if out.Task.Assignee == "" {
				m.t.Fatalf("%s: next gives %s before %s, which is assigned", r.DB().Engine(), out.Task.Key, k)
			}
			continue
		}
		older := other.Priority == out.Task.Priority && (other.CreatedAt.Before(out.Task.CreatedAt) || other.CreatedAt.Equal(out.Task.CreatedAt) && other.ID < out.Task.ID)
		if other.Priority < out.Task.Priority || older {
			m.t.Fatalf("%s: next gives %s before %s", r.DB().Engine(), out.Task.Key, k)
		}
	}
	if len(givable) > 0 && !slices.Contains(givable, out.Task.Key) {
		m.t.Fatalf("%s: next gives %s, which is none of %v", r.DB().Engine(), out.Task.Key, givable)
	}
}

// sound demands that doctor finds nothing: above all that the histories, folded,
// give the rows. It looks through a new connection, as pm doctor does: the check
// of FTS5 takes an index that others have merged since for a damaged one.
func (m *machine) sound() {
	m.t.Helper()
	for _, r := range m.rigs {
		db := ok[*store.DB](m.t)(store.Open(m.t.Context(), r.address, store.Options{}))
		d := ok[tracker.Diagnosis](m.t)(tracker.New(db).Doctor(as("ann"), tracker.Doctor{}))
		db.Close()
		for _, c := range d.Checks {
			if len(c.Flaws) > 0 {
				m.t.Fatalf("%s: doctor finds in %s: %+v", r.DB().Engine(), c.Name, c.Flaws)
			}
		}
	}
}

// What differs from run to run: times, hashes, ids of operations.
var runDependent = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}`)

func (m *machine) compareExports() {
	m.t.Helper()
	var first []byte
	for i, r := range m.rigs {
		b := r.export()
		checkChains(m.t, b)
		b = runDependent.ReplaceAll(b, []byte("x"))
		if i == 0 {
			first = b
		} else if !bytes.Equal(b, first) {
			m.t.Fatalf("the exports differ:\n%s\n%s", first, b)
		}
	}
}
