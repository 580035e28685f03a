package tracker_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pm/internal/depgraph"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

func (r *rig) exportAsOf(asOf string) []byte {
	r.t.Helper()
	var b bytes.Buffer
	if err := r.ExportAsOf(as("ann"), &b, asOf, nil); err != nil {
		r.t.Fatal(err)
	}
	return b.Bytes()
}

// leases are what no record tells: a lease is renewed, and an asker told of an
// answer, without a change.
var leases = regexp.MustCompile(`,"(lease_until|lease_seconds|sha256|untold)":("[^"]*"|\d+|true)`)

// fences are those of holders: of who started a task since claimed, one is shown.
var fences = regexp.MustCompile(`,"fence":\d+`)

// How much of a plan a picture has.
const (
	rows     = iota // every field of every item, its notes, the head of its chain, and what is in the trash
	exported        // the whole export, with the histories and the trash
	listed          // the export, and what lists and counts answer
)

// picture returns what the plan was.
func (r *rig) picture(asOf string, what int) string {
	r.t.Helper()
	switch what {
	case exported:
		return leases.ReplaceAllString(string(r.exportAsOf(asOf)), "")
	case rows:
		var b bytes.Buffer
		if err := r.RowsAsOf(as("ann"), &b, asOf); err != nil {
			r.t.Fatal(err)
		}
		trash, err := json.Marshal(ok[tracker.Trash](r.t)(r.ListTrash(as("ann"), tracker.ListTrash{AsOf: asOf})))
		if err != nil {
			r.t.Fatal(err)
		}
		return leases.ReplaceAllString(b.String(), "") + string(trash)
	}
	all, ctx := 0, as("ann")
	status := ok[tracker.Status](r.t)(r.Status(ctx, tracker.ShowStatus{AsOf: asOf}))
	status.Trash = nil // which only the present tells
	parts := []any{status, ok[tracker.Tree](r.t)(r.Tree(ctx, tracker.ShowTree{Limit: &all, AsOf: asOf}))}
	for _, q := range []string{"is:ready sort:priority", "label:l1 or is:waiting sort:-updated"} {
		parts = append(parts, ok[tracker.Page[plan.Task]](r.t)(r.ListTasks(ctx, tracker.ListTasks{Query: q, AsOf: asOf})))
	}
	for _, group := range []string{"label", "epic"} {
		parts = append(parts, ok[tracker.Counted](r.t)(r.CountTasks(ctx, tracker.CountTasks{Group: group, AsOf: asOf})))
	}
	screen := ok[tracker.Replica](r.t)(r.Replica(ctx, tracker.ShowReplica{AsOf: asOf}))
	some := ok[tracker.Matching](r.t)(r.MatchingKeys(ctx, tracker.MatchingKeys{Query: "is:open sort:-priority", AsOf: asOf}))
	parts = append(parts, screen.Tasks.Key, screen.Tasks.Title, screen.Tasks.Status, screen.Tasks.Stage, screen.Tasks.Waits, screen.Tasks.Ready, screen.Epics, screen.Features, screen.Live, some)
	parts = append(parts, ok[tracker.Page[plan.History]](r.t)(r.Log(ctx, tracker.Log{Limit: ptr(20), AsOf: asOf})).Items)
	open := ok[tracker.Questions](r.t)(r.ListQuestions(ctx, tracker.ListQuestions{AsOf: asOf})).Items
	slices.SortFunc(open, func(a, b tracker.Question) int { return cmp.Or(a.Key.Compare(b.Key), cmp.Compare(a.N, b.N)) })
	parts = append(parts, ok[tracker.Labels](r.t)(r.ListLabels(ctx, tracker.ListLabels{AsOf: asOf})), open,
		ok[tracker.Notes](r.t)(r.ListNotes(ctx, tracker.ListNotes{Key: "plan", AsOf: asOf})), ok[tracker.Views](r.t)(r.ListViews(ctx, tracker.ListViews{AsOf: asOf})),
		ok[tracker.FieldsAnswer](r.t)(r.ListFields(ctx, tracker.ListFields{AsOf: asOf})), ok[tracker.Project](r.t)(r.ShowProject(ctx, tracker.ShowProject{AsOf: asOf})),
		ok[depgraph.Graph](r.t)(r.Graph(ctx, tracker.ShowGraph{AsOf: asOf})), ok[tracker.Operations](r.t)(r.ListOperations(ctx, tracker.ListOperations{Limit: ptr(3), AsOf: asOf})))
	out := string(r.exportAsOf(asOf))
	for _, p := range parts {
		b, err := json.Marshal(p)
		if err != nil {
			r.t.Fatal(err)
		}
		out += fences.ReplaceAllString(string(b), "") + "\n"
	}
	return leases.ReplaceAllString(out, "")
}

