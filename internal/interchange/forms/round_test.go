package forms

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
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

// eachEngine calls f with an empty plan: on SQLite always, on PostgreSQL for what
// the repository holds itself.
func eachEngine(t *testing.T, s source, f func(t *testing.T, plan *tracker.Tracker)) {
	run := func(t *testing.T, db *store.DB) { f(t, tracker.New(db)) }
	if s.mine {
		storetest.Each(t, run)
		return
	}
	db, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	run(t, db)
}

// TestImportedTwice imports every plan: the dry run says what the import does,
// the second import changes nothing, nothing is ready that its source calls
// unready, an update takes over what was edited and nothing else, and doctor
// finds nothing.
func TestImportedTwice(t *testing.T) {
	ctx := plan.WithActor(context.Background(), plan.Actor{Name: "ann", Surface: "cli"})
	eachSource(t, func(t *testing.T, s source) {
		if n := outlineOf(t, s).Records; n > 1000 && os.Getenv("PM_TEST_LOAD") != "full" {
			t.Skipf("%d records: with PM_TEST_LOAD=full", n)
		}
		eachEngine(t, s, func(t *testing.T, pm *tracker.Tracker) {
			run := importing(ctx, t, pm, s)
			asItsDryRun(t, run, tracker.ImportForm{})
			checkReady(t, pm, s)
			before := exportOf(t, pm)
			again := run(tracker.ImportForm{})
			if again.Created != (tracker.Sum{}) || again.Changed != (tracker.Sum{}) || again.Unchanged != again.Found {
				t.Errorf("the second import: %s", asJSON(t, again))
			}
			run(tracker.ImportForm{Update: true})
			if differ(t, before, exportOf(t, pm)) != nil {
				t.Errorf("the second import changes %v", differ(t, before, exportOf(t, pm)))
			}
			edited(t, s)
			run(tracker.ImportForm{})
			dry := run(tracker.ImportForm{Update: true, DryRun: true})
			if got := differ(t, before, exportOf(t, pm)); got != nil {
				t.Errorf("without --update an edit changes %v", got)
			}
			dry.DryRun = false
			if update := run(tracker.ImportForm{Update: true}); !reflect.DeepEqual(dry, update) {
				t.Errorf("the dry run of the update says %s\nthe update %s", asJSON(t, dry), asJSON(t, update))
			}
			if got := differ(t, before, exportOf(t, pm)); !slices.Equal(got, s.changed) {
				t.Errorf("the edit changes %q, not %q", got, s.changed)
			}
			checkReady(t, pm, s)
			if d, err := pm.Doctor(ctx, tracker.Doctor{}); err != nil || d.Flaws > 0 {
				t.Errorf("doctor: %v %s", err, asJSON(t, d))
			}
		})
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// edited makes the edit of a source in its files, for as long as the test runs.
func edited(t *testing.T, s source) {
	t.Helper()
	path := filepath.Join(s.root, s.edit[0])
	if filepath.Base(s.root) == s.edit[0] {
		path = s.root
	}
	was := readSample(t, path)
	now := bytes.Replace(was, []byte(s.edit[1]), []byte(s.edit[2]), 1)
	if bytes.Equal(was, now) {
		t.Fatalf("%s does not hold %q", path, s.edit[1])
	}
	write(t, path, now)
	t.Cleanup(func() { write(t, path, was) })
}

// checkReady holds what is offered as work against the independent reading: it is
// a record that is to be done, and so is nothing that it depends on.
func checkReady(t *testing.T, pm *tracker.Tracker, s source) {
	t.Helper()
	o := outlineOf(t, s)
	byRef, over := map[string]wanted{}, map[string]bool{}
	for _, w := range s.want(t, s.root) {
		if i := itemOf(o, w); i != nil {
			byRef[plan.FoldRef(o.Ref(i))] = w
			over[i.ID] = w.status == "completed" || w.status == "archived"
		}
	}
	all := 0
	page, err := pm.ListTasks(t.Context(), tracker.ListTasks{Ready: true, Limit: &all})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range page.Items {
		w, known := wanted{}, false
		for _, r := range task.Refs {
			if found, is := byRef[plan.FoldRef(r)]; is {
				w, known = found, true
			}
		}
		if !known || w.status != "todo" {
			t.Errorf("%s %q (%v) is ready: its source calls it %q", task.Key, task.Title, task.Refs, w.status)
		}
		for _, on := range w.deps {
			if !over[on] {
				t.Errorf("%s %q is ready, but depends on %s", task.Key, task.Title, on)
			}
		}
	}
}

// exportOf returns the items of a plan by their references.
func exportOf(t *testing.T, pm *tracker.Tracker) map[string]map[string]any {
	t.Helper()
	var b bytes.Buffer
	if err := pm.Export(t.Context(), &b, nil); err != nil {
		t.Fatal(err)
	}
	items := map[string]map[string]any{}
	for line := range bytes.Lines(b.Bytes()) {
		var record map[string]any
		if err := json.Unmarshal(line, &record); err != nil {
			t.Fatal(err)
		}
		if refs, is := record["refs"].([]any); is && len(refs) > 0 {
			items[fmt.Sprint(refs[0])] = record
		}
	}
	return items
}

// kept are the fields of an item that only say that it was changed, or follow
// from others.
var kept = []string{"updated_at", "version", "last_note", "last_check", "history", "started_at", "tasks_total", "tasks_completed", "blocked_at", "blocked_from", "history_hash", "progress_pct", "open_dependencies", "texts"}

// differ says which fields of which items differ: "ref field,field".
func differ(t *testing.T, before, after map[string]map[string]any) (out []string) {
	t.Helper()
	for ref, now := range after {
		var fields []string
		for name := range now {
			if !reflect.DeepEqual(now[name], before[ref][name]) && !slices.Contains(kept, name) {
				fields = append(fields, name)
			}
		}
		for name := range before[ref] {
			if _, still := now[name]; !still && !slices.Contains(kept, name) {
				fields = append(fields, name)
			}
		}
		if slices.Sort(fields); len(fields) > 0 {
			out = append(out, ref+" "+strings.Join(fields, ","))
		}
	}
	if len(before) != len(after) {
		out = append(out, fmt.Sprintf("%d items, %d before", len(after), len(before)))
	}
	slices.Sort(out)
	return out
}
