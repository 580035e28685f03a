package forms

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pm/internal/interchange"
	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// TestCyclesWithThePlan: a dependency of the source that would close a cycle with those
// that were added in pm is left out and named, in a dry run too, and what misses it does
// not become ready: nothing else of the update is lost.
func TestCyclesWithThePlan(t *testing.T) {
	tasks := bead("a", "task") + bead("b", "task")
	epics := bead("e", "epic") + bead("f", "epic") + bead("a", "task", beadIn("e")) + bead("b", "task", beadIn("f"))
	moving := bead("e", "epic") + bead("f", "epic", beadOn("e")) + bead("a", "task", beadIn("e")) + bead("b", "task", beadIn("e"))
	for _, c := range []struct {
		name, before, here, after string
		want                      string // dependencies by their references, "!" behind what is blocked
		cycle                     string
	}{
		{"two tasks", tasks, "T-E01-F01-002 T-E01-F01-001", bead("a", "task", beadOn("b")) + bead("b", "task"),
			"a!: ; b: a", "T-E01-F01-001 -> T-E01-F01-002 -> T-E01-F01-001; the dependency of beads:a on beads:b"},
		{"by way of a new task", tasks, "T-E01-F01-002 T-E01-F01-001", bead("a", "task", beadOn("c")) + bead("b", "task") + bead("c", "task", beadOn("b")),
			"a!: ; b: a; c: b", "T-E01-F01-001 -> T-E01-F01-003 -> T-E01-F01-002 -> T-E01-F01-001; the dependency of beads:a on beads:c"},
		{"tasks of epics", epics, "E01 E02", strings.Replace(epics, beadIn("f"), beadIn("f")+","+beadOn("a"), 1),
			"a: ; b!: ; e: f; f: ", "T-E02-F01-001 -> T-E01-F01-001 -> E01 -> E02 -> T-E02-F01-001; the dependency of beads:b on beads:a"},
		{"a new task of an epic", epics, "E01 E02", epics + bead("c", "task", beadIn("f"), beadOn("e")),
			"a: ; b: ; c!: ; e: f; f: ", "T-E02-F01-002 -> E01 -> E02 -> T-E02-F01-002; the dependency of beads:c on beads:e"},
		{"what the source takes back", bead("a", "task", beadOn("b")) + bead("b", "task", beadOn("c")) + bead("c", "task"), "T-E01-F01-001 T-E01-F01-003",
			bead("a", "task") + bead("b", "task", beadOn("a")) + bead("c", "task", beadOn("b")), "a: ; b: a; c: b", ""},
		{"a move under what waits for it", moving, "T-E01-F01-002 T-E01-F01-001", strings.Replace(moving, beadIn("e"), beadIn("f"), 1),
			"a: ; b: a; e: ; f: e", "T-E01-F01-001 stays, and is not moved to E02-F01: dependency cycle: E02 -> E01 -> T-E01-F01-002 -> T-E01-F01-001 -> E02"},
		{"a move, and a dependency that it would close a cycle with", strings.Replace(moving, beadOn("e"), "", 1), "T-E01-F01-002 T-E01-F01-001", strings.Replace(moving, beadIn("e"), beadIn("f"), 1),
			"a: ; b: a; e: ; f: ", "dependency cycle: E02 -> E01 -> T-E01-F01-002 -> T-E01-F01-001 -> E02; the dependency of beads:f on beads:e"},
		{"moves that close a cycle only one by one", moving + bead("g", "epic", beadIn("f")) + bead("c", "task", beadIn("g")), "T-E01-F01-002 T-E01-F01-001", strings.Replace(strings.Replace(moving, beadIn("e"), beadIn("f"), 1), beadIn("e"), beadIn("g"), 1) + bead("g", "epic", beadIn("f")) + bead("c", "task", beadIn("g")),
			"a: ; b: a; c: ; e: ; f: e; g: ", ""},
		{"a new task depends on what moves", moving + bead("g", "epic", beadIn("f")) + bead("c", "task", beadIn("g")), "T-E01-F01-002 T-E01-F01-001", moving + bead("g", "epic", beadIn("e")) + bead("c", "task", beadIn("g")) + bead("d", "task", beadIn("e"), beadOn("g")),
			"a: ; b: a; c: ; d: g; e: ; f: e; g: ", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
				path, pm := filepath.Join(t.TempDir(), "issues.jsonl"), tracker.New(db)
				run := func(in tracker.ImportForm) tracker.Imported {
					t.Helper()
					out := importing(ctx, t, pm, source{root: path})(in)
					if cycles := cyclesIn(out.Findings); in.Update && ((c.cycle == "") != (cycles == "") || in.DryRun && !strings.Contains(cycles, c.cycle)) {
						t.Errorf("%q is not in %q", c.cycle, cycles)
					}
					return out
				}
				write(t, path, []byte(c.before))
				run(tracker.ImportForm{})
				task, depends, _ := strings.Cut(c.here, " ")
				_, err := pm.AddDependencies(ctx, tracker.Depend{Task: task, DependsOn: []string{depends}})
				must(t, err)
				before := waitsOf(t, pm)
				write(t, path, []byte(c.after))
				for _, f := range run(tracker.ImportForm{DryRun: true}).Findings {
					if isOld := !strings.Contains(f.Message, "beads:c on"); strings.Contains(f.Message, "the dependency of") && strings.Contains(f.Message, "is dropped") == isOld {
						t.Errorf("without an update: %s", f.Message)
					}
				}
				asItsDryRun(t, run, tracker.ImportForm{Update: true})
				if got := waitsOf(t, pm); got != c.want {
					t.Errorf("%s\nis not\n%s", got, c.want)
				}
				sound(t, pm)
				for _, update := range []bool{true, false} {
					if again := run(tracker.ImportForm{Update: update}); again.Changed != (tracker.Sum{}) || again.Created != (tracker.Sum{}) || strings.Contains(asJSON(t, again), "--update applies") {
						t.Errorf("again: %s", asJSON(t, again))
					}
				}
				if strings.Count(c.want, ";") != strings.Count(before, ";") {
					return // an undo would trash what is new
				}
				_, err = pm.Undo(ctx, tracker.Undo{})
				must(t, err)
				if got := waitsOf(t, pm); got != before {
					t.Errorf("undone: %s\nis not\n%s", got, before)
				}
				sound(t, pm)
			})
		})
	}
}