// newest returns the id of the operation that was recorded last.
func (r *rig) newest() (id string) {
	r.t.Helper()
	if err := r.raw.QueryRow(`select id from operations order by seq desc, id desc limit 1`).Scan(&id); err != nil {
		r.t.Fatal(err)
	}
	return id
}

// A drunkard changes a plan at random.
type drunkard struct {
	*rig
	rand *rand.Rand
	keys map[plan.Level][]string
	n    int
}

func (d *drunkard) pick(of []string) string {
	if len(of) == 0 {
		return "E99"
	}
	return of[d.rand.IntN(len(of))]
}

func (d *drunkard) any() string {
	return d.pick(d.keys[[]plan.Level{plan.LevelEpic, plan.LevelFeature, plan.LevelTask, plan.LevelTask, plan.LevelTask}[d.rand.IntN(5)]])
}

// look learns which items there are.
func (d *drunkard) look() {
	all := 0
	d.keys = map[plan.Level][]string{}
	for _, e := range ok[tracker.Tree](d.t)(d.Tree(as("ann"), tracker.ShowTree{Limit: &all})).Epics {
		d.keys[plan.LevelEpic] = append(d.keys[plan.LevelEpic], e.Key.String())
		for _, f := range e.Features {
			d.keys[plan.LevelFeature] = append(d.keys[plan.LevelFeature], f.Key.String())
			for _, k := range f.Tasks {
				d.keys[plan.LevelTask] = append(d.keys[plan.LevelTask], k.Key.String())
			}
		}
	}
}

// step tries a change. It may be refused.
func (d *drunkard) step() error {
	d.n++
	ctx := as([]string{"ann", "bob", "cleo/1"}[d.rand.IntN(3)])
	task, feature, epic := d.pick(d.keys[plan.LevelTask]), d.pick(d.keys[plan.LevelFeature]), d.pick(d.keys[plan.LevelEpic])
	text := d.pick([]string{"short", strings.Repeat("a long text ", 9), strings.Repeat("another long text ", 9)})
	steps := d.steps(ctx, task, feature, epic, text)
	return steps[d.rand.IntN(len(steps))]()
}

func run[Out any](_ Out, err error) error { return err }

func (d *drunkard) steps(ctx context.Context, task, feature, epic, text string) []func() error {
	verbs := []string{"claim", "claim", "start", "complete", "complete", "block", "unblock", "submit", "approve", "reject", "reopen", "archive", "release"}
	verb := func() error {
		return run(d.verb([]string{"ann", "bob", "cleo/1"}[d.rand.IntN(3)], plan.Verb(d.pick(verbs)), tracker.ChangeStatus{Keys: []string{task}, Reason: text, Force: d.rand.IntN(3) == 0}))
	}
	status := d.pick([]string{"active", "active", "draft", "completed", "archived"})
	return append([]func() error{verb, verb, verb, verb,
		func() error { return run(d.CreateEpic(ctx, tracker.CreateEpic{Title: text})) },
		func() error { return run(d.CreateFeature(ctx, tracker.CreateFeature{Epic: epic, Title: text})) },
		func() error {
			return run(d.CreateTask(ctx, tracker.CreateTask{Feature: feature, Title: text, DependsOn: []string{task}}))
		},
		func() error {
			return run(d.CreateTask(ctx, tracker.CreateTask{Feature: feature, Title: text, Description: text, Labels: []string{"l1"}, Checks: []string{"c", text}}))
		},
		func() error {
			return run(d.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Title: &text, Description: &text, Priority: ptr(1 + d.rand.IntN(9))}))
		},
		func() error {
			return run(d.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Defer: ptr(d.pick([]string{"+3d", "", "2020-01-01"})), Due: ptr("+1d"), Estimate: ptr(plan.Typed("2.5"))}))
		},
		func() error {
			return run(d.UpdateTask(ctx, tracker.UpdateTask{Keys: []string{task}, Fields: plan.Fields{"size": plan.TextValue(d.pick([]string{"", "s", "l"}))}}))
		},
		func() error {
			return run(d.UpdateEpic(ctx, tracker.UpdateEpic{Key: epic, Status: &status, Description: &text}))
		},
		func() error {
			return run(d.UpdateFeature(ctx, tracker.UpdateFeature{Key: feature, Status: &status, Due: ptr(d.pick([]string{"", "fri"})), Defer: ptr(d.pick([]string{"", "+2d"}))}))
		},
		func() error { return run(d.UpdateEpic(ctx, tracker.UpdateEpic{Key: epic, Status: ptr("active")})) },
		func() error {
			return run(d.UpdateFeature(ctx, tracker.UpdateFeature{Key: feature, Status: ptr("active"), Title: &text}))
		},
		func() error {
			return run(d.AddDependencies(ctx, tracker.Depend{Task: d.any(), DependsOn: []string{d.any()}}))
		},
		func() error {
			return run(d.AddDependencies(ctx, tracker.Depend{Task: task, DependsOn: []string{d.pick(d.keys[plan.LevelTask])}}))
		},
		func() error {
			return run(d.RemoveDependencies(ctx, tracker.Depend{Task: task, DependsOn: []string{d.any()}}))
		},
	}, d.besides(ctx, task, feature, epic, text)...)
}

