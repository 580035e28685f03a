package forms

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pm/internal/plan"
	"pm/internal/store"
	"pm/internal/store/storetest"
	"pm/internal/tracker"
)

// importing returns what imports a source, as it is by then.
func importing(ctx context.Context, t *testing.T, pm *tracker.Tracker, s source) func(tracker.ImportForm) tracker.Imported {
	return func(in tracker.ImportForm) tracker.Imported {
		t.Helper()
		in.Outline = outlineOf(t, s)
		out, err := pm.ImportForm(ctx, in)
		must(t, err)
		return out
	}
}

// asItsDryRun imports, and demands that a dry run said the same before.
func asItsDryRun(t *testing.T, run func(tracker.ImportForm) tracker.Imported, in tracker.ImportForm) {
	t.Helper()
	told := in
	told.DryRun = true
	dry := run(told)
	dry.DryRun = false
	if out := run(in); !reflect.DeepEqual(dry, out) {
		t.Errorf("the dry run says %s\nthe import %s", asJSON(t, dry), asJSON(t, out))
	}
}

// bead is a line of beads, with what it depends on.
func bead(id, kind string, on ...string) string {
	return fmt.Sprintf(`{"id":%q,"title":%[1]q,"status":"open","issue_type":%q,"dependencies":[%s]}`+"\n", id, kind, strings.Join(on, ","))
}

func beadIn(id string) string { return fmt.Sprintf(`{"depends_on_id":%q,"type":"parent-child"}`, id) }
func beadOn(id string) string { return fmt.Sprintf(`{"depends_on_id":%q,"type":"blocks"}`, id) }