// TestCyclesAreLeftToWhoWorks: what was started here is not blocked, and what was done
// here although it was blocked is not opened again.
func TestCyclesAreLeftToWhoWorks(t *testing.T) {
	ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		path, pm := filepath.Join(t.TempDir(), "issues.jsonl"), tracker.New(db)
		run := func(ids string) {
			t.Helper()
			write(t, path, []byte(ids))
			_, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: outlineOf(t, source{root: path}), Update: true})
			must(t, err)
		}
		is := func(k string, want plan.TaskStatus) {
			t.Helper()
			got, err := pm.Show(ctx, tracker.Show{Key: k})
			must(t, err)
			if got.Task.Status != want {
				t.Errorf("%s is %s, not %s", k, got.Task.Status, want)
			}
		}
		a, b, c := `{"id":"a","title":"a","status":"open","issue_type":"task"`, `{"id":"b","title":"b","status":"open","issue_type":"task"}`, `{"id":"c","title":"c","status":"open","issue_type":"task"`
		needs := `,"dependencies":[{"depends_on_id":"b","type":"blocks"}]}`
		run(a + "}\n" + b + "\n" + c + "}\n")
		_, err := pm.AddDependencies(ctx, tracker.Depend{Task: "T-E01-F01-002", DependsOn: []string{"T-E01-F01-001", "T-E01-F01-003"}})
		must(t, err)
		_, err = pm.Claim(ctx, tracker.Claim{Keys: []string{"T-E01-F01-001"}})
		must(t, err)
		run(a + needs + "\n" + b + "\n" + c + needs + "\n")
		is("T-E01-F01-001", plan.InProgress)
		is("T-E01-F01-003", plan.Blocked)
		_, err = pm.Complete(ctx, tracker.Complete{Keys: []string{"T-E01-F01-003"}, Reason: "done elsewhere", Force: true})
		must(t, err)
		run(a + needs + "\n" + b + "\n" + c + needs + "\n")
		is("T-E01-F01-001", plan.InProgress)
		is("T-E01-F01-003", plan.Completed)
		sound(t, pm)
	})
}

// TestALargeUpdateNamesItsCycles: on a server a change of very many tasks begins anew, to
// have the turn of all writers. What the first attempt has left out is named all the same.
func TestALargeUpdateNamesItsCycles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
		path, pm := filepath.Join(t.TempDir(), "issues.jsonl"), tracker.New(db)
		run := importing(ctx, t, pm, source{root: path})
		turned, many := bead("a", "task", beadIn("e")), bead("e", "epic")+bead("b", "task", beadIn("e"))
		for i := range 1100 {
			many += bead(fmt.Sprint("t", i), "task", beadIn("e"))
		}
		write(t, path, []byte(turned+many))
		run(tracker.ImportForm{})
		_, err := pm.AddDependencies(ctx, tracker.Depend{Task: "T-E01-F01-002", DependsOn: []string{"T-E01-F01-001"}})
		must(t, err)
		write(t, path, []byte(bead("a", "task", beadIn("e"), beadOn("b"))+strings.Replace(many, `"open"`, `"closed"`, 1)))
		in := tracker.ImportForm{Update: true}
		asItsDryRun(t, run, in)
		if got := waitsOf(t, pm); !strings.Contains(got, "a!: ; b: a;") {
			t.Errorf("%.200s", got)
		}
	})
}

func cyclesIn(found []interchange.Finding) (out string) {
	for _, f := range found {
		if strings.Contains(f.Message, "dependency cycle: ") {
			out += f.Message + "\n"
		}
	}
	return out
}

// waitsOf says what the issues of a plan depend on, and which are blocked.
func waitsOf(t *testing.T, pm *tracker.Tracker) string {
	t.Helper()
	ids, items := map[any]string{}, exportOf(t, pm)
	for _, record := range items {
		for _, ref := range record["refs"].([]any) {
			if _, id, _ := strings.Cut(fmt.Sprint(ref), ":"); len(id) == 1 {
				ids[record["key"]] = id
			}
		}
	}
	var lines []string
	for _, record := range items {
		id := ids[record["key"]]
		if id == "" {
			continue
		}
		var on []string
		if all, is := record["depends_on"].([]any); is {
			for _, other := range all {
				on = append(on, ids[other])
			}
		}
		slices.Sort(on)
		mark := ": "
		if record["status"] == "blocked" {
			mark = "!: "
		}
		lines = append(lines, id+mark+strings.Join(on, " "))
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}