func (d *drunkard) besides(ctx context.Context, task, feature, epic, text string) []func() error {
	n, item := 1+d.rand.IntN(3), d.any()
	label := []string{d.pick([]string{"l1", "L2", "l3"})}
	return []func() error{
		func() error { return run(d.AddLabels(ctx, tracker.Label{Keys: []string{item}, Labels: label})) },
		func() error { return run(d.RemoveLabels(ctx, tracker.Label{Keys: []string{item}, Labels: label})) },
		func() error { return run(d.RenameLabel(ctx, tracker.RenameLabel{Label: "l3", To: "l4"})) },
		func() error {
			return run(d.AddRefs(ctx, tracker.Ref{Key: item, Refs: []string{"gh#" + string(rune('0'+n))}}))
		},
		func() error {
			return run(d.Link(ctx, tracker.Link{Key: item, To: []string{d.any(), "docs/" + text[:5] + ".md"}}))
		},
		func() error { return run(d.Unlink(ctx, tracker.Link{Key: item, To: []string{d.any()}})) },
		func() error { return run(d.AddNote(ctx, tracker.AddNote{Key: item, Body: text})) },
		func() error { return run(d.EditNote(ctx, tracker.EditNote{Key: item, N: n, Body: text + "!"})) },
		func() error { return run(d.RemoveNote(ctx, tracker.RemoveNote{Key: item, N: n})) },
		func() error { return run(d.AddNote(ctx, tracker.AddNote{Key: "plan", Body: text})) },
		func() error { return run(d.Ask(ctx, tracker.Ask{Key: task, Body: text, Hold: n == 1})) },
		func() error { return run(d.Answer(as("dora"), tracker.Answer{Key: task, N: n, Answer: text})) },
		func() error { return run(d.AddChecks(ctx, tracker.AddChecks{Key: task, Checks: []string{text, "b"}})) },
		func() error { return run(d.TickChecks(ctx, tracker.Checks{Key: task, N: []int{n}})) },
		func() error { return run(d.RemoveChecks(ctx, tracker.Checks{Key: task, N: []int{n}})) },
		func() error {
			return run(d.MoveCheck(ctx, tracker.MoveCheck{Key: task, N: n, Before: 1 + d.rand.IntN(3)}))
		},
		func() error {
			return run(d.Order(ctx, tracker.Order{Key: task, Before: d.pick(d.keys[plan.LevelTask])}))
		},
		func() error { return run(d.Move(ctx, tracker.Move{Keys: []string{task}, To: feature})) },
		func() error { return d.moveFeature(ctx, feature, epic) },
		func() error { return run(d.Delete(ctx, tracker.Delete{Key: d.any(), Force: true})) },
		func() error { return d.bringBack(ctx) },
		func() error { return d.bringBack(ctx) },
		func() error { return run(d.CreateField(ctx, tracker.CreateField{Name: "size", Type: "text"})) },
		func() error {
			return run(d.SetProject(ctx, tracker.SetProject{Name: "time_zone", Value: d.pick([]string{"", "Asia/Tokyo"})}))
		},
		func() error {
			return run(d.SaveView(ctx, tracker.SaveView{Name: "mine" + string(rune('a'+n)), Query: "is:open"}))
		},
	}
}