// TestUpdatesOfWhatLeadsElsewhere: dependencies that turn, parents that change and
// tasks that are divided in the source come over with an update, whatever their
// order: nothing of the old plan stands in the way of the new one.
func TestUpdatesOfWhatLeadsElsewhere(t *testing.T) {
	master := func(parts string) string {
		return `{"master":{"tasks":[{"id":1,"title":"One","status":"pending","priority":"high","dependencies":[],"subtasks":[` + parts + `]},{"id":2,"title":"Two","status":"pending","dependencies":[1],"subtasks":[{"id":1,"title":"Three","status":"pending","dependencies":[]}]}]}}`
	}
	for _, c := range []struct {
		name, file, before, after string
		want                      string // "id in parent: dependencies", by their references
	}{
		{"a dependency turns", "issues.jsonl", bead("a", "task", beadOn("b")) + bead("b", "task"), bead("a", "task") + bead("b", "task", beadOn("a")),
			"a in all/tasks: ; all in : ; all/tasks in all: ; b in all/tasks: a"},
		{"three turn", "issues.jsonl", bead("a", "task", beadOn("b")) + bead("b", "task", beadOn("c")) + bead("c", "task"), bead("a", "task") + bead("b", "task", beadOn("a")) + bead("c", "task", beadOn("b")),
			"a in all/tasks: ; all in : ; all/tasks in all: ; b in all/tasks: a; c in all/tasks: b"},
		{"epics turn, and a new task depends on one of the other", "issues.jsonl", bead("e", "epic", beadOn("f")) + bead("f", "epic") + bead("a", "task", beadIn("e")) + bead("b", "task", beadIn("f")),
			bead("e", "epic") + bead("f", "epic", beadOn("e")) + bead("a", "task", beadIn("e")) + bead("b", "task", beadIn("f")) + bead("c", "task", beadIn("f"), beadOn("a")),
			"a in e/tasks: ; b in f/tasks: ; c in f/tasks: a; e in : ; e/tasks in e: ; f in : e; f/tasks in f: "},
		{"parents change, and a dependency turns", "issues.jsonl", bead("e", "epic") + bead("f", "epic", beadOn("e")) + bead("a", "task", beadIn("e")) + bead("b", "task", beadIn("f"), beadOn("a")) + bead("c", "task", beadIn("f")),
			bead("e", "epic") + bead("f", "epic", beadOn("e")) + bead("a", "task", beadIn("f"), beadOn("b")) + bead("b", "task", beadIn("e")) + bead("c", "task", beadIn("f"), `{"depends_on_id":"b","type":"related"}`),
			"a in f/tasks: b; b in e/tasks: ; c in f/tasks: ; e in : ; e/tasks in e: ; f in : e; f/tasks in f: "},
		{"a task is divided", "tasks.json", master(""), master(`{"id":1,"title":"Four","status":"pending","dependencies":[]},{"id":2,"title":"Five","status":"pending","dependencies":[1]}`),
			"master in : ; master/1 in master/tasks: master/1.1 master/1.2; master/1.1 in master/tasks: ; master/1.2 in master/tasks: master/1.1; master/2 in master: ; master/2.1 in master/2: master/1; master/tasks in master: "},
		{"a task becomes an epic", "issues.jsonl", bead("a", "task") + bead("b", "task", beadOn("a")), bead("a", "epic") + bead("b", "task", beadOn("a")) + bead("c", "task", beadIn("a")),
			"a in all/tasks: a/tasks; a/tasks in all: ; all in : ; all/tasks in all: ; b in all/tasks: a; c in a/tasks: "},
		{"an epic lies under another", "issues.jsonl", bead("e", "epic") + bead("f", "epic") + bead("a", "task", beadIn("f")), bead("e", "epic") + bead("f", "epic", beadIn("e")) + bead("a", "task", beadIn("f")) + bead("b", "task", beadIn("f")),
			"a in f/tasks: ; b in f/tasks: ; e in : ; f in : ; f/tasks in f: "},
		{"what waits is divided", "tasks.json", `{"m":{"tasks":[{"id":1,"title":"One","status":"pending","dependencies":[2]},{"id":2,"title":"Two","status":"pending","dependencies":[],"subtasks":[{"id":1,"title":"Three","status":"pending","dependencies":[]}]}]}}`,
			`{"m":{"tasks":[{"id":1,"title":"One","status":"pending","dependencies":[2],"subtasks":[{"id":1,"title":"Four","status":"pending","dependencies":[]}]},{"id":2,"title":"Two","status":"pending","dependencies":[],"subtasks":[{"id":1,"title":"Three","status":"pending","dependencies":[]}]}]}}`,
			"m in : ; m/1 in m/tasks: m/1.1 m/2; m/1.1 in m/tasks: m/2; m/2 in m: ; m/2.1 in m/2: ; m/tasks in m: "},
		{"a milestone changes", "issues.json", `[{"number":1,"title":"a","state":"OPEN","milestone":{"title":"M"}},{"number":2,"title":"b","state":"OPEN","milestone":{"title":"N"}}]`,
			`[{"number":1,"title":"a","state":"OPEN","milestone":{"title":"N"}},{"number":2,"title":"b","state":"OPEN"}]`,
			"1 in milestone/n: ; 2 in all/tasks: ; all in : ; all/tasks in all: ; milestone/m in all: ; milestone/n in all: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
				path, pm := filepath.Join(t.TempDir(), c.file), tracker.New(db)
				run := importing(ctx, t, pm, source{root: path})
				write(t, path, []byte(c.before))
				run(tracker.ImportForm{})
				before := placesOf(t, pm)
				write(t, path, []byte(c.after))
				asItsDryRun(t, run, tracker.ImportForm{Update: true})
				if got := placesOf(t, pm); got != c.want {
					t.Errorf("%s\nis not\n%s", got, c.want)
				}
				if again := run(tracker.ImportForm{Update: true}); again.Changed != (tracker.Sum{}) || again.Created != (tracker.Sum{}) {
					t.Errorf("again: %s", asJSON(t, again))
				}
				sound(t, pm)
				undone, err := pm.Undo(ctx, tracker.Undo{})
				must(t, err)
				if len(undone.Warnings) > 0 {
					t.Errorf("undone: %v", undone.Warnings)
				}
				if got := placesOf(t, pm); got != before {
					t.Errorf("undone: %s\nis not\n%s", got, before)
				}
				sound(t, pm)
				_, err = pm.Redo(ctx, tracker.Redo{})
				must(t, err)
				if got := placesOf(t, pm); got != c.want {
					t.Errorf("redone: %s\nis not\n%s", got, c.want)
				}
				sound(t, pm)
			})
		})
	}
}

// TestWhatWasMovedHere: what was moved in pm stays there, wherever the source has it.
func TestWhatWasMovedHere(t *testing.T) {
	ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		path, pm := filepath.Join(t.TempDir(), "issues.jsonl"), tracker.New(db)
		write(t, path, []byte(`{"id":"e","title":"e","status":"open","issue_type":"epic"}
{"id":"f","title":"f","status":"open","issue_type":"epic"}
{"id":"a","title":"a","status":"open","issue_type":"task","parent":"e"}
{"id":"b","title":"b","status":"open","issue_type":"task","parent":"f"}
`))
		for n := range 2 {
			out, err := pm.ImportForm(ctx, tracker.ImportForm{Outline: outlineOf(t, source{root: path}), Update: true})
			must(t, err)
			if out.Changed != (tracker.Sum{}) {
				t.Errorf("changed: %s", asJSON(t, out))
			}
			_, err = pm.Move(ctx, tracker.Move{Keys: []string{map[bool]string{true: "T-E01-F01-001", false: "T-E02-F01-002"}[n == 0]}, To: "E02-F01"})
			must(t, err)
		}
	})
}