// moveFeature moves a feature, unless something of it may be in the trash by
// itself, whose history would go along.
func (d *drunkard) moveFeature(ctx context.Context, feature, epic string) error {
	if trash := ok[tracker.Trash](d.t)(d.ListTrash(ctx, tracker.ListTrash{})).Items; len(trash) > 0 {
		return nil
	}
	return run(d.Move(ctx, tracker.Move{Keys: []string{feature}, To: epic}))
}

func (d *drunkard) bringBack(ctx context.Context) error {
	trash := ok[tracker.Trash](d.t)(d.ListTrash(ctx, tracker.ListTrash{})).Items
	if len(trash) == 0 {
		return nil
	}
	return run(d.Restore(ctx, tracker.Restore{Key: trash[d.rand.IntN(len(trash))].Key.String()}))
}

// TestAtEveryOperationThePlanIsWhatItWas changes a plan at random, and holds the
// plan as of each operation against what it was then: every field of every item at
// each, its export at each of the first eighty and at every tenth, what lists and
// counts answer at every tenth, or on PostgreSQL in full at every fiftieth. Those of a window are compared at its end, and some of
// all windows at the end of the run.
func TestAtEveryOperationThePlanIsWhatItWas(t *testing.T) {
	operations, window := 80, 80
	if full {
		operations, window = 5000, 200
	}
	each(t, func(t *testing.T, r *rig) {
		seed := rand.Uint64()
		if s, err := strconv.ParseUint(os.Getenv("ASOF_SEED"), 10, 64); err == nil {
			seed = s
		}
		d := &drunkard{rig: r, rand: rand.New(rand.NewPCG(seed, 1))}
		t.Logf("seed %d", seed)
		r.tasks(r.plan(), 4)
		every, lists := 1, 10
		if r.DB().Engine() == "postgres" { // where each read of the past makes some thirty temporary tables and views
			if every = 5; full {
				lists = 50
			}
		}
		var recent, kept []then
		n, last := 0, ""
		for n < operations {
			d.look()
			if err := d.step(); err != nil && plan.KindOf(err) == plan.Internal {
				t.Fatal(err)
			}
			id := r.newest()
			if id == last {
				continue // it was refused
			}
			if last = id; n%every == 0 {
				what := rows
				switch {
				case n%lists == 0:
					what = listed
				case n < 80:
					what = exported
				}
				recent = append(recent, then{id, r.picture("", what), what})
			}
			if n++; n%window == 0 {
				r.areAsThen(seed, recent)
				kept, recent = append(kept, recent[len(recent)/2]), nil
			}
		}
		r.areAsThen(seed, kept)
		t.Logf("%d operations, at every %d of them", n, every)
		r.importsAsOf(kept[len(kept)/2])
	})
}

// A then is what the plan was right after an operation.
type then struct {
	operation, picture string
	what               int
}

func (r *rig) areAsThen(seed uint64, all []then) {
	r.t.Helper()
	for i, at := range slices.Backward(all) {
		if got := r.picture(at.operation, at.what); got != at.picture {
			r.t.Fatalf("seed %d: as of operation %d of %d, %s:\n%s", seed, i, len(all), at.operation, firstDifference(got, at.picture))
		}
	}
}

// importsAsOf imports an export of the plan as it was into a new plan, which then is
// what that was.
func (r *rig) importsAsOf(at then) {
	t := r.t.(*testing.T)
	t.Helper()
	into := []string{storetest.SQLite(t)}
	if r.DB().Engine() == "postgres" {
		into = append(into, storetest.Postgres(t))
	}
	for _, address := range into {
		other := newRig(t, address, store.Options{})
		ok[tracker.Imported](t)(other.load(r.exportAsOf(at.operation)))
		if got := leases.ReplaceAllString(string(other.export()), ""); !strings.HasPrefix(at.picture, got) {
			t.Errorf("imported, the plan of then is\n%s", firstDifference(got, at.picture))
		}
	}
}

// firstDifference shows the first lines in which two texts differ.
func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			at := 0
			for at < min(len(a[i]), len(b[i])) && a[i][at] == b[i][at] {
				at++
			}
			part := func(s string) string { return s[max(0, at-300):min(len(s), at+200)] }
			return a[i][:min(60, at)] + "\ngot  " + part(a[i]) + "\nwant " + part(b[i])
		}
	}
	return "one is longer"
}