// TestUpdateOfWhatTurns: a relation that the source names on its other side stays, an
// epic that is opened again in the source gets its new tasks without a warning, and what
// is under way in the source is so again once its undone update is redone. Nothing
// changes with a second update.
func TestUpdateOfWhatTurns(t *testing.T) {
	related := func(id string) string { return fmt.Sprintf(`{"depends_on_id":%q,"type":"related"}`, id) }
	is := func(line, status string) string { return strings.Replace(line, `"open"`, `"`+status+`"`, 1) }
	closed := bead("e", "epic") + is(bead("a", "task", beadIn("e")), "closed")
	for _, c := range []struct{ name, before, after, want string }{
		{"a relation", bead("a", "task", related("b")) + bead("b", "task"), bead("a", "task") + bead("b", "task", related("a")), "a todo relates b; b todo"},
		{"a relation that both name", bead("a", "task", related("b")) + bead("b", "task", related("a")), bead("b", "task", related("a")) + bead("a", "task"), "a todo relates b; b todo"},
		{"a relation goes", bead("a", "task", related("b")) + bead("b", "task"), bead("a", "task") + bead("b", "task"), "a todo; b todo"},
		{"a relation becomes more", bead("a", "task", related("b")) + bead("b", "task"), bead("a", "task") + bead("b", "task", `{"depends_on_id":"a","type":"duplicates"}`), "a todo; b todo duplicates a"},
		{"an epic is opened again", is(closed, "closed"), closed + bead("b", "task", beadIn("e")), "a completed; b todo; e active"},
		{"an epic that is deferred is new", bead("a", "task"), bead("a", "task") + strings.Replace(bead("e", "epic"), `"status"`, `"defer_until":"2020-01-01","status"`, 1), "a todo; e active"},
		{"work begins", bead("a", "task"), is(bead("a", "task"), "in_progress"), "a in_progress"},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
				path, pm := filepath.Join(t.TempDir(), "issues.jsonl"), tracker.New(db)
				run := importing(ctx, t, pm, source{root: path})
				write(t, path, []byte(c.before))
				run(tracker.ImportForm{})
				write(t, path, []byte(c.after))
				asItsDryRun(t, run, tracker.ImportForm{Update: true})
				if got := statesOf(t, pm); got != c.want {
					t.Errorf("%s\nis not\n%s", got, c.want)
				}
				_, err := pm.Undo(ctx, tracker.Undo{})
				must(t, err)
				redone, err := pm.Redo(ctx, tracker.Redo{})
				must(t, err)
				if got := statesOf(t, pm); got != c.want || slices.ContainsFunc(redone.Warnings, func(w tracker.Warning) bool { return w.Code == "not_handed_back" }) {
					t.Errorf("redone: %s, %v", got, redone.Warnings)
				}
				if again := run(tracker.ImportForm{Update: true}); again.Changed != (tracker.Sum{}) || again.Created != (tracker.Sum{}) {
					t.Errorf("again: %s", asJSON(t, again))
				}
				sound(t, pm)
			})
		})
	}
}

// statesOf says which statuses and links the issues of a plan have.
func statesOf(t *testing.T, pm *tracker.Tracker) string {
	t.Helper()
	items, ids := exportOf(t, pm), map[any]string{}
	for ref, record := range items {
		if _, id, _ := strings.Cut(ref, ":"); len(id) == 1 {
			ids[record["key"]] = id
		}
	}
	var lines []string
	for _, record := range items {
		line := ids[record["key"]] + " " + fmt.Sprint(record["status"])
		links, _ := record["links"].([]any)
		for _, l := range links {
			link := l.(map[string]any)
			line += fmt.Sprintf(" %v %s", link["as"], ids[link["to"]])
		}
		if ids[record["key"]] != "" {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

func sound(t *testing.T, pm *tracker.Tracker) {
	t.Helper()
	if d, err := pm.Doctor(t.Context(), tracker.Doctor{}); err != nil || d.Flaws > 0 {
		t.Errorf("doctor: %v %s", err, asJSON(t, d))
	}
}

// placesOf says what the items of a plan lie under and depend on, by their references.
func placesOf(t *testing.T, pm *tracker.Tracker) string {
	t.Helper()
	items, refs := exportOf(t, pm), map[any]string{}
	short := func(ref any) string { _, id, _ := strings.Cut(fmt.Sprint(ref), ":"); return id }
	own := func(record map[string]any) string {
		for _, ref := range record["refs"].([]any) {
			if id := short(ref); id != "" {
				return id
			}
		}
		return ""
	}
	for _, record := range items {
		refs[record["key"]] = own(record)
	}
	var lines []string
	for _, record := range items {
		parent := record["feature_key"]
		if parent == nil {
			parent = record["epic_key"]
		}
		var on []string
		if all, is := record["depends_on"].([]any); is {
			for _, k := range all {
				on = append(on, refs[k])
			}
		}
		slices.Sort(on)
		lines = append(lines, own(record)+" in "+refs[parent]+": "+strings.Join(on, " "))
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}
